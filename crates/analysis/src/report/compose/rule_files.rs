//! Appendix: the rule files beside the alerts, and what is to be said about each.

use super::super::Report;
use super::super::document::{Block, Line};
use super::{counted, heading, paragraph};
use crate::limits;
use crate::rule_files::{CheckedFile, Finding};

pub fn write(report: &Report, blocks: &mut Vec<Block>) {
    if report.rules.files.is_empty() {
        return;
    }
    blocks.push(heading(3, "Rule files"));
    blocks.push(paragraph(
        "Checked in this order, as Falco 0.44.1 does it and further. What Falco ships counts as loaded before them.",
    ));
    for file in &report.rules.files {
        blocks.push(Block::Paragraph(head(file)));
        let listed = file.findings().take(limits::RULE_FINDINGS_LISTED);
        let listed: Vec<Line> = listed.map(|(kind, finding)| told(kind, finding)).collect();
        let rest = file.findings().count() - listed.len();
        if !listed.is_empty() {
            blocks.push(Block::Bullets(listed));
        }
        if rest > 0 {
            blocks
                .push(paragraph(&format!("Further findings on this file, counted but not listed: {rest}.")));
        }
    }
}

fn head(file: &CheckedFile) -> Line {
    let verdict = if file.loads { "Falco loads it" } else { "Falco does not load it" };
    Line::default().value(&file.name).text(&format!(
        ": {verdict}. {}, {}, {}; {}, {}, {}.",
        counted(file.rules, "rule"),
        counted(file.macros, "macro"),
        counted(file.lists, "list"),
        counted(file.errors.len() as u64, "error"),
        counted(file.warnings.len() as u64, "warning"),
        counted(file.notes.len() as u64, "note"),
    ))
}

/// `error at line 3, column 5, in rule X: … (CODE). To do: ….`
fn told(kind: &str, finding: &Finding) -> Line {
    let place = format!("{kind} at line {}, column {}", finding.line, finding.column);
    let mut line = Line::prose(&place);
    if !finding.item_name.is_empty() {
        line = line.text(&format!(", in {} ", finding.item_type)).value(&finding.item_name);
    }
    line = line.text(": ").value(&finding.message).text(&format!(" ({}).", finding.code));
    match &finding.hint {
        Some(hint) => line.text(" To do: ").then(quoting(hint)).text("."),
        None => line,
    }
}

/// A hint of ours may quote the file between backticks.
fn quoting(text: &str) -> Line {
    let part = |line: Line, (at, part): (usize, &str)| {
        if at % 2 == 1 { line.value(part) } else { line.text(part) }
    };
    text.split('`').enumerate().fold(Line::default(), part)
}
