//! Knowledge that users bring: entries in the form of those that this crate has, and images that they know.
//!
//! ```toml
//! [[rule]]
//! name = "Payment key read"
//! action = "read the key that signs payments"
//! behaviour = "A program other than the signer opened the key."
//! ordinary = ["The key is rotated on the first of a month, by `rotate-keys`."]
//! steps = [{ text = "Call the payment team: runbook 12." }]
//!
//! [[image]]
//! name = "registry.example/platform/node-agent"
//! rules = ["Launch Privileged Container"]
//! ```
//!
//! An entry takes the place of ours for its rule. `name`, `action` and `behaviour` are needed, everything else
//! may be left out. What is wrong is said with its line; an entry with something wrong is not used.

mod check;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::limits;

/// What is wrong in a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: u64,
    /// The rule or image; empty where the file as a whole is meant.
    pub item: String,
    /// The key; empty where the item as a whole is meant.
    pub key: String,
    /// What is wrong, in lower case.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}", self.line)?;
        if !self.item.is_empty() {
            write!(out, ", `{}`", self.item)?;
        }
        if !self.key.is_empty() {
            write!(out, ", key `{}`", self.key)?;
        }
        write!(out, ": {}", self.message)
    }
}

/// A file as the report names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFile {
    /// Its name.
    pub name: String,
    /// Entries in use.
    pub entries: u64,
    /// Known images in use.
    pub images: u64,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// An image that the user knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownImage {
    /// Its full name without tag; with a slash at its end, everything below it.
    name: String,
    /// The rules that it trips as part of its work.
    rules: Vec<String>,
}

/// How far an image is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// As one of the user's.
    Image,
    /// As one that trips this rule by its work.
    ForRule,
}

/// Everything that a user's files say; of two entries for one rule the later one counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Own {
    /// In the order in which they were read.
    pub files: Vec<OwnFile>,
    /// Packed lines by rule, as `packed::entry` reads them.
    entries: BTreeMap<String, Arc<str>>,
    images: Vec<KnownImage>,
}

impl Own {
    /// Reads a further file. What is longer than [`limits::KNOWLEDGE_BYTES`] is not read.
    pub fn take(&mut self, name: &str, bytes: &[u8], size: u64) {
        let mut file = check::File::default();
        match std::str::from_utf8(bytes) {
            _ if size > limits::KNOWLEDGE_BYTES as u64 => {
                file.fail(
                    0,
                    "",
                    format!("a file of more than {} bytes is not read", limits::KNOWLEDGE_BYTES),
                );
            }
            Ok(text) => file.read(text),
            Err(_) => file.fail(0, "", "it is not UTF-8 text".to_owned()),
        }
        let (entries, images) = (file.entries.len() as u64, file.images.len() as u64);
        self.entries.extend(file.entries);
        self.images.extend(file.images);
        self.files.push(OwnFile { name: name.to_owned(), entries, images, problems: file.problems });
    }

    /// The packed lines of the user's entry for a rule.
    pub fn entry(&self, rule: &str) -> Option<Arc<str>> {
        self.entries.get(rule).cloned()
    }

    /// How far the user knows an image under a rule.
    pub fn knows(&self, image: &str, rule: &str) -> Option<Known> {
        let is_meant = |known: &&KnownImage| match known.name.strip_suffix('/') {
            Some(_) => image.starts_with(&known.name),
            None => image == known.name,
        };
        let known = self.images.iter().filter(is_meant);
        known
            .map(
                |known| if known.rules.iter().any(|own| own == rule) { Known::ForRule } else { Known::Image },
            )
            .max_by_key(|known| *known == Known::ForRule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Own {
        let mut own = Own::default();
        own.take("mine.toml", text.as_bytes(), text.len() as u64);
        own
    }

    const ENTRY: &str = "[[rule]]\nname = 'R'\naction = 'did it'\nbehaviour = 'It was done.'\n";

    #[test]
    fn an_entry_is_packed_as_ours_are() {
        let text = format!(
            "{ENTRY}formerly = ['Q']\nsource = 'syscall'\nattackers = ['a', 'b']\n\
             attack = [{{ technique = 'T1059', tactic = 'execution' }}]\n\
             tells = [{{ fields = ['proc.name', 'proc.tty'], text = 't' }}]\n\
             steps = ['load_host', {{ text = 'See <<proc.name>>.', command = 'id', place = 'host' }}]\n"
        );
        let own = read(&text);
        assert_eq!(
            own.files[0],
            OwnFile { name: "mine.toml".into(), entries: 2, images: 0, problems: vec![] }
        );
        assert_eq!(
            own.entry("R").as_deref(),
            Some(
                "ssyscall\nadid it\nbIt was done.\nma\nmb\ntT1059\texecution\ndproc.name,proc.tty\tt\ncload_host\nnSee <<proc.name>>.\tid\t\thost\n"
            )
        );
        assert_eq!(own.entry("Q"), own.entry("R"));
    }

    #[test]
    fn images_are_known_by_full_name_or_below_a_folder() {
        let own =
            read("[[image]]\nname = 'reg.example/a'\nrules = ['R']\n[[image]]\nname = 'reg.example/b/'\n");
        for (image, rule, known) in [
            ("reg.example/a", "R", Some(Known::ForRule)),
            ("reg.example/a", "S", Some(Known::Image)),
            ("reg.example/ab", "R", None),
            ("reg.example/b/c", "R", Some(Known::Image)),
            ("reg.example/b", "R", None),
        ] {
            assert_eq!(own.knows(image, rule), known, "{image} {rule}");
        }
    }

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        let own = read(text);
        let said: Vec<String> = own.files[0].problems.iter().map(ToString::to_string).collect();
        assert_eq!(said, [expected], "{text}");
        assert_eq!(own.files[0].entries + own.files[0].images, 0);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        refused("[[rule]]\nname = 'R'\nbehaviour = 'B.'\n", "line 1, `R`, key `action`: it is needed");
        refused(&format!("{ENTRY}colour = 'red'\n"), "line 5, `R`, key `colour`: there is no such key");
        refused(
            &format!("{ENTRY}attackers = 'a'\n"),
            "line 5, `R`, key `attackers`: a list of texts is needed",
        );
        refused(&format!("{ENTRY}result = 5\n"), "line 5, `R`, key `result`: a text is needed");
        refused(
            &format!("{ENTRY}result = \"a\\nb\"\n"),
            "line 5, `R`, key `result`: a text is one line, without tabs and hidden characters",
        );
        refused(
            &format!("{ENTRY}attack = [{{ technique = 'T1', tactic = 'execution' }}]\n"),
            "line 5, `R`, key `attack`: `T1` is no technique of ATT&CK's, such as `T1059.004`",
        );
        refused(
            &format!("{ENTRY}attack = [{{ technique = 'T1059', tactic = 'run' }}]\n"),
            "line 5, `R`, key `attack`: `run` is no tactic of ATT&CK's, such as `privilege-escalation`",
        );
        refused(
            &format!("{ENTRY}steps = ['nonesuch']\n"),
            "line 5, `R`, key `steps`: there is no shared step `nonesuch`",
        );
        refused(
            &format!("{ENTRY}steps = [{{ text = 'See <<proc.name.' }}]\n"),
            "line 5, `R`, key `text`: `<<` without `>>`",
        );
        refused(
            &format!("{ENTRY}steps = [{{ text = 'x', place = 'moon' }}]\n"),
            "line 5, `R`, key `place`: `moon` is neither `host` nor `container`",
        );
        refused(
            "[[rules]]\nname = 'R'\n",
            "line 1, key `rules`: a file holds `[[rule]]` and `[[image]]` only",
        );
        refused("rule = 1\n", "line 1, key `rule`: write `[[rule]]`");
        refused(
            "[[image]]\nname = 'reg.example/a:7'\n",
            "line 2, `reg.example/a:7`, key `name`: an image is named without a tag or digest",
        );
        refused("[[rule]]\nname = 'R\n", "line 2: invalid literal string, expected `'`");
    }

    #[test]
    fn one_wrong_entry_does_not_spoil_the_others() {
        let own = read(&format!("[[rule]]\nname = 'S'\n\n{ENTRY}"));
        assert_eq!((own.files[0].entries, own.files[0].problems.len()), (1, 2));
        assert!(own.entry("S").is_none() && own.entry("R").is_some());
    }
}
