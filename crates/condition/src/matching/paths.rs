//! `pmatch`: whether one of many paths is the value or a folder above it.
//!
//! A path is a list of names; empty names do not count, so neither slashes at the ends nor repeated ones
//! matter, and the paths `/` and the empty one are above everything. A name with `*`, `?` or `[` is a
//! shell pattern for one name.

use super::glob;

/// Paths to find values under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paths {
    paths: Vec<Box<[Name]>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    text: Box<[u8]>,
    is_pattern: bool,
}

impl Paths {
    pub fn new<'a>(paths: impl Iterator<Item = &'a str>) -> Self {
        let name = |text: &[u8]| Name {
            text: text.into(),
            is_pattern: text.iter().any(|byte| matches!(byte, b'*' | b'?' | b'[')),
        };
        Self { paths: paths.map(|path| names(path.as_bytes()).map(name).collect()).collect() }
    }

    /// Whether the value is one of the paths or lies under one.
    pub fn cover(&self, value: &[u8]) -> bool {
        self.paths.iter().any(|path| {
            let mut value = names(value);
            path.iter().all(|name| {
                value.next().is_some_and(|text| {
                    if name.is_pattern { glob::fits(&name.text, text, false) } else { *name.text == *text }
                })
            })
        })
    }
}

fn names(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/').filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, value: &str, expected: bool) {
        assert_eq!(Paths::new([path].into_iter()).cover(value.as_bytes()), expected, "{path} over {value}");
    }

    #[test]
    fn whole_names_count() {
        check("/var/run", "/var/run", true);
        check("/var/run", "/var/run/x", true);
        check("/var/run", "/var/running", false);
        check("/var/run", "/var", false);
        check("/var//run/", "/var/run/x", true);
        check("var/run", "/var/run/x", true);
    }

    #[test]
    fn patterns_stay_within_a_name() {
        check("/usr/*/x86_64", "/usr/lib/x86_64/libc.so", true);
        check("/usr/*", "/usr", false);
        check("/et*", "/etc", true);
        check("/us*/lib", "/usr/local/lib", false);
    }

    #[test]
    fn the_root_covers_everything() {
        check("/", "/etc", true);
        check("", "", true);
        check("/", "cat", true);
        assert!(!Paths::new(std::iter::empty()).cover(b"/etc"));
    }
}
