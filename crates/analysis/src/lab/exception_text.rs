//! An exception that is written before the rule is chosen.
//!
//! ```yaml
//! - name: ci
//!   fields: [proc.exepath, container.image.repository]
//!   values: [[/usr/bin/gdb, docker.io/acme/ci]]
//! ```
//!
//! It is tried under every rule of the alerts, as an overlay that appends it to each.

use super::overlay_text::diagnostics;
use super::{Base, Judge, Read};
use crate::diagnostic::Diagnostic;
use crate::limits;
use crate::shelf::Shelf;

/// The key above a list of exceptions.
const KEY: &str = "exceptions:";

/// Whether an exception begins with this line.
pub fn begins(line: &str) -> bool {
    let item = line.strip_prefix("- ").map(str::trim_start);
    let keys = ["name:", "fields:", "comps:", "values:"];
    line == KEY || item.is_some_and(|item| keys.iter().any(|key| item.starts_with(key)))
}

/// Checks an exception, and makes it ready to be tried.
pub fn read(text: &str, shelf: &Shelf, base: &Base) -> Read {
    let rules = shelf.rules();
    let wrapped = Wrapped::new(text, &rules);
    let simulation = base.simulate(&wrapped.overlay, shelf);
    let found = diagnostics(&simulation).into_iter().filter_map(|found| wrapped.back(text, found));
    let diagnostics = found.collect();
    let with_rule_files = simulation.base_files > 0;
    let judge = simulation.loads().then(|| Judge::Overlay(Box::new(simulation)));
    Read { diagnostics, judge, with_rule_files }
}

/// The exception under each of some rules.
pub struct Wrapped {
    /// The overlay.
    pub overlay: String,
    /// Lines before the exception's first.
    before: u64,
    /// Lines of the exception.
    lines: u64,
    /// Blanks that the exception's lines have in the overlay, and in its own text.
    indents: (usize, usize),
}

impl Wrapped {
    /// Puts an exception under these rules, at most [`limits::EXCEPTION_RULES`] of them.
    pub fn new(text: &str, rules: &[&str]) -> Self {
        let is_content = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        let first = text.lines().find(is_content).unwrap_or_default();
        let own = first.len() - first.trim_start_matches(' ').len();
        let has_key = first.trim() == KEY;
        let indent = if has_key { 2 } else { 4 };
        let mut overlay = String::new();
        for rule in rules.iter().take(limits::EXCEPTION_RULES) {
            let rule = serde_json::to_string(rule).unwrap_or_default();
            overlay.extend(["- rule: ", &rule, "\n"]);
            if !has_key {
                overlay.extend(["  ", KEY, "\n"]);
            }
            for line in text.lines() {
                let blanks = line.len() - line.trim_start_matches(' ').len();
                let line = line.get(blanks.min(own)..).unwrap_or_default();
                overlay.extend([&" ".repeat(indent), line, "\n"]);
            }
            overlay.push_str("  override: {exceptions: append}\n");
        }
        let before = if has_key { 1 } else { 2 };
        Self { overlay, before, lines: text.lines().count() as u64, indents: (indent, own) }
    }

    /// A finding in the overlay as one in the exception; nothing for those that come again under the next
    /// rule.
    fn back(&self, text: &str, found: Diagnostic) -> Option<Diagnostic> {
        let after_first = found.line > self.before + self.lines + 1;
        if after_first {
            return None;
        }
        let line = found.line.saturating_sub(self.before).clamp(1, self.lines.max(1));
        let (indent, own) = self.indents;
        let column = (found.column + own as u64).saturating_sub(indent as u64).max(1);
        let place = usize::try_from(line - 1).unwrap_or(usize::MAX);
        let before: usize = text.split_inclusive('\n').take(place).map(str::len).sum();
        let start = (before as u64 + column - 1).min(text.len() as u64);
        let length = found.end.saturating_sub(found.start);
        Some(Diagnostic { line, column, start, end: (start + length).min(text.len() as u64), ..found })
    }
}
