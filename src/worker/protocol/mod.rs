//! What page and worker say to each other: plain values, sent as a few bytes.
//!
//! A message is `[bytes]`, followed by blobs (to the worker) or bytes (to the page) where a variant says
//! so. The worker's first message is [`Reply::Ready`]; until then it hears nothing. Every analysis has an
//! [`Epoch`]; the page drops replies of older ones, and the worker stops work that is no longer wanted.

mod ask;
mod shown;

use analysis::{Sliced, mitigation::Change, redact::Wishes};
use serde::{Deserialize, Serialize};

pub use self::{
    ask::{Answer, Compared, Details, Question, Reviewed, Shared, Topic, Tried},
    shown::{Accounting, CodeFile, FileAccount, Piece, Rendered, RuleFile, Skipped, Verdict},
};

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
        /// What opens it, where it is encrypted.
        password: Option<String>,
        /// The names of rule files that come with the message as blobs, in their order.
        names: Vec<String>,
    },
    /// Say what a share link is, without opening it.
    Glance {
        /// The link's part from `#` on.
        fragment: String,
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
        changes: Vec<Change>,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// They are a second set of alerts: how does it differ?
    Compare,
    /// They are what the report was made from: hash them, and make the report again with the hashes.
    Hash,
    /// They are what the report was made from: what would have a pseudonym in a file that is saved?
    Hits {
        /// What to replace otherwise.
        wishes: Wishes,
    },
    /// They are what the report was made from: make the report with pseudonyms, as a file.
    Save {
        /// The kind of file.
        format: Format,
        /// What to replace otherwise.
        wishes: Wishes,
    },
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
    /// What a share link is.
    Glanced {
        /// The link that was asked about.
        fragment: String,
        /// Sentences; or why it cannot be opened.
        facts: Result<Vec<String>, String>,
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
    /// An export is not made as it was asked for.
    Refused {
        /// The analysis that was asked for.
        epoch: Epoch,
        /// Why not, and what to do, as sentences.
        reason: String,
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
    /// The same with its alerts in it, so that it can be loaded again.
    HtmlWithAlerts,
    /// The report as data.
    Json,
    /// Every mitigation file, zipped.
    Archive,
    /// Rows of the table of alerts, for spreadsheets.
    Csv,
    /// The alerts of rows, as lines of canonical JSON.
    Lines,
}

impl Format {
    /// The name under which it is saved.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Markdown => "falco-report.md",
            Self::Html | Self::HtmlWithAlerts => "falco-report.html",
            Self::Json => "falco-report.json",
            Self::Archive => "falco-mitigations.zip",
            Self::Csv => "falco-alerts.csv",
            Self::Lines => "falco-alerts.jsonl",
        }
    }

    /// Its media type.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown;charset=utf-8",
            Self::Html | Self::HtmlWithAlerts => "text/html;charset=utf-8",
            Self::Json => "application/json",
            Self::Archive => "application/zip",
            Self::Csv => "text/csv;charset=utf-8",
            Self::Lines => "application/x-ndjson",
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
    /// A share link is encrypted.
    Password {
        /// Whether a password was tried, which did not open it.
        refused: bool,
    },
    /// The worker broke; the browser's words.
    Worker(String),
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
    use analysis::{mitigation::Language, report::Entry};

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
            can_embed: true,
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
                answer: Box::new(Answer::Details(Details::default())),
            },
        ] {
            let bytes = encode(&reply).unwrap();
            assert_eq!(decode::<Reply>(&bytes).unwrap(), reply);
        }
    }
}
