//! Incidents: which alerts belong together, why, and in what order things happened.

use super::super::Report;
use super::super::document::{Block, Line};
use super::{counted, heading, known_text};
use crate::insight::incidents::{Incident, Link, Step};
use crate::insight::links::Kind;
use crate::insight::{Class, Group, coverage};
use crate::limits;

pub fn write(report: &Report, blocks: &mut Vec<Block>) {
    let incidents = &report.insight.incidents;
    blocks.push(heading(2, "Incidents"));
    if incidents.listed.is_empty() {
        blocks.push(super::paragraph(
            "No alerts of different rules are linked by a container, pod, session, process, user or public address within the time that would make them one incident.",
        ));
    }
    for (at, incident) in incidents.listed.iter().take(limits::INCIDENTS_TOLD).enumerate() {
        one(report, at + 1, incident, blocks);
    }
    let told = incidents.listed.len().min(limits::INCIDENTS_TOLD) as u64;
    if incidents.total > told {
        blocks.push(super::paragraph(&format!(
            "Only the {told} most urgent of {} incidents are told here; the JSON report lists {}.",
            incidents.total,
            incidents.listed.len()
        )));
    }
    if incidents.steady > 0 {
        blocks.push(super::paragraph(&format!(
            "{} that alert all the time link nothing and are in no incident.",
            counted(incidents.steady, "finding")
        )));
    }
}

/// The incident in a few words: how much, and what links it first of all.
pub fn title(report: &Report, incident: &Incident) -> Line {
    let mut rules: Vec<&str> = groups(report, incident).map(|group| group.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let (alerts, rules) = (counted(incident.count, "alert"), counted(rules.len() as u64, "rule"));
    let words = Line::prose(&format!("{alerts} of {rules}"));
    // What links the most of them says best what they have in common.
    let most = incident.links.iter().rev().max_by_key(|shared| shared.alerts);
    match most {
        Some(shared) => words.text(&format!(", linked by {} ", shared.kind.words())).value(&shared.value),
        None => words,
    }
}

/// What follows from an incident, in a sentence.
pub fn consequence(incident: &Incident) -> &'static str {
    match incident.class {
        Class::LikelyMalicious => {
            "Contain the workload or host first, keep the evidence, then follow its steps in order."
        }
        _ => {
            "Follow its steps in order and have the workload's owner account for the first one; until someone does, treat it as an attack."
        }
    }
}

fn groups<'a>(report: &'a Report, incident: &'a Incident) -> impl Iterator<Item = &'a Group> {
    incident.steps.iter().filter_map(|step| report.insight.groups.get(step.group))
}

/// What the incident is, in a sentence.
pub fn sentence(report: &Report, incident: &Incident) -> Line {
    let mut line = title(report, incident).text(&format!(
        "{}; the most urgent of them {}",
        span(incident),
        incident.class.phrase()
    ));
    if !incident.tactics.is_empty() {
        line = line.text(&format!(". ATT&CK tactics, in the order of first sight: {}", phases(incident)));
    }
    line.text(".")
}

fn span(incident: &Incident) -> String {
    let first = incident.steps.iter().map(|step| step.first).min();
    let last = incident.steps.iter().map(|step| step.last).max();
    match (first, last) {
        (Some(first), Some(last)) => format!(", from {first} to {last}"),
        _ => String::new(),
    }
}

fn phases(incident: &Incident) -> String {
    let titles: Vec<&str> = incident.tactics.iter().map(|tactic| coverage::title(tactic)).collect();
    titles.join(" → ")
}

fn one(report: &Report, number: usize, incident: &Incident, blocks: &mut Vec<Block>) {
    blocks.push(heading(3, &format!("Incident {number}")));
    blocks.push(Block::Paragraph(sentence(report, incident).text(" ").text(consequence(incident))));
    blocks.push(Block::Paragraph(Line::default().strong("Why these alerts belong together:")));
    let mut links: Vec<Line> = incident.links.iter().take(limits::LINKS_SHOWN).map(link).collect();
    let more = incident.links.len().saturating_sub(limits::LINKS_SHOWN) as u64;
    if more > 0 {
        links.push(Line::prose(&format!("{more} more of these kinds.")));
    }
    blocks.push(Block::Bullets(links));
    blocks.push(Block::Paragraph(Line::default().strong("What happened, in order:")));
    let head = ["Time", "Tactic", "What", "Alerts"].map(Line::prose).to_vec();
    let told = incident.steps.iter().take(limits::STEPS_TOLD).map(|step| row(report, step));
    blocks.push(Block::Table(std::iter::once(head).chain(told).collect()));
    if incident.steps.len() > limits::STEPS_TOLD {
        blocks.push(super::paragraph(&format!(
            "{} follow that are not shown.",
            counted((incident.steps.len() - limits::STEPS_TOLD) as u64, "step")
        )));
    }
}

/// What links alerts, and how many.
pub fn link(shared: &Link) -> Line {
    let within = match shared.kind {
        Kind::Pod => " in namespace ",
        Kind::Identity => " of source ",
        _ => " on host ",
    };
    let mut line = Line::prose(shared.kind.words()).text(" ").value(&shared.value);
    if !shared.within.is_empty() {
        line = line.text(within).value(&shared.within);
    }
    let (minutes, alerts) = (window(shared.kind), counted(shared.alerts, "alert"));
    line.text(&format!(", no more than {minutes} apart: {alerts}."))
}

fn window(kind: Kind) -> String {
    counted(kind.window().unwrap_or_default() / 60, "minute")
}

fn row(report: &Report, step: &Step) -> Vec<Line> {
    let Some(group) = report.insight.groups.get(step.group) else { return Vec::new() };
    let tactics: Vec<&str> = coverage::attack(group).tactics.into_iter().map(coverage::title).collect();
    let finding = if step.group < limits::GROUPS_DESCRIBED {
        format!(" (finding {}, record {})", step.group + 1, step.record)
    } else {
        format!(" (record {})", step.record)
    };
    let mut what = Line::default().value(&group.rule);
    if let Some(process) = known_text(group, "proc.name") {
        what = what.text(", process ").value(process);
    }
    vec![
        Line::prose(&step.first.to_string()),
        Line::prose(if tactics.is_empty() { "not known".to_owned() } else { tactics.join(", ") }.as_str()),
        what.text(&finding),
        Line::prose(&step.count.to_string()),
    ]
}
