//! Text encodings: what a file's bytes are before the scanner sees UTF-8.
//!
//! PowerShell's `>` writes UTF-16. The scanner always works on UTF-8; positions and byte counts are
//! those of the file as it was, so each UTF-8 byte knows how many bytes of the file it stands for.

use crate::finding::Position;

/// How the text of a file is encoded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

impl Encoding {
    /// Bytes that tell the encoding.
    pub const SNIFF_BYTES: usize = 4;

    /// Tells the encoding by a byte order mark, else by the zeros that UTF-16 has beside ASCII.
    pub fn sniff(head: &[u8]) -> Self {
        match head {
            [0xFF, 0xFE, ..] | [1..=0x7F, 0, 1..=0x7F, 0, ..] => Self::Utf16Le,
            [0xFE, 0xFF, ..] | [0, 1..=0x7F, 0, 1..=0x7F, ..] => Self::Utf16Be,
            _ => Self::Utf8,
        }
    }

    /// The encoding as reports spell it; never renamed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
        }
    }

    /// How many bytes of the file the UTF-8 `bytes` stand for.
    pub fn width(self, bytes: &[u8]) -> u64 {
        match self {
            Self::Utf8 => bytes.len() as u64,
            Self::Utf16Le | Self::Utf16Be => bytes.iter().map(|byte| utf16_width(*byte)).sum(),
        }
    }

    /// The place in the file that is reached after UTF-8 `bytes` that begin at `position`.
    pub fn after(self, position: Position, bytes: &[u8]) -> Position {
        let offset = position.offset + self.width(bytes);
        match memchr::memrchr(b'\n', bytes) {
            None => Position { column: position.column + self.width(bytes), offset, ..position },
            Some(last) => {
                let line = position.line + memchr::memchr_iter(b'\n', bytes).count() as u64;
                let column = 1 + self.width(bytes.get(last + 1..).unwrap_or_default());
                Position { line, column, offset }
            }
        }
    }
}

/// A leading byte stands for its whole character: two bytes, or four beyond U+FFFF.
fn utf16_width(byte: u8) -> u64 {
    match byte {
        0x80..=0xBF => 0,
        0xF0.. => 4,
        _ => 2,
    }
}

/// Turns pushed UTF-16 into UTF-8. Half of a surrogate pair becomes U+FFFD.
#[derive(Debug, Default)]
pub struct Utf16 {
    /// The first byte of a unit whose second is still to come.
    half: Option<u8>,
    /// A high surrogate whose low one is still to come.
    high: Option<u16>,
}

impl Utf16 {
    /// Takes the next bytes and adds their text to `out`.
    pub fn feed(&mut self, chunk: &[u8], encoding: Encoding, out: &mut Vec<u8>) {
        for byte in chunk {
            let Some(first) = self.half.take() else {
                self.half = Some(*byte);
                continue;
            };
            let unit = match encoding {
                Encoding::Utf16Be => u16::from_be_bytes([first, *byte]),
                Encoding::Utf8 | Encoding::Utf16Le => u16::from_le_bytes([first, *byte]),
            };
            self.unit(unit, out);
        }
    }

    /// Ends the text; answers how many bytes were left that are no character.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> u64 {
        if self.high.take().is_some() {
            push(char::REPLACEMENT_CHARACTER, out);
        }
        u64::from(self.half.take().is_some())
    }

    fn unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        let high = self.high.take();
        if let (Some(high), 0xDC00..=0xDFFF) = (high, unit) {
            let pair = char::decode_utf16([high, unit]).next().and_then(Result::ok);
            return push(pair.unwrap_or(char::REPLACEMENT_CHARACTER), out);
        }
        if high.is_some() {
            push(char::REPLACEMENT_CHARACTER, out);
        }
        match unit {
            0xD800..=0xDBFF => self.high = Some(unit),
            _ => push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER), out),
        }
    }
}

fn push(character: char, out: &mut Vec<u8>) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(units: &[u16], order: Encoding) -> Vec<u8> {
        let split =
            |unit: &u16| if order == Encoding::Utf16Be { unit.to_be_bytes() } else { unit.to_le_bytes() };
        units.iter().flat_map(split).collect()
    }

    #[track_caller]
    fn check(units: &[u16], text: &str) {
        for order in [Encoding::Utf16Le, Encoding::Utf16Be] {
            let input = bytes(units, order);
            for cut in 0..=input.len() {
                let (left, right) = input.split_at(cut);
                let (mut reader, mut out) = (Utf16::default(), Vec::new());
                reader.feed(left, order, &mut out);
                reader.feed(right, order, &mut out);
                assert_eq!(reader.finish(&mut out), 0);
                assert_eq!(String::from_utf8(out.clone()).as_deref(), Ok(text), "cut at {cut}");
                assert_eq!(order.width(&out), input.len() as u64, "widths add up");
            }
        }
    }

    #[test]
    fn characters_of_every_width() {
        let units: Vec<u16> = "aé€😀\n".encode_utf16().collect();
        check(&units, "aé€😀\n");
    }

    #[test]
    fn halves_of_pairs() {
        check(&[0xD83D, 0x61], "\u{FFFD}a");
        check(&[0xDE00, 0x61], "\u{FFFD}a");
        check(&[0xD83D, 0xD83D, 0xDE00], "\u{FFFD}😀");
        check(&[0x61, 0xD83D], "a\u{FFFD}");
    }

    #[test]
    fn an_odd_byte_is_left_over() {
        let (mut reader, mut out) = (Utf16::default(), Vec::new());
        reader.feed(&[0x61, 0, 0x62], Encoding::Utf16Le, &mut out);
        assert_eq!((reader.finish(&mut out), out.as_slice()), (1, b"a".as_slice()));
    }

    #[test]
    fn positions_follow_the_bytes_of_the_file() {
        let start = Position { line: 3, column: 5, offset: 100 };
        let after = |encoding: Encoding, text: &str| encoding.after(start, text.as_bytes());
        assert_eq!(after(Encoding::Utf8, ""), start);
        assert_eq!(after(Encoding::Utf8, "abc"), Position { line: 3, column: 8, offset: 103 });
        assert_eq!(after(Encoding::Utf8, "a\nb\ncd"), Position { line: 5, column: 3, offset: 106 });
        assert_eq!(after(Encoding::Utf16Le, "a\né😀"), Position { line: 4, column: 7, offset: 110 });
    }

    #[test]
    fn encodings_are_told_by_their_first_bytes() {
        assert_eq!(Encoding::sniff(&[0xFF, 0xFE, b'{', 0]), Encoding::Utf16Le);
        assert_eq!(Encoding::sniff(b"\0{\0\""), Encoding::Utf16Be);
        assert_eq!(Encoding::sniff(b"{\0\"\0"), Encoding::Utf16Le);
        assert_eq!(Encoding::sniff(b"{\"a\""), Encoding::Utf8);
        assert_eq!(Encoding::sniff(b"\0\0\0\0"), Encoding::Utf8);
    }
}
