//! The summary of many alerts for whoever has a minute: what happened, how bad it is, what to do first, and
//! what cannot be known from these alerts.

use super::super::Report;
use super::super::document::{Block, Line};
use super::{Told, counted, detail, incidents, noise, summary};
use crate::alert::Priority;
use crate::insight::{Class, noise as budget};

pub fn write(report: &Report, told: &[Told<'_>], blocks: &mut Vec<Block>) {
    let Some(first) = told.first() else { return };
    let label = |words: &str| Line::default().strong(words).text(" ");
    blocks.push(Block::Bullets(vec![
        label("What happened.").then(what_happened(report, told, *first)),
        label("How bad it is.").then(how_bad(report)),
        label("What to do first.").then(what_first(report, *first)),
        label("What cannot be known.").then(what_is_open(report)),
    ]));
}

fn what_happened(report: &Report, told: &[Told<'_>], first: Told<'_>) -> Line {
    match report.insight.incidents.listed.first() {
        Some(incident) => {
            let all = counted(report.insight.incidents.total, "incident");
            let which = if report.insight.incidents.total == 1 { ": " } else { ". The most urgent: " };
            let line = Line::prose(&format!("{all}{which}")).then(incidents::sentence(report, incident));
            let urgent = incident.steps.iter().map(|step| step.group).min();
            match urgent.and_then(|group| told.get(group)) {
                Some(urgent) => line.text(" What weighs most in it: ").then(detail::what_happened(*urgent)),
                None => line,
            }
        }
        None => Line::prose("No alerts of different rules belong together. The most urgent finding: ")
            .then(detail::what_happened(first)),
    }
}

fn how_bad(report: &Report) -> Line {
    let groups = &report.insight.groups;
    let of = |class| groups.iter().filter(move |group| group.verdict.class == class);
    let alerts = |class| of(class).map(|group| group.count).sum::<u64>();
    let malicious = alerts(Class::LikelyMalicious);
    let line = match malicious {
        0 => Line::prose("No finding is likely malicious by its own fields."),
        _ => Line::prose(&format!(
            "{} in {} likely malicious.",
            counted(malicious, "alert"),
            match of(Class::LikelyMalicious).count() as u64 {
                1 => "1 finding is".to_owned(),
                several => format!("{several} findings are"),
            }
        )),
    };
    let highest = groups.iter().filter_map(|group| group.priority).min().map(Priority::name);
    let line = match highest {
        Some(highest) => line.text(&format!(" The highest priority that a rule's author gave is {highest}.")),
        None => line,
    };
    match report.insight.hosts.len() as u64 {
        0 => line.text(" The alerts name no host."),
        hosts => line.text(&format!(" Alerts come from {}.", counted(hosts, "host"))),
    }
}

fn what_first(report: &Report, first: Told<'_>) -> Line {
    let line = match report.insight.incidents.listed.first() {
        Some(incident) => Line::prose("Incident 1. ").text(incidents::consequence(incident)),
        None => Line::prose("Finding 1. ").text(summary::consequence(first.group.verdict.class)),
    };
    let budget = budget::budget(&report.insight);
    if budget.loud.is_empty() {
        line
    } else {
        line.text(" Then the volume: ").then(noise::sentence(report, &budget))
    }
}

fn what_is_open(report: &Report) -> Line {
    let groups = &report.insight.groups;
    let mut line = Line::prose("What Falco did not see or no rule looks for is not in these alerts.");
    let drops: u64 =
        groups.iter().filter(|group| group.verdict.class == Class::BlindSpot).map(|group| group.count).sum();
    if drops > 0 {
        line = line.text(&format!(
            " Falco reports {} that it lost events: for those times, absence proves nothing.",
            times(drops)
        ));
    }
    if report.total.skipped > 0 {
        line = line.text(&format!(" {} could not be read.", counted(report.total.skipped, "record")));
    }
    let undated = report.insight.sightings.iter().filter(|sighting| sighting.time.is_none()).count() as u64;
    if undated > 0 {
        line =
            line.text(&format!(" {} without a time cannot be placed or linked.", counted(undated, "alert")));
    }
    line
}

fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}
