//! Findings for a terminal: the line, and a caret under the place.
//!
//! ```text
//! error[LOAD_ERR_VALIDATE]: Undefined macro 'spawned' used in filter.
//!   --> overlay.yaml:3:14
//!    |
//!  3 |   condition: spawned and proc.name = nc
//!    |              ^^^^^^^
//!    = in rule `Netcat`
//!    = hint: define macro `spawned`, or …
//! ```

use std::fmt::Write;

use crate::item::Item;
use crate::load::FileReport;

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The file does not load.
    Error,
    /// The file loads.
    Warning,
    /// Falco says nothing.
    Note,
}

/// Bytes of a line that are shown.
const WIDTH: usize = 120;

/// Bytes of a line that are shown before the place.
const LEAD: usize = 60;

/// The line and column of a byte, both from 1; columns count bytes.
pub fn line_column(text: &str, offset: usize) -> (u64, u64) {
    let before = text.as_bytes().get(..offset.min(text.len())).unwrap_or_default();
    let lines = before.split(|byte| *byte == b'\n');
    let column = lines.clone().next_back().map_or(0, <[u8]>::len) + 1;
    (lines.count() as u64, column as u64)
}

/// Writes a finding with the line that it is about, for a terminal with or without colours.
pub fn render(item: &Item, level: Level, files: &[FileReport], color: bool) -> String {
    let paint = |text: &str, code: &str| {
        if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    let (word, code) = match level {
        Level::Error => ("error", "1;31"),
        Level::Warning => ("warning", "1;33"),
        Level::Note => ("note", "1;36"),
    };
    let head = paint(&format!("{word}[{}]", item.code), code);
    let mut out = format!("{head}: {}\n", harmless(&item.message));
    let Some(file) = files.get(item.file) else { return out };
    let (line, column) = line_column(&file.text, item.span.start);
    let bar = paint("|", "1;34");
    let margin = line.to_string().len();
    let empty = " ".repeat(margin);
    let arrow = paint("-->", "1;34");
    // Writing to a string does not fail.
    let _ = writeln!(out, "{empty}{arrow} {}:{line}:{column}", harmless(&file.name));
    if let Some((shown, before, length)) = excerpt(&file.text, item) {
        let number = paint(&line.to_string(), "1;34");
        let carets = paint(&"^".repeat(length), code);
        let _ = writeln!(
            out,
            "{empty} {bar}\n{number} {bar} {shown}\n{empty} {bar} {}{carets}",
            " ".repeat(before)
        );
    }
    let equals = paint("=", "1;34");
    if !item.item_name.is_empty() {
        let _ = writeln!(out, "{empty} {equals} in {} `{}`", item.item_type, harmless(&item.item_name));
    }
    if let Some(hint) = &item.hint {
        let _ = writeln!(out, "{empty} {equals} hint: {}", harmless(hint));
    }
    out
}

/// The part of a line around an item, how many characters of it come before the place, and how many
/// the place has.
fn excerpt(text: &str, item: &Item) -> Option<(String, usize, usize)> {
    let at = item.span.start.min(text.len());
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let rest = text.get(start..)?;
    let line = rest.get(..rest.find('\n').unwrap_or(rest.len()))?;
    let line = line.strip_suffix('\r').unwrap_or(line);
    let place = (at - start).min(line.len());
    let from = if place > WIDTH - 20 { place - LEAD } else { 0 };
    let from = (from..=place).find(|index| line.is_char_boundary(*index))?;
    let to = (from + WIDTH).min(line.len());
    let to = (from..=to).rev().find(|index| line.is_char_boundary(*index))?;
    let end = (at.max(item.span.end) - start).clamp(place, to.max(place));
    let end = (place..=end).rev().find(|index| line.is_char_boundary(*index))?;
    let lead = if from > 0 { "…" } else { "" };
    let tail = if to < line.len() { "…" } else { "" };
    let before = lead.chars().count() + line.get(from..place)?.chars().count();
    let length = line.get(place..end)?.chars().count().max(1);
    Some((format!("{lead}{}{tail}", harmless(line.get(from..to)?)), before, length))
}

/// Text without anything that a terminal acts on, each character in the place of one.
fn harmless(text: &str) -> String {
    text.chars()
        .map(|symbol| match symbol {
            '\t' | '\n' => ' ',
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => '\u{FFFD}',
            symbol if symbol.is_control() => '\u{FFFD}',
            symbol => symbol,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Level, line_column, render};
    use crate::{Engine, RuleFile, load};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let loaded = load(&[RuleFile { name: "r.yaml", bytes: text.as_bytes() }], &Engine::falco_0_44());
        let rendered = render(&loaded.files[0].errors[0], Level::Error, &loaded.files, false);
        assert_eq!(rendered, expected);
    }

    #[test]
    fn a_finding_shows_its_line_and_place() {
        check(
            "- macro: m\n  condition: >\n    proc.name = a\n    and nope\n",
            "error[LOAD_ERR_VALIDATE]: Undefined macro 'nope' used in filter.\n \
             --> r.yaml:4:9\n  |\n4 |     and nope\n  |         ^^^^\n  = in macro `m`\n  = hint: define \
             macro `nope`, or write a check such as `proc.name = nope`; names are case-sensitive\n",
        );
    }

    #[test]
    fn what_a_terminal_acts_on_is_replaced() {
        check(
            "- rule: \"a\\e[31m\u{202E}\"\n  x: y\n",
            "error[LOAD_ERR_YAML_VALIDATE]: Item has no mapping for key 'enabled'\n \
             --> r.yaml:1:3\n  |\n1 | - rule: \"a\\e[31m\u{FFFD}\"\n  |   ^^^^^^^^^^^^^^^^\n  = in rule \
             `a\u{FFFD}[31m\u{FFFD}`\n  = hint: add `enabled: …`, or say under `override` what is to change\n",
        );
    }

    #[test]
    fn lines_and_columns_count_from_one() {
        assert_eq!(line_column("ab\ncé\nd", 0), (1, 1));
        assert_eq!(line_column("ab\ncé\nd", 4), (2, 2));
        assert_eq!(line_column("ab\ncé\nd", 7), (3, 1));
        assert_eq!(line_column("ab", 99), (1, 3));
    }
}
