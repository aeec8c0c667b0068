//! The place in the text that is read next, and what stands there.

use super::token::Mark;

/// A cursor over UTF-8 text; only ASCII has a meaning of its own in YAML, so it moves by bytes.
#[derive(Debug)]
pub struct Cursor<'text> {
    text: &'text [u8],
    mark: Mark,
}

impl<'text> Cursor<'text> {
    /// At the start of a text.
    pub fn new(text: &'text str) -> Self {
        Self { text: text.as_bytes(), mark: Mark::default() }
    }

    /// Where it is.
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// Its column, from zero.
    pub fn column(&self) -> usize {
        self.mark.column
    }

    /// Counts the end of the text as the start of a line.
    pub fn reset_column(&mut self) {
        self.mark.column = 0;
    }

    /// Whether nothing is left.
    pub fn is_at_end(&self) -> bool {
        self.mark.offset >= self.text.len()
    }

    /// The next byte.
    pub fn peek(&self) -> Option<u8> {
        self.peek_at(0)
    }

    /// The byte at a distance.
    pub fn peek_at(&self, distance: usize) -> Option<u8> {
        self.text.get(self.mark.offset + distance).copied()
    }

    /// Takes a byte. At the end, only the column moves on, as in yaml-cpp's messages.
    pub fn next(&mut self) -> Option<u8> {
        let byte = self.peek();
        self.mark.column += 1;
        let byte = byte?;
        self.mark.offset += 1;
        if byte == b'\n' {
            self.mark.line += 1;
            self.mark.column = 0;
        }
        Some(byte)
    }

    /// Takes a number of bytes.
    pub fn eat(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }

    /// Takes bytes while they satisfy a condition.
    pub fn take_while(&mut self, mut wanted: impl FnMut(u8) -> bool) -> String {
        let start = self.mark.offset;
        while self.peek().is_some_and(&mut wanted) {
            self.next();
        }
        self.slice(start)
    }

    /// The text from an offset to here.
    pub fn slice(&self, start: usize) -> String {
        let bytes = self.text.get(start..self.mark.offset).unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }

    /// Whether a blank or tab is next.
    pub fn at_blank(&self) -> bool {
        is_blank(self.peek())
    }

    /// The length of the line end that is next.
    pub fn line_end(&self) -> Option<usize> {
        self.line_end_at(0)
    }

    /// Whether a blank or a line end is next.
    pub fn at_blank_or_line_end(&self) -> bool {
        self.at_blank() || self.line_end().is_some()
    }

    /// Whether a blank, a line end or the end of the text is at a distance.
    pub fn is_gap_at(&self, distance: usize) -> bool {
        let byte = self.peek_at(distance);
        byte.is_none() || is_blank(byte) || self.line_end_at(distance).is_some()
    }

    /// The length of the line end at a distance.
    pub fn line_end_at(&self, distance: usize) -> Option<usize> {
        match (self.peek_at(distance), self.peek_at(distance + 1)) {
            (Some(b'\n'), _) => Some(1),
            (Some(b'\r'), Some(b'\n')) => Some(2),
            _ => None,
        }
    }

    /// Whether `---` or `...` is next and stands alone.
    pub fn at_document_marker(&self, symbol: u8) -> bool {
        (0..3).all(|distance| self.peek_at(distance) == Some(symbol)) && self.is_gap_at(3)
    }

    /// Takes everything up to the line end.
    pub fn skip_line(&mut self) {
        while !self.is_at_end() && self.line_end().is_none() {
            self.next();
        }
    }
}

/// Whether a byte is a blank or a tab.
pub fn is_blank(byte: Option<u8>) -> bool {
    matches!(byte, Some(b' ' | b'\t'))
}
