//! Cuts a pushed stream of UTF-8 into JSON records and the text between them.
//!
//! The result is the same however the input was cut into chunks. The scanner looks only at quotes,
//! brackets and line ends; whether a record is JSON is for its [`Sink`] to say. What it knows beside is
//! where real logs break: an object never begins where another one expects a key or a comma, and a
//! quoted text spans lines only where a terminal wrapped it. There it ends the broken record and starts
//! anew, so that one torn line costs one line.

mod container;
mod page;
mod record;
#[cfg(test)]
mod tests;
mod wrap;

use std::ops::Range;

use super::encoding::Encoding;
use crate::finding::{Code, Position};
use crate::limits;
pub use container::may_hold_records;
use container::{Node, Seen};
use page::Page;
use wrap::Seam;

/// A part of the input. Together, in order, the parts are the input.
#[derive(Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// A complete record: from `{` to `}`, or from `[` to `]` where a container lists lists.
    Record(&'a [u8]),
    /// A record that cannot be one; the text is cut at [`limits::RECORD_BYTES`], the length is not.
    Broken(Code, &'a [u8]),
    /// A line, or the rest of one, that is no JSON.
    Line(&'a [u8]),
    /// Blanks, line ends and the commas between records.
    Separator,
    /// The head of a container, through the `[` of its list, and the brackets that would close it.
    Open(&'a [u8], Vec<u8>),
    /// The `]` of a container's list.
    Close,
    /// The text of a container after its list, or of a page around its alerts.
    Tail,
}

/// A part and where it lies in the file.
#[derive(Debug, PartialEq, Eq)]
pub struct Located<'a> {
    /// What it is.
    pub part: Part<'a>,
    /// Its first byte.
    pub start: Position,
    /// Its full length in bytes of the file.
    pub bytes: u64,
    /// Whether it begins where a program that writes records begins them: not after a torn record in
    /// the same line, which could be a text that quotes a record.
    pub fresh: bool,
}

/// Takes what the scanner cuts.
pub trait Sink {
    /// Takes a record if it is one, and says whether it was. A line that is refused is scanned byte by
    /// byte, a record with wrapped lines is given up for its first line.
    fn attempt(&mut self, record: &Located<'_>) -> bool;

    /// Takes a part.
    fn part(&mut self, part: &Located<'_>);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between records.
    Between,
    /// After a `[` that opens an array of records or a line of text; the next byte tells.
    Bracket,
    /// Inside a record, or a container's head or tail, outside its strings.
    Record,
    /// Inside a string of a record.
    String,
    /// After a backslash in a string.
    Escape,
    /// In a list of records, inside something that is none.
    Element,
    /// In a line that is no JSON.
    Line,
}

/// The scanner of one file. Feed every chunk, then call [`Scanner::finish`].
#[derive(Debug)]
pub struct Scanner {
    encoding: Encoding,
    state: State,
    /// Where the part under way begins.
    start: Position,
    /// The byte to come.
    here: Position,
    /// How much of a byte order mark has been seen; three is all of it, or none to come.
    mark: usize,
    /// The part under way. Invariant: at most [`limits::RECORD_BYTES`] long.
    held: Vec<u8>,
    /// Whether some of the part under way did not fit.
    overflown: bool,
    /// Open brackets of the record under way.
    open: Vec<(u8, Node)>,
    /// Open brackets of the containers around it; the last of each is the `[` of its list.
    outer: Vec<Vec<(u8, Node)>>,
    /// Whether the record under way is the tail of a container.
    in_tail: bool,
    /// The last byte of the record under way that is no blank and in no string.
    before: u8,
    /// The last string of the record under way, in `held`.
    word: Range<usize>,
    seen: Seen,
    too_deep: bool,
    seam: Option<Seam>,
    /// The line in which a record was torn, if anything but blanks stands before `here` in it.
    torn_line: u64,
    page: Page,
}

const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// What ends a part.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Record,
    Broken(Code),
    Line,
    Open,
}

impl Scanner {
    /// A scanner at a place of a file: its start, or the start of a line further on.
    pub fn new(encoding: Encoding, here: Position) -> Self {
        Self {
            encoding,
            state: State::Between,
            start: here,
            here,
            mark: if here.offset == 0 { 0 } else { BYTE_ORDER_MARK.len() },
            held: Vec::new(),
            overflown: false,
            open: Vec::new(),
            outer: Vec::new(),
            in_tail: false,
            before: 0,
            word: 0..0,
            seen: Seen::default(),
            too_deep: false,
            seam: None,
            torn_line: 0,
            page: if here.offset == 0 { Page::Unknown } else { Page::None },
        }
    }

    /// The byte to come.
    pub fn position(&self) -> Position {
        self.here
    }

    /// Whether another scanner could go on from here with no memory of this one.
    pub fn is_between_lines(&self) -> bool {
        self.state == State::Between && self.outer.is_empty() && self.here.column == 1 && self.page.is_none()
    }

    /// Takes the next bytes of the file's text.
    pub fn feed(&mut self, chunk: &[u8], sink: &mut impl Sink) {
        let mut rest = chunk;
        while !rest.is_empty() {
            if self.page != Page::Alerts {
                rest = self.cut(rest, sink);
                continue;
            }
            let end = memchr::memchr(b'<', rest);
            self.cut(rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest), sink);
            let Some(end) = end else { return };
            self.end_alerts(sink);
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }

    /// Takes bytes until another part of a page begins, and answers those that are left.
    fn cut<'a>(&mut self, mut rest: &'a [u8], sink: &mut impl Sink) -> &'a [u8] {
        let page = self.page;
        while self.page == page
            && let Some(byte) = rest.first().copied()
        {
            if self.seam.is_some() {
                let room = limits::RECORD_BYTES.saturating_sub(self.held.len());
                if room == 0 {
                    self.give_up_wrap(sink);
                    continue;
                }
                if let Some((within, beyond)) = rest.split_at_checked(room)
                    && !beyond.is_empty()
                {
                    self.feed(within, sink);
                    rest = beyond;
                    continue;
                }
            }
            let taken = match self.state {
                State::Between if byte == b'{' && !self.page.is_text() => self.whole_line(rest, sink),
                State::Record => self.record(rest, sink),
                State::String | State::Escape => self.string(rest, sink),
                State::Line => self.line(rest, sink),
                State::Between | State::Bracket | State::Element => {
                    self.byte(byte, sink);
                    1
                }
            };
            rest = rest.get(taken..).unwrap_or_default();
        }
        rest
    }

    /// Ends the file; a part under way ends with it.
    pub fn finish(mut self, sink: &mut impl Sink) {
        self.end(sink);
        if matches!(self.page, Page::Before | Page::Alerts) {
            self.miss_end(sink);
        }
    }

    /// Ends what is under way.
    fn end(&mut self, sink: &mut impl Sink) {
        if self.seam.is_some() {
            self.give_up_wrap(sink);
            return self.end(sink);
        }
        match self.state {
            State::Between if self.outer.is_empty() => return,
            State::Between => {}
            State::Bracket | State::Line => return self.emit(Kind::Line, sink),
            State::Element => self.emit(Kind::Broken(Code::NotAnAlert), sink),
            State::Record if self.in_tail && self.held.is_empty() => {}
            State::Record | State::String | State::Escape => {
                return self.emit(Kind::Broken(Code::Truncated), sink);
            }
        }
        self.miss_end(sink);
    }

    /// A line that begins with `{` is most often one record, which the sink can take from the chunk.
    fn whole_line(&mut self, rest: &[u8], sink: &mut impl Sink) -> usize {
        if self.outer.is_empty() && self.here.column == 1 {
            let end = memchr::memchr(b'\n', rest);
            if let Some(line) = end.and_then(|end| rest.get(..end)) {
                let record = line.trim_ascii_end();
                let bytes = self.encoding.width(record);
                let located = Located { part: Part::Record(record), start: self.here, bytes, fresh: true };
                if record.last() == Some(&b'}')
                    && record.len() <= limits::RECORD_BYTES
                    && sink.attempt(&located)
                {
                    self.here = self.ahead(record);
                    self.mark = BYTE_ORDER_MARK.len();
                    return record.len();
                }
            }
        }
        self.begin_record();
        1
    }

    fn byte(&mut self, byte: u8, sink: &mut impl Sink) {
        match self.state {
            State::Between => self.between(byte, sink),
            State::Bracket => self.bracket(byte, sink),
            State::Element => self.element(byte, sink),
            State::Record | State::String | State::Escape | State::Line => {}
        }
    }

    fn between(&mut self, byte: u8, sink: &mut impl Sink) {
        let in_mark = BYTE_ORDER_MARK.get(self.mark) == Some(&byte);
        self.mark = if in_mark { self.mark + 1 } else { BYTE_ORDER_MARK.len() };
        let in_list = !self.outer.is_empty();
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | 0 | 0x1E => self.single(byte, Part::Separator, sink),
            b',' if in_list => self.single(byte, Part::Separator, sink),
            _ if in_mark => self.single(byte, Part::Separator, sink),
            _ if self.page.is_text() => self.begin(byte, State::Line),
            b'{' => self.begin_record(),
            b']' if in_list => self.close_list(sink),
            b'[' if !in_list => self.begin(byte, State::Bracket),
            b'[' => {
                self.begin(byte, State::Record);
                self.open.push((byte, Node::Other));
                self.before = byte;
            }
            b'"' if in_list => self.begin(byte, State::String),
            _ if in_list => self.begin(byte, State::Element),
            _ => self.begin(byte, State::Line),
        }
    }

    fn bracket(&mut self, byte: u8, sink: &mut impl Sink) {
        match byte {
            b'{' | b']' => {
                self.open.push((b'[', Node::Other));
                self.open_list(sink);
                if byte == b'{' { self.begin_record() } else { self.close_list(sink) }
            }
            b' ' | b'\t' | b'\r' => self.take(&[byte]),
            b'\n' => self.take_line_end(),
            _ => {
                self.state = State::Line;
                self.take(&[byte]);
            }
        }
    }

    fn element(&mut self, byte: u8, sink: &mut impl Sink) {
        if matches!(byte, b',' | b']' | b'\n') {
            self.emit(Kind::Broken(Code::NotAnAlert), sink);
            self.between(byte, sink);
        } else {
            self.take(&[byte]);
        }
    }

    fn line(&mut self, rest: &[u8], sink: &mut impl Sink) -> usize {
        let end = memchr::memchr(b'\n', rest);
        let line = rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
        self.take(line);
        if end.is_some() {
            self.emit(Kind::Line, sink);
        }
        line.len()
    }

    fn begin(&mut self, byte: u8, state: State) {
        self.state = state;
        self.start = self.here;
        self.mark = BYTE_ORDER_MARK.len();
        self.take(&[byte]);
    }

    /// Takes bytes without a line end.
    fn take(&mut self, bytes: &[u8]) {
        let room = limits::RECORD_BYTES.saturating_sub(self.held.len());
        self.overflown |= bytes.len() > room;
        self.held.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        self.here = self.ahead(bytes);
    }

    fn take_line_end(&mut self) {
        self.take(b"\n");
        self.here.line += 1;
        self.here.column = 1;
    }

    /// Where we are after bytes without a line end.
    fn ahead(&self, bytes: &[u8]) -> Position {
        let width = self.encoding.width(bytes);
        let Position { line, column, offset } = self.here;
        Position { line, column: column + width, offset: offset + width }
    }

    fn single(&mut self, byte: u8, part: Part<'_>, sink: &mut impl Sink) {
        let start = self.here;
        self.here = self.ahead(&[byte]);
        if byte == b'\n' {
            self.here = Position { line: start.line + 1, column: 1, ..self.here };
        }
        sink.part(&Located { part, start, bytes: self.here.offset - start.offset, fresh: true });
    }

    fn emit(&mut self, kind: Kind, sink: &mut impl Sink) {
        let bytes = self.here.offset - self.start.offset;
        let fresh = self.torn_line != self.start.line;
        let is_of_page = matches!(kind, Kind::Line) && self.pass_line(sink);
        let kind = match kind {
            Kind::Record if self.too_deep => Kind::Broken(Code::NestedTooDeep),
            Kind::Record if self.overflown => Kind::Broken(Code::RecordTooLong),
            other => other,
        };
        let part = match kind {
            Kind::Line if is_of_page => Part::Tail,
            Kind::Line => Part::Line(&self.held),
            Kind::Record if self.in_tail => Part::Tail,
            Kind::Record => Part::Record(&self.held),
            Kind::Broken(code) => Part::Broken(code, &self.held),
            Kind::Open => Part::Open(&self.held, self.closers()),
        };
        let located = Located { part, start: self.start, bytes, fresh };
        if self.seam.is_none() {
            sink.part(&located);
        } else if !matches!(located.part, Part::Record(_)) || !sink.attempt(&located) {
            return self.give_up_wrap(sink);
        }
        if let Kind::Broken(Code::TornRecord) = kind {
            let line = self.held.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
            self.torn_line = if line.trim_ascii().is_empty() { 0 } else { self.here.line };
        }
        self.reset();
    }

    fn closers(&self) -> Vec<u8> {
        let close = |(byte, _): &(u8, Node)| if *byte == b'{' { b'}' } else { b']' };
        self.open.iter().rev().map(close).collect()
    }

    fn reset(&mut self) {
        self.state = State::Between;
        self.held.clear();
        self.overflown = false;
        self.open.clear();
        self.in_tail = false;
        self.before = 0;
        self.word = 0..0;
        self.seen = Seen::default();
        self.too_deep = false;
        self.seam = None;
    }
}
