//! Comparisons of bytes.

/// Whether `part` occurs in `whole`; the empty part does everywhere.
pub(crate) fn contains(whole: &[u8], part: &[u8]) -> bool {
    find(whole, part, u8::eq)
}

/// The same without regard to the case of ASCII letters.
pub(crate) fn contains_ignoring_case(whole: &[u8], part: &[u8]) -> bool {
    find(whole, part, u8::eq_ignore_ascii_case)
}

fn find(whole: &[u8], part: &[u8], equal: impl Fn(&u8, &u8) -> bool) -> bool {
    let Some(first) = part.first() else { return true };
    let last_start = whole.len().saturating_sub(part.len());
    if part.len() > whole.len() {
        return false;
    }
    let starts = whole.get(..=last_start).unwrap_or_default();
    starts.iter().enumerate().any(|(start, byte)| {
        equal(byte, first)
            && whole
                .get(start..start + part.len())
                .is_some_and(|window| window.iter().zip(part).all(|(left, right)| equal(left, right)))
    })
}

/// What follows the last `/`.
pub(crate) fn basename(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

/// What the text encodes in base 64, with or without padding; `None` where it is no such text or has bits
/// left over.
pub(crate) fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.strip_suffix(b"=").unwrap_or(text);
    let text = text.strip_suffix(b"=").unwrap_or(text);
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.chunks(4) {
        let mut bits: u32 = 0;
        for letter in group {
            bits = bits << 6 | u32::from(sextet(*letter)?);
        }
        bits <<= 6 * (4 - group.len());
        let [_, first, second, third] = bits.to_be_bytes();
        let whole = match group.len() {
            4 => [Some(first), Some(second), Some(third)],
            3 if third == 0 => [Some(first), Some(second), None],
            2 if second == 0 => [Some(first), None, None],
            _ => return None,
        };
        bytes.extend(whole.into_iter().flatten());
    }
    Some(bytes)
}

fn sextet(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// The bytes that hexadecimal digits stand for.
pub(crate) fn from_hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    let value = |digit: &u8| char::from(*digit).to_digit(16);
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(value(high)? << 4 | value(low)?).ok(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found() {
        assert!(contains(b"abcabd", b"abd") && contains(b"", b"") && contains(b"a", b""));
        assert!(!contains(b"ab", b"abc") && !contains(b"abc", b"ac"));
        assert!(contains_ignoring_case("Kubé".as_bytes(), b"UB") && !contains(b"Kube", b"UB"));
        assert!(!contains_ignoring_case("É".as_bytes(), "é".as_bytes()));
    }

    #[test]
    fn base_64_needs_no_padding_but_whole_bytes() {
        assert_eq!(from_base64(b"aGk="), Some(b"hi".to_vec()));
        assert_eq!(from_base64(b"aGk"), Some(b"hi".to_vec()));
        assert_eq!(from_base64(b""), Some(Vec::new()));
        assert_eq!(from_base64(b"aGl"), None);
        assert_eq!(from_base64(b"a"), None);
        assert_eq!(from_base64(b"a-b_"), None);
    }

    #[test]
    fn hexadecimal_digits_come_in_pairs() {
        assert_eq!(from_hexadecimal("cafeBA"), Some(vec![0xca, 0xfe, 0xba]));
        assert_eq!(from_hexadecimal("caf"), None);
        assert_eq!(from_hexadecimal("zz"), None);
    }
}
