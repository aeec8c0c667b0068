//! The versions that the clone itself states, read from its own files.

/// The version of a package in a `Cargo.lock`.
///
/// The lock file is written by cargo alone, one `key = "value"` a line, so a line reader is enough.
pub fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    while let Some(line) = lines.next() {
        if value_of(line, "name") == Some(package) {
            return lines.next().and_then(|next| value_of(next, "version"));
        }
    }
    None
}

/// The first `rust-version` of a `Cargo.toml`: the oldest compiler that builds it.
pub fn oldest_rust(manifest: &str) -> Option<&str> {
    manifest.lines().find_map(|line| value_of(line, "rust-version"))
}

/// The numbers of the first word that is a version: `1.96.0` of `rustc 1.96.0 (ac68faa20 2026-05-25)`.
pub fn parse(text: &str) -> Option<Vec<u32>> {
    text.split_whitespace().find_map(|word| {
        let number = word.split(['-', '+']).next()?;
        number.split('.').map(|part| part.parse().ok()).collect()
    })
}

/// Whether a tool's `--version` output names exactly this version.
pub fn is_exactly(output: &str, version: &str) -> bool {
    output.split_whitespace().any(|word| word == version)
}

fn value_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim().strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen-futures"
version = "0.4.57"
dependencies = [
 "wasm-bindgen",
]

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
"#;

    #[test]
    fn a_locked_version_is_that_of_the_whole_name() {
        assert_eq!(locked(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(LOCK, "wasm"), None);
        assert_eq!(locked("", "wasm-bindgen"), None);
    }

    #[test]
    fn the_oldest_rust_is_the_workspaces() {
        assert_eq!(oldest_rust("edition = \"2024\"\nrust-version = \"1.88\"\n"), Some("1.88"));
        assert_eq!(oldest_rust("rust-version.workspace = true\n"), None);
    }

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(parse("rustc 1.96.0 (ac68faa20 2026-05-25)"), Some(vec![1, 96, 0]));
        assert_eq!(parse("ChromeDriver 156.0.8078.79 (abc)"), Some(vec![156, 0, 8078, 79]));
        assert_eq!(parse("1.97.0-nightly"), Some(vec![1, 97, 0]));
        assert_eq!(parse("no number"), None);
        assert!(parse("1.100") > parse("1.88"));
    }

    #[test]
    fn a_tools_version_matches_as_a_word() {
        assert!(is_exactly("trunk 0.21.14\n", "0.21.14"));
        assert!(is_exactly("wasm-opt version 132 (version_132)", "132"));
        assert!(!is_exactly("trunk 0.21.140", "0.21.14"));
    }
}
