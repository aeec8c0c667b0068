//! The packed form: text that compresses well and is read without a parser.
//!
//! A block is some lines, the first of them a name; an empty line ends it. Blocks are sorted by name.
//! Every further line is one letter, which says what it is, and columns separated by tabs. Trailing
//! empty columns are left out.
//!
//! | letter | columns |
//! |---|---|
//! | `=` | rules that an old name now stands for; such a block has nothing else |
//! | `s` `w` | event source; actor and the field that names it, where they differ from the source's |
//! | `a` `g` | action; target: field, words |
//! | `b` `r` | behaviour; result |
//! | `m` `o` | use by attackers; use in ordinary work |
//! | `t` `x` | technique, tactic; contradicted tag, why |
//! | `d` `u` | tell: fields separated by commas, text; unknown: text, unless |
//! | `n` `c` | step: text, command, unless, place, verdict; shared step: name |
//! | `h` `k` | hook; control |
//! | `y` | whether a refused attempt alerts: 1 or 0 |

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use ppmd_rust::Ppmd7Encoder;

use crate::{Facts, Folder, Rule, Step, StepOrName};

/// A knowledge base, packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Entries, a block each.
    pub entries: String,
    /// Shared steps, a block a name.
    pub steps: String,
    /// Lines of technique and name, for those that entries use.
    pub techniques: String,
    /// Lines of source, actor, naming field, unnamed actor, whether on the host, then field and words
    /// in turn.
    pub sources: String,
    /// Controls, and what puts them into effect.
    pub measures: String,
}

/// How many preceding bytes `PPMd` looks at, and the memory that it may use, in MiB. With less memory it
/// starts afresh in the middle of the text; a higher order gains nothing and takes longer.
const ORDER: u8 = 12;
const MEMORY: u8 = 12;

impl Packed {
    /// All texts with a form feed between them, the shortest first, so that each is found quickly; at the
    /// end what only mitigations need.
    pub fn text(&self) -> String {
        [&*self.sources, &self.techniques, &self.steps, &self.entries, &self.measures].join("\u{c}")
    }
}

/// A text as it is embedded: `PPMd`'s order, its memory in MiB, then a `PPMd7` stream with an end marker.
pub fn compress(text: &str) -> io::Result<Vec<u8>> {
    let memory = u32::from(MEMORY) << 20;
    let mut encoder = Ppmd7Encoder::new(vec![ORDER, MEMORY], u32::from(ORDER), memory)
        .map_err(|error| io::Error::other(error.to_string()))?;
    encoder.write_all(text.as_bytes())?;
    encoder.finish(true)
}

/// Packs a knowledge base in which [`crate::check`] finds nothing wrong.
pub fn pack(folder: &Folder, facts: &Facts) -> Packed {
    let mut blocks = BTreeMap::new();
    let mut former: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut techniques = BTreeMap::new();
    for family in &folder.families {
        for rule in &family.rules {
            blocks.insert(
                rule.name.as_str(),
                entry(rule, &family.source, folder.measures.refused.get(&rule.name)),
            );
            for name in &rule.formerly {
                former.entry(name).or_default().push(&rule.name);
            }
            let known =
                rule.attack.iter().filter_map(|mapping| facts.techniques.get_key_value(&mapping.technique));
            techniques.extend(known.map(|(technique, known)| (technique, &known.name)));
        }
    }
    for (name, rules) in former {
        blocks.insert(name, line('=', &rules));
    }
    let steps = folder
        .steps
        .iter()
        .map(|(name, steps)| (name.as_str(), steps.iter().map(|step| line('n', &columns(step))).collect()));
    Packed {
        entries: join(blocks),
        steps: join(steps.collect()),
        techniques: techniques
            .into_iter()
            .map(|(technique, name)| format!("{technique}\t{name}\n"))
            .collect(),
        sources: sources(folder),
        measures: crate::pack_measures::pack(folder),
    }
}

fn join(blocks: BTreeMap<&str, String>) -> String {
    let blocks: Vec<String> = blocks.into_iter().map(|(name, lines)| format!("{name}\n{lines}")).collect();
    blocks.join("\n")
}

fn line(letter: char, columns: &[&str]) -> String {
    let text = columns.join("\t");
    format!("{letter}{}\n", text.trim_end_matches('\t'))
}

fn entry(rule: &Rule, source: &str, refused: Option<&bool>) -> String {
    let mut out = line('s', &[source]);
    let mut add = |letter, columns: &[&str]| out.push_str(&line(letter, columns));
    if rule.actor.is_some() || rule.actor_name.is_some() {
        add(
            'w',
            &[rule.actor.as_deref().unwrap_or_default(), rule.actor_name.as_deref().unwrap_or_default()],
        );
    }
    add('a', &[&rule.action]);
    rule.target.iter().for_each(|target| add('g', &[&target.field, &target.words]));
    add('b', &[&rule.behaviour]);
    rule.result.iter().for_each(|text| add('r', &[text]));
    rule.attackers.iter().for_each(|text| add('m', &[text]));
    rule.ordinary.iter().for_each(|text| add('o', &[text]));
    rule.attack.iter().for_each(|one| add('t', &[&one.technique, &one.tactic]));
    rule.contradicted.iter().for_each(|one| add('x', &[&one.tag, &one.why]));
    rule.tells.iter().for_each(|tell| add('d', &[&tell.fields.join(","), &tell.text]));
    rule.unknown.iter().for_each(|one| add('u', &[&one.text, one.unless.as_deref().unwrap_or_default()]));
    for one in &rule.steps {
        match one {
            StepOrName::Name(name) => add('c', &[name]),
            StepOrName::Step(step) => add('n', &columns(step)),
        }
    }
    rule.hook.iter().for_each(|hook| add('h', &[hook]));
    rule.controls.iter().for_each(|control| add('k', &[control]));
    if let Some(alerts) = refused {
        add('y', &[if *alerts { "1" } else { "0" }]);
    }
    out
}

fn columns(step: &Step) -> [&str; 5] {
    [
        &step.text,
        step.command.as_deref().unwrap_or_default(),
        step.unless.as_deref().unwrap_or_default(),
        step.place.map(crate::Place::name).unwrap_or_default(),
        step.only_for.map(crate::Class::name).unwrap_or_default(),
    ]
}

fn sources(folder: &Folder) -> String {
    let mut out = String::new();
    for (name, source) in &folder.sources {
        let on_host = if source.on_host { "1" } else { "" };
        let mut columns = vec![name.as_str(), &source.actor, &source.name, &source.unnamed, on_host];
        columns.extend(source.details.iter().flat_map(|detail| [detail.field.as_str(), &detail.words]));
        out.push_str(&columns.join("\t"));
        out.push('\n');
    }
    out
}
