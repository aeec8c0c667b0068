//! A review as text.

use std::collections::BTreeMap;
use std::fmt::Write;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Mark, Opinion};
use crate::knowledge::own::Problem;
use crate::limits;

/// What a file begins with.
const HEAD: &str = "# What was made of findings, for Falco Report: a finding a line, sorted, so that reviews merge.\n[review]\n";

/// The keys of a finding.
const KEYS: [&str; 4] = ["mark", "note", "rule", "fingerprint"];

/// What a file holds, as far as it is in order.
#[derive(Debug, Default)]
pub struct Read {
    pub entries: BTreeMap<String, Entry>,
    pub problems: Vec<Problem>,
}

/// The text of a review.
pub fn write(entries: &BTreeMap<String, Entry>) -> String {
    let mut out = HEAD.to_owned();
    for (id, Entry { opinion, rule, fingerprint }) in entries {
        let texts = [opinion.mark.name(), &opinion.note, rule, fingerprint];
        let mut separator = " = { ";
        out.push_str(id);
        for (key, text) in KEYS.into_iter().zip(texts).filter(|(_, text)| !text.is_empty()) {
            out.push_str(separator);
            out.push_str(key);
            out.push_str(" = ");
            quote(&mut out, text);
            separator = ", ";
        }
        out.push_str(" }\n");
    }
    out
}

/// A basic string of TOML. What moves or hides text is spelt out, so that the file shows what it holds.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            character if crate::report::escape::is_hidden(character) => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\U{:08X}", u32::from(character));
            }
            character => out.push(character),
        }
    }
    out.push('"');
}

/// Reads a file of a size; its bytes may be missing where that is too large.
pub fn read(bytes: &[u8], size: u64) -> Read {
    let mut reader = Reader { text: "", read: Read::default() };
    match std::str::from_utf8(bytes) {
        _ if size > limits::REVIEW_BYTES as u64 => {
            let most = limits::REVIEW_BYTES;
            reader.fail(0, "", "", format!("a file of more than {most} bytes is not read"));
        }
        Ok(text) => {
            reader.text = text;
            reader.file();
        }
        Err(_) => reader.fail(0, "", "", "it is not UTF-8 text".to_owned()),
    }
    reader.read
}

struct Reader<'a> {
    text: &'a str,
    read: Read,
}

impl Reader<'_> {
    /// Notes what is wrong at a byte.
    fn fail(&mut self, at: usize, item: &str, key: &str, message: String) {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', before).count() as u64 + 1;
        self.read.problems.push(Problem { line, item: item.to_owned(), key: key.to_owned(), message });
    }

    fn file(&mut self) {
        let table = match DeTable::parse(self.text) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                return self.fail(at, "", "", error.message().to_owned());
            }
        };
        for (key, value) in &table {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("review", DeValue::Table(findings)) => self.findings(findings),
                (name, _) => {
                    self.fail(key.span().start, "", name, "a review holds `[review]` only".to_owned());
                }
            }
        }
    }

    fn findings(&mut self, findings: &DeTable<'_>) {
        for (key, value) in findings {
            let (id, at) = (key.get_ref().as_ref(), key.span().start);
            if !is_identifier(id) {
                self.fail(at, id, "", "a finding is named by 12 hexadecimal digits".to_owned());
            } else if self.read.entries.len() >= limits::REVIEW_MARKS {
                let most = limits::REVIEW_MARKS;
                return self.fail(at, id, "", format!("a review marks {most} findings at most"));
            } else if let DeValue::Table(keys) = value.get_ref() {
                self.finding(at, id, keys);
            } else {
                self.fail(at, id, "", "write `{ mark = \"expected\" }`".to_owned());
            }
        }
    }

    fn finding(&mut self, at: usize, id: &str, keys: &DeTable<'_>) {
        let before = self.read.problems.len();
        for key in keys.keys().filter(|key| !KEYS.contains(&key.get_ref().as_ref())) {
            self.fail(key.span().start, id, key.get_ref(), "there is no such key".to_owned());
        }
        let [mark, note, rule, fingerprint] = KEYS.map(|key| self.text_of(id, keys, key));
        if note.chars().nth(limits::NOTE_CHARACTERS).is_some() {
            let most = limits::NOTE_CHARACTERS;
            self.fail(at, id, "note", format!("a note has {most} characters at most"));
        }
        if !fingerprint.is_empty() && !is_identifier(&fingerprint) {
            self.fail(at, id, "fingerprint", "it has 12 hexadecimal digits".to_owned());
        }
        match Mark::from_name(&mark) {
            Some(mark) if self.read.problems.len() == before => {
                let entry = Entry { opinion: Opinion { mark, note }, rule, fingerprint };
                self.read.entries.insert(id.to_owned(), entry);
            }
            Some(_) => {}
            None => {
                let names = Mark::ALL.map(Mark::name).join("`, `");
                self.fail(at, id, "mark", format!("it is one of `{names}`"));
            }
        }
    }

    /// The text of a key; empty where there is none.
    fn text_of(&mut self, id: &str, keys: &DeTable<'_>, key: &str) -> String {
        match keys.get(key).map(Spanned::get_ref) {
            None => String::new(),
            Some(DeValue::String(text)) => text.clone().into_owned(),
            Some(_) => {
                let at = keys.get(key).map_or(0, |value| value.span().start);
                self.fail(at, id, key, "a text is needed".to_owned());
                String::new()
            }
        }
    }
}

/// Identifiers and fingerprints are the first 12 digits of a hash.
fn is_identifier(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "0a1b2c3d4e5f";

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let entry = |mark, note: &str, rule: &str, fingerprint: &str| Entry {
            opinion: Opinion { mark, note: note.to_owned() },
            rule: rule.to_owned(),
            fingerprint: fingerprint.to_owned(),
        };
        let entries = BTreeMap::from([
            ("000000000001".to_owned(), entry(Mark::Done, "", "", "")),
            (A.to_owned(), entry(Mark::Expected, "a \"b\" \\ \u{202e}\u{0}\r\n\t# [x]\nc = 1 é", "R }", A)),
        ]);
        let text = write(&entries);
        assert_eq!(text.lines().count(), 4, "a finding a line: {text}");
        assert!(!text.contains('\u{202e}'));
        let read = read(text.as_bytes(), text.len() as u64);
        assert_eq!((read.entries, read.problems), (entries, vec![]));
    }

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        let read = read(text.as_bytes(), text.len() as u64);
        let said: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
        assert_eq!((said.as_slice(), read.entries.len()), ([expected.to_owned()].as_slice(), 0), "{text}");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let with = |keys: &str| format!("# ours\n[review]\n{A} = {{ {keys} }}\n");
        let long = "n".repeat(limits::NOTE_CHARACTERS + 1);
        for (text, expected) in [
            (with("mark = 'fine'"), "key `mark`: it is one of `expected`, `investigate`, `done`"),
            (with("note = 'n'"), "key `mark`: it is one of `expected`, `investigate`, `done`"),
            (with("mark = 'done', note = 1"), "key `note`: a text is needed"),
            (with("mark = 'done', colour = 'red'"), "key `colour`: there is no such key"),
            (
                with(&format!("mark = 'done', note = '{long}'")),
                "key `note`: a note has 1000 characters at most",
            ),
            (with("mark = 'done', fingerprint = 'x'"), "key `fingerprint`: it has 12 hexadecimal digits"),
        ] {
            refused(&text, &format!("line 3, `{A}`, {expected}"));
        }
        refused("[review]\nx = {}\n", "line 2, `x`: a finding is named by 12 hexadecimal digits");
        refused(
            &format!("[review]\n{A} = 1\n"),
            &format!("line 2, `{A}`: write `{{ mark = \"expected\" }}`"),
        );
        refused("[[rule]]\nname = 'R'\n", "line 1, key `rule`: a review holds `[review]` only");
        let twice = format!("[review]\n{A} = {{ mark = 'done' }}\n{A} = {{ mark = 'done' }}\n");
        refused(&twice, "line 3: duplicate key");
        refused("[review]\n<<<<<<< ours\n", "line 2: key with no value, expected `=`");
    }

    #[test]
    fn what_is_too_much_is_not_read() {
        let long = read(b"", limits::REVIEW_BYTES as u64 + 1);
        assert_eq!(long.problems[0].to_string(), "line 1: a file of more than 1048576 bytes is not read");
        let mut text = HEAD.to_owned();
        for number in 0..=limits::REVIEW_MARKS {
            let _ = writeln!(text, "{number:012x} = {{mark=\"done\"}}");
        }
        let many = read(text.as_bytes(), text.len() as u64);
        assert_eq!((many.entries.len(), many.problems.len()), (limits::REVIEW_MARKS, 1));
    }
}
