//! What puts controls into effect, read letter by letter where it is needed.

use super::TEXT;
use super::packed::Blocks;

/// A measure, a setting or a policy; what its letters mean says `pack_measures.rs` of the crate `knowledge`.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    /// Its name.
    pub name: &'static str,
    lines: &'static str,
}

impl Sheet {
    /// The lines of a letter.
    pub fn all(self, letter: char) -> impl Iterator<Item = &'static str> {
        self.lines.lines().filter_map(move |line| line.strip_prefix(letter))
    }

    /// The line of a letter; empty where there is none.
    pub fn one(self, letter: char) -> &'static str {
        self.all(letter).next().unwrap_or_default()
    }

    /// The columns of the line of a letter.
    pub fn columns(self, letter: char) -> impl Iterator<Item = &'static str> {
        self.one(letter).split('\t').filter(|column| !column.is_empty())
    }
}

fn sheets(text: &'static str) -> impl Iterator<Item = Sheet> {
    Blocks(text).map(|(name, lines)| Sheet { name, lines })
}

/// Files, and steps without one, in the order of their names.
pub fn measures() -> impl Iterator<Item = Sheet> {
    sheets(TEXT.measures())
}

/// Settings of workloads, in the order of their names.
pub fn settings() -> impl Iterator<Item = Sheet> {
    sheets(TEXT.settings())
}

/// Checks of objects, in the order of their names.
pub fn policies() -> impl Iterator<Item = Sheet> {
    sheets(TEXT.policies())
}

/// What stops or limits a behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control {
    /// Where it is set: `container`, `cluster`, `host`, `platform` or `falco`.
    pub group: &'static str,
    /// What it is, as a sentence.
    pub text: &'static str,
    /// What a file for it would have to know beyond the alerts; may be empty.
    pub evidence: &'static str,
}

/// A control by its name in `knowledge/controls.toml`.
pub fn control(name: &str) -> Option<Control> {
    let line = TEXT.controls().lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'))?;
    let mut columns = line.split('\t');
    let mut next = || columns.next().unwrap_or_default();
    Some(Control { group: next(), text: next(), evidence: next() })
}
