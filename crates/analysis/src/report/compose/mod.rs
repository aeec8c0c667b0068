//! What the report says, section by section.
//!
//! Each sentence about an alert ends with the fields it rests on. Where several alerts make a
//! finding, its sentences tell of the earliest, and say so.

mod appendix;
mod closing;
mod detail;
mod findings;
pub mod incidents;
mod measures;
mod noise;
pub(super) mod over_time;
mod overall;
mod own_knowledge;
mod own_rule;
pub(super) mod review;
mod risk;
mod rule_files;
mod steps;
mod summary;

use std::borrow::Cow;

use super::Report;
use super::document::{Block, Document, Line};
use crate::alert::Value;
use crate::insight::{Group, Place};
use crate::knowledge::{self, Actor, Entry};
use crate::limits;
use crate::review::Standing;

/// A finding as the report tells of it.
#[derive(Clone, Copy)]
struct Told<'a> {
    number: usize,
    group: &'a Group,
    entry: Option<&'a Entry<'a>>,
    standing: Option<Standing<'a>>,
}

/// The whole report.
pub fn document(report: &Report) -> Document {
    let (entries, review) = (entries(report), report.review.borrow());
    let told = told(report, &entries, review.standings(&report.insight));
    let mut blocks = vec![heading(1, "Alert Analysis Report")];
    if let Some(now) = report.now {
        blocks.push(Block::Paragraph(Line::prose(&format!("Made at {now}."))));
    }
    summary::write(report, &told, &mut blocks);
    let several = report.insight.groups.len() > 1;
    if several {
        incidents::write(report, &mut blocks);
        findings::write(report, &told, &mut blocks);
    } else {
        detail::write(report, &told, &mut blocks);
        risk::write(&told, &mut blocks);
    }
    measures::write(report, &told, &mut blocks);
    closing::write(report, &told, &mut blocks);
    if several {
        noise::write(report, &mut blocks);
        over_time::coverage(report, &mut blocks);
        over_time::timeline(report, &mut blocks);
    }
    appendix::write(report, &told, &mut blocks);
    rule_files::write(report, &mut blocks);
    own_knowledge::write(report, &mut blocks);
    review::files(report, &mut blocks);
    Document { blocks }
}

/// The first sentence of the summary.
pub fn headline(report: &Report) -> Line {
    let entries = entries(report);
    summary::headline(report, &told(report, &entries, Vec::new()))
}

/// What is known about the rules of the findings that are told of, in their order.
fn entries(report: &Report) -> Vec<Option<Entry<'_>>> {
    report.insight.groups.iter().take(limits::GROUPS_DESCRIBED).map(Group::entry).collect()
}

fn told<'a>(
    report: &'a Report,
    entries: &'a [Option<Entry<'a>>],
    standings: Vec<Option<Standing<'a>>>,
) -> Vec<Told<'a>> {
    let groups = (1..).zip(&report.insight.groups).zip(entries);
    let standings = standings.into_iter().chain(std::iter::repeat(None));
    let each = groups.zip(standings);
    each.map(|(((number, group), entry), standing)| Told { number, group, entry: entry.as_ref(), standing })
        .collect()
}

pub fn heading(level: u8, title: &str) -> Block {
    Block::Heading { level, title: title.to_owned(), about: None }
}

pub fn paragraph(text: &str) -> Block {
    Block::Paragraph(Line::prose(text))
}

fn finding_title(number: usize) -> String {
    format!("Finding {number}")
}

/// "1 alert", "2 alerts".
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The text of a field of a finding's example that is there, not empty and not `<NA>`.
fn known_text<'a>(group: &'a Group, field: &str) -> Option<&'a str> {
    group.example.field_text(field).filter(|text| *text != "<NA>")
}

/// A value as text, unless it says that Falco did not know it.
fn known(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() || text == "<NA>" => None,
        value => Some(value.text()),
    }
}

impl Told<'_> {
    /// The text of a string field of the quoted alert that is there, not empty and not `<NA>`.
    fn text(&self, field: &str) -> Option<&str> {
        known_text(self.group, field)
    }

    /// The value of a field that Falco knew.
    fn known(&self, field: &str) -> Option<Cow<'_, str>> {
        self.group.example.field(field).and_then(known)
    }

    /// Whether the field tells of a container or pod that there is none of, so that its silence says nothing.
    fn is_empty_on_host(&self, field: &str) -> bool {
        self.group.actor.place == Place::Host
            && (field.starts_with("container.") || field.starts_with("k8s."))
            && field != "container.id"
    }

    /// Who acts in this alert, as far as the words go.
    fn actor(&self) -> Actor<'_> {
        // A user's entry may leave the source to the alert.
        let known = self.entry.map(|entry| entry.source).filter(|source| !source.is_empty());
        let source = known.or_else(|| self.group.example.source());
        let of = |source| knowledge::actor(source);
        let mut actor = source.and_then(of).or_else(|| of("syscall")).unwrap_or_default();
        if let Some(words) = self.entry.map(|entry| entry.actor).filter(|words| !words.is_empty()) {
            actor.words = words;
        }
        if let Some(field) = self.entry.map(|entry| entry.actor_name).filter(|field| !field.is_empty()) {
            actor.name = field;
        }
        actor
    }

    fn cite<'f>(&self, line: Line, fields: impl IntoIterator<Item = &'f str>) -> Line {
        line.cite(fields, self.number)
    }
}
