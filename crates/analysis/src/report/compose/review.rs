//! What a person made of the findings.

use super::super::Report;
use super::super::document::{Block, Line};
use super::{counted, heading, own_knowledge};
use crate::review::{Mark, Standing};

/// How many findings are marked as what; none where nothing is marked.
pub fn counts(report: &Report) -> Option<Line> {
    let review = report.review.borrow();
    let (counts, absent) = review.counts(&report.insight);
    let marked: u64 = counts.iter().sum();
    if marked + absent == 0 {
        return None;
    }
    let findings = report.insight.groups.len();
    let mut line =
        Line::default().strong("Review.").text(&format!(" {marked} of {findings} findings marked"));
    for (at, (mark, count)) in Mark::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0).enumerate() {
        line = line.text(if at == 0 { ": " } else { ", " }).text(&format!("{count} {}", mark.words()));
    }
    line = line.text(".");
    let standings = review.standings(&report.insight);
    let again = standings.iter().flatten().filter(|standing| !standing.is_current).count() as u64;
    if again > 0 {
        line = line.text(&format!(
            " Marked before, but judged otherwise since, so to be looked at again: {}.",
            counted(again, "finding")
        ));
    }
    if absent > 0 {
        line = line.text(&format!(" The review has {} not in these alerts.", counted(absent, "finding")));
    }
    Some(line)
}

/// How a finding stands.
pub fn standing(standing: Standing<'_>) -> Line {
    let (opinion, line) = (standing.opinion, Line::default().strong("Review."));
    let words = opinion.mark.words();
    let line = if standing.is_current {
        line.text(&format!(" Marked {words}."))
    } else {
        line.text(&format!(" The same was marked {words} when it was judged otherwise; look at it again."))
    };
    if opinion.note.is_empty() { line } else { line.text(" The note: ").value(&opinion.note) }
}

/// Appendix: the reviews, and what is wrong with them.
pub fn files(report: &Report, blocks: &mut Vec<Block>) {
    let review = report.review.borrow();
    if review.files.is_empty() {
        return;
    }
    blocks.push(heading(3, "Reviews"));
    for file in &review.files {
        let line = Line::default().value(&file.name);
        let line = line.text(&format!(": {}", counted(file.marks, "marked finding")));
        blocks.push(Block::Paragraph(own_knowledge::ending(line, file.problems.len())));
        own_knowledge::problems(&file.problems, blocks);
    }
}
