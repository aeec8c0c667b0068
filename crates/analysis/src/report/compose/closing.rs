//! Conclusion, Recommendation, Next Steps.

use super::super::Report;
use super::super::document::{Block, Command, Line};
use super::super::escape::is_hidden;
use super::{Told, heading, summary};
use crate::alert::Value;
use crate::insight::{Class, Place};
use crate::knowledge::{self, Step};

pub fn write(report: &Report, told: &[Told<'_>], blocks: &mut Vec<Block>) {
    blocks.push(heading(2, "Conclusion"));
    blocks.push(Block::Paragraph(conclusion(report, told)));
    blocks.push(heading(2, "Recommendation"));
    blocks.push(super::paragraph(recommendation(report, told)));
    blocks.push(heading(2, "Next Steps"));
    if told.is_empty() {
        blocks.push(super::paragraph("Load Falco's alert file and make the report again."));
    }
    let mut given = Vec::new();
    for one in told {
        let steps: Vec<_> = steps(*one).into_iter().filter(|step| !given.contains(step)).collect();
        if steps.is_empty() {
            continue;
        }
        if told.len() > 1 {
            let title =
                Line::default().strong(&super::finding_title(one.number)).text(", ").value(&one.group.rule);
            blocks.push(Block::Paragraph(title.text(":")));
        }
        given.extend(steps.iter().cloned());
        blocks.push(Block::Steps(steps));
    }
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
    let offered = !report.plan.mitigations.is_empty();
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

fn steps(told: Told<'_>) -> Vec<(Line, Vec<Command>)> {
    match told.entry {
        Some(entry) => entry.steps.iter().filter_map(|step| known_step(told, step)).collect(),
        None => generic_steps(told),
    }
}

fn known_step(told: Told<'_>, step: &Step) -> Option<(Line, Vec<Command>)> {
    let place = match step.place {
        None => true,
        Some(knowledge::Place::Host) => told.group.actor.place == Place::Host,
        Some(knowledge::Place::Container) => told.group.actor.place == Place::Container,
    };
    let verdict = step.only_for.as_deref().is_none_or(|class| class == told.group.verdict.class.name());
    let given = step.unless.as_deref().is_some_and(|field| told.text(field).is_some());
    if !place || !verdict || given {
        return None;
    }
    let commands = match &step.command {
        None => Vec::new(),
        Some(template) => vec![Command(fill(told, template)?)],
    };
    Some((step_text(told, &step.text)?, commands))
}

/// A step's words with the alert's values in place of `<<field>>`; nothing where a value is missing.
fn step_text(told: Told<'_>, template: &str) -> Option<Line> {
    let mut parts = template.split("<<");
    let mut line = Line::prose(parts.next()?);
    for part in parts {
        let (field, rest) = part.split_once(">>")?;
        line = line.value(&value_of(told, field)?).text(rest);
    }
    Some(line)
}

/// What can be asked about any alert: the pod, the container, the program.
fn generic_steps(told: Told<'_>) -> Vec<(Line, Vec<Command>)> {
    let asks = [
        (
            "See what the pod is and who deployed it.",
            "kubectl -n <<k8s.ns.name>> get pod <<k8s.pod.name>> -o yaml",
        ),
        ("See how the container was started.", "docker inspect <<container.id>>"),
        (
            "On the host, see which package owns the program.",
            "dpkg -S <<proc.exepath>> || rpm -qf <<proc.exepath>>",
        ),
    ];
    let alert = &told.group.example;
    let line = if alert.names_its_rule() {
        Line::prose("Read the description and condition of the rule ").value(alert.rule())
    } else {
        Line::prose("Find the rule whose `output` begins ").value(alert.rule())
    };
    let mut steps = vec![(line.text(" in your rule files."), Vec::new())];
    let in_pod = told.text("k8s.pod.name").is_some();
    for (text, template) in asks {
        let fits = match template.split(' ').next() {
            Some("kubectl") => in_pod,
            Some("docker") => !in_pod && told.group.actor.place == Place::Container,
            _ => told.group.actor.place == Place::Host,
        };
        if let (true, Some(command)) = (fits, fill(told, template)) {
            steps.push((Line::prose(text), vec![Command(command)]));
        }
    }
    steps.push((
        Line::prose("Ask the owner of the workload whether the program and its command line are theirs."),
        Vec::new(),
    ));
    steps
}

/// A command with the alert's values in shell quotes; nothing where a value is missing, or holds what
/// should not be pasted into a terminal.
fn fill(told: Told<'_>, template: &str) -> Option<String> {
    let mut parts = template.split("<<");
    let mut command = parts.next()?.to_owned();
    for part in parts {
        let (field, rest) = part.split_once(">>")?;
        let value = value_of(told, field)?;
        if value.contains(is_hidden) || value.starts_with('-') {
            return None;
        }
        command.push_str(&shlex::try_quote(&value).ok()?);
        command.push_str(rest);
    }
    Some(command)
}

/// The value that `<<field>>` stands for; nothing where Falco did not know it.
fn value_of(told: Told<'_>, field: &str) -> Option<String> {
    match field {
        "hostname" => return told.group.example.hostname().map(str::to_owned),
        "proc.exepath" if !told.text(field).is_some_and(is_file) => return None,
        _ => {}
    }
    match told.group.example.field(field)? {
        Value::Null => None,
        Value::String(text) if text.is_empty() || text == "<NA>" => None,
        value => Some(value.text().into_owned()),
    }
}

/// Whether a program's path leads to a file that can still be looked at.
fn is_file(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("/memfd:") && !path.ends_with(" (deleted)")
}
