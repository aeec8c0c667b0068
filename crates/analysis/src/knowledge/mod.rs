//! What is known about rules, in our own words.
//!
//! A security engineer edits the files under `knowledge/` without reading Rust; their keys are those of
//! the crate `knowledge`, which checks and packs them when this crate is built. Here an entry is taken
//! out of the packed text when a report first asks for it; the text is decompressed once, before that.

mod packed;
mod sheet;

use std::sync::{LazyLock, OnceLock};

use packed::{Blocks, Text, block};
pub use sheet::{Control, Sheet, control, measures, policies, settings};

/// Grows with every change to an entry; printed in every report.
pub const VERSION: &str = "2026.11.3";

/// What is known about one rule. In texts, backticks mark code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The rule's name, as Falco ships it.
    pub rule: &'static str,
    /// The event source of its alerts.
    pub source: &'static str,
    /// Who acts, where it is not who acts in the alerts of this source; else empty.
    pub actor: &'static str,
    /// The field that names the actor, where it is not the one of this source; else empty.
    pub actor_name: &'static str,
    /// What the actor did, to follow its name: "asked the kernel to …".
    pub action: &'static str,
    /// The fields that name what it was done to, each with the words that precede it.
    pub target: Vec<(&'static str, &'static str)>,
    /// What the rule sees.
    pub behaviour: &'static str,
    /// Whether the rule tests the result of what it sees; empty where that does not matter.
    pub result: &'static str,
    /// How attackers use the behaviour.
    pub attackers: Vec<&'static str>,
    /// Who does the same in ordinary work.
    pub ordinary: Vec<&'static str>,
    /// ATT&CK techniques, each with the tactic it serves here.
    pub attack: Vec<Technique>,
    /// Tags of the shipped rule that contradict ATT&CK, each with the reason.
    pub contradicted: Vec<(&'static str, &'static str)>,
    /// Fields that tell the readings apart.
    pub tells: Vec<Tell>,
    /// What the alert does not say.
    pub unknown: Vec<Unknown>,
    /// What to do next.
    pub steps: Vec<Step>,
    /// Upstream's own tuning hook, a macro or a list; empty where there is none.
    pub hook: &'static str,
    /// What stops the behaviour, the most direct first: names of `knowledge/controls.toml`.
    pub controls: Vec<&'static str>,
    /// Whether an attempt that a control refuses still alerts, where that follows from the rule.
    pub refused: Option<bool>,
}

/// An ATT&CK technique with a tactic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Technique {
    /// Such as `T1055.008`.
    pub technique: &'static str,
    /// ATT&CK's name for it.
    pub name: &'static str,
    /// ATT&CK's short name of the tactic, such as `privilege-escalation`.
    pub tactic: &'static str,
}

/// A hint which reading an alert supports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tell {
    /// The fields to look at.
    pub fields: Vec<&'static str>,
    /// What their values mean.
    pub text: &'static str,
}

/// Something that the alert leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown {
    /// What is not known.
    pub text: &'static str,
    /// Not unknown where this field has a value; may be empty.
    pub unless: &'static str,
}

/// A next step, perhaps with a command. A column that says nothing is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What it is for, with `<<field>>` for values.
    pub text: &'static str,
    /// A shell command with `<<field>>` for values.
    pub command: &'static str,
    /// Left out where this field has a value.
    pub unless: &'static str,
    /// Only where the process ran there: `host` or `container`.
    pub place: &'static str,
    /// Only for this verdict, by its name.
    pub only_for: &'static str,
}

/// Who acts in the alerts of an event source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actor {
    /// What precedes the actor's name.
    pub words: &'static str,
    /// The field that names the actor; empty where the words are the whole actor.
    pub name: &'static str,
    /// What stands for the actor where that field has no value.
    pub unnamed: &'static str,
    /// Whether the alert's `hostname` is where it happened, and not only where Falco runs.
    pub on_host: bool,
    /// Fields that say more about the actor, each with the words that precede it.
    pub details: Vec<(&'static str, &'static str)>,
}

static TEXT: LazyLock<Text> =
    LazyLock::new(|| Text::unpack(include_bytes!(concat!(env!("OUT_DIR"), "/knowledge.ppmd"))));

/// An entry's packed text, and the entry once it was asked for.
type Slot = (&'static str, &'static str, OnceLock<Entry>);

/// Sorted by name, as the packed text is.
static ENTRY_SLOTS: LazyLock<Vec<Slot>> =
    LazyLock::new(|| Blocks(TEXT.entries()).map(|(name, lines)| (name, lines, OnceLock::new())).collect());

/// The entry for a rule, by its exact name, or by one that it had in an older release.
pub fn entry(rule: &str) -> Option<&'static Entry> {
    let (name, lines, slot) = slot(rule)?;
    match packed::successors(lines).next() {
        Some(successor) => entry(successor),
        None => Some(slot.get_or_init(|| packed::entry(name, lines))),
    }
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
pub fn shared_steps(name: &str) -> impl Iterator<Item = Step> + use<> {
    packed::steps(block(TEXT.steps(), name).unwrap_or_default())
}

/// Who acts in the alerts of an event source; nothing for sources without entries.
pub fn actor(source: &str) -> Option<Actor> {
    TEXT.sources().lines().find_map(|line| packed::actor(line.strip_prefix(source)?.strip_prefix('\t')?))
}

fn technique_name(technique: &str) -> Option<&'static str> {
    TEXT.techniques().lines().find_map(|line| line.strip_prefix(technique)?.strip_prefix('\t'))
}
