//! What page and worker say to each other: plain values, sent as a few bytes.
//!
//! A message is `[bytes]`, followed by blobs (to the worker) or bytes (to the page) where a variant says
//! so. The worker's first message is [`Reply::Ready`]; until then it hears nothing. Every analysis has an
//! [`Epoch`]; the page drops replies of older ones, and the worker stops work that is no longer wanted.

use analysis::{
    Sliced,
    lab::{Explanation, Findings},
    mitigation::Language,
    redact::{Hit, Wishes},
    report::Entry,
    search::{Choices, Window},
    shelf::Row,
};
use serde::{Deserialize, Serialize};

use super::bench::{Bench, Changes};

/// Numbers the analyses of a visit; a later one makes the earlier ones stale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Epoch(pub u32);

impl Epoch {
    /// The epoch after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

/// Numbers the tasks of helpers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ticket(pub u32);

/// A slice of a file to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceTask {
    /// Its nominal begin, in bytes of the file.
    pub start: u64,
    /// Its nominal end.
    pub end: u64,
    /// Whether its alerts are to be sent along.
    pub keep_alerts: bool,
    /// Whether several files are read.
    pub several_files: bool,
}

/// What the page asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Read the blobs that come with the message; `names` has one entry for each.
    Analyse {
        /// The number of this analysis.
        epoch: Epoch,
        /// The blobs' names, in their order.
        names: Vec<String>,
    },
    /// Read the alerts that a share link carries.
    Open {
        /// The number of this analysis.
        epoch: Epoch,
        /// The link's part from `#` on.
        fragment: String,
        /// The names of rule files that come with the message as blobs, in their order.
        names: Vec<String>,
    },
    /// Start helpers for large files.
    Recruit {
        /// How many.
        helpers: u32,
    },
    /// To a helper: read a slice of the blob that comes with the message.
    Slice {
        /// The number of the task.
        ticket: Ticket,
        /// The file.
        file: Sliced,
        /// Which slice, and how.
        task: SliceTask,
    },
    /// Stop the analysis; what was read stays.
    Cancel {
        /// The analysis to stop.
        epoch: Epoch,
    },
    /// Make a report of what was read before the analysis was stopped.
    Conclude {
        /// The stopped analysis.
        epoch: Epoch,
    },
    /// Make a file from a finished analysis.
    Export {
        /// The analysis that is shown.
        epoch: Epoch,
        /// The kind of file.
        format: Format,
    },
    /// Zip all mitigation files, with other contents for some tunings.
    Archive {
        /// The analysis that is shown.
        epoch: Epoch,
        /// What is to be otherwise.
        changes: Changes,
    },
    /// Do something with the files that come with the message, beside a finished analysis.
    Beside {
        /// The analysis that is shown.
        epoch: Epoch,
        /// The number of the question; an answer carries it.
        number: u32,
        /// What to do.
        task: Task,
        /// The files' names, in their order.
        names: Vec<String>,
    },
    /// Answer a question about the alerts of a finished analysis.
    Ask {
        /// The analysis that is shown.
        epoch: Epoch,
        /// The number of the question; the answer carries it.
        number: u32,
        /// The question.
        question: Question,
    },
}

/// What to do with files beside a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// They are a second set of alerts: how does it differ?
    Compare,
    /// They are what the report was made from: hash them, and make the report again with the hashes.
    Hash,
}

/// Something about the alerts of a report. A later question on the same [`Topic`] makes earlier ones stale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// Which alerts fit a query?
    Search {
        /// The query.
        query: String,
        /// The first of those found that is wanted, from 0.
        offset: u64,
    },
    /// What can be typed next?
    Complete {
        /// The query.
        query: String,
        /// The byte that the cursor is before.
        cursor: usize,
    },
    /// What does an alert consist of?
    Details {
        /// Its record number.
        record: u64,
    },
    /// What does a condition, exception or overlay do?
    Try {
        /// Its text.
        text: String,
    },
    /// Which tunings are there?
    Benches,
    /// What does the text of a tuning do?
    Prove {
        /// The tuning.
        id: String,
        /// Its text.
        text: String,
    },
    /// Why does it do so to an alert?
    Explain {
        /// Its text.
        text: String,
        /// The record number of the alert.
        record: u64,
    },
    /// What link carries all alerts?
    Share {
        /// What to replace otherwise; nothing, where alerts are to go as they are.
        redaction: Option<Wishes>,
        /// Whether each alert's `output` stays behind.
        compact: bool,
    },
}

/// What was found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Alerts that fit.
    Found(Window),
    /// What can be typed.
    Choices(Choices),
    /// The names and values of an alert.
    Details {
        /// Its record number.
        record: u64,
        /// Own keys, then fields.
        values: Vec<(String, String)>,
    },
    /// What a text does.
    Tried(Tried),
    /// The tunings.
    Benches(Vec<Bench>),
    /// What the text of a tuning does.
    Proved(Findings),
    /// Why it does so.
    Explanation(Explanation),
    /// How a second set differs, or a sentence that says why that is not known.
    Compared(Result<Compared, String>),
    /// A link.
    Shared(Shared),
}

/// Two sets of alerts compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// HTML made by the report writer.
    pub html: String,
    /// The same as Markdown, byte for byte what the command line writes.
    pub markdown: String,
}

/// A share link, and what redaction replaced in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The part from `#` on, or the sentence that says why there is none.
    pub link: Result<String, String>,
    /// What has a pseudonym, in order of appearance.
    pub hits: Vec<Hit>,
}

/// What questions are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The list of alerts.
    Search,
    /// What can be typed into the search bar.
    Complete,
    /// The alert that is shown whole.
    Details,
    /// The text in the rule lab.
    Try,
    /// The alert that is explained there.
    Explain,
    /// The second set of alerts.
    Compare,
    /// The link.
    Share,
    /// The tunings.
    Benches,
    /// The text of one of them.
    Prove,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Search,
        Self::Complete,
        Self::Details,
        Self::Try,
        Self::Explain,
        Self::Compare,
        Self::Share,
        Self::Benches,
        Self::Prove,
    ];

    /// How many there are.
    pub const COUNT: usize = 9;
}

impl Question {
    /// What it is about.
    pub fn topic(&self) -> Topic {
        match self {
            Self::Search { .. } => Topic::Search,
            Self::Complete { .. } => Topic::Complete,
            Self::Details { .. } => Topic::Details,
            Self::Try { .. } => Topic::Try,
            Self::Explain { .. } => Topic::Explain,
            Self::Share { .. } => Topic::Share,
            Self::Benches => Topic::Benches,
            Self::Prove { .. } => Topic::Prove,
        }
    }
}

impl Answer {
    /// What it is about.
    pub fn topic(&self) -> Topic {
        match self {
            Self::Found(_) => Topic::Search,
            Self::Choices(_) => Topic::Complete,
            Self::Details { .. } => Topic::Details,
            Self::Tried(_) => Topic::Try,
            Self::Explanation(_) => Topic::Explain,
            Self::Compared(_) => Topic::Compare,
            Self::Shared(_) => Topic::Share,
            Self::Benches(_) => Topic::Benches,
            Self::Proved(_) => Topic::Prove,
        }
    }
}

/// What a text in the rule lab does, and the first alerts that it does it to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// What was found out.
    pub findings: Findings,
    /// The first alerts of each part of the effect.
    pub rows: Vec<Row>,
}

/// What the worker answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// The worker listens.
    Ready,
    /// From a helper: a slice was read; what it came to comes with the message, if a line begins in it.
    Slice {
        /// The number of the task.
        ticket: Ticket,
    },
    /// From a helper: a slice could not be read.
    Unreadable {
        /// The number of the task.
        ticket: Ticket,
        /// The browser's reason.
        reason: String,
    },
    /// Some of the input has been read.
    Progress {
        /// The analysis.
        epoch: Epoch,
        /// How far it is.
        progress: Progress,
    },
    /// The report is ready.
    Report {
        /// The analysis.
        epoch: Epoch,
        /// What the page shows.
        report: Box<Rendered>,
    },
    /// There is no report.
    Failed {
        /// The analysis.
        epoch: Epoch,
        /// Why not.
        problem: Problem,
    },
    /// An export; its bytes come with the message.
    Exported {
        /// The analysis it was made from.
        epoch: Epoch,
        /// The kind of file.
        format: Format,
    },
    /// What was found out about a question.
    Answer {
        /// The analysis that was asked about.
        epoch: Epoch,
        /// The number of the question.
        number: u32,
        /// The answer.
        answer: Box<Answer>,
    },
    /// The worker no longer holds that analysis.
    Gone {
        /// The analysis that was asked for.
        epoch: Epoch,
    },
}

/// How far an analysis is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes read.
    pub done: u64,
    /// Bytes to read in all.
    pub total: u64,
    /// Alerts found so far.
    pub alerts: u64,
    /// How long reading has taken so far, in milliseconds.
    pub milliseconds: u64,
}

/// The kinds of files a report can be saved as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// The report as Markdown.
    Markdown,
    /// The report as one self-contained web page.
    Html,
    /// The report as data.
    Json,
    /// Every mitigation file, zipped.
    Archive,
}

impl Format {
    /// The name under which it is saved.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Markdown => "falco-report.md",
            Self::Html => "falco-report.html",
            Self::Json => "falco-report.json",
            Self::Archive => "falco-mitigations.zip",
        }
    }

    /// Its media type.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown;charset=utf-8",
            Self::Html => "text/html;charset=utf-8",
            Self::Json => "application/json",
            Self::Archive => "application/zip",
        }
    }
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    /// There was nothing to read.
    Empty,
    /// Something was read, and none of it was a Falco alert.
    Unrecognised {
        /// What was read.
        input: Accounting,
        /// The first places that could not be read.
        skipped: Vec<Skipped>,
    },
    /// The browser could not read a file.
    File {
        /// The file's name.
        name: String,
        /// The browser's reason.
        reason: String,
    },
    /// A share link is damaged; the sentence says how.
    Link(String),
    /// The worker broke; the browser's words.
    Worker(String),
}

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

/// A message as bytes.
///
/// # Errors
/// Never for the types of this module; the signature is `postcard`'s.
pub fn encode<T: Serialize>(message: &T) -> postcard::Result<Vec<u8>> {
    postcard::to_allocvec(message)
}

/// A message from its bytes.
///
/// # Errors
/// When they are no message, which only another version of this app could have sent.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> postcard::Result<T> {
    postcard::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_its_trip() {
        let report = Rendered {
            headline: "One alert".into(),
            verdict: Some(Verdict {
                class: "needs_review".into(),
                words: "Needs review".into(),
                confidence: 40,
            }),
            pieces: vec![
                Piece::Html("<p>\u{202e}</p>".into()),
                Piece::Code(CodeFile {
                    id: "m1".into(),
                    title: "Deny ptrace".into(),
                    name: "seccomp.json".into(),
                    language: Language::Json,
                    content: "{}\n".into(),
                }),
            ],
            contents: vec![Entry { level: 2, id: "summary".into(), title: "Summary".into() }],
            files: 1,
            input: Accounting { records: u64::MAX, ..Accounting::default() },
            skipped: Vec::new(),
            rule_files: vec![RuleFile {
                name: "rules.yaml".into(),
                loads: true,
                content: "1 rule".into(),
                findings: Vec::new(),
                count: 0,
            }],
            markdown: "# Report\n".into(),
            remarks: vec!["compact".into()],
        };
        for reply in [
            Reply::Ready,
            Reply::Report { epoch: Epoch(7), report: Box::new(report) },
            Reply::Failed { epoch: Epoch(8), problem: Problem::Empty },
            Reply::Exported { epoch: Epoch(7), format: Format::Archive },
            Reply::Answer {
                epoch: Epoch(7),
                number: 3,
                answer: Box::new(Answer::Details { record: 1, values: vec![("a".into(), "b".into())] }),
            },
        ] {
            let bytes = encode(&reply).unwrap();
            assert_eq!(decode::<Reply>(&bytes).unwrap(), reply);
        }
    }
}
