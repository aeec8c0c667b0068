//! Reads the packed text; the crate `knowledge` writes it and says what its letters mean.

use std::io::Read as _;

use ppmd_rust::Ppmd7Decoder;

use super::{Actor, Entry, Step, Technique, Tell, Unknown, shared_steps, technique_name};

/// The packed text, in its parts.
pub struct Text(Vec<String>);

impl Text {
    /// From the embedded bytes: `PPMd`'s order, its memory in MiB, the stream. The build wrote them, so they
    /// are whole.
    pub fn unpack(embedded: &[u8]) -> Self {
        let mut text = String::new();
        if let [order, memory, stream @ ..] = embedded
            && let Ok(mut decoder) = Ppmd7Decoder::new(stream, u32::from(*order), u32::from(*memory) << 20)
            && decoder.read_to_string(&mut text).is_err()
        {
            text.clear();
        }
        Self(text.split('\u{c}').map(str::to_owned).collect())
    }

    /// Lines of source and who acts in it.
    pub fn sources(&self) -> &str {
        self.part(0)
    }

    /// Lines of technique and name.
    pub fn techniques(&self) -> &str {
        self.part(1)
    }

    /// Blocks of shared steps.
    pub fn steps(&self) -> &str {
        self.part(2)
    }

    /// Blocks of entries.
    pub fn entries(&self) -> &str {
        self.part(3)
    }

    /// Lines of control, where it is set and what it is.
    pub fn controls(&self) -> &str {
        self.part(4)
    }

    /// Blocks of files and steps that put controls into effect.
    pub fn measures(&self) -> &str {
        self.part(5)
    }

    /// Blocks of settings of workloads.
    pub fn settings(&self) -> &str {
        self.part(6)
    }

    /// Blocks of checks of objects.
    pub fn policies(&self) -> &str {
        self.part(7)
    }

    fn part(&self, at: usize) -> &str {
        self.0.get(at).map_or("", String::as_str)
    }
}

/// The blocks of a packed text, each as its name and its further lines.
pub struct Blocks(pub &'static str);

impl Iterator for Blocks {
    type Item = (&'static str, &'static str);

    fn next(&mut self) -> Option<Self::Item> {
        let (block, rest) = self.0.split_once("\n\n").unwrap_or((self.0, ""));
        self.0 = rest;
        block.split_once('\n')
    }
}

/// The lines of the block with a name.
pub fn block(text: &'static str, name: &str) -> Option<&'static str> {
    Blocks(text).find(|(found, _)| *found == name).map(|(_, lines)| lines)
}

/// The rules that an old name stands for.
pub fn successors(lines: &'static str) -> impl Iterator<Item = &'static str> {
    lines.strip_prefix('=').into_iter().flat_map(|names| names.trim_end().split('\t'))
}

/// The steps of a block with nothing else in it.
pub fn steps(lines: &'static str) -> impl Iterator<Item = Step<'static>> {
    lines.lines().filter_map(|line| line.strip_prefix('n')).map(step)
}

/// A whole entry.
pub fn entry<'a>(rule: &'a str, lines: &'a str) -> Entry<'a> {
    let mut entry = Entry { rule, ..Entry::default() };
    for line in lines.lines() {
        let Some((letter, text)) = line.split_at_checked(1) else { continue };
        match letter {
            "s" => entry.source = text,
            "w" => (entry.actor, entry.actor_name) = pair(text),
            "a" => entry.action = text,
            "g" => entry.target.push(pair(text)),
            "b" => entry.behaviour = text,
            "r" => entry.result = text,
            "m" => entry.attackers.push(text),
            "o" => entry.ordinary.push(text),
            "t" => {
                let (technique, tactic) = pair(text);
                let name = technique_name(technique).unwrap_or_default();
                entry.attack.push(Technique { technique, name, tactic });
            }
            "x" => entry.contradicted.push(pair(text)),
            "d" => {
                let (fields, text) = pair(text);
                entry.tells.push(Tell { fields: fields.split(',').collect(), text });
            }
            "u" => {
                let (text, unless) = pair(text);
                entry.unknown.push(Unknown { text, unless });
            }
            "n" => entry.steps.push(step(text)),
            "c" => {
                for step in shared_steps(text) {
                    entry.steps.push(step);
                }
            }
            "h" => entry.hook = text,
            "y" => entry.refused = Some(text == "1"),
            _ => entry.controls.push(text),
        }
    }
    entry
}

/// Who acts, from a line without the source's name.
pub fn actor(line: &'static str) -> Option<Actor<'static>> {
    let mut columns = line.split('\t');
    let (words, name, unnamed) = (columns.next()?, columns.next()?, columns.next()?);
    let on_host = columns.next()? == "1";
    let mut details = Vec::new();
    while let (Some(field), Some(words)) = (columns.next(), columns.next()) {
        details.push((field, words));
    }
    Some(Actor { words, name, unnamed, on_host, details })
}

fn step(line: &str) -> Step<'_> {
    let mut columns = line.split('\t');
    let mut next = || columns.next().unwrap_or_default();
    Step { text: next(), command: next(), unless: next(), place: next(), only_for: next() }
}

fn pair(text: &str) -> (&str, &str) {
    text.split_once('\t').unwrap_or((text, ""))
}
