//! A report as the page shows it.

use analysis::{mitigation::Language, report::Entry};
use serde::{Deserialize, Serialize};

/// A report as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// The report in one sentence.
    pub headline: String,
    /// How the most urgent finding was judged; `None` without alerts.
    pub verdict: Option<Verdict>,
    /// The body, in order.
    pub pieces: Vec<Piece>,
    /// The table of contents.
    pub contents: Vec<Entry>,
    /// How many mitigation files there are.
    pub files: usize,
    /// What was read.
    pub input: Accounting,
    /// The first records that could not be read; `input.skipped` counts all.
    pub skipped: Vec<Skipped>,
    /// Whether a saved page can hold the alerts.
    pub can_embed: bool,
    /// The rule files beside the alerts.
    pub rule_files: Vec<RuleFile>,
    /// The report as Markdown, byte for byte what the command line writes.
    pub markdown: String,
    /// What to know about the link that the alerts came from, as sentences; nothing for files.
    pub remarks: Vec<String>,
}

/// A verdict in words and as a class that the style sheet knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The class, such as `test_activity`.
    pub class: String,
    /// The words for a person.
    pub words: String,
    /// How sure the analysis is, in percent.
    pub confidence: u8,
}

/// A part of the report's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    /// HTML made by the report writer, which has escaped everything that came from alerts.
    Html(String),
    /// A mitigation file.
    Code(CodeFile),
    /// The alerts of a finding, by its identifier, and how many they are.
    Members(String, u64),
    /// What was made of a finding, by its identifier; without one, of all of them.
    Review(Option<String>),
}

/// A file with code to read, copy or save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeFile {
    /// The mitigation's identifier.
    pub id: String,
    /// What the file does.
    pub title: String,
    /// Its name.
    pub name: String,
    /// What it is written in.
    pub language: Language,
    /// Its text.
    pub content: String,
}

/// Where every record went: `alerts + duplicates + skipped + noise = records`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounting {
    /// All records.
    pub records: u64,
    /// Records that are alerts.
    pub alerts: u64,
    /// Alerts that were there already.
    pub duplicates: u64,
    /// Records that could not be read.
    pub skipped: u64,
    /// Lines of other text.
    pub noise: u64,
    /// The same for each file.
    pub files: Vec<FileAccount>,
}

/// Where a file's records went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAccount {
    /// The file's name.
    pub name: String,
    /// How its alerts were written.
    pub shape: String,
    /// Its size.
    pub bytes: u64,
    /// Records that are alerts.
    pub alerts: u64,
    /// Alerts that were there already.
    pub duplicates: u64,
    /// Records that could not be read.
    pub skipped: u64,
    /// Lines of other text.
    pub noise: u64,
    /// Its SHA-256 in hexadecimal, once it was asked for.
    pub sha256: Option<String>,
}

/// A record that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column in bytes, from 1.
    pub column: u64,
    /// The kind of problem, a stable code.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// A rule file beside the alerts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFile {
    /// Its name.
    pub name: String,
    /// Whether Falco loads it.
    pub loads: bool,
    /// What it defines, in a few words.
    pub content: String,
    /// The first things that are wrong with it or surprising about it.
    pub findings: Vec<Skipped>,
    /// How many there are in all.
    pub count: u64,
}
