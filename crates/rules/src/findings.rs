//! What is found in one file, in the order in which Falco comes to it.

use std::collections::BTreeSet;

use crate::code::{Code, note};
use crate::item::{Context, Item};

/// More notes than this on one file help nobody.
const MOST_NOTES: usize = 200;

/// The result of reading something that may stop Falco.
pub(crate) type Found<T> = Result<T, Box<Item>>;

/// What Falco reports about a file, and what it does not.
#[derive(Debug, Clone)]
pub(crate) struct Findings {
    /// Which file it is: what is further wrong with earlier ones was noted with them.
    file: usize,
    /// Falco stops at the first one.
    pub error: Option<Item>,
    pub warnings: Vec<Item>,
    pub notes: Vec<Item>,
    /// Notes beyond [`MOST_NOTES`].
    dropped: usize,
    /// Names of lists, macros and rules that could not be read; what is missing because of that is no
    /// further error.
    pub lost: BTreeSet<String>,
}

impl Findings {
    /// Nothing found yet.
    pub fn new(file: usize) -> Self {
        Self { file, error: None, warnings: Vec::new(), notes: Vec::new(), dropped: 0, lost: BTreeSet::new() }
    }

    /// Adds an error: Falco's if it is the first, ours otherwise.
    pub fn fail(&mut self, item: Item) {
        if self.error.is_none() {
            self.error = Some(item);
        } else if item.file == self.file {
            self.note_item(item.further(note::FURTHER_ERROR));
        }
    }

    /// Adds a warning: Falco's unless it has stopped already.
    pub fn warn(&mut self, item: Item) {
        if self.error.is_none() {
            self.warnings.push(item);
        } else if item.file == self.file {
            self.note_item(item.further(note::FURTHER_WARNING));
        }
    }

    /// Adds a note of our own.
    pub fn note(&mut self, context: &Context, code: Code, message: impl Into<String>, hint: &str) {
        self.note_item(context.item(code, message).hint(hint));
    }

    /// Adds a note, once.
    pub fn note_item(&mut self, item: Item) {
        if self.notes.contains(&item) {
            return;
        }
        if self.notes.len() < MOST_NOTES { self.notes.push(item) } else { self.dropped += 1 }
    }

    /// Falco never reports on this file: it is gone. What it would have warned about become notes.
    pub fn gone(&mut self, item: Item) {
        for warning in std::mem::take(&mut self.warnings) {
            self.note_item(warning.further(note::FURTHER_WARNING));
        }
        if let Some(error) = self.error.replace(item) {
            self.note_item(error.further(note::FURTHER_ERROR));
        }
    }

    /// Says how many notes are not listed.
    pub fn close(&mut self, context: &Context) {
        if self.dropped > 0 {
            let message = format!("{} more notes are not listed", self.dropped);
            self.notes.push(context.item(note::MORE_FOUND, message).hint("correct the ones above first"));
        }
    }
}
