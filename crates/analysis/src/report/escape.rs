//! Makes a stranger's text visible and harmless.
//!
//! Attackers choose process names, command lines and paths. Before any of it reaches a report, every
//! character that could move, hide or reorder text is replaced by its code point in `⟨U+…⟩`.

use std::borrow::Cow;
use std::fmt::Write;

use crate::limits;

/// The text with control, bidirectional and invisible characters spelt out, and cut at
/// [`limits::VALUE_SHOWN`].
pub fn visible(text: &str) -> Cow<'_, str> {
    let beyond = text.char_indices().nth(limits::VALUE_SHOWN).map(|(at, _)| text.split_at(at));
    let shown = beyond.map_or(text, |(shown, _)| shown);
    if beyond.is_none() && !shown.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(shown.len() + 16);
    for character in shown.chars() {
        if is_hidden(character) {
            spell(&mut out, character);
        } else {
            out.push(character);
        }
    }
    if let Some((_, rest)) = beyond {
        out.push('⟨');
        out.push_str(&rest.chars().count().to_string());
        out.push_str(" more characters⟩");
    }
    Cow::Owned(out)
}

fn spell(out: &mut String, character: char) {
    // Writing to a String cannot fail.
    let _ = write!(out, "⟨U+{:04X}⟩", u32::from(character));
}

/// Whether a character shows nothing by itself but may change how its neighbours show: controls, line
/// and paragraph separators, bidirectional marks, joiners and other format characters, variation
/// selectors, fillers, tags, private use and noncharacters.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(u32::from(character),
            0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
            | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164
            | 0xE000..=0xF8FF | 0xFDD0..=0xFDEF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
            | 0xFFF0..=0xFFFB | 0xFFFE | 0xFFFF | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A
            | 0xE0000..=0x0010_FFFF)
}

/// A Markdown code span that shows exactly this text.
///
/// The fence is longer than any run of backticks inside; blanks at both ends are padded, because
/// Markdown takes one of each away.
pub fn code_span(text: &str) -> String {
    if text.is_empty() {
        return "*(empty)*".to_owned();
    }
    let shown = visible(text);
    let fence = "`".repeat(longest_run(&shown) + 1);
    let ends = |blank: char| shown.starts_with(blank) || shown.ends_with(blank);
    let pad = if ends('`') || ends(' ') { " " } else { "" };
    if shown.bytes().all(|byte| byte == b' ') {
        return format!("{fence}{shown}{fence}");
    }
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// A fenced Markdown code block. Line ends in the text are kept; every line is made visible.
pub fn code_block(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let mut out = format!("{fence}{language}\n");
    for line in text.lines() {
        out.push_str(&visible(line));
        out.push('\n');
    }
    out.push_str(&fence);
    out.push('\n');
    out
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or_default()
}

/// Our own words as Markdown text. A stranger's words never come this way.
pub fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let special = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '$' | '@' => true,
            '&' => text.contains(';'),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_spelt_out() {
        assert_eq!(visible("a\nb\u{202E}c\u{1B}[2J"), "a⟨U+000A⟩b⟨U+202E⟩c⟨U+001B⟩[2J");
        assert!(matches!(visible("größe /tmp/x 漢字"), Cow::Borrowed(_)));
    }

    #[test]
    fn long_values_are_cut_and_say_so() {
        let long = "x".repeat(limits::VALUE_SHOWN + 7);
        assert!(visible(&long).ends_with("x⟨7 more characters⟩"));
    }

    #[test]
    fn code_spans_hold_any_run_of_backticks() {
        assert_eq!(code_span("a"), "`a`");
        assert_eq!(code_span("a``b"), "```a``b```");
        assert_eq!(code_span("`"), "`` ` ``");
        assert_eq!(code_span(" a"), "`  a `");
        assert_eq!(code_span("  "), "`  `");
        assert_eq!(code_span(""), "*(empty)*");
    }

    #[test]
    fn code_blocks_cannot_be_left() {
        assert_eq!(code_block("", "```\nx"), "````\n```\nx\n````\n");
    }
}
