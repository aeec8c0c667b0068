//! From a file's bytes to text.

/// The text of a rule file: UTF-8, or UTF-16 or UTF-32 by its byte order mark or its first zero bytes.
///
/// What is not valid becomes U+FFFD. Offsets count bytes of the text returned here.
pub fn decode(bytes: &[u8]) -> String {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xFF, 0xFE, 0, 0, rest @ ..] => utf32(rest, u32::from_le_bytes),
        [0, 0, 0xFE, 0xFF, rest @ ..] => utf32(rest, u32::from_be_bytes),
        [0, 0, 0, _, ..] => utf32(bytes, u32::from_be_bytes),
        [1..0x80, 0, 0, 0, ..] => utf32(bytes, u32::from_le_bytes),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0, 1..0x80, ..] => utf16(bytes, u16::from_be_bytes),
        [1..0x80, 0, ..] => utf16(bytes, u16::from_le_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit);
    char::decode_utf16(units).map(|symbol| symbol.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> String {
    let units = bytes.chunks_exact(4).filter_map(|four| four.try_into().ok()).map(unit);
    units.map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn a_byte_order_mark_is_no_content() {
        assert_eq!(decode(b"\xEF\xBB\xBF- a"), "- a");
        assert_eq!(decode(b"\xFF\xFE-\0 \0a\0"), "- a");
        assert_eq!(decode(b"\xFE\xFF\0-\0 \0a"), "- a");
        assert_eq!(decode(b"\0\0\xFE\xFF\0\0\0a"), "a");
    }

    #[test]
    fn bad_bytes_are_replaced() {
        assert_eq!(decode(b"a\xFFb"), "a\u{FFFD}b");
        assert_eq!(decode(b"\xFF\xFE\x00\xD8a\0"), "\u{FFFD}a");
    }
}
