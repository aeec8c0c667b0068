//! What the report says, section by section.
//!
//! Each sentence about an alert ends with the fields it rests on. Where several alerts make a
//! finding, its sentences tell of the earliest, and say so.

mod appendix;
mod closing;
mod detail;
mod measures;
mod own_rule;
mod risk;
mod rule_files;
mod summary;

use super::Report;
use super::document::{Block, Document, Line};
use crate::insight::Group;
use crate::knowledge::{self, Entry};
use crate::limits;

/// A finding as the report tells of it.
#[derive(Clone, Copy)]
struct Told<'a> {
    number: usize,
    group: &'a Group,
    entry: Option<&'static Entry>,
}

/// The whole report.
pub fn document(report: &Report) -> Document {
    let told = told(report);
    let mut blocks = vec![heading(1, "Alert Analysis Report")];
    if let Some(now) = report.now {
        blocks.push(Block::Paragraph(Line::prose(&format!("Made at {now}."))));
    }
    summary::write(report, &told, &mut blocks);
    detail::write(report, &told, &mut blocks);
    risk::write(&told, &mut blocks);
    measures::write(report, &told, &mut blocks);
    closing::write(report, &told, &mut blocks);
    appendix::write(report, &told, &mut blocks);
    rule_files::write(report, &mut blocks);
    Document { blocks }
}

/// The first sentence of the summary.
pub fn headline(report: &Report) -> Line {
    summary::headline(report, &told(report))
}

fn told(report: &Report) -> Vec<Told<'_>> {
    let groups = report.insight.groups.iter().take(limits::GROUPS_DESCRIBED).enumerate();
    groups.map(|(at, group)| Told { number: at + 1, group, entry: knowledge::entry(&group.rule) }).collect()
}

fn heading(level: u8, title: &str) -> Block {
    Block::Heading { level, title: title.to_owned(), about: None }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(Line::prose(text))
}

fn finding_title(number: usize) -> String {
    format!("Finding {number}")
}

/// "1 alert", "2 alerts".
fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

impl Told<'_> {
    /// The text of a string field of the quoted alert that is there, not empty and not `<NA>`.
    fn text(&self, field: &str) -> Option<&str> {
        self.group.example.field_text(field).filter(|text| *text != "<NA>")
    }

    fn cite<'f>(&self, line: Line, fields: impl IntoIterator<Item = &'f str>) -> Line {
        line.cite(fields, self.number)
    }
}
