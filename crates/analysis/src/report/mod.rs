//! The report: a document first, then Markdown, HTML, JSON or the parts of a page.

mod archive;
mod compose;
mod diff;
pub mod document;
pub mod escape;
mod export;
mod figure;
pub mod html;
mod json;
mod markdown;
mod navigator;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::alert::Timestamp;
use crate::finding::Finding;
use crate::ingest::{FileSummary, Noted, Tally};
use crate::insight::{Insight, timeline::Timeline};
use crate::knowledge::own::Own;
use crate::mitigation::{Mitigation, Plan};
use crate::redact::Hit;
use crate::review::Review;
use crate::rule_files::Rules;
use crate::share::Parcel;
use document::{Block, Document, anchor};
pub use figure::Bars;
use html::Fields;

/// Everything that a report says.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// When it was made, if the host was asked to say so.
    pub now: Option<Timestamp>,
    /// How far reading came, if it was stopped.
    pub partial: Option<Partial>,
    /// The files that were read, in reading order.
    pub files: Vec<FileSummary>,
    /// Records by class over all files.
    pub total: Tally,
    /// Whether the input was of a kind that we know; if not, hosts show what is wrong with it instead
    /// of an empty report.
    pub recognised: bool,
    /// The first records that could not be read; `total.skipped` counts all.
    pub skipped: Vec<Finding>,
    /// What was replaced before anything was read, if redaction was asked for.
    pub redaction: Option<Redaction>,
    /// What there is to say about how alerts were read.
    pub notes: Vec<Noted>,
    /// What the alerts amount to.
    pub insight: Insight,
    /// What to do about it.
    pub plan: Plan,
    /// The rule files beside the alerts.
    pub rules: Rules,
    /// What the user's own files say about rules and images.
    pub own: Own,
    /// What a person made of the findings. It alone changes after the alerts were read.
    pub review: RefCell<Review>,
}

impl Report {
    /// Notes the SHA-256 of an input file, in hexadecimal; what was unpacked from it has the same.
    pub fn set_sha256(&mut self, name: &str, sha256: &str) {
        let is_from = |file: &&mut FileSummary| {
            let rest = file.name.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || (rest.starts_with('/') && !file.packing.is_empty()))
        };
        for file in self.files.iter_mut().filter(is_from) {
            file.sha256 = Some(sha256.to_owned());
        }
    }
}

/// How far reading came before it was stopped, in bytes of the input as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partial {
    /// Bytes that were read.
    pub read: u64,
    /// Bytes that there are.
    pub total: u64,
}

/// What redaction replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redaction {
    /// How many different values of each kind, by the kind's name.
    pub counts: BTreeMap<&'static str, u64>,
    /// The fields in which something was replaced, by rule.
    pub fields: BTreeMap<String, BTreeSet<String>>,
}

impl Redaction {
    /// From what was found and where it was replaced.
    pub fn new(hits: &[Hit], fields: BTreeMap<String, BTreeSet<String>>) -> Self {
        let mut counts = BTreeMap::new();
        for hit in hits {
            *counts.entry(hit.kind.name()).or_default() += 1;
        }
        Self { counts, fields }
    }
}

/// A part of the report as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// HTML without anything that a stranger could have put there.
    Html(String),
    /// A mitigation file, by the mitigation's identifier.
    File(String),
    /// The alerts of a finding, by its identifier, and how many they are.
    Members(String, u64),
    /// What was made of a finding, by its identifier; without one, of all of them.
    Review(Option<String>),
}

/// A line of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// 1 to 4.
    pub level: u8,
    /// The anchor of the heading.
    pub id: String,
    /// The heading as plain text.
    pub title: String,
}

/// The report as a document.
pub fn document(report: &Report) -> Document {
    compose::document(report)
}

/// The report as Markdown.
pub fn markdown(report: &Report) -> String {
    markdown::write(&document(report), &report.plan.mitigations)
}

/// The report as JSON, in the form `falco-report/1`.
pub fn json(report: &Report) -> String {
    json::write(report)
}

/// Two reports compared, as Markdown.
pub fn diff_markdown(before: &Report, after: &Report) -> String {
    markdown::write(&diff::document(before, after), &[])
}

/// Two reports compared, as JSON in the form `falco-report-diff/1`.
pub fn diff_json(before: &Report, after: &Report) -> String {
    diff::json(before, after)
}

/// The JSON Schema of [`json()`].
#[cfg(feature = "schema")]
pub fn schema() -> String {
    json::schema()
}

/// All mitigation files, how to use them, and their proofs: paths and contents.
pub fn export(report: &Report) -> Vec<(String, String)> {
    export::files(report)
}

/// The files of [`export()`] as one `.zip`.
pub fn archive(report: &Report) -> Vec<u8> {
    export::zip(report)
}

/// The report as one HTML file.
pub fn page(report: &Report) -> String {
    page_of(report, None)
}

/// The report as one HTML file that holds its alerts: loaded again, it gives the report once more. None where
/// they are too many.
pub fn page_with_alerts(report: &Report, alerts: &Parcel) -> Option<String> {
    (!alerts.is_full()).then(|| page_of(report, Some(alerts.lines().unwrap_or_default())))
}

fn page_of(report: &Report, alerts: Option<&str>) -> String {
    let document = document(report);
    let fields = Fields::of(&document);
    let mut body = Body::new(&fields);
    for block in &document.blocks {
        body.add(block, &report.plan.mitigations);
    }
    html::page("Alert Analysis Report", &body.finish(), alerts)
}

/// The ATT&CK techniques of the alerts as a layer for the ATT&CK Navigator.
pub fn navigator(report: &Report) -> String {
    navigator::write(report)
}

/// The report for a page that shows mitigation files and the alerts of findings with components of its own.
pub fn pieces(report: &Report) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let document = document(report);
    let fields = Fields::of(&document);
    let mut body = Body::new(&fields);
    for block in document.blocks {
        let piece = match block {
            Block::File(id) => Piece::File(id),
            Block::Members(id, count, _) => Piece::Members(id, count),
            Block::Review(id, _) => Piece::Review(id),
            block => {
                body.add(&block, &[]);
                continue;
            }
        };
        pieces.push(Piece::Html(std::mem::replace(&mut body, Body::new(&fields)).finish()));
        pieces.push(piece);
    }
    pieces.push(Piece::Html(body.finish()));
    pieces
}

/// Alerts by time and priority as an `svg` element.
pub fn timeline_figure(timeline: &Timeline) -> String {
    figure::svg(&compose::over_time::figure(timeline))
}

/// Where the bars of [`timeline_figure`] are.
pub fn timeline_bars(timeline: &Timeline) -> Bars {
    figure::bars(timeline.len())
}

/// HTML under way: what Markdown can say goes through it, a figure stands beside it.
struct Body<'a> {
    fields: &'a Fields,
    html: String,
    /// Markdown that is not HTML yet.
    text: String,
}

impl<'a> Body<'a> {
    fn new(fields: &'a Fields) -> Self {
        Self { fields, html: String::new(), text: String::new() }
    }

    fn add(&mut self, block: &Block, mitigations: &[Mitigation]) {
        let Block::Figure(figure, _) = block else {
            return markdown::block_into(&mut self.text, block, mitigations);
        };
        self.settle();
        self.html.push_str(&figure::svg(figure));
        self.html.push_str("<details><summary>The numbers</summary>\n");
        markdown::block_into(&mut self.text, block, mitigations);
        self.settle();
        self.html.push_str("</details>\n");
    }

    fn settle(&mut self) {
        self.html.push_str(&html::fragment(&self.text, self.fields));
        self.text.clear();
    }

    fn finish(mut self) -> String {
        self.settle();
        self.html
    }
}

/// The headings, for a table of contents.
pub fn contents(report: &Report) -> Vec<Entry> {
    let entry = |block| match block {
        Block::Heading { level, title, about } => {
            let id = anchor(&title);
            let title = match about {
                Some(about) => format!("{title}: {}", escape::visible(&about)),
                None => title,
            };
            Some(Entry { level, id, title })
        }
        _ => None,
    };
    document(report).blocks.into_iter().filter_map(entry).collect()
}

/// What a person made of the findings, in a sentence of plain text; none where nothing is marked.
pub fn review_line(report: &Report) -> Option<String> {
    compose::review::counts(report).map(|line| line.plain())
}

/// The report in one sentence of plain text.
pub fn headline(report: &Report) -> String {
    compose::headline(report).plain()
}
