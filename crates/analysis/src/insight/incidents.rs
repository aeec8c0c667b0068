//! Which alerts belong together, in the order of what happened.
//!
//! Alerts are linked where they share a value of [`links`] and no more time lies between them than its
//! kind allows; a chain of links makes an incident. It is one only if it tells of two rules at least, one
//! of which is neither a test nor likely benign. Groups that alert all the time ([`noise::is_steady`]) link
//! nothing: beside them everything would belong to everything.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::coverage;
use super::links::{self, Kind};
use super::noise;
use super::timeline::Timeline;
use super::{Class, Group, Sighting};
use crate::alert::{Priority, Timestamp};
use crate::limits;

/// The incidents of a set, most urgent first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Incidents {
    /// At most [`limits::INCIDENTS_LISTED`].
    pub listed: Vec<Incident>,
    /// How many there are.
    pub total: u64,
    /// Groups that were left out because they alert all the time.
    pub steady: u64,
}

/// Alerts that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// A hash of its steps.
    pub id: String,
    /// The class of its most urgent alert.
    pub class: Class,
    /// The highest priority among its alerts.
    pub priority: Option<Priority>,
    /// How many alerts.
    pub count: u64,
    /// Their record numbers, at most [`limits::RECORDS_LISTED`].
    pub records: Vec<u64>,
    /// What happened, in order of time; alerts of one group that follow each other are one step.
    pub steps: Vec<Step>,
    /// ATT&CK's tactics by short name, in the order in which the steps reach them.
    pub tactics: Vec<&'static str>,
    /// Why the alerts belong together: the kind of link, the value, and how many alerts share it.
    pub links: Vec<Link>,
}

/// A step of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The place of the group in the set.
    pub group: usize,
    /// Record number of its first alert.
    pub record: u64,
    /// When it began.
    pub first: Timestamp,
    /// When it ended.
    pub last: Timestamp,
    /// How many alerts.
    pub count: u64,
}

/// A value that alerts of an incident share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// What kind of value it is.
    pub kind: Kind,
    /// The host, namespace or source that the value is unique within; may be empty.
    pub within: String,
    /// The value.
    pub value: String,
    /// How many alerts it links.
    pub alerts: u64,
}

/// The links of every alert.
#[derive(Debug)]
pub(super) struct Linked {
    /// Every value once.
    pub values: Vec<String>,
    /// Places in `values`, alert after alert.
    pub links: Vec<u32>,
    /// Which of `links` belong to the alert at the same place of the sightings.
    pub ranges: Vec<Range<usize>>,
}

impl Linked {
    fn of(&self, record: usize) -> &[u32] {
        self.ranges.get(record).and_then(|range| self.links.get(range.clone())).unwrap_or_default()
    }

    fn kind(&self, value: u32) -> Option<Kind> {
        self.values.get(value as usize).and_then(|text| links::kind(text))
    }
}

/// A sighting that may be part of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    time: Timestamp,
    group: usize,
    /// Its place among the sightings.
    at: usize,
}

/// Finds the incidents. Sorting by value and time is the dearest part.
pub(super) fn find(
    groups: &[Group],
    sightings: &[Sighting],
    timeline: &Timeline,
    linked: &Linked,
) -> Incidents {
    let steady: Vec<bool> = groups.iter().map(|group| noise::is_steady(group, timeline)).collect();
    let mut shared: Vec<(u32, Seen)> = Vec::new();
    for (at, sighting) in sightings.iter().enumerate() {
        let (Some(time), Some(group)) = (sighting.time, sighting.group) else { continue };
        if !steady.get(group).copied().unwrap_or(true) {
            let seen = Seen { time, group, at };
            shared.extend(linked.of(at).iter().map(|value| (*value, seen)));
        }
    }
    shared.sort_unstable();
    let mut chains = Chains((0..sightings.len()).collect());
    let mut runs: Vec<(usize, u32, u64)> = Vec::new();
    for all in shared.chunk_by(|(left, _), (right, _)| left == right) {
        let Some((value, _)) = all.first() else { continue };
        let Some(window) = linked.kind(*value).and_then(Kind::window) else { continue };
        if linked.kind(*value) == Some(Kind::Address) && places(all, linked) > limits::ADDRESS_PLACES {
            continue;
        }
        let near = |left: &(u32, Seen), right: &(u32, Seen)| {
            right.1.time.distance(left.1.time) <= u128::from(window) * 1_000_000_000
        };
        for run in all.chunk_by(near) {
            let [(_, first), rest @ ..] = run else { continue };
            for (_, next) in rest {
                chains.join(first.at, next.at);
            }
            if !rest.is_empty() {
                runs.push((first.at, *value, run.len() as u64));
            }
        }
    }
    let members = members(&shared, &mut chains);
    let mut found: BTreeMap<usize, Vec<Link>> = BTreeMap::new();
    for (at, value, alerts) in runs {
        let text = linked.values.get(value as usize);
        if let Some((kind, text)) = text.and_then(|text| Some((links::kind(text)?, text))) {
            let (within, value) = links::parts(text);
            let (within, value) = (within.to_owned(), value.to_owned());
            found.entry(chains.end(at)).or_default().push(Link { kind, within, value, alerts });
        }
    }
    let told = members.into_iter().filter(|(_, seen)| is_incident(groups, seen));
    let mut listed: Vec<Incident> =
        told.map(|(end, seen)| incident(groups, &seen, found.remove(&end).unwrap_or_default())).collect();
    listed.sort_by(|left, right| urgency(left).cmp(&urgency(right)));
    let total = listed.len() as u64;
    listed.truncate(limits::INCIDENTS_LISTED);
    Incidents { listed, total, steady: steady.iter().filter(|steady| **steady).count() as u64 }
}

/// Different containers and hosts that share a value.
fn places(all: &[(u32, Seen)], linked: &Linked) -> usize {
    let place = |(_, seen): &(u32, Seen)| {
        let is_place = |value: &&u32| matches!(linked.kind(**value), Some(Kind::Container | Kind::Host));
        linked.of(seen.at).iter().find(is_place).copied()
    };
    all.iter().map(place).collect::<BTreeSet<Option<u32>>>().len()
}

/// The alerts of every chain of two or more, in order of time.
fn members(shared: &[(u32, Seen)], chains: &mut Chains) -> BTreeMap<usize, Vec<Seen>> {
    let mut members: BTreeMap<usize, Vec<Seen>> = BTreeMap::new();
    for (_, seen) in shared {
        members.entry(chains.end(seen.at)).or_default().push(*seen);
    }
    for seen in members.values_mut() {
        seen.sort_unstable();
        seen.dedup();
    }
    members
}

fn is_incident(groups: &[Group], seen: &[Seen]) -> bool {
    let of = || seen.iter().filter_map(|seen| groups.get(seen.group));
    let Some(first) = of().next() else { return false };
    let serious = |group: &Group| matches!(group.verdict.class, Class::LikelyMalicious | Class::NeedsReview);
    of().any(|group| group.rule != first.rule) && of().any(serious)
}

fn incident(groups: &[Group], seen: &[Seen], mut links: Vec<Link>) -> Incident {
    let mut steps: Vec<Step> = Vec::new();
    for one in seen {
        let record = one.at as u64 + 1;
        match steps.last_mut() {
            Some(step) if step.group == one.group => {
                step.last = one.time;
                step.count += 1;
            }
            _ => steps.push(Step { group: one.group, record, first: one.time, last: one.time, count: 1 }),
        }
    }
    let members: BTreeSet<usize> = seen.iter().map(|seen| seen.group).collect();
    let members: Vec<&Group> = members.into_iter().filter_map(|group| groups.get(group)).collect();
    let mut tactics: Vec<&'static str> = Vec::new();
    let mut told = BTreeSet::new();
    for group in steps.iter().filter(|step| told.insert(step.group)).filter_map(|step| groups.get(step.group))
    {
        for tactic in coverage::attack(group).tactics {
            if !tactics.contains(&tactic) {
                tactics.push(tactic);
            }
        }
    }
    let mut records: Vec<u64> = seen.iter().map(|seen| seen.at as u64 + 1).collect();
    records.sort_unstable();
    records.truncate(limits::RECORDS_LISTED);
    links.sort();
    links.dedup_by(|next, kept| {
        let same = (next.kind, &next.within, &next.value) == (kept.kind, &kept.within, &kept.value);
        kept.alerts += if same { next.alerts } else { 0 };
        same
    });
    Incident {
        id: id(groups, &steps),
        class: members.iter().map(|group| group.verdict.class).min().unwrap_or(Class::NeedsReview),
        priority: members.iter().filter_map(|group| group.priority).min(),
        count: seen.len() as u64,
        records,
        steps,
        tactics,
        links,
    }
}

/// The first 12 hex digits of a hash over the steps, whatever their record numbers.
fn id(groups: &[Group], steps: &[Step]) -> String {
    let mut digest = Sha256::new();
    for step in steps {
        let group = groups.get(step.group).map(|group| group.id.as_str()).unwrap_or_default();
        digest.update(format!("{group} {} {} {}\n", step.first, step.last, step.count));
    }
    digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

fn urgency(incident: &Incident) -> impl Ord {
    let first = incident.steps.first().map(|step| step.first);
    let reach = std::cmp::Reverse(incident.tactics.len());
    (incident.class, reach, incident.priority.unwrap_or(Priority::Debug), first, &incident.id)
}

/// Sets of places that are joined step by step: a place leads to another of its set or is its end.
struct Chains(Vec<usize>);

impl Chains {
    fn end(&mut self, mut at: usize) -> usize {
        while let Some(next) = self.0.get(at).copied().filter(|next| *next != at) {
            // Halving the way keeps every later one short.
            let beyond = self.0.get(next).copied().unwrap_or(next);
            if let Some(entry) = self.0.get_mut(at) {
                *entry = beyond;
            }
            at = beyond;
        }
        at
    }

    fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.end(left), self.end(right));
        if let Some(entry) = self.0.get_mut(left.max(right)) {
            *entry = left.min(right);
        }
    }
}
