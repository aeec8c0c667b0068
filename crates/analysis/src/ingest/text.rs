//! Recognises what is not JSON, and words what is broken.

use crate::finding::Code;

/// Bytes needed to know a foreign format by its first bytes.
pub const SNIFF_BYTES: usize = 4;

/// The format of a file that is not read, told by its first bytes.
pub fn foreign_format(head: &[u8]) -> Option<Code> {
    match head {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some(Code::Utf16),
        [0x1F, 0x8B, ..] | [0x28, 0xB5, 0x2F, 0xFD, ..] | [b'P', b'K', 3, 4, ..] => Some(Code::Compressed),
        _ => None,
    }
}

/// What a foreign format is called in a message.
pub fn foreign(code: Code) -> &'static str {
    match code {
        Code::Utf16 => "the file is UTF-16 text",
        _ => "the file is compressed",
    }
}

/// What is wrong with a record that the scanner gave up.
pub fn broken(code: Code, text: &[u8], bytes: u64) -> String {
    match code {
        Code::Truncated => "the input ends before the record does".to_owned(),
        Code::CutString => "the line ends inside a quoted text".to_owned(),
        Code::TornRecord => "a new record begins before this one is finished".to_owned(),
        Code::RecordTooLong => format!("the record is {bytes} bytes long"),
        Code::NestedTooDeep => "the record is nested too deep".to_owned(),
        _ => {
            let shown: String = String::from_utf8_lossy(text).chars().take(40).collect();
            format!("`{shown}` is no object")
        }
    }
}

/// Whether a line is one that Falco prints around its alerts: start-up, libraries, closing summary.
pub fn is_falco_log(line: &[u8]) -> bool {
    const MARKS: [&[u8]; 6] =
        [b"Falco", b"falco", b"[libs]", b"Events detected:", b"Rule counts by", b"Triggered rules by"];
    MARKS.iter().any(|mark| memchr::memmem::find(line, mark).is_some())
}

/// Whether a line has the prefix that Falco's text form begins with: `TIME: PRIORITY `, where TIME is
/// `HH:MM:SS.nnnnnnnnn`, alone or as the end of an ISO 8601 time with its offset.
pub fn is_text_alert(line: &[u8]) -> bool {
    const PRIORITIES: [&str; 8] =
        ["Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug"];
    let Some(line) = line.get(..line.len().min(4096)) else { return false };
    memchr::memmem::find_iter(line, b": ").any(|at| {
        let (head, tail) = line.split_at(at);
        let tail = tail.get(2..).unwrap_or_default();
        let named = PRIORITIES
            .iter()
            .any(|name| tail.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.first() == Some(&b' ')));
        named && ends_with_clock(head)
    })
}

fn ends_with_clock(head: &[u8]) -> bool {
    const CLOCK: &[u8] = b"00:00:00.000000000";
    let head = match head.len().checked_sub(5).and_then(|at| head.split_at_checked(at)) {
        Some((clock, [b'+' | b'-', offset @ ..])) if offset.iter().all(u8::is_ascii_digit) => clock,
        _ => head,
    };
    let Some(clock) = head.len().checked_sub(CLOCK.len()).and_then(|at| head.get(at..)) else { return false };
    clock.iter().zip(CLOCK).all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        _ => byte == shape,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falcos_text_form() {
        for line in [
            "10:22:33.123456789: Notice A shell",
            "2025-01-01T10:22:33.123456789+0000: Warning x",
            "Jan  1 00:00:00 host falco[1]: 10:22:33.123456789: Critical x",
        ] {
            assert!(is_text_alert(line.as_bytes()), "{line}");
        }
        for line in ["", "Events detected: 1", "   WARNING: 1", "10:22: Notice x", "x: Noticed x"] {
            assert!(!is_text_alert(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn falcos_own_lines() {
        assert!(is_falco_log(b"Fri Jan  2 08:13:58 2026: Falco version: 0.44.1 (x86_64)"));
        assert!(is_falco_log(b"Events detected: 2"));
        assert!(!is_falco_log(b"root:x:0:0:root:/root:/bin/bash"));
    }

    #[test]
    fn foreign_formats() {
        assert_eq!(foreign_format(&[0xFF, 0xFE, b'{', 0]), Some(Code::Utf16));
        assert_eq!(foreign_format(&[0x1F, 0x8B, 8, 0]), Some(Code::Compressed));
        assert_eq!(foreign_format(b"{\"a\""), None);
    }
}
