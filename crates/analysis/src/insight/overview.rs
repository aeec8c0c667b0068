//! A set of alerts at one look: bounded lists of numbers, each with the query that finds its alerts.
//!
//! Texts are safe to show. Counts of namespaces and images are of the alerts that are kept for searches; of
//! everything else, of all alerts.

use serde::{Deserialize, Serialize};

use super::coverage::{self, TACTICS};
use super::incidents::Incident;
use super::timeline::Timeline;
use super::{Group, Insight, noise};
use crate::alert::{Priority, Timestamp, Value};
use crate::limits;
use crate::report::{Bars, escape::visible};
use crate::search::terms;
use crate::shelf::Shelf;

/// How many alerts are so, and how to find them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// What they are.
    pub label: String,
    /// How many.
    pub alerts: u64,
    /// The query that finds them; empty where a query cannot say it.
    pub query: String,
}

/// A finding, in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// Its rule and alerts.
    pub count: Count,
    /// The name of its class, such as `needs_review`.
    pub class: String,
    /// What it is judged to be.
    pub verdict: String,
    /// What acted and where.
    pub actor: String,
}

/// Alerts by time and priority.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    /// For each period, alerts of the eight priorities, most severe first, then of none.
    pub periods: Vec<[u64; 9]>,
    /// Where each period begins, in UTC to the second, and where the last one ends.
    pub edges: Vec<String>,
    /// How long a period is, in words.
    pub length: String,
    /// The histogram as SVG.
    pub svg: String,
    /// Where its bars are.
    pub bars: Bars,
}

/// A step of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Record number of its first alert.
    pub record: u64,
    /// When it began, in UTC to the second, to be read.
    pub time: String,
    /// The place in [`Story::lanes`].
    pub lane: u32,
    /// Where in the incident it began, in thousandths of its duration.
    pub at: u32,
    /// Its rule and alerts.
    pub rule: String,
    /// How many alerts.
    pub alerts: u64,
    /// ATT&CK's tactic, if one is known.
    pub tactic: String,
    /// The class of its verdict.
    pub class: String,
}

/// An incident: who did what, where and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// Its tactics or rules, and its alerts.
    pub count: Count,
    /// The class of its most urgent alert.
    pub class: String,
    /// Hosts and containers, in the order in which it reached them.
    pub lanes: Vec<String>,
    /// What happened, in order; at most [`limits::MOMENTS_LISTED`].
    pub moments: Vec<Moment>,
    /// How many more steps there are.
    pub more: u64,
    /// Why the alerts belong together.
    pub links: Vec<String>,
}

/// A set at one look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// All alerts.
    pub alerts: u64,
    /// Alerts that are not kept for searches.
    pub beyond: u64,
    /// When they came.
    pub histogram: Histogram,
    /// The most urgent findings.
    pub findings: Vec<Headline>,
    /// How many findings there are.
    pub findings_total: u64,
    /// Groups that make most of the volume, and their alerts.
    pub loud_groups: u64,
    /// Alerts of the loud groups, then of the others.
    pub volume: [Count; 2],
    /// By priority.
    pub priorities: Vec<Count>,
    /// The most urgent incidents.
    pub incidents: Vec<Story>,
    /// How many incidents there are.
    pub incidents_total: u64,
    /// Tactics with their techniques.
    pub matrix: Vec<(String, Vec<Count>)>,
    /// Rules, hosts, namespaces and images, the most frequent first; with how many more there are.
    pub tops: Vec<(String, Vec<Count>, u64)>,
}

/// The overview of a set.
pub fn overview(insight: &Insight, shelf: &Shelf) -> Overview {
    let budget = noise::budget(insight);
    let counted =
        |label: &str, alerts, query: &str| Count { label: label.into(), alerts, query: query.into() };
    let priority = |(priority, level): &(Option<Priority>, noise::Level)| Count {
        label: priority.map_or("None", Priority::name).to_owned(),
        alerts: level.alerts,
        query: terms::of_priority(*priority),
    };
    Overview {
        alerts: budget.alerts,
        beyond: shelf.beyond(),
        histogram: Histogram::of(&insight.timeline),
        findings: insight.groups.iter().take(limits::OVERVIEW_LISTED).map(headline).collect(),
        findings_total: insight.groups.len() as u64,
        loud_groups: budget.loud.len() as u64,
        volume: [
            counted("Loud", budget.loud_alerts, "volume:loud"),
            counted("Quiet", budget.quiet_alerts() - insight.beyond, "volume:quiet"),
        ],
        // Groups are what is judged; alerts beyond their bound have no priority here.
        priorities: budget.by_priority.iter().map(priority).collect(),
        incidents: insight
            .incidents
            .listed
            .iter()
            .take(limits::OVERVIEW_LISTED)
            .map(|one| story(insight, shelf, one))
            .collect(),
        incidents_total: insight.incidents.total,
        matrix: matrix(insight),
        tops: vec![
            top("Rules", "rule", insight.rules.iter().map(|(rule, count)| (rule.clone(), *count)).collect()),
            top("Hosts", "host", insight.hosts.iter().map(|(host, count)| (host.clone(), *count)).collect()),
            top("Namespaces", "namespace", values(shelf, "k8s.ns.name")),
            top("Images", "image", values(shelf, "container.image.repository")),
        ],
    }
}

/// The alerts of a span in finer periods; those that are kept for searches.
pub fn zoomed(shelf: &Shelf, from: Timestamp, to: Timestamp) -> Histogram {
    let inside = || {
        (1..=shelf.len() as u64)
            .filter(|record| shelf.time(*record).is_some_and(|time| from <= time && time < to))
    };
    let times = || inside().filter_map(|record| shelf.time(record));
    let mut timeline = Timeline::over(times().min(), times().max());
    for record in inside() {
        if let Some(time) = shelf.time(record) {
            timeline.add(time, shelf.priority(record));
        }
    }
    Histogram::of(&timeline)
}

impl Histogram {
    fn of(timeline: &Timeline) -> Self {
        let edges: Vec<String> = (0..=timeline.len())
            .filter(|_| !timeline.is_empty())
            .filter_map(|at| timeline.begin(at))
            .map(Timestamp::to_the_second)
            .collect();
        Self {
            periods: timeline.periods.clone(),
            length: timeline.length(),
            svg: crate::report::timeline_figure(timeline),
            bars: crate::report::timeline_bars(timeline),
            edges,
        }
    }
}

fn headline(group: &Group) -> Headline {
    let known = [&group.actor.process, &group.actor.image, &group.actor.namespace].map(|held| held.known());
    let actor: Vec<&str> = known.into_iter().flatten().collect();
    Headline {
        count: Count {
            label: visible(&group.rule).into_owned(),
            alerts: group.count,
            query: terms::of_finding(&group.id),
        },
        class: group.verdict.class.name().to_owned(),
        verdict: group.verdict.class.phrase().to_owned(),
        actor: visible(&actor.join(", ")).into_owned(),
    }
}

fn story(insight: &Insight, shelf: &Shelf, incident: &Incident) -> Story {
    let (mut lanes, mut moments) = (Vec::new(), Vec::new());
    let begin = incident.steps.first().map(|step| step.first);
    let end = incident.steps.iter().map(|step| step.last).max();
    let span = begin.zip(end).map_or(0, |(begin, end)| begin.distance(end)).max(1);
    for step in incident.steps.iter().take(limits::MOMENTS_LISTED) {
        let Some(group) = insight.groups.get(step.group) else { continue };
        let lane = lane(shelf, step.record);
        let at = lanes.iter().position(|known| *known == lane).unwrap_or(lanes.len());
        if at == lanes.len() {
            lanes.push(lane);
        }
        let passed = begin.map_or(0, |begin| begin.distance(step.first)).saturating_mul(1000) / span;
        moments.push(Moment {
            record: step.record,
            time: step.first.to_read(),
            lane: u32::try_from(at).unwrap_or(u32::MAX),
            at: u32::try_from(passed).unwrap_or(1000),
            rule: visible(&group.rule).into_owned(),
            alerts: step.count,
            tactic: coverage::attack(group)
                .tactics
                .first()
                .map_or("", |tactic| coverage::title(tactic))
                .to_owned(),
            class: group.verdict.class.name().to_owned(),
        });
    }
    let titles: Vec<&str> = incident.tactics.iter().map(|tactic| coverage::title(tactic)).collect();
    let label = if titles.is_empty() { "Alerts that belong together".to_owned() } else { titles.join(", ") };
    let link = |link: &super::incidents::Link| {
        format!("{} alerts share {} {}", link.alerts, link.kind.words(), visible(&link.value))
    };
    // A query can ask for no more than are named.
    let is_whole = incident.records.len() as u64 == incident.count;
    Story {
        count: Count {
            label,
            alerts: incident.count,
            query: if is_whole { format!("incident:{}", incident.id) } else { String::new() },
        },
        class: incident.class.name().to_owned(),
        more: (incident.steps.len() as u64).saturating_sub(limits::MOMENTS_LISTED as u64),
        links: incident.links.iter().take(limits::OVERVIEW_LISTED).map(link).collect(),
        lanes,
        moments,
    }
}

/// Where an alert happened: its host, and the container in it.
fn lane(shelf: &Shelf, record: u64) -> String {
    let host = shelf.own_text(record, "hostname").unwrap_or("unknown host".into());
    let place =
        shelf.field_text(record, "container.name").or_else(|| shelf.field_text(record, "container.id"));
    let lane = match place.filter(|place| !place.is_empty() && place != "host") {
        Some(place) => format!("{host} / {place}"),
        None => host.into_owned(),
    };
    visible(&lane).into_owned()
}

fn matrix(insight: &Insight) -> Vec<(String, Vec<Count>)> {
    let mut columns: Vec<(String, Vec<Count>)> = Vec::new();
    for ((tactic, technique), cell) in coverage::matrix(&insight.groups) {
        let title = TACTICS.get(tactic).map_or("Tactic not known", |(_, title)| title);
        let label = if technique.is_empty() { "not named".to_owned() } else { technique.clone() };
        let count = Count { label, alerts: cell.alerts, query: terms::of_cell(tactic, &technique) };
        match columns.last_mut().filter(|(last, _)| last == title) {
            Some((_, cells)) => cells.push(count),
            None => columns.push((title.to_owned(), vec![count])),
        }
    }
    columns
}

fn values(shelf: &Shelf, field: &str) -> Vec<(String, u64)> {
    let values = shelf.values_of(field).into_iter().filter(|(value, _)| **value != Value::Null);
    values
        .map(|(value, count)| (value.text().into_owned(), count))
        .filter(|(text, _)| !text.is_empty())
        .collect()
}

fn top(title: &str, term: &str, mut counts: Vec<(String, u64)>) -> (String, Vec<Count>, u64) {
    counts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    let more = counts.len().saturating_sub(limits::OVERVIEW_LISTED) as u64;
    counts.truncate(limits::OVERVIEW_LISTED);
    let count = |(text, alerts): (String, u64)| Count {
        label: visible(&text).into_owned(),
        alerts,
        query: terms::written(term, &text).unwrap_or_default(),
    };
    (title.to_owned(), counts.into_iter().map(count).collect(), more)
}
