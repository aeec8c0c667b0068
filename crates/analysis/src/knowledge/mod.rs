//! What is known about rules, in our own words.
//!
//! A security engineer edits the files under `knowledge/` without reading Rust; their keys are those of
//! the crate `knowledge`, which checks and packs them when this crate is built. Here an entry is taken
//! out of the packed text when a report first asks for it; the text is decompressed once, before that.

pub mod own;
mod packed;

use std::sync::{LazyLock, OnceLock};

use packed::{Blocks, Text, block};

/// Grows with every change to an entry; printed in every report.
pub const VERSION: &str = "2026.11.3";

/// What is known about one rule. In texts, backticks mark code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry<'a> {
    /// The rule's name, as Falco ships it.
    pub rule: &'a str,
    /// The event source of its alerts.
    pub source: &'a str,
    /// Who acts, where it is not who acts in the alerts of this source; else empty.
    pub actor: &'a str,
    /// The field that names the actor, where it is not the one of this source; else empty.
    pub actor_name: &'a str,
    /// What the actor did, to follow its name: "asked the kernel to …".
    pub action: &'a str,
    /// The fields that name what it was done to, each with the words that precede it.
    pub target: Vec<(&'a str, &'a str)>,
    /// What the rule sees.
    pub behaviour: &'a str,
    /// Whether the rule tests the result of what it sees; empty where that does not matter.
    pub result: &'a str,
    /// How attackers use the behaviour.
    pub attackers: Vec<&'a str>,
    /// Who does the same in ordinary work.
    pub ordinary: Vec<&'a str>,
    /// ATT&CK techniques, each with the tactic it serves here.
    pub attack: Vec<Technique<'a>>,
    /// Tags of the shipped rule that contradict ATT&CK, each with the reason.
    pub contradicted: Vec<(&'a str, &'a str)>,
    /// Fields that tell the readings apart.
    pub tells: Vec<Tell<'a>>,
    /// What the alert does not say.
    pub unknown: Vec<Unknown<'a>>,
    /// What to do next.
    pub steps: Vec<Step<'a>>,
    /// Upstream's own tuning hook, a macro or a list; empty where there is none.
    pub hook: &'a str,
    /// What stops the behaviour, the most direct first: names of `knowledge/controls.toml`.
    pub controls: Vec<&'a str>,
}

/// An ATT&CK technique with a tactic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Technique<'a> {
    /// Such as `T1055.008`.
    pub technique: &'a str,
    /// ATT&CK's name for it.
    pub name: &'a str,
    /// ATT&CK's short name of the tactic, such as `privilege-escalation`.
    pub tactic: &'a str,
}

/// A hint which reading an alert supports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tell<'a> {
    /// The fields to look at.
    pub fields: Vec<&'a str>,
    /// What their values mean.
    pub text: &'a str,
}

/// Something that the alert leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown<'a> {
    /// What is not known.
    pub text: &'a str,
    /// Not unknown where this field has a value; may be empty.
    pub unless: &'a str,
}

/// A next step, perhaps with a command. A column that says nothing is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    /// What it is for, with `<<field>>` for values.
    pub text: &'a str,
    /// A shell command with `<<field>>` for values.
    pub command: &'a str,
    /// Left out where this field has a value.
    pub unless: &'a str,
    /// Only where the process ran there: `host` or `container`.
    pub place: &'a str,
    /// Only for this verdict, by its name.
    pub only_for: &'a str,
}

/// Who acts in the alerts of an event source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actor<'a> {
    /// What precedes the actor's name.
    pub words: &'a str,
    /// The field that names the actor; empty where the words are the whole actor.
    pub name: &'a str,
    /// What stands for the actor where that field has no value.
    pub unnamed: &'a str,
    /// Whether the alert's `hostname` is where it happened, and not only where Falco runs.
    pub on_host: bool,
    /// Fields that say more about the actor, each with the words that precede it.
    pub details: Vec<(&'a str, &'a str)>,
}

static TEXT: LazyLock<Text> =
    LazyLock::new(|| Text::unpack(include_bytes!(concat!(env!("OUT_DIR"), "/knowledge.ppmd"))));

/// An entry's packed text, and the entry once it was asked for.
type Slot = (&'static str, &'static str, OnceLock<Entry<'static>>);

/// Sorted by name, as the packed text is.
static ENTRY_SLOTS: LazyLock<Vec<Slot>> =
    LazyLock::new(|| Blocks(TEXT.entries()).map(|(name, lines)| (name, lines, OnceLock::new())).collect());

/// The entry for a rule, by its exact name, or by one that it had in an older release.
pub fn entry(rule: &str) -> Option<&'static Entry<'static>> {
    let (name, lines, slot) = slot(rule)?;
    match packed::successors(lines).next() {
        Some(successor) => entry(successor),
        None => Some(slot.get_or_init(|| packed::entry(name, lines))),
    }
}

/// An entry from its packed lines, such as a user's own.
pub fn unpacked<'a>(rule: &'a str, lines: &'a str) -> Entry<'a> {
    packed::entry(rule, lines)
}

/// The rules that newer releases have in place of one that is no longer shipped.
pub fn successors(rule: &str) -> impl Iterator<Item = &'static str> + use<> {
    slot(rule).into_iter().flat_map(|(_, lines, _)| packed::successors(lines))
}

fn slot(rule: &str) -> Option<&'static Slot> {
    let at = ENTRY_SLOTS.binary_search_by_key(&rule, |(name, ..)| name).ok()?;
    ENTRY_SLOTS.get(at)
}

/// The names of all rules with an entry, old names included, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    ENTRY_SLOTS.iter().map(|(name, ..)| *name)
}

/// Steps that several rules share, by their name in `knowledge/steps.toml`.
pub fn shared_steps(name: &str) -> impl Iterator<Item = Step<'static>> + use<> {
    packed::steps(block(TEXT.steps(), name).unwrap_or_default())
}

/// Who acts in the alerts of an event source; nothing for sources without entries.
pub fn actor(source: &str) -> Option<Actor<'static>> {
    TEXT.sources().lines().find_map(|line| packed::actor(line.strip_prefix(source)?.strip_prefix('\t')?))
}

fn technique_name(technique: &str) -> Option<&'static str> {
    TEXT.techniques().lines().find_map(|line| line.strip_prefix(technique)?.strip_prefix('\t'))
}
