//! Numbers as people read them.

use crate::worker::protocol::Accounting;

/// `1234567` as `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 alert`, `2 alerts`.
pub fn counted(number: u64, one: &str, more: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { more })
}

/// A size with at most one decimal, in units of a thousand: `512 bytes`, `1.5 kB`, `200 MB`.
pub fn bytes(size: u64) -> String {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    let Some((unit, scale)) = units.into_iter().find(|(_, scale)| size >= *scale) else {
        return counted(size, "byte", "bytes");
    };
    let tenths = size / (scale / 10);
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{} {unit}", count(whole)),
        (whole, _) if whole >= 100 => format!("{} {unit}", count(whole)),
        (whole, tenth) => format!("{whole}.{tenth} {unit}"),
    }
}

/// A time of a query, `2025-01-01T00:02:33Z`, as people read it; in UTC.
pub fn moment(time: &str) -> String {
    time.trim_end_matches('Z').replacen('T', " ", 1)
}

/// The longest window title, in characters.
const TITLE: usize = 70;

/// A sentence as a window title: whole words, and an ellipsis where some are left out.
pub fn shortened(sentence: &str) -> String {
    let Some((cut, _)) = sentence.char_indices().nth(TITLE) else { return sentence.to_owned() };
    let start = sentence.get(..cut).unwrap_or_default();
    let words = start.rsplit_once(' ').map_or(start, |(words, _)| words);
    format!("{}\u{2026}", words.trim_end_matches([',', ';', ':']))
}

/// What became of every record, in one line.
pub fn accounting(input: &Accounting) -> String {
    let files = u64::try_from(input.files.len()).unwrap_or(u64::MAX);
    format!(
        "{} from {}; {} skipped, {}, {} not from Falco",
        counted(input.alerts, "alert", "alerts"),
        counted(files, "file", "files"),
        count(input.skipped),
        counted(input.duplicates, "duplicate", "duplicates"),
        count(input.noise),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), text);
        }
    }

    #[test]
    fn times_without_marks_for_machines() {
        assert_eq!(moment("2026-01-05T00:00:45Z"), "2026-01-05 00:00:45");
    }

    #[test]
    fn titles_end_at_a_word() {
        assert_eq!(shortened("Short."), "Short.");
        let long = format!("{} caf\u{e9}s, and more words after that", "x".repeat(60));
        assert_eq!(shortened(&long), format!("{} caf\u{e9}s\u{2026}", "x".repeat(60)));
        assert_eq!(shortened(&"\u{e9}".repeat(90)), format!("{}\u{2026}", "\u{e9}".repeat(70)));
    }

    #[test]
    fn sizes_read_naturally() {
        for (size, text) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1 kB"),
            (1_550, "1.5 kB"),
            (123_456, "123 kB"),
            (209_715_200, "209 MB"),
            (2_000_000_000, "2 GB"),
            (u64::MAX, "18,446,744,073 GB"),
        ] {
            assert_eq!(bytes(size), text);
        }
    }
}
