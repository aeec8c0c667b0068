//! What is known about rules, in our own words: one TOML file a rule under `knowledge/`.
//!
//! A security engineer edits those files without reading Rust. [`Entry`] names their keys; the build
//! embeds them and the tests here check each.

use std::sync::LazyLock;

use serde::Deserialize;

/// Grows with every change to an entry; printed in every report.
pub const VERSION: &str = "2026.11.1";

/// What is known about one rule. In texts, backticks mark code.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The rule's name, as Falco ships it.
    pub rule: String,
    /// What the process did, to follow its name: "asked the kernel to …".
    pub action: String,
    /// What the rule sees, in a sentence.
    pub behaviour: String,
    /// Whether the rule tests the result of the call.
    pub result: String,
    /// How attackers use the behaviour.
    pub attackers: Vec<String>,
    /// How ordinary software does the same.
    pub ordinary: Vec<String>,
    /// ATT&CK techniques, each with the tactic it serves here.
    pub attack: Vec<Technique>,
    /// Fields that tell the readings apart.
    pub tells: Vec<Tell>,
    /// What the alert does not say.
    pub unknown: Vec<Unknown>,
    /// What to do next.
    pub steps: Vec<Step>,
}

/// An ATT&CK technique with a tactic.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Technique {
    /// Such as `T1055.008`.
    pub technique: String,
    /// ATT&CK's name for it.
    pub name: String,
    /// ATT&CK's short name of the tactic, such as `privilege-escalation`.
    pub tactic: String,
}

/// A hint which reading an alert supports.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tell {
    /// The fields to look at.
    pub fields: Vec<String>,
    /// What their values mean.
    pub text: String,
}

/// Something that the alert leaves open.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// Not unknown where this field has a value.
    pub unless: Option<String>,
    /// What is not known.
    pub text: String,
}

/// Where the process ran, as far as a step depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Directly on the host.
    Host,
    /// In a container.
    Container,
}

/// A next step, perhaps with a command.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What it is for, with `<<field>>` for values.
    pub text: String,
    /// A shell command with `<<field>>` for values.
    pub command: Option<String>,
    /// Left out where this field has a value.
    pub unless: Option<String>,
    /// Only where the process ran there.
    pub place: Option<Place>,
    /// Only for this verdict, by its name.
    pub only_for: Option<String>,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| parse().unwrap_or_default());

fn parse() -> Result<Vec<Entry>, serde_json::Error> {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/knowledge.json")))
}

/// The entry for a rule, by its exact name.
pub fn entry(rule: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.rule == rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_whole() {
        let entries = parse().unwrap();
        assert!(!entries.is_empty());
        for entry in entries {
            assert!(entry.behaviour.ends_with('.'), "{}", entry.rule);
            assert!(!entry.attackers.is_empty() && !entry.ordinary.is_empty(), "{}", entry.rule);
            assert!(!entry.attack.is_empty() && !entry.tells.is_empty(), "{}", entry.rule);
            assert!(entry.steps.iter().any(|step| step.command.is_some()), "{}", entry.rule);
        }
    }

    /// Compares with the list of rules where it is at hand.
    #[test]
    fn entries_agree_with_the_shipped_rules() {
        let Ok(catalogue) = std::fs::read_to_string("../../../shared/falco/rules_catalogue.tsv") else {
            println!("skipped: no rules catalogue beside the project");
            return;
        };
        let attack = std::fs::read_to_string("../../../shared/falco/attack.tsv").unwrap();
        for entry in parse().unwrap() {
            let row = catalogue.lines().find(|line| line.split('\t').next() == Some(&entry.rule));
            let row = row.unwrap_or_else(|| panic!("no shipped rule `{}`", entry.rule));
            for Technique { technique, name, tactic } in &entry.attack {
                assert!(row.contains(technique.as_str()), "{technique} is not among the rule's tags");
                let known = attack.lines().any(|line| {
                    let columns: Vec<_> = line.split('\t').collect();
                    columns[0] == technique
                        && columns[1] == name
                        && columns[2].split(',').any(|t| t == tactic)
                });
                assert!(known, "{technique} {name} {tactic} is no ATT&CK pair");
            }
        }
    }
}
