//! From the target of a request to a file's place below the site's folder, and never above it.

use std::path::PathBuf;

/// The relative path that a request target names, or nothing when it names none.
///
/// Query and fragment are dropped, percent escapes are decoded once, and a folder means its
/// `index.html`. A segment that climbs, hides (`.git`), names a drive or holds a separator of any
/// system names nothing.
pub fn relative_path(target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?;
    let decoded = percent_decode(path.strip_prefix('/')?)?;
    let mut relative = PathBuf::new();
    let mut segments = decoded.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        if segment.is_empty() {
            if !is_last {
                return None;
            }
            relative.push("index.html");
        } else if is_plain(segment) {
            relative.push(segment);
        } else {
            return None;
        }
    }
    Some(relative)
}

fn is_plain(segment: &str) -> bool {
    !segment.starts_with('.') && !segment.contains(['\\', ':', '\0'])
}

/// Nothing for a broken escape or for bytes that are not UTF-8.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = hex(bytes.next()?)?;
            let low = hex(bytes.next()?)?;
            decoded.push(high << 4 | low);
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[track_caller]
    fn check(target: &str, expected: Option<&str>) {
        assert_eq!(relative_path(target).as_deref(), expected.map(Path::new), "{target}");
    }

    #[test]
    fn a_target_names_a_file_or_a_folders_index() {
        check("/", Some("index.html"));
        check("/?x=1", Some("index.html"));
        check("/boot.js?v=2#top", Some("boot.js"));
        check("/docs/", Some("docs/index.html"));
        check("/a%20b/c.css", Some("a b/c.css"));
        check("/%C3%A9.txt", Some("é.txt"));
    }

    #[test]
    fn nothing_above_or_hidden_is_named() {
        for target in [
            "/../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "/a/..%2f..%2fCargo.toml",
            "/..%5cCargo.toml",
            "/.git/config",
            "/./index.html",
            "//etc/passwd",
            "/c:/windows",
            "/a%00.html",
            "/%zz",
            "/%c3",
            "/%4",
            "index.html",
            "http://elsewhere/",
            "",
        ] {
            check(target, None);
        }
    }

    #[test]
    fn escapes_are_decoded_once() {
        check("/%252e%252e/x", Some("%2e%2e/x"));
    }
}
