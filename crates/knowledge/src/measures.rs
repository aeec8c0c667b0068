//! What puts controls into effect: the files below `controls/`, their shape and their checks.
//!
//! | file | what | becomes |
//! |---|---|---|
//! | `settings.toml` | one setting each of a workload | a patch of the pod, a Compose override |
//! | `policies.toml` | one check each of an object, in CEL | admission policies |
//! | `evidence.toml` | what a file would have to know, by control | why there is none |
//! | `refused.toml` | rules, by whether a refused attempt alerts | what is said to happen afterwards |
//! | any other | a whole file, or steps without one | as it is |

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{Folder, Problem};

/// The folder of these files.
pub const FOLDER: &str = "controls/";

/// A file, or steps without one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The controls that it puts into effect.
    pub controls: Vec<String>,
    /// The rules that it is for; all that name one of the controls where it is empty.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Where the process ran: `pod`, `container`, `host`, `unknown`; `service` for alerts of no process.
    pub places: Vec<String>,
    /// `configuration`, `container` or `host`.
    pub heading: String,
    /// What kind of thing it is, as the JSON report spells it.
    pub kind: String,
    /// What it does, as a heading.
    pub title: String,
    /// What it prevents, and what it does not.
    pub effect: String,
    /// What may stop working.
    pub may_break: String,
    /// How to put it in place.
    pub apply: String,
    /// How to take it back.
    pub roll_back: String,
    /// Whether Falco still alerts; from the rules where it is empty.
    #[serde(default)]
    pub afterwards: String,
    /// The file's path in the export; empty where there is none.
    #[serde(default)]
    pub file: String,
    /// Its content.
    #[serde(default)]
    pub content: String,
    /// Values of the setting: a header row, then a row a value.
    #[serde(default)]
    pub table: Vec<Vec<String>>,
}

/// One setting of a workload.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The control that it puts into effect.
    pub control: String,
    /// As [`Measure::rules`].
    #[serde(default)]
    pub rules: Vec<String>,
    /// Lines of the pod's `spec`.
    #[serde(default)]
    pub pod: Vec<String>,
    /// Lines of each container's `securityContext`.
    #[serde(default)]
    pub container: Vec<String>,
    /// Capabilities to drop.
    #[serde(default)]
    pub drop: Vec<String>,
    /// Lines of a Compose service.
    #[serde(default)]
    pub compose: Vec<String>,
    /// Options of a Compose service's `security_opt`.
    #[serde(default)]
    pub security_opt: Vec<String>,
    /// What it does, for the table.
    pub effect: String,
    /// What may stop working.
    #[serde(default)]
    pub may_break: String,
}

/// A check of an object that the API server is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// As [`Measure::controls`].
    pub controls: Vec<String>,
    /// As [`Measure::rules`].
    #[serde(default)]
    pub rules: Vec<String>,
    /// The API group; empty for the core group.
    #[serde(default)]
    pub group: String,
    /// Resources with their subresources.
    pub resources: Vec<String>,
    /// Such as `CREATE`.
    pub operations: Vec<String>,
    /// The kinds as Kyverno names them; none where Kyverno's form is not offered.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Variables: name and expression.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// True for objects that are admitted.
    pub expression: String,
    /// What the person whose object is refused reads.
    pub message: String,
}

/// All of them, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measures {
    /// Whole files, and steps without one.
    pub measures: BTreeMap<String, Measure>,
    /// Settings of workloads.
    pub settings: BTreeMap<String, Setting>,
    /// Checks of objects.
    pub policies: BTreeMap<String, Policy>,
    /// What a file for a control would have to know beyond the alerts.
    pub evidence: BTreeMap<String, String>,
    /// Whether a rule alerts on a refused attempt.
    pub refused: BTreeMap<String, bool>,
}

/// The rules in `refused.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// The rules.
    pub rules: Vec<String>,
}

const PLACES: [&str; 5] = ["pod", "container", "host", "unknown", "service"];
const HEADINGS: [&str; 3] = ["configuration", "container", "host"];

/// Everything that is wrong with them: names that do not exist, and measures for rules whose entries do
/// not name the control.
pub fn check(folder: &Folder) -> Vec<Problem> {
    let all = &folder.measures;
    let mut problems = Vec::new();
    let mut fail = |item: &str, key: &str, message: String| {
        problems.push(Problem {
            file: FOLDER.to_owned(),
            item: item.to_owned(),
            key: key.to_owned(),
            message,
        });
    };
    let measures = all.measures.iter().map(|(name, one)| (name, one.controls.as_slice(), &one.rules));
    let settings =
        all.settings.iter().map(|(name, one)| (name, std::slice::from_ref(&one.control), &one.rules));
    let policies = all.policies.iter().map(|(name, one)| (name, one.controls.as_slice(), &one.rules));
    for (name, controls, rules) in measures.chain(settings).chain(policies) {
        for control in controls.iter().filter(|control| !folder.controls.contains_key(*control)) {
            fail(name, "controls", format!("there is no `{control}`"));
        }
        for rule in rules {
            match folder.rule(rule) {
                None => fail(name, "rules", format!("there is no entry `{rule}`")),
                Some(entry) if !entry.controls.iter().any(|own| controls.contains(own)) => {
                    fail(name, "rules", format!("the entry `{rule}` names none of the controls"));
                }
                Some(_) => {}
            }
        }
    }
    for (name, measure) in &all.measures {
        if !HEADINGS.contains(&measure.heading.as_str()) {
            fail(name, "heading", format!("`{}` is no heading", measure.heading));
        }
        for place in measure.places.iter().filter(|place| !PLACES.contains(&place.as_str())) {
            fail(name, "places", format!("`{place}` is no place"));
        }
        if measure.file.is_empty() != measure.content.is_empty() {
            fail(name, "content", "a file has a content, and a content a file".to_owned());
        }
    }
    for control in all.evidence.keys().filter(|control| !folder.controls.contains_key(*control)) {
        fail("evidence.toml", control, "there is no such control".to_owned());
    }
    for rule in all.refused.keys().filter(|rule| folder.rule(rule).is_none()) {
        fail("refused.toml", "rules", format!("there is no entry `{rule}`"));
    }
    problems
}
