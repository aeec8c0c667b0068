//! A scalar's text as a boolean or a number, read as yaml-cpp reads it.

/// Whether unquoted text means null.
pub fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// A boolean: `y`, `yes`, `true`, `on` and their opposites, in lower case, upper case or capitalised.
pub fn boolean(text: &str) -> Option<bool> {
    let mut letters = text.chars();
    let first = letters.next()?;
    let rest = letters.as_str();
    let flexible = if first.is_ascii_lowercase() {
        rest.chars().all(|letter| letter.is_ascii_lowercase())
    } else {
        rest.chars().all(|letter| letter.is_ascii_lowercase())
            || rest.chars().all(|letter| letter.is_ascii_uppercase())
    };
    if !flexible {
        return None;
    }
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" | "true" | "on" => Some(true),
        "n" | "no" | "false" | "off" => Some(false),
        _ => None,
    }
}

/// An unsigned number: decimal, `0x` hexadecimal or `0` octal, with blanks allowed after it only.
pub fn unsigned(text: &str) -> Option<u32> {
    let digits = text.trim_end_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    let (digits, radix) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hexadecimal) => (hexadecimal, 16),
        None if digits.len() > 1 && digits.starts_with('0') => (digits, 8),
        None => (digits, 10),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u32::from_str_radix(digits, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::{boolean, unsigned};

    #[test]
    fn booleans_have_three_casings() {
        for text in ["true", "True", "TRUE", "y", "Y", "on", "Yes"] {
            assert_eq!(boolean(text), Some(true), "{text}");
        }
        for text in ["tRue", "TRUe", "1", "", "truth", "yEs"] {
            assert_eq!(boolean(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_to_their_end() {
        assert_eq!(unsigned("26"), Some(26));
        assert_eq!(unsigned("26 "), Some(26));
        assert_eq!(unsigned("0x1a"), Some(26));
        assert_eq!(unsigned("032"), Some(26));
        for text in [" 26", "26a", "-1", "99999999999", "", "0.62.0", "0x", "++1"] {
            assert_eq!(unsigned(text), None, "{text}");
        }
    }
}
