//! The inside of a record: strings, brackets, and the lists of containers.

use super::container::Node;
use super::{Kind, Part, Scanner, Sink, State};
use crate::finding::Code;
use crate::limits;

impl Scanner {
    pub(super) fn begin_record(&mut self) {
        self.begin(b'{', State::Record);
        self.open.push((b'{', Node::Root));
        self.before = b'{';
    }

    /// Takes the record's bytes up to something to decide, and decides it.
    pub(super) fn record(&mut self, rest: &[u8], sink: &mut impl Sink) -> usize {
        for (at, byte) in rest.iter().copied().enumerate() {
            match byte {
                b' ' | b'\t' | b'\r' => {}
                b'\n' | b'"' | b'{' | b'[' | b'}' | b']' | b':' => {
                    self.take(rest.get(..at).unwrap_or_default());
                    self.mark_in_record(byte, sink);
                    return at + 1;
                }
                other => self.before = other,
            }
        }
        self.take(rest);
        rest.len()
    }

    pub(super) fn mark_in_record(&mut self, byte: u8, sink: &mut impl Sink) {
        match byte {
            b'\n' => return self.take_line_end(),
            b'"' => {
                self.state = State::String;
                self.word.start = self.held.len() + 1;
            }
            b'{' if !self.may_open() => {
                if self.seam.is_some() {
                    self.give_up_wrap(sink);
                    return self.feed(&[byte], sink);
                }
                self.emit(Kind::Broken(Code::TornRecord), sink);
                return self.begin_record();
            }
            b'[' if self.begins_list() => {
                self.open.push((byte, Node::Other));
                self.take(&[byte]);
                return self.open_list(sink);
            }
            b'{' | b'[' => {
                self.too_deep |= self.open.len() >= limits::RECORD_DEPTH;
                let parent = self.open.last().map_or(Node::Other, |(_, node)| *node);
                let node = if self.before == b':' { parent.object(self.key()) } else { Node::Other };
                self.open.push((byte, node));
            }
            b':' if self.open.len() == 1 => {
                let key = self.held.get(self.word.clone()).unwrap_or_default();
                self.seen.note(key);
            }
            b'}' | b']' => {
                self.open.pop();
            }
            _ => {}
        }
        self.before = byte;
        self.take(&[byte]);
        if self.open.is_empty() && self.state == State::Record {
            self.emit(Kind::Record, sink);
        }
    }

    pub(super) fn key(&self) -> &[u8] {
        self.held.get(self.word.clone()).unwrap_or_default()
    }

    /// JSON allows an object after a colon, and in a list after its bracket or a comma.
    pub(super) fn may_open(&self) -> bool {
        let in_list = matches!(self.open.last(), Some((b'[', _)));
        self.before == b':' || (in_list && matches!(self.before, b'[' | b','))
    }

    pub(super) fn begins_list(&self) -> bool {
        let parent = self.open.last().map_or(Node::Other, |(_, node)| *node);
        self.before == b':'
            && self.outer.len() < limits::CONTAINERS
            && self.seam.is_none()
            && !self.too_deep
            && parent.is_list_of_records(self.key(), self.seen)
    }

    /// Goes from a container's head, which has been taken, into its list.
    pub(super) fn open_list(&mut self, sink: &mut impl Sink) {
        let brackets = self.open.clone();
        self.emit(Kind::Open, sink);
        self.outer.push(brackets);
    }

    /// Goes from a list into the container's tail, if it has one.
    pub(super) fn close_list(&mut self, sink: &mut impl Sink) {
        let mut brackets = self.outer.pop().unwrap_or_default();
        brackets.pop();
        self.single(b']', Part::Close, sink);
        if !brackets.is_empty() {
            self.state = State::Record;
            self.start = self.here;
            self.open = brackets;
            self.before = b']';
            self.in_tail = true;
        }
    }

    pub(super) fn string(&mut self, rest: &[u8], sink: &mut impl Sink) -> usize {
        if let Some(seam) = &mut self.seam
            && std::mem::take(&mut seam.just_passed)
            && rest.first() == Some(&b'{')
        {
            self.give_up_wrap(sink);
            return 0;
        }
        if self.state == State::Escape && rest.first() != Some(&b'\n') {
            self.state = State::String;
            self.take(rest.get(..1).unwrap_or_default());
            return 1;
        }
        let Some(at) = memchr::memchr3(b'"', b'\\', b'\n', rest) else {
            self.take(rest);
            return rest.len();
        };
        let through = rest.get(..=at).unwrap_or(rest);
        match through.last() {
            Some(b'\n') => {
                self.take(rest.get(..at).unwrap_or_default());
                self.wrap(sink);
            }
            Some(b'"') => {
                self.take(through);
                self.word.end = self.held.len().saturating_sub(1);
                self.before = b'"';
                self.state = State::Record;
                if self.open.is_empty() {
                    self.emit(Kind::Broken(Code::NotAnAlert), sink);
                }
            }
            _ => {
                self.take(through);
                self.state = State::Escape;
            }
        }
        through.len()
    }
}
