//! Cuts a pushed byte stream into JSON records and the text between them.
//!
//! The result is the same however the input was cut into chunks. The scanner looks only at quotes,
//! brackets and line ends; whether a record is JSON is for the JSON parser to say. Two things it does
//! know, because they are where real logs break: a quoted string never spans lines, and an object
//! never begins where another object expects a key or a comma. There it ends the broken record and
//! starts anew, so that one torn line costs one line.

use crate::finding::{Code, Position};
use crate::limits;

/// A part of the input. Together, in order, the parts are the input.
#[derive(Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// A complete record, from `{` to `}`.
    Record(&'a [u8]),
    /// A record that cannot be one; the text is cut at [`limits::RECORD_BYTES`], the length is not.
    Broken(Code, &'a [u8]),
    /// A line, or the rest of one, that is no JSON.
    Line(&'a [u8]),
    /// Blanks, line ends and the commas of an array.
    Separator,
    /// The brackets of an array of records.
    Envelope,
}

/// A part and where it lies.
#[derive(Debug, PartialEq, Eq)]
pub struct Located<'a> {
    /// What it is.
    pub part: Part<'a>,
    /// Its first byte.
    pub start: Position,
    /// Its full length in bytes.
    pub bytes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between records.
    Between,
    /// After a `[` that opens an array of records or a line of text; the next byte tells.
    Bracket,
    /// Inside a record, outside its strings.
    Record,
    /// Inside a string of a record.
    String,
    /// After a backslash in a string.
    Escape,
    /// In an array of records, inside something that is none.
    Element,
    /// In a line that is no JSON.
    Line,
}

/// The scanner of one file. Feed every chunk, then call [`Scanner::finish`].
#[derive(Debug)]
pub struct Scanner {
    state: State,
    /// Where the part under way begins.
    start: Position,
    /// The byte to come.
    here: Position,
    /// The part under way. Invariant: at most [`limits::RECORD_BYTES`] long.
    held: Vec<u8>,
    /// Open brackets of the record under way. Invariant: empty exactly when no record is under way.
    open: Vec<u8>,
    /// The last byte of the record under way that is no blank and in no string.
    before: u8,
    /// Whether we are inside an array of records.
    in_array: bool,
    too_deep: bool,
}

impl Default for Scanner {
    fn default() -> Self {
        Self {
            state: State::Between,
            start: Position::START,
            here: Position::START,
            held: Vec::new(),
            open: Vec::new(),
            before: 0,
            in_array: false,
            too_deep: false,
        }
    }
}

const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

impl Scanner {
    /// Takes the next bytes of the file.
    pub fn feed(&mut self, chunk: &[u8], each: &mut impl FnMut(Located<'_>)) {
        let mut rest = chunk;
        while let Some(byte) = rest.first().copied() {
            let taken = match self.state {
                State::String => self.string(rest, each),
                State::Line => self.line(rest, each),
                _ => {
                    self.byte(byte, each);
                    1
                }
            };
            rest = rest.get(taken..).unwrap_or_default();
        }
    }

    /// Ends the file; a part under way ends with it.
    pub fn finish(mut self, each: &mut impl FnMut(Located<'_>)) {
        match self.state {
            State::Between => {}
            State::Bracket | State::Line => self.emit(Kind::Line, each),
            State::Element => self.emit(Kind::Broken(Code::NotAnAlert), each),
            State::Record | State::String | State::Escape => self.emit(Kind::Broken(Code::Truncated), each),
        }
    }

    fn byte(&mut self, byte: u8, each: &mut impl FnMut(Located<'_>)) {
        match self.state {
            State::Between => self.between(byte, each),
            State::Bracket => self.bracket(byte, each),
            State::Record => self.record(byte, each),
            State::Escape if byte == b'\n' => {
                self.emit(Kind::Broken(Code::CutString), each);
                self.between(byte, each);
            }
            State::Escape => {
                self.take(&[byte]);
                self.state = State::String;
            }
            State::Element => self.element(byte, each),
            State::String | State::Line => {}
        }
    }

    fn between(&mut self, byte: u8, each: &mut impl FnMut(Located<'_>)) {
        let separator = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | 0x1E => true,
            b',' => self.in_array,
            _ => usize::try_from(self.here.offset).is_ok_and(|at| BYTE_ORDER_MARK.get(at) == Some(&byte)),
        };
        if separator {
            return self.single(byte, Part::Separator, each);
        }
        match byte {
            b'{' => self.begin_record(),
            b']' if self.in_array => {
                self.in_array = false;
                self.single(byte, Part::Envelope, each);
            }
            b'[' if !self.in_array => self.begin(byte, State::Bracket),
            _ if self.in_array => self.begin(byte, State::Element),
            _ => self.begin(byte, State::Line),
        }
    }

    fn bracket(&mut self, byte: u8, each: &mut impl FnMut(Located<'_>)) {
        match byte {
            b'{' | b']' => {
                self.in_array = true;
                self.emit(Kind::Envelope, each);
                self.between(byte, each);
            }
            b' ' | b'\t' | b'\r' | b'\n' => self.take(&[byte]),
            _ => {
                self.state = State::Line;
                self.take(&[byte]);
            }
        }
    }

    fn begin_record(&mut self) {
        self.begin(b'{', State::Record);
        self.open.push(b'{');
        self.before = b'{';
    }

    fn record(&mut self, byte: u8, each: &mut impl FnMut(Located<'_>)) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => return self.take(&[byte]),
            b'{' if !self.may_open() => {
                self.emit(Kind::Broken(Code::TornRecord), each);
                return self.begin_record();
            }
            b'{' | b'[' => {
                self.too_deep |= self.open.len() >= limits::RECORD_DEPTH;
                self.open.push(byte);
            }
            b'}' | b']' => {
                self.open.pop();
            }
            b'"' => self.state = State::String,
            _ => {}
        }
        self.before = byte;
        self.take(&[byte]);
        if self.open.is_empty() {
            let kind = if self.too_deep { Kind::Broken(Code::NestedTooDeep) } else { Kind::Record };
            self.emit(kind, each);
        }
    }

    /// JSON allows an object after a colon, and in a list after its bracket or a comma.
    fn may_open(&self) -> bool {
        self.before == b':' || (self.open.last() == Some(&b'[') && matches!(self.before, b'[' | b','))
    }

    fn string(&mut self, rest: &[u8], each: &mut impl FnMut(Located<'_>)) -> usize {
        let Some(at) = memchr::memchr3(b'"', b'\\', b'\n', rest) else {
            self.take(rest);
            return rest.len();
        };
        let through = rest.get(..=at).unwrap_or(rest);
        match through.last() {
            Some(b'\n') => {
                self.take(rest.get(..at).unwrap_or_default());
                self.emit(Kind::Broken(Code::CutString), each);
                return at;
            }
            Some(b'"') => self.state = State::Record,
            _ => self.state = State::Escape,
        }
        self.take(through);
        through.len()
    }

    fn element(&mut self, byte: u8, each: &mut impl FnMut(Located<'_>)) {
        if matches!(byte, b',' | b']' | b'\n') {
            self.emit(Kind::Broken(Code::NotAnAlert), each);
            self.between(byte, each);
        } else {
            self.take(&[byte]);
        }
    }

    fn line(&mut self, rest: &[u8], each: &mut impl FnMut(Located<'_>)) -> usize {
        let end = memchr::memchr(b'\n', rest);
        let line = rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
        self.take(line);
        if end.is_some() {
            self.emit(Kind::Line, each);
        }
        line.len()
    }

    fn begin(&mut self, byte: u8, state: State) {
        self.state = state;
        self.start = self.here;
        self.take(&[byte]);
    }

    fn take(&mut self, bytes: &[u8]) {
        let room = limits::RECORD_BYTES.saturating_sub(self.held.len());
        self.held.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        self.here = self.here.after(bytes);
    }

    fn single(&mut self, byte: u8, part: Part<'_>, each: &mut impl FnMut(Located<'_>)) {
        let start = self.here;
        self.here = start.after(&[byte]);
        each(Located { part, start, bytes: 1 });
    }

    fn emit(&mut self, kind: Kind, each: &mut impl FnMut(Located<'_>)) {
        let bytes = self.here.offset - self.start.offset;
        let whole = bytes == self.held.len() as u64;
        let part = match kind {
            Kind::Envelope => Part::Envelope,
            Kind::Line => Part::Line(&self.held),
            Kind::Record if whole => Part::Record(&self.held),
            Kind::Record => Part::Broken(Code::RecordTooLong, &self.held),
            Kind::Broken(code) => Part::Broken(code, &self.held),
        };
        each(Located { part, start: self.start, bytes });
        self.held.clear();
        self.open.clear();
        self.too_deep = false;
        self.state = State::Between;
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Record,
    Broken(Code),
    Line,
    Envelope,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(chunks: &[&[u8]]) -> Vec<String> {
        let mut found = Vec::new();
        let mut reach = 0;
        let mut each = |located: Located<'_>| {
            assert_eq!(located.start.offset, reach, "parts are adjacent");
            reach += located.bytes;
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            match located.part {
                Part::Record(bytes) => found.push(text(bytes)),
                Part::Broken(code, bytes) => found.push(format!("!{} {}", code.name(), text(bytes))),
                Part::Line(bytes) => found.push(format!("# {}", text(bytes))),
                Part::Envelope => found.push("[]".to_owned()),
                Part::Separator => {}
            }
        };
        let mut scanner = Scanner::default();
        for chunk in chunks {
            scanner.feed(chunk, &mut each);
        }
        scanner.finish(&mut each);
        assert_eq!(reach, chunks.iter().map(|chunk| chunk.len() as u64).sum::<u64>(), "nothing is lost");
        found
    }

    /// Every cut of the input into two chunks gives the same parts, and they add up to the input.
    #[track_caller]
    fn check(input: &str, expected: &[&str]) {
        let bytes = input.as_bytes();
        for cut in 0..=bytes.len() {
            let (left, right) = bytes.split_at(cut);
            assert_eq!(scan(&[left, right]), expected, "cut at {cut}");
        }
    }

    #[test]
    fn lines_arrays_and_concatenated_objects() {
        check("{\"a\":1}\n{\"b\":2}\n", &[r#"{"a":1}"#, r#"{"b":2}"#]);
        check(r#"[{"a":1},{"b":[{"c":2}]}] "#, &["[]", r#"{"a":1}"#, r#"{"b":[{"c":2}]}"#, "[]"]);
        check("{\"a\":\n1}{\"b\":2}", &["{\"a\":\n1}", r#"{"b":2}"#]);
        check("\u{FEFF}{}", &["{}"]);
        check("[\n]", &["[]", "[]"]);
    }

    #[test]
    fn quotes_and_brackets_inside_strings_are_text() {
        check(r#"{"a":"}{\"]\\"}{"b":"\\\""}"#, &[r#"{"a":"}{\"]\\"}"#, r#"{"b":"\\\""}"#]);
    }

    #[test]
    fn text_around_records() {
        check("Falco 0.44\n{}\n[libs]: x {\n", &["# Falco 0.44", "{}", "# [libs]: x {"]);
        check("[", &["# ["]);
    }

    #[test]
    fn a_torn_line_costs_one_line() {
        check("{\"a\":\"x\n{\"b\":1}", &["!cut_string {\"a\":\"x", r#"{"b":1}"#]);
        check("{\"a\":\"x\\\n{\"b\":1}", &["!cut_string {\"a\":\"x\\", r#"{"b":1}"#]);
        check("{\"a\":1,\n{\"b\":1}", &["!torn_record {\"a\":1,\n", r#"{"b":1}"#]);
        check("{\"a\":[1}\n{\"b\":1}", &["!torn_record {\"a\":[1}\n", r#"{"b":1}"#]);
        check(r#"{"a":"#, &[r#"!truncated {"a":"#]);
    }

    #[test]
    fn elements_of_an_array_that_are_no_objects() {
        check(r#"[{}, 5, "x", {}]"#, &["[]", "{}", "!not_an_alert 5", "!not_an_alert \"x\"", "{}", "[]"]);
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
        assert!(scan(&[deep.as_bytes()])[0].starts_with("!nested_too_deep"));
    }
}
