//! Lines that are no alerts.

/// Whether a line is one that Falco prints around its alerts: start-up, libraries, closing summary.
pub fn is_falco_log(line: &[u8]) -> bool {
    const MARKS: [&[u8]; 6] =
        [b"Falco", b"falco", b"[libs]", b"Events detected:", b"Rule counts by", b"Triggered rules by"];
    MARKS.iter().any(|mark| memchr::memmem::find(line, mark).is_some())
}

#[cfg(test)]
mod tests {
    use super::is_falco_log;

    #[test]
    fn falcos_own_lines() {
        assert!(is_falco_log(b"Fri Jan  2 08:13:58 2026: Falco version: 0.44.1 (x86_64)"));
        assert!(is_falco_log(b"Events detected: 2"));
        assert!(!is_falco_log(b"root:x:0:0:root:/root:/bin/bash"));
    }
}
