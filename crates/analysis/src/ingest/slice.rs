//! Where a slice of a file begins and ends: at line starts, found alike by whoever reads the slice before
//! or after.

/// Cuts a slice out of the bytes of a file. Nominal bounds may lie anywhere; the slice begins at the first
/// line start from the one on, and ends at the first line start from the other on.
///
/// Feed the bytes of the file from [`SliceCut::first_byte`] on, in pieces of any size, until it is done.
#[derive(Debug, Clone, Copy)]
pub struct SliceCut {
    /// The offset of the next byte.
    at: u64,
    end: u64,
    begins: Option<u64>,
    is_done: bool,
}

impl SliceCut {
    /// The slice with these nominal bounds, in bytes of the file; `start` before `end`.
    pub fn new(start: u64, end: u64) -> Self {
        let begins = (start == 0).then_some(0);
        // The line end just before a nominal bound makes the bound a line start.
        Self { at: start.saturating_sub(1), end, begins, is_done: false }
    }

    /// The offset of the first byte to be fed.
    pub fn first_byte(&self) -> u64 {
        self.at
    }

    /// Where the slice begins, once that is known. A slice without a line start has none and is empty.
    pub fn begins(&self) -> Option<u64> {
        self.begins
    }

    /// Whether nothing more is to be fed.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// The part of the next bytes that belongs to the slice.
    pub fn take<'a>(&mut self, mut chunk: &'a [u8]) -> &'a [u8] {
        if self.begins.is_none() {
            let before = memchr::memchr(b'\n', chunk).map_or(chunk.len(), |at| at + 1);
            let is_found = before > 0 && chunk.get(before - 1) == Some(&b'\n');
            self.at += before as u64;
            chunk = chunk.get(before..).unwrap_or_default();
            if self.at >= self.end {
                self.is_done = true;
                return &[];
            }
            self.begins = is_found.then_some(self.at);
        }
        let last = usize::try_from((self.end - 1).saturating_sub(self.at)).unwrap_or(usize::MAX);
        let rest = chunk.get(last..).unwrap_or_default();
        let length = memchr::memchr(b'\n', rest).map_or(chunk.len(), |at| last + at + 1);
        self.is_done = length > last && chunk.get(length - 1) == Some(&b'\n');
        self.at += length as u64;
        chunk.get(..length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::SliceCut;

    /// The slices of a text for nominal bounds every `width` bytes, fed in pieces of `piece` bytes.
    fn slices(text: &[u8], width: u64, piece: usize) -> Vec<(u64, Vec<u8>)> {
        let size = text.len() as u64;
        let mut slices = Vec::new();
        for start in (0..size).step_by(usize::try_from(width).unwrap()) {
            let mut cut = SliceCut::new(start, (start + width).min(size));
            let mut taken = Vec::new();
            for chunk in text[usize::try_from(cut.first_byte()).unwrap()..].chunks(piece) {
                if cut.is_done() {
                    break;
                }
                taken.extend_from_slice(cut.take(chunk));
            }
            match cut.begins() {
                Some(begins) => slices.push((begins, taken)),
                None => assert!(taken.is_empty()),
            }
        }
        slices
    }

    #[test]
    fn slices_meet_at_line_starts_and_are_the_whole_text() {
        for text in ["a\nbb\n\nccc\ndddddddddd\ne", "a\nbb\n", "one long line", "\n\n\n", "x\n"] {
            for width in 1..9 {
                for piece in 1..7 {
                    let (mut whole, mut at) = (Vec::new(), 0);
                    for (begins, slice) in slices(text.as_bytes(), width, piece) {
                        assert_eq!(begins, at, "{text:?} by {width} in pieces of {piece}");
                        assert!(at == 0 || whole.ends_with(b"\n"));
                        at += slice.len() as u64;
                        whole.extend(slice);
                    }
                    assert_eq!(whole, text.as_bytes(), "{text:?} by {width} in pieces of {piece}");
                }
            }
        }
    }
}
