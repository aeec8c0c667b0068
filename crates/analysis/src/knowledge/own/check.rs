//! Reads one file of a user's knowledge and checks it key by key.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::shared_steps;
use super::{KnownImage, Problem};
use crate::insight::coverage::{TACTICS, is_technique};
use crate::report::escape::is_hidden;

/// What a file holds, as far as it is in order.
#[derive(Debug, Default)]
pub struct File {
    pub entries: BTreeMap<String, Arc<str>>,
    pub images: Vec<KnownImage>,
    pub problems: Vec<Problem>,
    /// Where each line ends, to find the line of a byte.
    line_ends: Vec<usize>,
    /// The item under examination.
    item: String,
}

/// Keys whose value is one text, with the letter of the packed form.
const TEXTS: [(&str, char); 5] =
    [("source", 's'), ("action", 'a'), ("behaviour", 'b'), ("result", 'r'), ("hook", 'h')];

/// Keys whose value is a list of texts.
const LISTS: [(&str, char); 3] = [("attackers", 'm'), ("ordinary", 'o'), ("controls", 'k')];

/// Keys whose value is a list of tables, with the keys of those in the order of the packed columns; how many
/// of them are needed.
const TABLES: [(&str, char, &[&str], usize); 5] = [
    ("target", 'g', &["field", "words"], 1),
    ("attack", 't', &["technique", "tactic"], 2),
    ("contradicted", 'x', &["tag", "why"], 2),
    ("tells", 'd', &["fields", "text"], 2),
    ("unknown", 'u', &["text", "unless"], 1),
];

/// The keys of a step, in the order of the packed columns.
const STEP: &[&str] = &["text", "command", "unless", "place", "only_for"];

/// The names of verdicts.
const CLASSES: [&str; 5] =
    ["likely_malicious", "blind_spot", "needs_review", "test_activity", "likely_benign"];

type Item<'a> = Spanned<DeValue<'a>>;

impl File {
    /// Notes what is wrong at a byte.
    pub fn fail(&mut self, at: usize, key: &str, message: String) {
        let line = self.line_ends.partition_point(|end| *end < at) as u64 + 1;
        self.problems.push(Problem { line, item: self.item.clone(), key: key.to_owned(), message });
    }

    /// Reads the text of a file.
    pub fn read(&mut self, text: &str) {
        self.line_ends =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        let table = match DeTable::parse(text) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                return self.fail(at, "", error.message().to_owned());
            }
        };
        for (key, value) in &table {
            let name = key.get_ref().as_ref();
            let at = key.span().start;
            let DeValue::Array(items) = value.get_ref() else {
                let message = match name {
                    "rule" | "image" => format!("write `[[{name}]]`"),
                    _ => "a file holds `[[rule]]` and `[[image]]` only".to_owned(),
                };
                self.fail(at, name, message);
                continue;
            };
            for item in items {
                let before = self.problems.len();
                self.item.clear();
                match (name, item.get_ref()) {
                    ("rule", DeValue::Table(table)) => self.rule(item.span().start, table, before),
                    ("image", DeValue::Table(table)) => self.image(item.span().start, table, before),
                    ("rule" | "image", _) => self.fail(at, name, format!("write `[[{name}]]`")),
                    _ => self.fail(at, name, "a file holds `[[rule]]` and `[[image]]` only".to_owned()),
                }
            }
        }
    }

    fn rule(&mut self, at: usize, table: &DeTable<'_>, before: usize) {
        let name = self.needed(at, table, "name").unwrap_or_default();
        self.item.clone_from(&name);
        let mut lines = String::new();
        let (mut names, mut actor) = (vec![name], [String::new(), String::new()]);
        for needed in ["action", "behaviour"] {
            if !table.contains_key(needed) {
                self.fail(at, needed, "it is needed".to_owned());
            }
        }
        // In the order of the packed form, so that equal entries are equal texts.
        for (key, letter) in TEXTS {
            if let Some(value) = table.get(key) {
                let text = self.text(key, value);
                push(&mut lines, letter, &[text]);
            }
        }
        for (key, letter) in LISTS {
            for text in table.get(key).map(|value| self.texts(key, value)).unwrap_or_default() {
                push(&mut lines, letter, &[text]);
            }
        }
        for (key, letter, columns, needed) in TABLES {
            for item in table.get(key).map(|value| self.items(key, value)).unwrap_or_default() {
                let row = self.row(key, item, columns, needed);
                if key == "attack" {
                    self.attack(item, &row);
                }
                push(&mut lines, letter, &row);
            }
        }
        for item in table.get("steps").map(|value| self.items("steps", value)).unwrap_or_default() {
            self.step(item, &mut lines);
        }
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "formerly" => names.extend(self.texts("formerly", value)),
                "actor" => actor[0] = self.text("actor", value),
                "actor_name" => actor[1] = self.text("actor_name", value),
                "name" | "steps" => {}
                key if TEXTS.iter().any(|(own, _)| *own == key) => {}
                key if LISTS.iter().any(|(own, _)| *own == key) => {}
                key if TABLES.iter().any(|(own, ..)| *own == key) => {}
                other => self.fail(key.span().start, other, "there is no such key".to_owned()),
            }
        }
        if actor.iter().any(|part| !part.is_empty()) {
            push(&mut lines, 'w', &actor);
        }
        if self.problems.len() == before {
            let lines: Arc<str> = lines.into();
            self.entries.extend(names.into_iter().map(|name| (name, Arc::clone(&lines))));
        }
    }

    fn image(&mut self, at: usize, table: &DeTable<'_>, before: usize) {
        let name = self.needed(at, table, "name").unwrap_or_default();
        self.item.clone_from(&name);
        let last = name.rsplit('/').next().unwrap_or_default();
        if last.contains(':') || name.contains('@') {
            let at = table.get("name").map_or(at, |name| name.span().start);
            self.fail(at, "name", "an image is named without a tag or digest".to_owned());
        }
        let rules = table.get("rules").map(|value| self.texts("rules", value)).unwrap_or_default();
        for (key, _) in table {
            if !["name", "rules"].contains(&key.get_ref().as_ref()) {
                self.fail(key.span().start, key.get_ref(), "there is no such key".to_owned());
            }
        }
        if self.problems.len() == before {
            self.images.push(KnownImage { name, rules });
        }
    }

    fn needed(&mut self, at: usize, table: &DeTable<'_>, key: &str) -> Option<String> {
        let Some(value) = table.get(key) else {
            self.fail(at, key, "it is needed".to_owned());
            return None;
        };
        Some(self.text(key, value))
    }

    /// A text; empty where it is none, which was said.
    fn text(&mut self, key: &str, value: &Item<'_>) -> String {
        let at = value.span().start;
        let DeValue::String(text) = value.get_ref() else {
            self.fail(at, key, "a text is needed".to_owned());
            return String::new();
        };
        if text.contains(is_hidden) {
            self.fail(at, key, "a text is one line, without tabs and hidden characters".to_owned());
        }
        if text.split("<<").skip(1).any(|part| !part.contains(">>")) {
            self.fail(at, key, "`<<` without `>>`".to_owned());
        }
        text.clone().into_owned()
    }

    fn texts(&mut self, key: &str, value: &Item<'_>) -> Vec<String> {
        let DeValue::Array(items) = value.get_ref() else {
            self.fail(value.span().start, key, "a list of texts is needed".to_owned());
            return Vec::new();
        };
        items.iter().map(|item| self.text(key, item)).collect()
    }

    fn items<'a, 'b>(&mut self, key: &str, value: &'a Item<'b>) -> Vec<&'a Item<'b>> {
        if let DeValue::Array(items) = value.get_ref() {
            return items.iter().collect();
        }
        self.fail(value.span().start, key, "a list is needed".to_owned());
        Vec::new()
    }

    /// The values of a table in the order of its columns, of which the first `needed` must be there.
    fn row(&mut self, key: &str, item: &Item<'_>, columns: &[&str], needed: usize) -> Vec<String> {
        let DeValue::Table(table) = item.get_ref() else {
            let keys = columns.join("`, `");
            self.fail(item.span().start, key, format!("a table with `{keys}` is needed"));
            return Vec::new();
        };
        for (name, _) in table {
            if !columns.contains(&name.get_ref().as_ref()) {
                self.fail(name.span().start, name.get_ref(), format!("there is no such key in `{key}`"));
            }
        }
        let mut row = Vec::new();
        for (place, column) in columns.iter().enumerate() {
            row.push(match table.get(*column) {
                Some(value) if *column == "fields" => self.texts(column, value).join(","),
                Some(value) => self.text(column, value),
                None => {
                    if place < needed {
                        self.fail(item.span().start, key, format!("`{column}` is needed"));
                    }
                    String::new()
                }
            });
        }
        row
    }

    fn attack(&mut self, item: &Item<'_>, row: &[String]) {
        let at = item.span().start;
        let [technique, tactic] = row else { return };
        if !is_technique(technique) {
            let message = format!("`{technique}` is no technique of ATT&CK's, such as `T1059.004`");
            self.fail(at, "attack", message);
        }
        if !TACTICS.iter().any(|(short, _)| short == tactic) {
            let message = format!("`{tactic}` is no tactic of ATT&CK's, such as `privilege-escalation`");
            self.fail(at, "attack", message);
        }
    }

    fn step(&mut self, item: &Item<'_>, lines: &mut String) {
        let at = item.span().start;
        if let DeValue::String(_) = item.get_ref() {
            let name = self.text("steps", item);
            if shared_steps(&name).next().is_none() {
                self.fail(at, "steps", format!("there is no shared step `{name}`"));
            }
            return push(lines, 'c', &[name]);
        }
        let row = self.row("steps", item, STEP, 1);
        if let [_, _, _, place, only_for] = row.as_slice() {
            if !["", "host", "container"].contains(&place.as_str()) {
                self.fail(at, "place", format!("`{place}` is neither `host` nor `container`"));
            }
            if !only_for.is_empty() && !CLASSES.contains(&only_for.as_str()) {
                self.fail(at, "only_for", format!("`{only_for}` is none of `{}`", CLASSES.join("`, `")));
            }
        }
        push(lines, 'n', &row);
    }
}

/// Adds a line of the packed form; trailing empty columns are left out.
fn push(lines: &mut String, letter: char, columns: &[String]) {
    lines.push(letter);
    lines.push_str(columns.join("\t").trim_end_matches('\t'));
    lines.push('\n');
}
