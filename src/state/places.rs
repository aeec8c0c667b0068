//! Places in a text: browsers count UTF-16 units, Rust bytes.

/// The byte at a place that a browser counts; the end for a place behind it.
pub fn byte_of(text: &str, units: u32) -> usize {
    let mut passed = 0;
    for (byte, symbol) in text.char_indices() {
        if passed >= units {
            return byte;
        }
        passed += units_in(symbol);
    }
    text.len()
}

/// The place of a byte as browsers count.
pub fn units_of(text: &str, byte: usize) -> u32 {
    text.char_indices().take_while(|(at, _)| *at < byte).map(|(_, symbol)| units_in(symbol)).sum()
}

fn units_in(symbol: char) -> u32 {
    if symbol.len_utf16() == 2 { 2 } else { 1 }
}

/// The line that a run of bytes begins in, cut in three: before the run, what of the run is in the line,
/// and the rest.
pub fn line_around(text: &str, start: usize, end: usize) -> [&str; 3] {
    let cut = || {
        let (before, after) = text.split_at_checked(start)?;
        let before = before.rsplit('\n').next()?;
        let rest = after.split('\n').next()?;
        let (marked, rest) = rest.split_at_checked(end.saturating_sub(start).min(rest.len()))?;
        Some([before, marked, rest])
    };
    cut().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_bytes_and_in_utf16() {
        let text = "a\u{e9}\u{1f600}b";
        for (units, byte) in [(0, 0), (1, 1), (2, 3), (4, 7), (5, 8)] {
            assert_eq!((byte_of(text, units), units_of(text, byte)), (byte, units));
        }
        assert_eq!(byte_of(text, 99), 8);
        assert_eq!(byte_of(text, 3), 7, "within a character is behind it");
    }

    #[test]
    fn a_line_is_cut_around_its_place() {
        let text = "one\ntwo three\nfour";
        assert_eq!(line_around(text, 8, 13), ["two ", "three", ""]);
        assert_eq!(line_around(text, 8, 99), ["two ", "three", ""]);
        assert_eq!(line_around(text, 4, 4), ["", "", "two three"]);
        assert_eq!(line_around(text, 18, 18), ["four", "", ""]);
        assert_eq!(line_around(text, 99, 100), ["", "", ""]);
        assert_eq!(line_around("\u{e9}", 1, 2), ["", "", ""]);
    }
}
