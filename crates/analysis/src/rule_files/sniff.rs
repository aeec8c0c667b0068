//! Tells rule files, files of a user's knowledge and reviews from everything else by their first item.

/// Bytes within which a file must show what it is; licence headers of rule files have a few thousand.
pub(crate) const MOST: usize = 64 * 1024;

/// What a beginning tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sniff {
    /// A rule file.
    Rules,
    /// A file of a user's knowledge.
    Knowledge,
    /// A review of findings.
    Review,
    /// Something else.
    Other,
    /// Comments and blanks so far, or an item that has not named its kind yet.
    Undecided,
}

/// UTF-8's byte order mark.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Keys that only items of rule files have, one of which each of them has.
const KINDS: [&str; 5] = ["rule", "macro", "list", "required_engine_version", "required_plugin_versions"];

/// What the beginning of a file tells; `whole` where there is nothing after it.
pub(crate) fn sniff(bytes: &[u8], whole: bool) -> Sniff {
    if !whole && MARK.starts_with(bytes) {
        return Sniff::Undecided;
    }
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let mut item: Option<Item> = None;
    let mut lines = bytes.split(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let is_complete = whole || lines.peek().is_some();
        let indent = line.iter().take_while(|byte| **byte == b' ').count();
        let text = line.get(indent..).unwrap_or_default().trim_ascii_end();
        if text.is_empty() || matches!(text.first(), Some(b'#' | b'%')) || text == b"---" {
            continue;
        }
        if item.is_none() && !is_complete && b"---".starts_with(text) {
            return Sniff::Undecided;
        }
        let key = match &item {
            None => {
                if text.starts_with(b"[") {
                    return table(text, is_complete);
                }
                // Everything but a dash ends the question at the first byte, as alerts do.
                let Some(rest) = text.strip_prefix(b"-") else { return Sniff::Other };
                if !matches!(rest.first(), None | Some(b' ')) {
                    return Sniff::Other;
                }
                let content = rest.trim_ascii_start();
                let column = indent + text.len() - content.len();
                item = Some(Item { dash: indent, keys: (!content.is_empty()).then_some(column) });
                if content.is_empty() || content.starts_with(b"#") {
                    continue;
                }
                content
            }
            Some(started) if indent <= started.dash => return Sniff::Other,
            Some(started) if started.keys.is_some_and(|column| column != indent) => continue,
            Some(started) => {
                item = Some(Item { keys: Some(indent), ..*started });
                text
            }
        };
        match key_of(key, is_complete) {
            Some(name) if KINDS.iter().any(|kind| kind.as_bytes() == name) => return Sniff::Rules,
            Some(_) => {}
            None if is_complete => return Sniff::Other,
            None => return Sniff::Undecided,
        }
    }
    if whole || bytes.len() >= MOST { Sniff::Other } else { Sniff::Undecided }
}

/// What a line tells that begins like a table of TOML or an array of JSON.
fn table(line: &[u8], is_complete: bool) -> Sniff {
    const TABLES: [(&[u8], Sniff); 3] =
        [(b"[[rule]]", Sniff::Knowledge), (b"[[image]]", Sniff::Knowledge), (b"[review]", Sniff::Review)];
    for (table, kind) in TABLES {
        if line.strip_prefix(table).is_some_and(|rest| !rest.starts_with(b"]")) {
            return kind;
        }
    }
    let may_be_one = !is_complete && TABLES.iter().any(|(table, _)| table.starts_with(line));
    if may_be_one { Sniff::Undecided } else { Sniff::Other }
}

/// The first item of the sequence.
#[derive(Debug, Clone, Copy)]
struct Item {
    /// The column of its dash.
    dash: usize,
    /// The column of its keys, once there is one.
    keys: Option<usize>,
}

/// The key that a line begins with; a colon that may still turn out to be part of a word is none.
fn key_of(line: &[u8], is_complete: bool) -> Option<&[u8]> {
    let line = line.strip_prefix(b"{").unwrap_or(line).trim_ascii_start();
    let (quote, line) = match line {
        [quote @ (b'"' | b'\''), rest @ ..] => (Some(*quote), rest),
        _ => (None, line),
    };
    let length = line.iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'_').count();
    let (name, rest) = line.split_at_checked(length)?;
    let rest = match quote {
        Some(quote) => rest.strip_prefix(&[quote])?,
        None => rest,
    };
    let rest = rest.trim_ascii_start().strip_prefix(b":")?;
    let ends = rest.first().map_or(is_complete, |byte| *byte == b' ');
    (!name.is_empty() && ends).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{MOST, Sniff, sniff};

    #[track_caller]
    fn check(text: &str, expected: Sniff) {
        assert_eq!(sniff(text.as_bytes(), true), expected, "{text:?}");
        // A beginning never says the opposite of the whole.
        for end in 0..=text.len() {
            let part = sniff(&text.as_bytes()[..end], false);
            assert!(part == Sniff::Undecided || part == expected, "{part:?} at {end} of {text:?}");
        }
    }

    #[test]
    fn rule_files() {
        for text in [
            "- rule: R\n",
            "\u{FEFF}# comment\n---\n\n- required_engine_version: 0.40.0\n",
            "- desc: d\n  rule: R\n",
            "  -   tags:\n        - rule: no\n      macro: m\n",
            "-\n  list: l\n",
            "- # first\n  list: l\n",
            "- {list: l, items: []}\n",
            "- \"rule\": R\r\n",
            "- rule:\n    R",
        ] {
            check(text, Sniff::Rules);
        }
    }

    #[test]
    fn a_users_knowledge() {
        for text in ["[[rule]]\nname = 'R'\n", "# ours\n\n[[image]] # known\n", "[[rule]]"] {
            check(text, Sniff::Knowledge);
        }
    }

    #[test]
    fn reviews() {
        for text in ["[review]\n", "# ours\n\n[review] # of May\n0a = {}\n", "[review]"] {
            check(text, Sniff::Review);
        }
    }

    #[test]
    fn everything_else() {
        for text in [
            "",
            "# only a comment\n",
            "{\"rule\":\"R\"}\n",
            "[{\"rule\":\"R\"}]",
            "[[{\"rule\":\"R\"}]]",
            "[[rules]]\n",
            "[reviews]\n",
            "[\n{\"rule\":\"R\"}]",
            "[rule]\n",
            "- name: e\n  fields: [proc.name]\n",
            "- hosts: all\n  tasks:\n    - rule: R\n- rule: R\n",
            "rule: R\n",
            "- - rule: R\n",
            "-rule: R\n",
            "- rules\n",
            "- rule:R\n",
            "08:00:00 Warning - rule: R\n",
        ] {
            check(text, Sniff::Other);
        }
    }

    #[test]
    fn the_question_ends() {
        let comments = "#\n".repeat(MOST);
        assert_eq!(sniff(comments.as_bytes(), false), Sniff::Other);
    }
}
