//! What reading a file, or a slice of one, came to, and how the slices of a file add up.

use std::collections::BTreeMap;

use super::account::{Class, FileSummary, Observed, Tally};
use super::encoding::Encoding;
use super::ledger::Entry;
use super::note::{Note, Noted};
use crate::finding::{Code, Finding, Position};
use crate::limits;

/// A file of the input: the number of what was opened, and of the file in it, should that be an archive.
pub type FileId = (u64, u64);

/// The accounts of a file or of a slice of one. Lines count from the start of the slice.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub name: String,
    pub packing: Vec<&'static str>,
    pub encoding: Encoding,
    pub records: Tally,
    pub in_bytes: Tally,
    /// Separators before the first record; they belong to the last one of the slice before.
    pub leading: u64,
    pub envelopes: BTreeMap<&'static str, u64>,
    /// How many alerts each note holds for, and where the first of them is.
    pub notes: BTreeMap<Note, (u64, Position)>,
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
    /// Books an alert's notes and envelopes.
    pub fn note(&mut self, notes: &[Note], envelopes: &[&'static str], position: Position) {
        for note in notes {
            self.notes.entry(*note).or_insert((0, position)).0 += 1;
        }
        for name in envelopes {
            *self.envelopes.entry(name).or_insert(0) += 1;
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
        for note in &entry.notes {
            if let Some((alerts, _)) = self.notes.get_mut(note) {
                *alerts = alerts.saturating_sub(1);
            }
        }
        self.notes.retain(|_, (alerts, _)| *alerts > 0);
        for name in &entry.envelopes {
            if let Some(records) = self.envelopes.get_mut(name) {
                *records = records.saturating_sub(1);
            }
        }
        self.envelopes.retain(|_, records| *records > 0);
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
            *self.envelopes.entry(name).or_insert(0) += records;
        }
        for (note, (alerts, position)) in next.notes {
            let position = Position { line: position.line + self.lines, ..position };
            self.notes.entry(note).or_insert((0, position)).0 += alerts;
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
    pub fn note_into(&self, all: &mut BTreeMap<Note, Noted>) {
        for (note, (alerts, position)) in &self.notes {
            let first = || Noted { note: *note, alerts: 0, file: self.name.clone(), position: *position };
            all.entry(*note).or_insert_with(first).alerts += alerts;
        }
    }
}
