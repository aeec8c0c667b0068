//! What reading a file, or a slice of one, came to, and how the slices of a file add up.

use super::account::{Class, FileSummary, Observed, Tally};
use super::encoding::Encoding;
use super::ledger::{Entry, Place};
use super::note::{Note, Noted};
use crate::finding::{Code, Finding, Position};
use crate::limits;

/// A file of the input: the number of what was opened, and of the file in it, should that be an archive.
pub type FileId = (u64, u64);

/// The accounts of a file or of a slice of one. Lines count from the start of the slice.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Where it begins.
    pub start: Place,
    pub name: String,
    pub packing: Vec<&'static str>,
    pub encoding: Encoding,
    pub records: Tally,
    pub in_bytes: Tally,
    /// Separators before the first record; they belong to the last one of the slice before.
    pub leading: u64,
    /// Records by envelope, in order of the names.
    pub envelopes: Vec<(&'static str, u64)>,
    /// How many alerts each note holds for, and where the first of them is; in order of the notes.
    pub notes: Vec<(Note, u64, Position)>,
    /// The first records that were skipped, at most [`limits::SKIPPED_LISTED`].
    pub skipped: Vec<Skip>,
    pub observed: Observed,
    pub met_falco: bool,
    /// The class of the last record, and its offset.
    pub last: Option<(Class, u64)>,
    /// Line ends.
    pub lines: u64,
    pub continuity: Continuity,
}

/// What reading on after a slice depends on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Continuity {
    /// Whether an alert in text form stands in it.
    pub has_text: bool,
    /// Whether an alert in JSON stands in it before any in text form.
    pub has_json_first: bool,
    /// Whether reading could go on after it with no memory of it but `has_text`.
    pub ends_clean: bool,
}

/// A record that was skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    pub position: Position,
    pub code: Code,
    pub message: String,
}

impl Part {
    /// Books a note of an alert.
    pub fn note(&mut self, note: Note, position: Position) {
        self.note_many(note, 1, position);
    }

    fn note_many(&mut self, note: Note, alerts: u64, position: Position) {
        match self.notes.binary_search_by(|(other, ..)| other.cmp(&note)) {
            Err(at) => self.notes.insert(at, (note, alerts, position)),
            Ok(at) => {
                if let Some((_, count, first)) = self.notes.get_mut(at) {
                    *count += alerts;
                    if position.offset < first.offset {
                        *first = position;
                    }
                }
            }
        }
    }

    /// Books the envelopes of a record.
    pub fn wrap(&mut self, envelopes: &[&'static str]) {
        for name in envelopes {
            self.wrap_many(name, 1);
        }
    }

    fn wrap_many(&mut self, name: &'static str, records: u64) {
        match self.envelopes.binary_search_by(|(other, _)| (*other).cmp(name)) {
            Err(at) => self.envelopes.insert(at, (name, records)),
            Ok(at) => {
                if let Some((_, count)) = self.envelopes.get_mut(at) {
                    *count += records;
                }
            }
        }
    }

    pub fn skip(&mut self, code: Code, message: String, position: Position) {
        self.records.skipped += 1;
        if self.skipped.len() < limits::SKIPPED_LISTED {
            self.skipped.push(Skip { position, code, message });
        }
    }

    /// Takes back what was booked for an alert that turned out to be a duplicate.
    pub fn take_back(&mut self, entry: &Entry) {
        self.records.alerts = self.records.alerts.saturating_sub(1);
        self.records.duplicates += 1;
        self.in_bytes.alerts = self.in_bytes.alerts.saturating_sub(entry.bytes);
        self.in_bytes.duplicates += entry.bytes;
        for (note, alerts, _) in &mut self.notes {
            let noted = entry.notes.iter().any(|other| other == note);
            *alerts = alerts.saturating_sub(u64::from(noted));
        }
        self.notes.retain(|(_, alerts, _)| *alerts > 0);
        for (name, records) in &mut self.envelopes {
            let count = entry.envelopes.iter().filter(|other| *other == name).count() as u64;
            *records = records.saturating_sub(count);
        }
        self.envelopes.retain(|(_, records)| *records > 0);
        if let Some((class, offset)) = &mut self.last
            && *offset == entry.position.offset
        {
            *class = Class::Duplicate;
        }
    }

    /// Adds the slice that follows; nothing if what it came to could depend on this one.
    pub fn append(mut self, mut next: Self) -> Option<Self> {
        let (before, after) = (self.continuity, next.continuity);
        if !before.ends_clean || (before.has_text && after.has_json_first) {
            return None;
        }
        let (class, _) = self.last.unwrap_or_default();
        *self.in_bytes.of(class) += next.leading;
        self.records.add(next.records);
        self.in_bytes.add(next.in_bytes);
        for (name, records) in next.envelopes {
            self.wrap_many(name, records);
        }
        for (note, alerts, position) in next.notes {
            self.note_many(note, alerts, Position { line: position.line + self.lines, ..position });
        }
        for skip in &mut next.skipped {
            skip.position.line += self.lines;
        }
        self.skipped.extend(next.skipped);
        self.skipped.truncate(limits::SKIPPED_LISTED);
        self.observed.add(next.observed);
        self.met_falco |= next.met_falco;
        self.last = next.last.or(self.last);
        self.lines += next.lines;
        self.continuity = Continuity {
            has_text: before.has_text || after.has_text,
            has_json_first: before.has_json_first || after.has_json_first,
            ends_clean: after.ends_clean,
        };
        Some(self)
    }

    pub fn summary(&self) -> FileSummary {
        let size = self.in_bytes.total();
        FileSummary {
            name: self.name.clone(),
            shape: self.observed.shape(size),
            encoding: self.encoding,
            packing: self.packing.clone(),
            size,
            records: self.records,
            in_bytes: self.in_bytes,
            envelopes: self.envelopes.clone(),
            sha256: None,
        }
    }

    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        self.skipped.iter().map(|skip| Finding {
            file: self.name.clone(),
            position: skip.position,
            code: skip.code,
            message: skip.message.clone(),
        })
    }

    /// Adds its notes to those of the files before it.
    pub fn note_into(&self, all: &mut Vec<Noted>) {
        for (note, alerts, position) in &self.notes {
            match all.binary_search_by(|other| other.note.cmp(note)) {
                Ok(at) => {
                    if let Some(noted) = all.get_mut(at) {
                        noted.alerts += alerts;
                    }
                }
                Err(at) => {
                    let file = self.name.clone();
                    all.insert(at, Noted { note: *note, alerts: *alerts, file, position: *position });
                }
            }
        }
    }
}
