//! Conclusion, Recommendation, Next Steps.

use super::super::Report;
use super::super::document::{Block, Command, Line};
use super::{Told, heading, incidents, noise, steps, summary};
use crate::insight::{Class, noise as budget};
use crate::limits;

pub fn write(report: &Report, told: &[Told<'_>], blocks: &mut Vec<Block>) {
    blocks.push(heading(2, "Conclusion"));
    blocks.push(Block::Paragraph(conclusion(report, told)));
    blocks.push(heading(2, "Recommendation"));
    blocks.push(super::paragraph(recommendation(report, told)));
    blocks.push(heading(2, "Next Steps"));
    if told.is_empty() {
        blocks.push(super::paragraph("Load Falco's alert file and make the report again."));
    }
    match told {
        [] => {}
        [only] => blocks.push(Block::Steps(steps::steps(*only))),
        several => blocks.push(Block::Steps(in_order(report, several))),
    }
}

/// In which order to work through several findings.
fn in_order(report: &Report, told: &[Told<'_>]) -> Vec<(Line, Vec<Command>)> {
    let mut order: Vec<Line> = Vec::new();
    if let Some(incident) = report.insight.incidents.listed.first() {
        order.push(Line::prose("Incident 1: ").text(incidents::consequence(incident)));
    }
    let urgent = told.iter().take(limits::FIRST_FINDINGS).map(|one| {
        let class = one.group.verdict.class;
        let line =
            Line::default().strong(&super::finding_title(one.number)).text(", ").value(&one.group.rule);
        line.text(&format!(", {}: carry out its next steps. ", class.phrase()))
            .text(summary::consequence(class))
    });
    order.extend(urgent);
    if told.len() > limits::FIRST_FINDINGS {
        order.push(Line::prose("Then the other findings in their order; each ends with its next steps."));
    }
    let budget = budget::budget(&report.insight);
    if !budget.loud.is_empty() {
        order.push(Line::prose("Against the volume: ").then(noise::sentence(report, &budget)));
    }
    order.into_iter().map(|line| (line, Vec::new())).collect()
}

fn conclusion(report: &Report, told: &[Told<'_>]) -> Line {
    let Some(first) = told.first() else {
        return Line::prose("No conclusion can be drawn without an alert.");
    };
    let verdict = &first.group.verdict;
    let subject = if told.len() > 1 { "The most urgent finding, " } else { "The alert " };
    let mut line = Line::prose(subject).value(&first.group.rule);
    line = line.text(if told.len() > 1 { ", " } else { " " }).text(verdict.class.phrase()).text(". ");
    line = line.text(summary::consequence(verdict.class));
    let withheld = first.entry.is_none();
    if withheld {
        line = line.text(" This version knows nothing about the rule beyond the alert itself.");
    }
    if report.total.skipped > 0 {
        line = line.text(" Records that could not be read may tell more.");
    }
    line
}

fn recommendation(report: &Report, told: &[Told<'_>]) -> &'static str {
    let Some(first) = told.first() else { return "Check that the input is the JSON that Falco writes." };
    let offered = report.plan.mitigations.iter().any(|mitigation| !mitigation.kind.starts_with("falco_"));
    match first.group.verdict.class {
        Class::LikelyMalicious => {
            "Contain the workload, keep its evidence (container, memory, logs), and only then apply preventive settings. Do not tune the rule."
        }
        Class::BlindSpot => {
            "Look at the other sources for the time in question, and give Falco the buffers or the rules it can keep up with."
        }
        Class::NeedsReview if offered => {
            "Carry out the next steps first. Apply the preventive settings where nothing on the host needs the behaviour; tune the rule only once you know that this use of it is expected."
        }
        Class::NeedsReview => {
            "Carry out the next steps, and read the rule's own description before you decide."
        }
        Class::TestActivity if offered => {
            "Confirm the test, and keep the rule as it is, so that the next test still raises it. The preventive settings are worth applying whether or not this was a test."
        }
        Class::TestActivity => {
            "Confirm the test, and keep the rule as it is, so that the next test still raises it."
        }
        Class::LikelyBenign => "Tune the rule narrowly if it keeps alerting; otherwise leave it.",
    }
}
