//! The shape of the files. In every text, backticks mark names.

use serde::Deserialize;

/// What is known about one rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The rule's name, exactly as Falco ships it.
    pub name: String,
    /// Names that older releases had for it.
    #[serde(default)]
    pub formerly: Vec<String>,
    /// Who acts, where it is not who acts in the alerts of this source.
    pub actor: Option<String>,
    /// The field that names the actor, where the rule does not print the one of its source.
    pub actor_name: Option<String>,
    /// What the actor did, to follow its name in a sentence.
    pub action: String,
    /// The fields that name what it was done to, printed after the action.
    #[serde(default)]
    pub target: Vec<Detail>,
    /// What the rule sees, in one or two sentences; no two rules share them.
    pub behaviour: String,
    /// Whether the rule tests the result of what it sees.
    pub result: Option<String>,
    /// How attackers use the behaviour.
    pub attackers: Vec<String>,
    /// Who does the same in ordinary work.
    pub ordinary: Vec<String>,
    /// ATT&CK techniques, each with the tactic that it serves here; empty where none fits.
    pub attack: Vec<Mapping>,
    /// Tags of the shipped rule that contradict ATT&CK.
    #[serde(default)]
    pub contradicted: Vec<Contradiction>,
    /// Fields that tell an attack from ordinary work.
    pub tells: Vec<Tell>,
    /// What the alert leaves open.
    #[serde(default)]
    pub unknown: Vec<Unknown>,
    /// What to do next, in order.
    pub steps: Vec<StepOrName>,
    /// Upstream's own tuning hook, a macro or a list.
    pub hook: Option<String>,
    /// What stops the behaviour, the most direct first.
    #[serde(default)]
    pub controls: Vec<String>,
}

/// What stops or limits a behaviour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// Where it is set: `container`, `cluster`, `host`, `platform` or `falco`.
    pub group: String,
    /// What it is.
    pub text: String,
}

/// A field with the words that precede its value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// The field.
    pub field: String,
    /// What precedes its value, such as `started by`.
    #[serde(default)]
    pub words: String,
}

/// An ATT&CK technique with a tactic.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Such as `T1055.008`.
    pub technique: String,
    /// ATT&CK's short name of the tactic, such as `privilege-escalation`.
    pub tactic: String,
}

/// A tag of the shipped rule that contradicts ATT&CK.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contradiction {
    /// The tag, as shipped.
    pub tag: String,
    /// Why it does not fit.
    pub why: String,
}

/// A hint which reading an alert supports.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tell {
    /// The fields to look at; the rule prints at least one of them.
    pub fields: Vec<String>,
    /// What their values mean.
    pub text: String,
}

/// Something that the alert leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// Not unknown where this field has a value.
    pub unless: Option<String>,
    /// What is not known.
    pub text: String,
}

/// A step of one rule, or the name of one in `steps.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "toml::Value")]
pub enum StepOrName {
    /// The rule's own.
    Step(Step),
    /// Shared.
    Name(String),
}

impl TryFrom<toml::Value> for StepOrName {
    type Error = toml::de::Error;

    fn try_from(value: toml::Value) -> Result<Self, Self::Error> {
        match value {
            toml::Value::String(name) => Ok(Self::Name(name)),
            value => value.try_into().map(Self::Step),
        }
    }
}

/// Something to do, perhaps with a command.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What it is for, with `<<field>>` for values.
    pub text: String,
    /// A shell command, with `<<field>>` for values. Printed only where the alert has all of them.
    pub command: Option<String>,
    /// Left out where this field has a value.
    pub unless: Option<String>,
    /// Only where the process ran there.
    pub place: Option<Place>,
    /// Only for this verdict.
    pub only_for: Option<Class>,
}

/// Where a process ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Directly on the host.
    Host,
    /// In a container.
    Container,
}

impl Place {
    /// Its name in the files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Container => "container",
        }
    }
}

/// A verdict's class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Falco lost events.
    BlindSpot,
    /// An attack.
    LikelyMalicious,
    /// Undecided.
    NeedsReview,
    /// A test tool at work.
    TestActivity,
    /// Ordinary work.
    LikelyBenign,
}

impl Class {
    /// Its name in the files and in the JSON report.
    pub fn name(self) -> &'static str {
        match self {
            Self::BlindSpot => "blind_spot",
            Self::LikelyMalicious => "likely_malicious",
            Self::NeedsReview => "needs_review",
            Self::TestActivity => "test_activity",
            Self::LikelyBenign => "likely_benign",
        }
    }
}

/// Who acts in the alerts of an event source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What precedes the actor's name, such as `the process`; the whole actor where `name` is left out.
    pub actor: String,
    /// The field that names the actor.
    #[serde(default)]
    pub name: String,
    /// What stands for the actor where that field has no value.
    #[serde(default)]
    pub unnamed: String,
    /// What more is said about the actor, in brackets.
    #[serde(default)]
    pub details: Vec<Detail>,
    /// Whether the alert's `hostname` is where it happened; else it is only where Falco runs.
    #[serde(default)]
    pub on_host: bool,
}
