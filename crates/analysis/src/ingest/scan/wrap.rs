//! Records that a terminal wrapped: a line end inside a quoted text.
//!
//! JSON has no line end inside a text, so there the record is either wrapped, and the next line goes on
//! with it, or torn, and the next line is another one. Lines of a terminal are equally long, so the
//! scanner reads on while they are, until the record ends and the sink takes it; else it goes back to
//! the first line end. No line of a wrapped text begins with a brace, so no byte is read often.

use super::{Kind, Scanner, Sink, State};
use crate::finding::{Code, Position};
use crate::limits;

/// The first line end inside a text of the record under way.
#[derive(Debug)]
pub struct Seam {
    /// Where it stands in what is held.
    at: usize,
    /// Where it stands in the file.
    position: Position,
    /// The length of its line, without the line end.
    width: u64,
    /// Whether the byte to come is the first of a line.
    pub just_passed: bool,
}

impl Scanner {
    /// Takes a line end inside a text, for a wrapped line as long as it looks like one.
    pub(super) fn wrap(&mut self, sink: &mut impl Sink) {
        let end = if self.held.last() == Some(&b'\r') { self.encoding.width(b"\r") } else { 0 };
        let width = self.here.column - end;
        let is_first = self.seam.is_none();
        let room = self.held.len() < limits::RECORD_BYTES;
        if !room || self.in_tail || self.open.is_empty() {
            if is_first {
                self.tear(sink);
            } else {
                self.give_up_wrap(sink);
                self.feed(b"\n", sink);
            }
            return;
        }
        let seam = self.seam.get_or_insert(Seam {
            at: self.held.len(),
            position: self.here,
            width,
            just_passed: true,
        });
        if seam.width != width {
            self.give_up_wrap(sink);
            return self.feed(b"\n", sink);
        }
        seam.just_passed = true;
        let text = self.held.strip_suffix(b"\r").unwrap_or(&self.held);
        let backslashes = text.iter().rev().take_while(|byte| **byte == b'\\').count();
        self.state = if backslashes % 2 == 1 { State::Escape } else { State::String };
        self.take_line_end();
    }

    /// Ends the record at its first line end and reads what follows once more.
    pub(super) fn give_up_wrap(&mut self, sink: &mut impl Sink) {
        let Some(seam) = self.seam.take() else { return };
        let after = self.held.split_off(seam.at.min(self.held.len()));
        self.here = seam.position;
        self.emit(Kind::Broken(Code::CutString), sink);
        self.feed(&after, sink);
    }

    fn tear(&mut self, sink: &mut impl Sink) {
        self.emit(Kind::Broken(Code::CutString), sink);
        self.feed(b"\n", sink);
    }
}
