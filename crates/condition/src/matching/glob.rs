//! Shell patterns as `fnmatch` of the C library reads them without flags, in the C locale.
//!
//! Patterns match bytes: `?` and `[…]` take one byte, so neither takes a whole `é`. `/` and a leading dot
//! are ordinary, `\` quotes the next byte.

/// Whether the whole text fits the pattern.
pub(crate) fn fits(pattern: &[u8], text: &[u8], ignore_case: bool) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    // Where to go on after the last `*` once it has taken one byte more.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        let step = match pattern.split_first() {
            Some((b'*', behind)) => {
                retry = Some((behind, text));
                pattern = behind;
                continue;
            }
            None if text.is_empty() => return true,
            None => None,
            Some(_) => text
                .split_first()
                .and_then(|(byte, rest)| one(pattern, *byte, ignore_case).map(|behind| (behind, rest))),
        };
        (pattern, text) = match (step, retry) {
            (Some(next), _) => next,
            (None, Some((behind, from))) => {
                let Some((_, rest)) = from.split_first() else { return false };
                retry = Some((behind, rest));
                (behind, rest)
            }
            (None, None) => return false,
        };
    }
}

/// The pattern behind its first element, if that takes the byte.
fn one(pattern: &[u8], byte: u8, ignore_case: bool) -> Option<&[u8]> {
    let fold = |byte: u8| if ignore_case { byte.to_ascii_lowercase() } else { byte };
    match pattern {
        [b'?', behind @ ..] => Some(behind),
        [b'[', behind @ ..] => match bracket(behind, byte, ignore_case) {
            Some((taken, behind)) => taken.then_some(behind),
            // A bracket that never closes is an ordinary byte.
            None => (byte == b'[').then_some(behind),
        },
        [b'\\', quoted, behind @ ..] => (fold(*quoted) == fold(byte)).then_some(behind),
        // A backslash at the end matches nothing.
        [b'\\'] | [] => None,
        [plain, behind @ ..] => (fold(*plain) == fold(byte)).then_some(behind),
    }
}

/// Whether the set takes the byte, and the pattern behind `]`; nothing where there is no `]`.
fn bracket(set: &[u8], byte: u8, ignore_case: bool) -> Option<(bool, &[u8])> {
    let (negated, mut rest) = match set {
        [b'!' | b'^', behind @ ..] => (true, behind),
        _ => (false, set),
    };
    let lower = byte.to_ascii_lowercase();
    let is_in = |low: u8, high: u8| {
        (low..=high).contains(&byte)
            || ignore_case && (low.to_ascii_lowercase()..=high.to_ascii_lowercase()).contains(&lower)
    };
    let mut taken = false;
    let mut is_first = true;
    loop {
        if let Some((name, behind)) = class(rest) {
            taken |= is_of_class(name, byte) || ignore_case && is_of_class(name, lower);
            rest = behind;
        } else {
            let (low, behind) = match rest {
                [b']', behind @ ..] if !is_first => return Some((taken != negated, behind)),
                [b'\\', quoted, behind @ ..] => (*quoted, behind),
                [plain, behind @ ..] => (*plain, behind),
                [] => return None,
            };
            (taken, rest) = match behind {
                [b'-', b']', ..] | [] => (taken | is_in(low, low), behind),
                [b'-', b'\\', high, behind @ ..] | [b'-', high, behind @ ..] => {
                    (taken | is_in(low, *high), behind)
                }
                _ => (taken | is_in(low, low), behind),
            };
        }
        is_first = false;
    }
}

/// `[:alpha:]` at the start.
fn class(set: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = set.strip_prefix(b"[:")?;
    let end = inner.windows(2).position(|pair| pair == b":]")?;
    let name = inner.get(..end)?;
    name.iter().all(u8::is_ascii_lowercase).then_some((name, inner.get(end + 2..)?))
}

fn is_of_class(name: &[u8], byte: u8) -> bool {
    match name {
        b"alnum" => byte.is_ascii_alphanumeric(),
        b"alpha" => byte.is_ascii_alphabetic(),
        b"blank" => matches!(byte, b' ' | b'\t'),
        b"cntrl" => byte.is_ascii_control(),
        b"digit" => byte.is_ascii_digit(),
        b"graph" => byte.is_ascii_graphic(),
        b"lower" => byte.is_ascii_lowercase(),
        b"print" => byte.is_ascii_graphic() || byte == b' ',
        b"punct" => byte.is_ascii_punctuation(),
        b"space" => matches!(byte, b' ' | b'\t'..=b'\r'),
        b"upper" => byte.is_ascii_uppercase(),
        b"xdigit" => byte.is_ascii_hexdigit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(fits(pattern.as_bytes(), text.as_bytes(), false), expected, "{pattern} on {text}");
    }

    #[test]
    fn stars_cross_slashes() {
        check("/*.conf", "/etc/app/x.conf", true);
        check("*", "", true);
        check("*a*b", "xaxxab", true);
        check("*a*b", "xaxxabc", false);
        check("", "", true);
        check("", "a", false);
        check("a?c", "abc", true);
        check("a?c", "ac", false);
        check("?", "é", false);
        check("??", "é", true);
    }

    #[test]
    fn brackets() {
        check("[a-c]x", "bx", true);
        check("[!a-c]x", "bx", false);
        check("[^a-c]x", "dx", true);
        check("[]a]", "]", true);
        check("[!]a]", "]", false);
        check("[a-]", "-", true);
        check("[-a]", "-", true);
        check("[[:digit:]_]x", "7x", true);
        check("[[:digit:]_]x", "ax", false);
        check("[\\]]", "]", true);
        check("[ab", "[ab", true);
        check("[ab", "a", false);
        check("[z-a]", "m", false);
        check("[/]etc", "/etc", true);
    }

    #[test]
    fn backslashes_quote() {
        check("\\*", "*", true);
        check("\\*", "a", false);
        check("a\\", "a\\", false);
        check("a\\\\", "a\\", true);
    }

    #[test]
    fn case_can_be_ignored() {
        assert!(fits(b"/USR/*", b"/usr/bin", true));
        assert!(fits(b"[A-C]*", b"bin", true));
        assert!(fits(b"[a-c]*", b"Bin", true));
        assert!(!fits(b"[a-c]*", b"Bin", false));
    }
}
