//! Keeps the accounts of a file while the scanner cuts it: what every record amounts to, and to which
//! class its bytes belong.

use super::account::Class;
use super::encoding::Encoding;
use super::envelope::{self, Context};
use super::ledger::{Entry, Key, Ledger, Place};
use super::line::text;
use super::note::Note;
use super::part::Part;
use super::record::{self, Outcome, Piece};
use super::scan::{self, Located, Sink};
use super::{Found, Take};
use crate::alert::{Alert, Mark, Marks, Object};
use crate::finding::{Code, Position};
use crate::limits;

/// The accounts of the file under way, and what is still incomplete.
#[derive(Debug)]
pub struct Books {
    several_files: bool,
    is_slice: bool,
    pub part: Part,
    /// What the containers around the records say, outermost first.
    containers: Vec<Context>,
    /// What is said before the alert in a `CloudEvents` text dump.
    dump: Option<Context>,
    /// Lines whose pieces are not all there, one for each stream.
    pieces: Vec<Pending>,
    /// The stream of the piece that was read last, if a piece was.
    on_piece: Option<String>,
    /// The alert that was read last, if it can be known again.
    last_key: Option<Key>,
}

#[derive(Debug)]
struct Pending {
    piece: Piece,
    start: Position,
    bytes: u64,
}

/// The books at work: what they book into beside.
pub struct Desk<'a> {
    pub books: &'a mut Books,
    pub ledger: &'a mut Ledger,
    pub each: &'a mut dyn Take,
    pub encoding: Encoding,
}

impl Sink for Desk<'_> {
    fn attempt(&mut self, record: &Located<'_>) -> bool {
        let scan::Part::Record(json) = record.part else { return false };
        if self.skim(json, record) {
            return true;
        }
        let marks = marks(record.fresh);
        let outcome = if memchr::memchr(b'\n', json).is_some() {
            record::wrapped(json, marks, self.books.context())
        } else {
            record::plain(json, marks, self.books.context())
        };
        let Some(outcome) = outcome else { return false };
        self.books.observe(record);
        self.settle(outcome, json, record.start, record.bytes);
        true
    }

    fn part(&mut self, located: &Located<'_>) {
        let Located { start, bytes, fresh, .. } = *located;
        match &located.part {
            scan::Part::Separator => self.separate(bytes),
            scan::Part::Open(head, closers) => {
                self.books.enter(head, closers);
                self.envelope(bytes);
            }
            scan::Part::Close => {
                self.books.containers.pop();
                self.envelope(bytes);
            }
            scan::Part::Tail => self.envelope(bytes),
            scan::Part::Record(json) => {
                let outcome = record::complete(json, marks(fresh), self.books.context());
                self.books.observe(located);
                self.settle(outcome, json, start, bytes);
            }
            scan::Part::Broken(code, json) => {
                let outcome = record::broken(*code, json, bytes, self.books.context());
                self.settle(outcome, json, start, bytes);
            }
            scan::Part::Line(line) => {
                let outcome = record::line(line, fresh, &Context::default());
                self.books.read_dump(line);
                self.settle(outcome, line, start, bytes);
            }
        }
    }
}

impl Desk<'_> {
    /// Books separators for the record before them.
    pub fn separate(&mut self, bytes: u64) {
        let books = &mut *self.books;
        if let Some(pending) = books.on_piece.as_deref().and_then(|stream| pending(&mut books.pieces, stream))
        {
            pending.bytes += bytes;
            return;
        }
        match books.part.last {
            None if books.is_slice => books.part.leading += bytes,
            last => *books.part.in_bytes.of(last.unwrap_or_default().0) += bytes,
        }
        if let Some(key) = &books.last_key {
            self.ledger.extend(key, bytes);
        }
    }

    /// Takes an alert without reading it in full.
    fn skim(&mut self, json: &[u8], record: &Located<'_>) -> bool {
        let Located { start, bytes, .. } = *record;
        let books = &self.books;
        if !record.fresh
            || books.part.continuity.has_text
            || !books.containers.is_empty()
            || books.dump.is_some()
        {
            return false;
        }
        let key = Ledger::key(None, json, start.offset, books.several_files);
        if key.as_ref().is_some_and(|key| self.ledger.has(key)) {
            return false;
        }
        let place = Place { file: books.part.start.file, offset: start.offset };
        let Some(skimmed) = self.each.skim(json, place) else { return false };
        self.books.observe(record);
        self.books.on_piece = None;
        self.books.part.continuity.has_json_first = true;
        let notes: Vec<Note> = skimmed.time_note.map(Note::from).into_iter().collect();
        self.book_alert(key, notes, Vec::new(), start, bytes);
        true
    }

    fn envelope(&mut self, bytes: u64) {
        self.books.part.in_bytes.noise += bytes;
        self.books.part.last = Some((Class::Noise, u64::MAX));
        self.books.last_key = None;
        self.books.on_piece = None;
    }

    fn settle(&mut self, outcome: Outcome, raw: &[u8], start: Position, bytes: u64) {
        self.books.on_piece = None;
        match outcome {
            Outcome::Alert(alert, envelopes) => self.alert(*alert, envelopes, raw, start, bytes),
            Outcome::Piece(piece) => self.piece(*piece, start, bytes),
            Outcome::Noise(is_falcos, envelopes) => {
                self.books.part.met_falco |= is_falcos;
                self.books.part.wrap(&envelopes);
                self.book(Class::Noise, start, bytes);
            }
            Outcome::Skipped(trouble) => {
                let before = raw.get(..trouble.at).unwrap_or(raw);
                let position = self.encoding.after(start, before);
                self.books.part.skip(trouble.code, trouble.message, position);
                self.book(Class::Skipped, start, bytes);
            }
            Outcome::Torn { head, at, alert } => {
                let (torn, other) = raw.split_at_checked(at).unwrap_or((raw, &[]));
                let width = self.encoding.width(torn);
                self.settle(*head, torn, start, width);
                let start = self.encoding.after(start, torn);
                self.alert(*alert, Vec::new(), other, start, bytes.saturating_sub(width));
            }
        }
    }

    fn alert(
        &mut self,
        mut alert: Alert,
        envelopes: Vec<&'static str>,
        raw: &[u8],
        start: Position,
        bytes: u64,
    ) {
        let key = Ledger::key(alert.uuid(), raw, start.offset, self.books.several_files);
        if key.as_ref().is_some_and(|key| self.ledger.has(key)) {
            return self.book(Class::Duplicate, start, bytes);
        }
        // A value in text form may hold line ends, and behind one whatever a process likes, up to a whole
        // alert in JSON.
        let continuity = &mut self.books.part.continuity;
        let is_canonical = envelopes.is_empty() && raw.first() == Some(&b'{');
        let is_text = alert.provenance().marks.contains(Mark::Text) && !is_canonical;
        if is_text {
            continuity.has_text = true;
        } else if continuity.has_text {
            alert.doubt();
        } else {
            continuity.has_json_first = true;
        }
        let notes: Vec<Note> = Note::of(&alert).collect();
        let file = self.books.part.start.file;
        self.each.take(Found { alert, place: Place { file, offset: start.offset } });
        self.book_alert(key, notes, envelopes, start, bytes);
    }

    fn book_alert(
        &mut self,
        key: Option<Key>,
        notes: Vec<Note>,
        envelopes: Vec<&'static str>,
        start: Position,
        bytes: u64,
    ) {
        for note in &notes {
            self.books.part.note(*note, start);
        }
        self.books.part.wrap(&envelopes);
        self.books.part.records.alerts += 1;
        self.settle_bytes(Class::Alert, start, bytes);
        if let Some(key) = key {
            let file = self.books.part.start.file;
            self.ledger.book(key, Entry { file, position: start, bytes, notes, envelopes });
            self.books.last_key = Some(key);
        }
    }

    /// Keeps a piece, or reads the line that it completes.
    fn piece(&mut self, piece: Piece, start: Position, bytes: u64) {
        let books = &mut *self.books;
        let begins_record = piece.text.trim_ascii_start().first() == Some(&b'{');
        let Some(held) = pending(&mut books.pieces, &piece.stream) else {
            if piece.ends || !begins_record || Object::parse(&piece.text).is_ok() {
                return self.whole(&piece, start, bytes);
            }
            books.on_piece = Some(piece.stream.clone());
            books.pieces.push(Pending { piece, start, bytes });
            return;
        };
        held.bytes += bytes;
        let room = limits::RECORD_BYTES.saturating_sub(held.piece.text.len());
        let is_too_long = piece.text.len() > room;
        held.piece.text.extend_from_slice(piece.text.get(..room).unwrap_or(&piece.text));
        if !piece.ends && !is_too_long {
            books.on_piece = Some(piece.stream);
            return;
        }
        let Some(at) = books.pieces.iter().position(|held| held.piece.stream == piece.stream) else { return };
        let Pending { piece, start, bytes } = books.pieces.remove(at);
        if is_too_long {
            let outcome = record::broken(Code::RecordTooLong, &[], bytes, &piece.context);
            return self.settle(outcome, &[], start, bytes);
        }
        self.whole(&piece, start, bytes);
    }

    /// Reads what there is of lines whose last pieces are missing.
    pub fn give_up_pieces(&mut self) {
        for Pending { piece, start, bytes } in std::mem::take(&mut self.books.pieces) {
            let outcome = record::broken(Code::Truncated, &piece.text, bytes, &piece.context);
            self.settle(outcome.in_envelope(&piece.context), &piece.text, start, bytes);
        }
    }

    fn whole(&mut self, piece: &Piece, start: Position, bytes: u64) {
        let outcome = match record::joined(&piece.text, &piece.context) {
            // A container runtime's line in a container runtime's line.
            Outcome::Piece(inner) => record::joined(&inner.text, &inner.context),
            other => other,
        };
        let outcome = match outcome {
            Outcome::Piece(inner) => Outcome::Noise(false, inner.context.names),
            other => other.in_envelope(&piece.context),
        };
        self.settle(outcome, &piece.text, start, bytes);
    }

    fn book(&mut self, class: Class, start: Position, bytes: u64) {
        match class {
            Class::Duplicate => self.books.part.records.duplicates += 1,
            Class::Noise => self.books.part.records.noise += 1,
            Class::Alert | Class::Skipped => {}
        }
        self.settle_bytes(class, start, bytes);
    }

    fn settle_bytes(&mut self, class: Class, start: Position, bytes: u64) {
        *self.books.part.in_bytes.of(class) += bytes;
        self.books.part.last = Some((class, start.offset));
        self.books.last_key = None;
    }
}

fn marks(fresh: bool) -> Marks {
    if fresh { Marks::default() } else { Mark::Recovered.into() }
}

fn pending<'p>(pieces: &'p mut [Pending], stream: &str) -> Option<&'p mut Pending> {
    pieces.iter_mut().find(|held| held.piece.stream == stream)
}

impl Books {
    pub fn new(part: Part, several_files: bool) -> Self {
        Self {
            several_files,
            is_slice: part.start.offset > 0,
            part,
            containers: Vec::new(),
            dump: None,
            pieces: Vec::new(),
            on_piece: None,
            last_key: None,
        }
    }

    /// Whether nothing is still to come for what was read.
    pub fn is_complete(&self) -> bool {
        self.pieces.is_empty() && self.dump.is_none()
    }

    fn context(&self) -> &Context {
        static NONE: std::sync::OnceLock<Context> = std::sync::OnceLock::new();
        let around = self.containers.last().or(self.dump.as_ref());
        around.unwrap_or_else(|| NONE.get_or_init(Context::default))
    }

    /// Goes into a container, whose head may say something about its records.
    fn enter(&mut self, head: &[u8], closers: &[u8]) {
        if self.containers.is_empty() {
            self.observed_container(head);
        }
        let whole = [head, closers].concat();
        let said = (head.len() <= limits::CONTAINER_HEAD_BYTES)
            .then(|| Object::parse(&whole).ok())
            .flatten()
            .and_then(|head| envelope::of_container(&head));
        let outer = self.context();
        let context = said.map_or_else(|| outer.clone(), |said| said.inside(outer));
        self.containers.push(context);
    }

    fn observed_container(&mut self, head: &[u8]) {
        if head.first() == Some(&b'[') {
            self.part.observed.in_array = true;
        } else {
            self.part.observed.records += 1;
        }
    }

    fn observe(&mut self, record: &Located<'_>) {
        if self.containers.is_empty() {
            let spreads =
                matches!(record.part, scan::Part::Record(json) if memchr::memchr(b'\n', json).is_some());
            self.part.observed.records += 1;
            self.part.observed.apart_from_lines |= record.start.column != 1 || spreads;
            self.dump = None;
        }
    }

    /// Follows the lines of a `CloudEvents` text dump: `Context Attributes,`, `Extensions,`, `Data,`.
    fn read_dump(&mut self, line: &[u8]) {
        let line = line.trim_ascii();
        if line == b"Context Attributes," {
            self.dump = Some(Context::named("cloudevents"));
            return;
        }
        let Some(dump) = self.dump.take() else { return };
        if matches!(line, b"Extensions," | b"Data,") {
            self.dump = Some(dump);
            return;
        }
        let text = String::from_utf8_lossy(line);
        let Some((name, value)) = text.split_once(": ").filter(|_| !text::begins(line)) else { return };
        self.dump = Some(envelope::attributes(|key| (key == name).then_some(value)).inside(&dump).once());
    }
}
