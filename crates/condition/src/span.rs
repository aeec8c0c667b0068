//! Where in the text of a condition something stands.

use std::ops::Range;

/// A run of bytes of the condition that was parsed, `start` included and `end` not.
///
/// A node that no text stands for, such as one built by a program, has the span `0..0`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// From `start` to before `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The part of `text` that it covers; empty where it does not fit that text.
    pub fn of(self, text: &str) -> &str {
        text.get(Range::from(self)).unwrap_or_default()
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.start..span.end
    }
}
