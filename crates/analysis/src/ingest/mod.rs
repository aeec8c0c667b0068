//! Reads files of alerts: a push parser that loses nothing and counts everything.
//!
//! Content decides what a file is, never its name. The way of the bytes, each step a push parser of its
//! own, so that the result is the same however they were cut:
//!
//! 1. `unpack` takes compression and archives off;
//! 2. `encoding` turns UTF-16 into UTF-8;
//! 3. `scan` cuts the text into records and lines, and goes into the lists of containers;
//! 4. `envelope` and `line` know what collectors put around an alert;
//! 5. `record` says what a record amounts to, with the help of `mend` where it is damaged;
//! 6. `desk` keeps the accounts.
//!
//! Every byte of a file is accounted for. A record is an alert, a duplicate, skipped with a
//! [`Finding`], or noise (text that is no record, such as Falco's start-up lines); separators count
//! to the record before them, the text of containers to the noise.
//!
//! Workers may share the reading: each reads whole files, or slices of files, in order; what they came
//! to merges in any order ([`Ingest::merge`]), and adds up at the end ([`Ingest::seal`]).

mod account;
mod desk;
mod encoding;
mod envelope;
mod ledger;
mod line;
mod mend;
mod note;
pub(crate) mod page;
mod part;
mod reader;
mod record;
mod scan;
mod slice;
#[cfg(test)]
mod tests;
mod unpack;

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, TimeNote};
use crate::finding::{Finding, Position};
use crate::limits;
pub use account::{FileSummary, Shape, Tally};
pub use encoding::Encoding;
pub use ledger::Place;
use ledger::{Entry, Ledger};
pub use note::{Note, Noted};
pub use part::FileId;
use part::{Continuity, Part};
use reader::Reader;
pub use slice::SliceCut;
use unpack::{Fault, Files, Unpacker};

/// An alert, and where it lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The alert.
    pub alert: Alert,
    /// Its place; alerts are in reading order when their places are.
    pub place: Place,
}

/// What there is to know about an alert that was not read in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skimmed {
    /// What to note about its time.
    pub time_note: Option<TimeNote>,
}

/// Takes alerts as they are read; a function of what was found does.
pub trait Take {
    /// Takes an alert.
    fn take(&mut self, found: Found);

    /// Takes an alert as the line that is its JSON, where that is enough: it is in no envelope, and no process
    /// could have written it. Refused here, it is read in full and taken then.
    fn skim(&mut self, line: &[u8], place: Place) -> Option<Skimmed> {
        let _ = (line, place);
        None
    }
}

impl<F: FnMut(Found)> Take for F {
    fn take(&mut self, found: Found) {
        self(found);
    }
}

/// What one worker has read.
#[derive(Debug, Default)]
pub struct Ingest {
    /// Whether files may be copies of each other, so that alerts must be known again by their place.
    several_files: bool,
    inputs: u64,
    open: Option<Open>,
    /// In reading order.
    parts: Vec<Part>,
    ledger: Ledger,
}

/// The input under way.
#[derive(Debug)]
enum Open {
    /// An input that may be packed.
    Input { name: String, number: u64, unpacker: Unpacker, state: State },
    /// A slice of a file.
    Slice { reader: Reader },
}

/// The file under way in an input.
#[derive(Debug, Default)]
struct State {
    files: u64,
    reader: Option<Reader>,
}

/// Everything that was read, without the alerts themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// The files, in reading order.
    pub files: Vec<FileSummary>,
    /// Records by class over all files.
    pub total: Tally,
    /// The first skipped records, at most [`limits::SKIPPED_LISTED`]; `total` counts all.
    pub skipped: Vec<Finding>,
    /// What there is to say about how alerts were read.
    pub notes: Vec<Noted>,
    /// Whether the input was one that we know: it held an alert, a line that Falco prints around
    /// alerts, or nothing at all.
    pub recognised: bool,
    /// Alerts that one worker handed out although another one had read the same alert before. Whoever
    /// added them up takes them back. Empty where one worker read everything.
    pub taken_back: Vec<Place>,
}

/// A file that cannot be read in slices: one of its records does not end with its line, or how a record
/// is to be read depends on the lines before. It is to be read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotSliceable(pub FileId);

/// What reading a slice came to, to be sent to another worker.
#[derive(Debug, Serialize, Deserialize)]
pub struct Portion {
    part: Part,
    ledger: Ledger,
}

/// Why a slice cannot be added to what was read before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It holds alerts that were read before: to be read again by the one who knows them.
    Known,
    /// Its file is to be read whole.
    NotSliceable(NotSliceable),
}

/// Whether a file with this beginning may be read in slices: text in UTF-8 whose first line is JSON.
pub fn may_be_sliced(head: &[u8]) -> bool {
    head.starts_with(b"{\"") && memchr::memchr(0, head).is_none()
}

impl Ingest {
    /// For a host that reads several files.
    pub fn of_several_files() -> Self {
        Self { several_files: true, ..Self::default() }
    }

    /// Begins the next input. The one before must have been closed.
    pub fn open(&mut self, name: &str) {
        let number = self.inputs;
        self.open_numbered(number, name);
    }

    /// Begins an input by its number in reading order, which other workers may have parts of. Every
    /// worker opens what it reads in reading order.
    pub fn open_numbered(&mut self, number: u64, name: &str) {
        self.inputs = number + 1;
        let (unpacker, state) = (Unpacker::default(), State::default());
        self.open = Some(Open::Input { name: name.to_owned(), number, unpacker, state });
    }

    /// Begins the slice of an input that starts, at a line's start, `offset` bytes into it. The input
    /// must be plain UTF-8; see [`may_be_sliced`].
    pub fn open_slice(&mut self, number: u64, name: &str, offset: u64) {
        self.inputs = number + 1;
        let start = Place { file: (number, 0), offset };
        let part = Part { start, name: name.to_owned(), ..Part::default() };
        let reader = Reader::new(part, self.several_files);
        self.open = Some(Open::Slice { reader });
    }

    /// Takes the next bytes of the open input and hands out the alerts they complete, in order.
    pub fn feed(&mut self, chunk: &[u8], each: &mut dyn Take) {
        let Some(mut open) = self.open.take() else { return };
        match &mut open {
            Open::Slice { reader } => reader.feed(chunk, &mut self.ledger, each),
            Open::Input { name, number, unpacker, state } => {
                let mut desk = Desk { ingest: self, name, number: *number, state, each };
                unpacker.feed(chunk, &mut desk);
            }
        }
        self.open = Some(open);
    }

    /// Ends the open input, if any.
    pub fn close(&mut self, each: &mut dyn Take) {
        match self.open.take() {
            None => {}
            Some(Open::Slice { reader }) => {
                let part = reader.finish(&mut self.ledger, each);
                self.add(part);
            }
            Some(Open::Input { name, number, unpacker, mut state }) => {
                let mut desk = Desk { ingest: self, name: &name, number, state: &mut state, each };
                unpacker.finish(&mut desk);
            }
        }
    }

    /// Bytes and records of everything fed so far, the open input included.
    pub fn so_far(&self) -> (u64, Tally) {
        let open = match &self.open {
            None => None,
            Some(Open::Slice { reader }) => Some(reader.part()),
            Some(Open::Input { state, .. }) => state.reader.as_ref().map(Reader::part),
        };
        let (mut bytes, mut total) = (0, Tally::default());
        for part in self.parts.iter().chain(open) {
            bytes += part.in_bytes.total() + part.leading;
            total.add(part.records);
        }
        (bytes, total)
    }

    /// The number of the input that is opened next.
    pub fn next_input(&self) -> u64 {
        self.inputs
    }

    /// What the one slice that was read came to; it must have been closed.
    pub fn into_portion(mut self) -> Portion {
        Portion { part: self.parts.pop().unwrap_or_default(), ledger: self.ledger }
    }

    /// Adds the slice that follows everything that was read, or says why it cannot be.
    ///
    /// # Errors
    /// See [`Refused`]; nothing is changed then.
    pub fn append(&mut self, Portion { part, ledger }: Portion) -> Result<(), Refused> {
        self.follows(part.start.file, part.continuity).map_err(Refused::NotSliceable)?;
        if self.ledger.knows_any_of(&ledger) {
            return Err(Refused::Known);
        }
        self.inputs = self.inputs.max(part.start.file.0 + 1);
        self.add(part);
        self.ledger.merge(ledger);
        Ok(())
    }

    /// Whether a slice of a file can follow those that were read.
    fn follows(&self, file: FileId, next: Continuity) -> Result<(), NotSliceable> {
        let before = self.parts.iter().rev().take_while(|part| part.start.file == file);
        let has_text = before.clone().any(|part| part.continuity.has_text);
        let last = before.map(|part| part.continuity).next();
        let allows = last.is_none_or(|last| Continuity { has_text, ..last }.allows(next));
        if allows { Ok(()) } else { Err(NotSliceable(file)) }
    }

    /// Adds what another worker has read. The order of merging does not matter.
    pub fn merge(&mut self, other: Self) {
        self.inputs = self.inputs.max(other.inputs);
        for part in other.parts {
            self.add(part);
        }
        self.ledger.merge(other.ledger);
    }

    fn add(&mut self, part: Part) {
        let at = self.parts.partition_point(|before| before.start <= part.start);
        self.parts.insert(at, part);
    }

    /// The part that a place lies in.
    fn part_of(&mut self, place: Place) -> Option<&mut Part> {
        let at = self.parts.partition_point(|part| part.start <= place).checked_sub(1)?;
        self.parts.get_mut(at)
    }

    /// Adds everything up. All inputs must have been closed.
    ///
    /// # Errors
    /// The first file whose slices do not add up to what reading it whole gives.
    pub fn seal(mut self) -> Result<Summary, NotSliceable> {
        let ledger = std::mem::take(&mut self.ledger);
        for entry in &ledger.taken_back {
            if let Some(part) = self.part_of(entry.place()) {
                part.take_back(entry);
            }
        }
        for entry in ledger.reused_uuids() {
            if let Some(part) = self.part_of(entry.place()) {
                part.note(Note::UuidReused, entry.position);
            }
        }
        let mut files: Vec<Part> = Vec::new();
        for part in self.parts {
            match files.pop() {
                Some(whole) if whole.start.file == part.start.file => {
                    let file = part.start.file;
                    files.push(whole.append(part).ok_or(NotSliceable(file))?);
                }
                before => {
                    files.extend(before);
                    files.push(part);
                }
            }
        }
        let (mut total, mut notes, mut met_falco) = (Tally::default(), Vec::new(), false);
        for part in &files {
            total.add(part.records);
            part.note_into(&mut notes);
            met_falco |= part.met_falco;
        }
        Ok(Summary {
            skipped: files.iter().flat_map(Part::findings).take(limits::SKIPPED_LISTED).collect(),
            files: files.iter().map(Part::summary).collect(),
            recognised: total.alerts + total.duplicates > 0 || met_falco || total.total() == 0,
            total,
            notes,
            taken_back: ledger.taken_back.iter().map(Entry::place).collect(),
        })
    }
}

/// Takes the files of an input.
struct Desk<'a> {
    ingest: &'a mut Ingest,
    name: &'a str,
    number: u64,
    state: &'a mut State,
    each: &'a mut dyn Take,
}

impl Desk<'_> {
    fn name(&self, member: Option<&str>) -> String {
        match member {
            Some(member) => format!("{}/{member}", self.name),
            None => self.name.to_owned(),
        }
    }

    /// The file that begins, counted in its input.
    fn next_part(&mut self, member: Option<&str>) -> Part {
        let start = Place { file: (self.number, self.state.files), offset: 0 };
        self.state.files += 1;
        Part { start, name: self.name(member), ..Part::default() }
    }
}

impl Files for Desk<'_> {
    fn begin(&mut self, member: Option<&str>, packing: &[&'static str]) {
        let part = Part { packing: packing.to_vec(), ..self.next_part(member) };
        let several = self.ingest.several_files || member.is_some();
        self.state.reader = Some(Reader::new(part, several));
    }

    fn bytes(&mut self, bytes: &[u8]) {
        if let Some(reader) = &mut self.state.reader {
            reader.feed(bytes, &mut self.ingest.ledger, self.each);
        }
    }

    fn end(&mut self) {
        if let Some(reader) = self.state.reader.take() {
            let part = reader.finish(&mut self.ingest.ledger, self.each);
            self.ingest.add(part);
        }
    }

    /// Books what cannot be unpacked as a record without bytes, of the file it happened in if that file
    /// has begun.
    fn trouble(&mut self, member: Option<&str>, trouble: Fault) {
        let name = self.name(member);
        let begun =
            self.ingest.parts.last_mut().filter(|part| part.start.file.0 == self.number && part.name == name);
        if let Some(begun) = begun {
            let offset = begun.in_bytes.total();
            let position = Position { line: begun.lines + 1, column: 1, offset };
            return begun.skip(trouble.code, trouble.message, position);
        }
        let mut part = self.next_part(member);
        part.skip(trouble.code, trouble.message, Position::START);
        self.ingest.add(part);
    }
}
