//! The comparison of two sets of alerts.

use serde::Serialize;

use super::Report;
use super::compose::{counted, heading, paragraph};
use super::document::{Block, Document, Line};
use super::json::pretty;
use crate::alert::Priority;
use crate::insight::diff::{Change, Changed, Diff, compare};
use crate::knowledge;
use crate::limits;

/// The comparison as a document.
pub fn document(before: &Report, after: &Report) -> Document {
    let diff = compare(&before.insight, &after.insight);
    let mut blocks = vec![heading(1, "Comparison of Alerts"), heading(2, "Summary")];
    blocks.push(Block::Paragraph(summary(&diff)));
    blocks.push(Block::Bullets(vec![set("Before", before), set("After", after)]));
    blocks.push(paragraph(if diff.by_rate {
        "Louder and quieter compare rates, because the sets may cover different lengths of time: twice or half as many alerts an hour, and 10 alerts or more in one of the sets."
    } else {
        "Louder and quieter compare counts, because one of the sets covers less than an hour: twice or half as many alerts, and 10 or more in one of the sets."
    }));
    for change in Change::ALL {
        section(change, &diff, &mut blocks);
    }
    blocks.push(paragraph(&format!("Knowledge {}.", knowledge::VERSION)));
    Document { blocks }
}

fn summary(diff: &Diff<'_>) -> Line {
    let count = |change| diff.changes.iter().filter(|changed| changed.change == change).count();
    let counts = Change::ALL.map(|change| format!("{} {}", count(change), change.name()));
    Line::prose(&format!(
        "Findings of both sets together: {}, {} little changed.",
        counts.join(", "),
        diff.steady
    ))
}

fn set(name: &str, report: &Report) -> Line {
    let line = Line::default().strong(name).text(&format!(
        ": {} in {}",
        counted(report.total.alerts, "alert"),
        counted(report.insight.groups.len() as u64, "finding")
    ));
    let mut line = match (report.insight.first, report.insight.last) {
        (Some(first), Some(last)) => line.text(&format!(", from {first} to {last}")),
        _ => line.text(", without times"),
    };
    for (at, file) in report.files.iter().enumerate() {
        line = line.text(if at == 0 { "; read from " } else { ", " }).value(&file.name);
    }
    line.text(&format!("; {} skipped.", counted(report.total.skipped, "record")))
}

fn section(change: Change, diff: &Diff<'_>, blocks: &mut Vec<Block>) {
    let of = || diff.changes.iter().filter(|changed| changed.change == change);
    blocks.push(heading(
        2,
        match change {
            Change::New => "New",
            Change::Louder => "Louder",
            Change::Quieter => "Quieter",
            Change::Gone => "Gone",
        },
    ));
    if of().next().is_none() {
        return blocks.push(paragraph("None."));
    }
    let head = ["Rule", "Priority", "Verdict", "What acted", "Before", "After"].map(Line::prose).to_vec();
    let rows = of().take(limits::CHANGES_LISTED).map(row);
    blocks.push(Block::Table(std::iter::once(head).chain(rows).collect()));
    let more = of().count().saturating_sub(limits::CHANGES_LISTED) as u64;
    if more > 0 {
        blocks.push(paragraph(&format!(
            "{} more; the JSON comparison has them all.",
            counted(more, "finding")
        )));
    }
}

fn row(changed: &Changed<'_>) -> Vec<Line> {
    let group = changed.group;
    let mut actor = Line::default();
    let fields = ["proc.exepath", "container.image.repository", "k8s.ns.name"];
    for value in fields.into_iter().filter_map(|field| group.example.field_text(field)) {
        let comma = if actor.0.is_empty() { "" } else { ", " };
        actor = actor.text(comma).value(value);
    }
    vec![
        Line::default().value(&group.rule),
        Line::prose(group.priority.map_or("none", Priority::name)),
        Line::prose(group.verdict.class.phrase()),
        if actor.0.is_empty() { Line::prose("not known") } else { actor },
        Line::prose(&changed.before.to_string()),
        Line::prose(&changed.after.to_string()),
    ]
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Out<'a> {
    schema: &'static str,
    knowledge: &'static str,
    before: Set,
    after: Set,
    compared: &'static str,
    unchanged: u64,
    changes: Vec<ChangeOut<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Set {
    alerts: u64,
    findings: u64,
    skipped: u64,
    first: Option<String>,
    last: Option<String>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ChangeOut<'a> {
    change: &'static str,
    fingerprint: &'a str,
    rule: &'a str,
    priority: Option<&'static str>,
    class: &'static str,
    before: u64,
    after: u64,
}

/// The comparison as JSON.
pub fn json(before: &Report, after: &Report) -> String {
    let diff = compare(&before.insight, &after.insight);
    let set = |report: &Report| Set {
        alerts: report.total.alerts,
        findings: report.insight.groups.len() as u64,
        skipped: report.total.skipped,
        first: report.insight.first.map(|time| time.to_string()),
        last: report.insight.last.map(|time| time.to_string()),
    };
    pretty(&Out {
        schema: "falco-report-diff/1",
        knowledge: knowledge::VERSION,
        before: set(before),
        after: set(after),
        compared: if diff.by_rate { "rate" } else { "count" },
        unchanged: diff.steady,
        changes: diff.changes.iter().map(change_out).collect(),
    })
}

fn change_out<'a>(changed: &Changed<'a>) -> ChangeOut<'a> {
    let group = changed.group;
    ChangeOut {
        change: changed.change.name(),
        fingerprint: &group.fingerprint,
        rule: &group.rule,
        priority: group.priority.map(Priority::name),
        class: group.verdict.class.name(),
        before: changed.before,
        after: changed.after,
    }
}
