//! Reads files of alerts: a push parser that loses nothing and counts everything.
//!
//! Content decides what a file is, never its name: one alert, an array, JSON lines, objects one
//! after another, with other text between them, as Falco or Falcosidekick wrote them.
//!
//! Every byte of a file is accounted for. A record is an alert, a duplicate, skipped with a
//! [`Finding`], or noise (text that is no record, such as Falco's start-up lines); separators count
//! to the record before them, brackets of an array to the noise.

mod scanner;
mod text;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::alert::{Alert, Object};
use crate::finding::{Code, Finding, Position};
use crate::limits;
use scanner::{Located, Part, Scanner};

/// How many records and bytes fell into each of the four classes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Read as alerts.
    pub alerts: u64,
    /// Left out because the same alert was read before.
    pub duplicates: u64,
    /// Could not be read, each with a finding.
    pub skipped: u64,
    /// Lines of other text.
    pub noise: u64,
}

impl Tally {
    /// The sum of the four.
    pub fn total(&self) -> u64 {
        self.alerts + self.duplicates + self.skipped + self.noise
    }

    fn of(&mut self, class: Class) -> &mut u64 {
        match class {
            Class::Alert => &mut self.alerts,
            Class::Duplicate => &mut self.duplicates,
            Class::Skipped => &mut self.skipped,
            Class::Noise => &mut self.noise,
        }
    }

    fn add(&mut self, other: Self) {
        self.alerts += other.alerts;
        self.duplicates += other.duplicates;
        self.skipped += other.skipped;
        self.noise += other.noise;
    }
}

#[derive(Debug, Clone, Copy)]
enum Class {
    Alert,
    Duplicate,
    Skipped,
    Noise,
}

/// One input file after reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSummary {
    /// Its name in reports.
    pub name: String,
    /// What it turned out to be.
    pub shape: Shape,
    /// Its size in bytes; the sum of `in_bytes`.
    pub size: u64,
    /// Records by class.
    pub records: Tally,
    /// Bytes by class.
    pub in_bytes: Tally,
}

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Nothing in it.
    Empty,
    /// One object.
    JsonObject,
    /// An array of objects.
    JsonArray,
    /// One object a line.
    JsonLines,
    /// Objects one after another, or spread over lines.
    JsonStream,
    /// No JSON record at all.
    Text,
}

impl Shape {
    /// The shape as reports spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::JsonObject => "json_object",
            Self::JsonArray => "json_array",
            Self::JsonLines => "json_lines",
            Self::JsonStream => "json_stream",
            Self::Text => "text",
        }
    }
}

/// What reading has found so far, without the alerts themselves.
#[derive(Debug, Default)]
pub struct Ingest {
    file: Option<Open>,
    files: Vec<FileSummary>,
    total: Tally,
    skipped: Vec<Finding>,
    /// Whether a line was what Falco itself prints around alerts.
    met_falco: bool,
    /// Hashes of the records that carry an identifier, to know them again.
    seen: BTreeSet<[u8; 16]>,
}

/// The file under way.
#[derive(Debug)]
struct Open {
    reader: Reader,
    summary: FileSummary,
    observed: Observed,
    /// Where separators count to.
    last: Class,
}

#[derive(Debug)]
enum Reader {
    /// Too few bytes so far to know a foreign format.
    Sniffing(Vec<u8>),
    Scanning(Scanner),
    /// A format that is not read; its bytes are only counted.
    Foreign(Code),
}

/// What the records of a file had in common.
#[derive(Debug, Default)]
struct Observed {
    records: u64,
    in_array: bool,
    apart_from_lines: bool,
}

impl Observed {
    fn shape(&self, size: u64) -> Shape {
        match self {
            _ if size == 0 => Shape::Empty,
            Self { in_array: true, .. } => Shape::JsonArray,
            Self { records: 0, .. } => Shape::Text,
            Self { records: 1, .. } => Shape::JsonObject,
            Self { apart_from_lines: true, .. } => Shape::JsonStream,
            Self { .. } => Shape::JsonLines,
        }
    }
}

impl Ingest {
    /// Begins a file. The one before must have been closed.
    pub fn open(&mut self, name: &str) {
        let summary = FileSummary {
            name: name.to_owned(),
            shape: Shape::Empty,
            size: 0,
            records: Tally::default(),
            in_bytes: Tally::default(),
        };
        let reader = Reader::Sniffing(Vec::new());
        self.file = Some(Open { reader, summary, observed: Observed::default(), last: Class::Noise });
    }

    /// Takes the next bytes of the open file and hands out the alerts they complete, in order.
    pub fn feed(&mut self, chunk: &[u8], each: &mut impl FnMut(Alert)) {
        let Some(mut file) = self.file.take() else { return };
        file.summary.size += chunk.len() as u64;
        let sniffed;
        let chunk = match &mut file.reader {
            Reader::Sniffing(held) => {
                held.extend_from_slice(chunk);
                if held.len() < text::SNIFF_BYTES {
                    self.file = Some(file);
                    return;
                }
                sniffed = std::mem::take(held);
                file.reader = reader_of(&sniffed);
                sniffed.as_slice()
            }
            _ => chunk,
        };
        self.read(&mut file, chunk, each);
        self.file = Some(file);
    }

    /// Ends the open file, if any.
    pub fn close(&mut self, each: &mut impl FnMut(Alert)) {
        let Some(mut file) = self.file.take() else { return };
        if let Reader::Sniffing(held) = &mut file.reader {
            let held = std::mem::take(held);
            file.reader = reader_of(&held);
            self.read(&mut file, &held, each);
        }
        match std::mem::replace(&mut file.reader, Reader::Sniffing(Vec::new())) {
            Reader::Scanning(scanner) => scanner.finish(&mut |part| self.part(&mut file, &part, each)),
            Reader::Foreign(code) => {
                let message = text::foreign(code).to_owned();
                self.skip(&mut file, code, message, Position::START);
                file.summary.in_bytes.skipped = file.summary.size;
            }
            Reader::Sniffing(_) => {}
        }
        file.summary.shape = file.observed.shape(file.summary.size);
        self.total.add(file.summary.records);
        self.files.push(file.summary);
    }

    /// The files read so far, in reading order.
    pub fn files(&self) -> &[FileSummary] {
        &self.files
    }

    /// Records by class over all closed files.
    pub fn total(&self) -> Tally {
        self.total
    }

    /// Whether the input was one that we know: it held an alert, a line that Falco prints around
    /// alerts, or nothing at all.
    pub fn is_recognised(&self) -> bool {
        self.total.alerts + self.total.duplicates > 0 || self.met_falco || self.total.total() == 0
    }

    /// Bytes and records of everything fed so far, the open file included.
    pub fn so_far(&self) -> (u64, Tally) {
        let mut bytes: u64 = self.files.iter().map(|file| file.size).sum();
        let mut total = self.total;
        if let Some(open) = &self.file {
            bytes += open.summary.size;
            total.add(open.summary.records);
        }
        (bytes, total)
    }

    /// The first skipped records; [`Ingest::total`] has the count of all.
    pub fn skipped(&self) -> &[Finding] {
        &self.skipped
    }

    fn read(&mut self, file: &mut Open, chunk: &[u8], each: &mut impl FnMut(Alert)) {
        // The scanner leaves the file while it runs, because its parts are booked on that file.
        if let Reader::Scanning(scanner) = &mut file.reader {
            let mut scanner = std::mem::take(scanner);
            scanner.feed(chunk, &mut |part| self.part(file, &part, each));
            file.reader = Reader::Scanning(scanner);
        }
    }

    fn part(&mut self, file: &mut Open, located: &Located<'_>, each: &mut impl FnMut(Alert)) {
        let class = match located.part {
            Part::Separator => {
                *file.summary.in_bytes.of(file.last) += located.bytes;
                return;
            }
            Part::Envelope => {
                file.observed.in_array = true;
                file.summary.in_bytes.noise += located.bytes;
                file.last = Class::Noise;
                return;
            }
            Part::Record(bytes) => {
                file.observed.records += 1;
                file.observed.apart_from_lines |= located.start.column != 1 || bytes.contains(&b'\n');
                match self.record(bytes) {
                    Ok(Some(alert)) => {
                        file.summary.records.alerts += 1;
                        each(alert);
                        Class::Alert
                    }
                    Ok(None) => {
                        file.summary.records.duplicates += 1;
                        Class::Duplicate
                    }
                    Err(trouble) => {
                        let position = trouble.position(located.start, bytes);
                        self.skip(file, trouble.code, trouble.message, position)
                    }
                }
            }
            Part::Broken(code, bytes) => {
                let message = text::broken(code, bytes, located.bytes);
                let position = match code {
                    Code::Truncated | Code::CutString | Code::TornRecord => located.start.after(bytes),
                    _ => located.start,
                };
                self.skip(file, code, message, position)
            }
            Part::Line(bytes) if text::is_text_alert(bytes) => {
                let message = "an alert in Falco's text form, which carries no fields".to_owned();
                self.skip(file, Code::TextAlert, message, located.start)
            }
            Part::Line(bytes) => {
                file.summary.records.noise += 1;
                self.met_falco |= text::is_falco_log(bytes);
                Class::Noise
            }
        };
        *file.summary.in_bytes.of(class) += located.bytes;
        file.last = class;
    }

    /// An alert, nothing for a duplicate, or why the record is neither.
    fn record(&mut self, bytes: &[u8]) -> Result<Option<Alert>, Trouble> {
        let object = Object::parse(bytes).map_err(|error| Trouble::json(&error, bytes))?;
        let alert = Alert::from_object(object).map_err(Trouble::not_an_alert)?;
        if alert.uuid().is_some() && !self.seen.insert(fingerprint(bytes)) {
            return Ok(None);
        }
        Ok(Some(alert))
    }

    fn skip(&mut self, file: &mut Open, code: Code, message: String, position: Position) -> Class {
        file.summary.records.skipped += 1;
        if self.skipped.len() < limits::SKIPPED_LISTED {
            self.skipped.push(Finding { file: file.summary.name.clone(), position, code, message });
        }
        Class::Skipped
    }
}

fn reader_of(head: &[u8]) -> Reader {
    match text::foreign_format(head) {
        Some(code) => Reader::Foreign(code),
        None => Reader::Scanning(Scanner::default()),
    }
}

/// 128 bits of SHA-256: an attacker who writes two alerts cannot make one hide the other.
fn fingerprint(bytes: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    for (to, from) in short.iter_mut().zip(Sha256::digest(bytes)) {
        *to = from;
    }
    short
}

struct Trouble {
    code: Code,
    message: String,
    /// Line and column inside the record, from 1; nothing for the record as a whole.
    within: Option<(u64, u64)>,
}

impl Trouble {
    /// Positions inside nested values count from there, so only those that the record as a whole
    /// confirms are taken.
    fn json(error: &serde_json::Error, record: &[u8]) -> Self {
        let whole = serde_json::from_slice::<serde::de::IgnoredAny>(record).err();
        let within = whole.as_ref().map(|error| (error.line() as u64, error.column().max(1) as u64));
        let text = whole.as_ref().unwrap_or(error).to_string();
        let reason = text.split(" at line ").next().unwrap_or_default();
        Self { code: Code::MalformedJson, message: format!("not valid JSON: {reason}"), within }
    }

    fn not_an_alert(reason: &str) -> Self {
        Self { code: Code::NotAnAlert, message: format!("JSON, but not an alert: {reason}"), within: None }
    }

    fn position(&self, start: Position, record: &[u8]) -> Position {
        let Some((line, column)) = self.within else { return start };
        let lines_before = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
        let line_start = match lines_before.checked_sub(1) {
            None => 0,
            Some(nth) => memchr::memchr_iter(b'\n', record).nth(nth).map_or(0, |at| at + 1),
        };
        let column = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
        let at = line_start.saturating_add(column).min(record.len());
        start.after(record.get(..at).unwrap_or(record))
    }
}

#[cfg(test)]
mod tests;
