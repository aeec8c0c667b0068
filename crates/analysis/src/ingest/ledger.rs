//! Knows alerts again: which alert is a duplicate of one that was read before.
//!
//! A duplicate has the uuid and the bytes of another alert, or the bytes at the place of an overlapping
//! file, such as two copies of one growing log. Identical lines of one file are repeats, not duplicates.
//!
//! Ledgers of different workers merge: of the same alert in several of them the first in reading order
//! stays, the others are to be taken back. That is sound because an identical alert remains.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::note::Note;
use super::part::FileId;
use crate::finding::Position;

/// Where a record lies: its file, and its offset in the file's unpacked bytes. Places are in reading
/// order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// Bytes before the record.
    pub offset: u64,
}

/// A hash that begins with one of what is shared, the uuid or the place, so that neighbours share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    by_uuid: bool,
    shared: [u8; 8],
    /// 128 bits of SHA-256: an attacker who writes two alerts cannot make one hide the other.
    content: [u8; 16],
}

/// What was booked for an alert, to be taken back should it turn out a duplicate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The file it lies in.
    pub file: FileId,
    /// Where it lies there; lines count from the start of the slice it was read in.
    pub position: Position,
    /// Its bytes and those of the separators after it.
    pub bytes: u64,
    /// What was noted; not known of a slice that came from another worker, which is never taken back.
    #[serde(skip)]
    pub notes: Vec<Note>,
    /// The envelopes it came in, as far as they are known.
    #[serde(skip)]
    pub envelopes: Vec<&'static str>,
}

/// The alerts of one worker that can be known again.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Ledger {
    entries: BTreeMap<Key, Entry>,
    /// Alerts that were booked by one worker and are duplicates of another's, in order of their places.
    pub taken_back: Vec<Entry>,
}

impl Ledger {
    /// The key of an alert: by its uuid, or by its place where several files are read.
    pub fn key(uuid: Option<&str>, bytes: &[u8], offset: u64, several_files: bool) -> Option<Key> {
        match uuid {
            Some(uuid) => {
                let (shared, content) = (head(&Sha256::digest(uuid)), head(&Sha256::digest(bytes)));
                Some(Key { by_uuid: true, shared, content })
            }
            None if several_files => {
                let mut digest = Sha256::new();
                digest.update(offset.to_be_bytes());
                digest.update(bytes);
                Some(Key { by_uuid: false, shared: offset.to_be_bytes(), content: head(&digest.finalize()) })
            }
            None => None,
        }
    }

    /// Whether the alert was read before.
    pub fn has(&self, key: &Key) -> bool {
        self.entries.contains_key(key)
    }

    /// Books an alert.
    pub fn book(&mut self, key: Key, entry: Entry) {
        self.entries.insert(key, entry);
    }

    /// Books separators that follow an alert.
    pub fn extend(&mut self, key: &Key, bytes: u64) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.bytes += bytes;
        }
    }

    /// Whether an alert of another ledger was read before.
    pub fn knows_any_of(&self, other: &Self) -> bool {
        other.entries.keys().any(|key| self.has(key))
    }

    /// Adds the ledger of another worker.
    pub fn merge(&mut self, other: Self) {
        for entry in other.taken_back {
            self.take_back(entry);
        }
        for (key, mut entry) in other.entries {
            if let Some(mine) = self.entries.get_mut(&key) {
                if entry.place() < mine.place() {
                    std::mem::swap(mine, &mut entry);
                }
                self.take_back(entry);
            } else {
                self.entries.insert(key, entry);
            }
        }
    }

    fn take_back(&mut self, entry: Entry) {
        let at = self.taken_back.partition_point(|before| before.place() < entry.place());
        self.taken_back.insert(at, entry);
    }

    /// The alerts that share their uuid with an earlier one of other content, in no order.
    pub fn reused_uuids(&self) -> Vec<&Entry> {
        let (mut reused, mut earliest): (Vec<&Entry>, Option<(&Key, &Entry)>) = (Vec::new(), None);
        for (key, entry) in self.entries.iter().filter(|(key, _)| key.by_uuid) {
            let same = earliest.filter(|(other, _)| other.shared == key.shared);
            let first = match same {
                Some((_, other)) if other.place() < entry.place() => {
                    reused.push(entry);
                    other
                }
                Some((_, other)) => {
                    reused.push(other);
                    entry
                }
                None => entry,
            };
            earliest = Some((key, first));
        }
        reused
    }
}

impl Entry {
    /// Where it lies.
    pub fn place(&self) -> Place {
        Place { file: self.file, offset: self.position.offset }
    }
}

fn head<const N: usize>(digest: &[u8]) -> [u8; N] {
    let mut short = [0; N];
    for (to, from) in short.iter_mut().zip(digest) {
        *to = *from;
    }
    short
}
