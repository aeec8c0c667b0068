//! Appendix: the user's own knowledge, and what is wrong with it.

use super::super::Report;
use super::super::document::{Block, Line};
use super::{counted, heading};
use crate::knowledge::own::{OwnFile, Problem};
use crate::limits;

pub fn write(report: &Report, blocks: &mut Vec<Block>) {
    if report.own.files.is_empty() {
        return;
    }
    blocks.push(heading(3, "Your knowledge"));
    blocks.push(super::paragraph(
        "What these files say about a rule takes the place of what this version knows; nobody but their authors has checked it.",
    ));
    for file in &report.own.files {
        blocks.push(Block::Paragraph(head(file)));
        problems(&file.problems, blocks);
    }
}

/// Lists what is wrong in a file.
pub fn problems(problems: &[Problem], blocks: &mut Vec<Block>) {
    let listed: Vec<Line> = problems.iter().take(limits::RULE_FINDINGS_LISTED).map(told).collect();
    let rest = problems.len() - listed.len();
    if !listed.is_empty() {
        blocks.push(Block::Bullets(listed));
    }
    if rest > 0 {
        let rest = format!("Further problems of this file, counted but not listed: {rest}.");
        blocks.push(super::paragraph(&rest));
    }
}

/// How a line about a file ends.
pub fn ending(line: Line, problems: usize) -> Line {
    match problems as u64 {
        0 => line.text("."),
        problems => line.text(&format!("; {}, and what has one is not used:", counted(problems, "problem"))),
    }
}

fn head(file: &OwnFile) -> Line {
    let images = counted(file.images, "known image");
    let line = Line::default().value(&file.name);
    let entries = if file.entries == 1 { "entry" } else { "entries" };
    ending(line.text(&format!(": {} {entries} and {images} in use", file.entries)), file.problems.len())
}

fn told(problem: &Problem) -> Line {
    let line = Line::prose(&format!("Line {}", problem.line));
    let line = if problem.item.is_empty() { line } else { line.text(", ").value(&problem.item) };
    let line = if problem.key.is_empty() { line } else { line.text(", key ").value(&problem.key) };
    let message = line.text(": ");
    // Our words quote the file in backticks.
    let parts = problem.message.split('`').enumerate();
    let message =
        parts.fold(message, |line, (at, part)| if at % 2 == 0 { line.text(part) } else { line.value(part) });
    message.text(".")
}
