//! Versions of engines and plugins.

use std::fmt;

/// Three numbers, read as generously as Falco reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Versions of different major numbers never fit.
    pub major: u32,
    /// New features.
    pub minor: u32,
    /// Corrections.
    pub patch: u32,
}

impl Version {
    /// What a rule file means by a bare number.
    pub fn of_integer(number: u32) -> Self {
        Self { major: 0, minor: number, patch: 0 }
    }

    /// Reads `x.y.z`; what follows the third number does not count.
    pub fn parse(text: &str) -> Option<Self> {
        let (major, rest) = number(text)?;
        let (minor, rest) = number(rest.strip_prefix('.')?)?;
        let (patch, _) = number(rest.strip_prefix('.')?)?;
        Some(Self { major, minor, patch })
    }

    /// Whether this version can be used where another is asked for.
    pub fn satisfies(self, asked: Self) -> bool {
        self.major == asked.major && self >= asked
    }
}

/// The number that a text begins with, and the rest, as `sscanf` has it: blanks and a sign may precede.
fn number(text: &str) -> Option<(u32, &str)> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    let negative = text.starts_with('-');
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = digits.find(|symbol: char| !symbol.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(end)?;
    if digits.is_empty() {
        return None;
    }
    let wide = digits
        .bytes()
        .fold(0_u64, |value, digit| value.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    let wide = if negative && wide != u64::MAX { wide.wrapping_neg() } else { wide };
    // The C library keeps the low half.
    u32::try_from(wide & u64::from(u32::MAX)).ok().map(|value| (value, rest))
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(Version::parse(text).map(|version| version.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn versions_are_three_numbers() {
        check("0.62.0", Some("0.62.0"));
        check("00.62.0", Some("0.62.0"));
        check("0.62.0-rc1", Some("0.62.0"));
        check(" 0. 62.+0", Some("0.62.0"));
        check("0.62", None);
        check("v0.62.0", None);
        check("0.62.x", None);
        check("", None);
    }

    #[test]
    fn a_version_satisfies_earlier_ones_of_its_major_number() {
        let engine = Version { major: 0, minor: 62, patch: 0 };
        assert!(engine.satisfies(Version::of_integer(26)));
        assert!(engine.satisfies(Version { major: 0, minor: 61, patch: 9 }));
        assert!(!engine.satisfies(Version { major: 0, minor: 62, patch: 1 }));
        assert!(!engine.satisfies(Version { major: 1, minor: 0, patch: 0 }));
    }
}
