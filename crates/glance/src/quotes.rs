//! Where the quotes of a line are.

use wide::{CmpEq, CmpLt, i8x16};

/// Sixteen bytes at a time, four times.
const BLOCK: usize = 64;

/// The places of the quotes that begin or end a text, into `quotes`; false where the line holds control
/// characters, an escape by number, or is no UTF-8.
pub fn find(line: &[u8], quotes: &mut Vec<u32>) -> bool {
    quotes.clear();
    let (mut at, mut escaped, mut beyond_ascii) = (0_u32, false, false);
    let mut chunks = line.chunks_exact(BLOCK);
    for block in &mut chunks {
        let Ok(block) = <&[u8; BLOCK]>::try_from(block) else { return false };
        let found = Found::of(block);
        if found.control != 0 || !take(&found, block, at, &mut escaped, quotes) {
            return false;
        }
        beyond_ascii |= found.beyond_ascii;
        at += 64;
    }
    let rest = chunks.remainder();
    let mut block = [b' '; BLOCK];
    for (to, from) in block.iter_mut().zip(rest) {
        *to = *from;
    }
    let found = Found::of(&block);
    if found.control != 0 || !take(&found, &block, at, &mut escaped, quotes) {
        return false;
    }
    beyond_ascii |= found.beyond_ascii;
    !beyond_ascii || std::str::from_utf8(line).is_ok()
}

/// What a block holds: a bit for each byte.
struct Found {
    quotes: u64,
    escapes: u64,
    control: u64,
    beyond_ascii: bool,
}

impl Found {
    fn of(block: &[u8; BLOCK]) -> Self {
        let (parts, _) = block.as_chunks::<16>();
        let (quote, escape, blank) = (i8x16::splat(0x22), i8x16::splat(0x5C), i8x16::splat(0x20));
        let (mut quotes, mut escapes, mut low, mut high) = (0, 0, 0, 0);
        for part in parts.iter().rev() {
            let bytes = i8x16::new(part.map(u8::cast_signed));
            quotes = quotes << 16 | mask(bytes.cmp_eq(quote));
            escapes = escapes << 16 | mask(bytes.cmp_eq(escape));
            // Bytes beyond ASCII are negative, and so below a blank too.
            low = low << 16 | mask(bytes.cmp_lt(blank));
            high = high << 16 | mask(bytes);
        }
        Self { quotes, escapes, control: low & !high, beyond_ascii: high != 0 }
    }
}

fn mask(bytes: i8x16) -> u64 {
    u64::from(bytes.move_mask().cast_unsigned() & 0xFFFF)
}

fn take(found: &Found, block: &[u8; BLOCK], at: u32, escaped: &mut bool, quotes: &mut Vec<u32>) -> bool {
    if found.escapes == 0 && !*escaped {
        let mut left = found.quotes;
        while left != 0 {
            quotes.push(at + left.trailing_zeros());
            left &= left - 1;
        }
        return true;
    }
    for (place, byte) in (at..).zip(block) {
        match byte {
            _ if *escaped => {
                *escaped = false;
                if !matches!(byte, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') {
                    return false;
                }
            }
            b'\\' => *escaped = true,
            b'"' => quotes.push(place),
            _ => {}
        }
    }
    true
}
