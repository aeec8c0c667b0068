//! Reads one file, or a slice of one: decodes its text and hands it to the scanner.

use super::Take;
use super::desk::{Books, Desk};
use super::encoding::{Encoding, Utf16};
use super::ledger::Ledger;
use super::part::Part;
use super::scan::Scanner;
use crate::finding::Position;

/// The reader of one file. Feed every chunk, then call [`Reader::finish`].
#[derive(Debug)]
pub struct Reader {
    text: Text,
    books: Books,
}

#[derive(Debug)]
enum Text {
    /// Too few bytes so far to know the encoding.
    Sniffing(Vec<u8>),
    Utf8(Scanner),
    Utf16 {
        scanner: Scanner,
        encoding: Encoding,
        decoder: Utf16,
        decoded: Vec<u8>,
    },
}

impl Reader {
    /// A reader of a file, or of the slice of a file that begins where the part does, at a line's start.
    pub fn new(part: Part, several_files: bool) -> Self {
        let offset = part.start.offset;
        let text = match offset {
            0 => Text::Sniffing(Vec::new()),
            _ => Text::Utf8(Scanner::new(Encoding::Utf8, Position { offset, ..Position::START })),
        };
        Self { text, books: Books::new(part, several_files) }
    }

    /// The accounts so far.
    pub fn part(&self) -> &Part {
        &self.books.part
    }

    /// Takes the next bytes and hands out the alerts they complete.
    pub fn feed(&mut self, chunk: &[u8], ledger: &mut Ledger, each: &mut dyn Take) {
        if let Text::Sniffing(held) = &mut self.text {
            held.extend_from_slice(chunk);
            if held.len() < Encoding::SNIFF_BYTES {
                return;
            }
            let held = std::mem::take(held);
            self.begin(&held);
            return self.scan(&held, ledger, each);
        }
        self.scan(chunk, ledger, each);
    }

    /// Ends the file.
    pub fn finish(mut self, ledger: &mut Ledger, each: &mut dyn Take) -> Part {
        if let Text::Sniffing(held) = &mut self.text {
            let held = std::mem::take(held);
            self.begin(&held);
            self.scan(&held, ledger, each);
        }
        let encoding = self.books.part.encoding;
        let mut desk = Desk { books: &mut self.books, ledger, each, encoding };
        let mut left = 0;
        let scanner = match self.text {
            Text::Sniffing(_) => return self.books.part,
            Text::Utf8(scanner) => scanner,
            Text::Utf16 { mut scanner, mut decoder, .. } => {
                let mut rest = Vec::new();
                left = decoder.finish(&mut rest);
                scanner.feed(&rest, &mut desk);
                scanner
            }
        };
        desk.books.part.lines = scanner.position().line - 1;
        desk.books.part.continuity.ends_clean = scanner.is_between_lines() && desk.books.is_complete();
        scanner.finish(&mut desk);
        desk.give_up_pieces();
        desk.separate(left);
        self.books.part
    }

    fn begin(&mut self, head: &[u8]) {
        let encoding = Encoding::sniff(head);
        self.books.part.encoding = encoding;
        let scanner = Scanner::new(encoding, Position::START);
        self.text = match encoding {
            Encoding::Utf8 => Text::Utf8(scanner),
            Encoding::Utf16Le | Encoding::Utf16Be => {
                Text::Utf16 { scanner, encoding, decoder: Utf16::default(), decoded: Vec::new() }
            }
        };
    }

    fn scan(&mut self, chunk: &[u8], ledger: &mut Ledger, each: &mut dyn Take) {
        let encoding = self.books.part.encoding;
        let mut desk = Desk { books: &mut self.books, ledger, each, encoding };
        match &mut self.text {
            Text::Sniffing(_) => {}
            Text::Utf8(scanner) => scanner.feed(chunk, &mut desk),
            Text::Utf16 { scanner, encoding, decoder, decoded } => {
                decoded.clear();
                decoder.feed(chunk, *encoding, decoded);
                scanner.feed(decoded, &mut desk);
            }
        }
    }
}
