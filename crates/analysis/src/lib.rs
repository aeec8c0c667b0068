//! Reads Falco alerts, judges them and writes the report.
//!
//! A pure function of bytes and options: no files, clocks, threads or pages. Two hosts call it, the
//! browser's worker and the command line, and both get the same bytes.
//!
//! ```
//! use analysis::{Options, Session, report};
//!
//! let mut session = Session::new(Options::default());
//! session.open("input");
//! session.feed(br#"{"rule":"PTRACE attached to process","priority":"Warning","output_fields":{"#);
//! session.feed(br#""proc.name":"gdb","proc.exepath":"/usr/bin/gdb","container.id":"host"}}"#);
//! session.close();
//! let outcome = session.finish();
//! assert!(report::markdown(&outcome.report).starts_with("# Alert Analysis Report"));
//! ```
//!
//! The way of the bytes: [`ingest`] cuts and reads them, [`insight`] folds alerts into groups with a
//! verdict each, [`knowledge`] explains them, [`mitigation`] proposes, [`report`] writes, [`share`]
//! seals the alerts into a link. [`rule_files`] are read beside them. The alerts stay on a [`shelf`] for
//! [`search`] and the [`lab`].

pub mod alert;
mod checksum;
pub mod diagnostic;
pub mod finding;
pub mod ingest;
pub mod insight;
pub mod knowledge;
pub mod lab;
pub mod limits;
pub mod mitigation;
mod portion;
pub mod redact;
pub mod report;
pub mod review;
pub mod rule_files;
pub mod search;
pub mod share;
pub mod shelf;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use alert::Timestamp;
use ingest::{Found, Ingest, Place, Skimmed, Take};
use insight::Fold;
use knowledge::own::Own;
use mitigation::{Choice, Ground};
pub use portion::{Portion, Sliced};
use redact::Redactor;
use report::{Partial, Redaction, Report};
use review::Review;
use rule_files::{Fed, Intake, Source};
use share::Parcel;
use shelf::Shelf;

/// What a report depends on beside its input.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The time to print as that of the report; without it, no artefact contains a clock.
    pub now: Option<Timestamp>,
    /// Whether alerts are kept for questions after the report, see [`shelf`].
    pub keep_alerts: bool,
    /// Whether several files are to be read, so that some may be copies of others.
    pub several_files: bool,
}

impl Outcome {
    /// Whether files beside the alerts shaped the report, which a link does not carry.
    pub fn is_shaped_by_files(&self) -> bool {
        !self.rule_files.is_empty()
            || !self.report.own.files.is_empty()
            || !self.report.review.borrow().is_empty()
    }
}

/// How far reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes fed.
    pub bytes: u64,
    /// Records met.
    pub records: u64,
    /// Alerts among them.
    pub alerts: u64,
}

/// One analysis: files in, report out. Files are read in the order they are opened; hosts open them
/// in bytewise order of their names. A rule file among them is known by its content.
#[derive(Debug, Default)]
pub struct Session {
    options: Options,
    ingest: Ingest,
    sink: Sink,
    rules: Intake,
    /// Where reading stopped before the end.
    stopped: Option<Partial>,
}

/// Where alerts go once they are read.
#[derive(Debug, Default)]
struct Sink {
    fold: Fold,
    parcel: Parcel,
    /// Nothing is kept without it.
    shelf: Option<Shelf>,
    /// Alerts go through it first, if it is there.
    redactor: Option<Redactor>,
    /// In which fields it replaced something, by rule.
    touched: BTreeMap<String, BTreeSet<String>>,
}

impl Take for Sink {
    fn take(&mut self, mut found: Found) {
        if let Some(redactor) = &self.redactor {
            let (alert, touched) = redactor.alert(&found.alert);
            if !touched.is_empty() {
                self.touched.entry(alert.rule().to_owned()).or_default().extend(touched);
            }
            found.alert = alert;
        }
        self.parcel.add(&found.alert);
        if let Some(shelf) = &mut self.shelf {
            shelf.add(&found.alert);
        }
        self.fold.add(found.alert, found.place);
    }

    /// Once neither the link nor the shelf takes more alerts, groups are all that is left; what is to be
    /// redacted is read in full.
    fn skim(&mut self, line: &[u8], place: Place) -> Option<Skimmed> {
        let keeps = !self.parcel.is_full() || self.shelf.as_ref().is_some_and(|shelf| !shelf.is_full());
        if keeps || self.redactor.is_some() {
            return None;
        }
        let skimmed = self.fold.skim(line, place)?;
        self.parcel.pass();
        if let Some(shelf) = &mut self.shelf {
            shelf.pass(1);
        }
        Some(skimmed)
    }
}

/// The result of a session.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What was read, and what it means.
    pub report: Report,
    /// The alerts that a [`share::link`] can carry.
    pub parcel: Parcel,
    /// The alerts themselves, if [`Options::keep_alerts`] asked for them.
    pub shelf: Shelf,
    /// The rule files, in the order of loading.
    pub rule_files: Vec<Source>,
}

impl Session {
    /// An empty session.
    pub fn new(options: Options) -> Self {
        let ingest = if options.several_files { Ingest::of_several_files() } else { Ingest::default() };
        let shelf = options.keep_alerts.then(Shelf::default);
        Self {
            options,
            ingest,
            sink: Sink { shelf, ..Sink::default() },
            rules: Intake::default(),
            stopped: None,
        }
    }

    /// Puts every alert, and all that is said about the input, through a redactor.
    #[must_use]
    pub fn redacting(mut self, redactor: Redactor) -> Self {
        self.sink.redactor = Some(redactor);
        self
    }

    /// Takes a whole rule file, to be loaded after those that were taken so before.
    pub fn rules(&mut self, name: &str, bytes: &[u8]) {
        self.rules.take(name, bytes);
    }

    /// Takes a whole file of the user's own knowledge; of two entries for one rule the later one counts.
    pub fn knowledge(&mut self, name: &str, bytes: &[u8]) {
        self.rules.take_knowledge(name, bytes);
    }

    /// Takes a whole review; of two marks of one finding the later one counts.
    pub fn review(&mut self, name: &str, bytes: &[u8]) {
        self.rules.take_review(name, bytes);
    }

    /// Begins a file; its name is what reports call it.
    pub fn open(&mut self, name: &str) {
        self.close();
        let name = self.sink.redactor.as_ref().map_or(name.into(), |redactor| redactor.text(name));
        self.rules.open(&name);
    }

    /// Takes the next bytes of the file, in pieces of any size.
    pub fn feed(&mut self, chunk: &[u8]) {
        match self.rules.feed(chunk) {
            Fed::Kept => {}
            Fed::Alerts => self.ingest.feed(chunk, &mut self.sink),
            Fed::Began(name, held) => self.begin_alerts(&name, &held),
        }
    }

    /// Ends the file.
    pub fn close(&mut self) {
        if let Some((name, held)) = self.rules.close() {
            self.begin_alerts(&name, &held);
        }
        self.ingest.close(&mut self.sink);
    }

    fn begin_alerts(&mut self, name: &str, held: &[u8]) {
        self.ingest.open(name);
        self.ingest.feed(held, &mut self.sink);
    }

    /// How far reading has come, the open file included.
    pub fn progress(&self) -> Progress {
        let (bytes, tally) = self.ingest.so_far();
        Progress { bytes, records: tally.total(), alerts: tally.alerts }
    }

    /// Notes that reading stopped before the end: `read` of `total` bytes of input, as they are stored.
    pub fn stopped(&mut self, read: u64, total: u64) {
        self.stopped = Some(Partial { read, total });
    }

    /// Ends the session.
    pub fn finish(mut self) -> Outcome {
        self.close();
        // One worker read every file whole, so nothing is to be taken back, and no slice is missing.
        let mut read = self.ingest.seal().unwrap_or_default();
        let redactor = self.sink.redactor.take();
        let redaction = redactor.as_ref().map(|redactor| {
            for finding in &mut read.skipped {
                finding.message = redactor.text(&finding.message).into_owned();
                finding.file = redactor.text(&finding.file).into_owned();
            }
            for noted in &mut read.notes {
                noted.file = redactor.text(&noted.file).into_owned();
            }
            for file in &mut read.files {
                file.name = redactor.text(&file.name).into_owned();
            }
            Redaction::new(redactor.hits(), std::mem::take(&mut self.sink.touched))
        });
        let mut taken = self.rules.finish();
        if let Some(redactor) = &redactor {
            for file in taken.files_mut() {
                file.name = redactor.text(&file.name).into_owned();
            }
        }
        let rule_files = taken.rules;
        let (mut own, mut review) = (Own::default(), Review::default());
        for file in taken.reviews {
            review.take(&file.name, &file.bytes, file.size);
        }
        if let Some(redactor) = &redactor {
            review.redact(redactor);
        }
        for file in taken.knowledge {
            own.take(&file.name, &file.bytes, file.size);
        }
        let insight = self.sink.fold.seal_knowing(&own);
        let choice = Choice { now: self.options.now, ..Choice::default() };
        let mut plan = mitigation::propose(&insight, &choice, &Ground::new(&rule_files));
        // What comes out of a redacted link or file has pseudonyms, too.
        let redactor = redactor.unwrap_or_default();
        plan.leave_out(|text| redactor.stands_in(text));
        let report = Report {
            now: self.options.now,
            partial: self.stopped,
            files: read.files,
            total: read.total,
            recognised: read.recognised,
            skipped: read.skipped,
            redaction,
            notes: read.notes,
            insight,
            plan,
            rules: rule_files::check(&rule_files),
            own,
            review: RefCell::new(review),
        };
        Outcome { report, parcel: self.sink.parcel, shelf: self.sink.shelf.unwrap_or_default(), rule_files }
    }
}
