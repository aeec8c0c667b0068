//! What to do about findings: files to apply, each with what it does, breaks and proves.
//!
//! Only what bears on the behaviour is offered. Where nothing is, the heading says why.

mod choose;
mod controls;
mod tuning;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::alert::Timestamp;
use crate::insight::{Group, Insight};
pub use choose::{Change, Refused};
pub use tuning::{Candidate, Grade, Ground, Tuning};

/// The three headings of a report's mitigations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heading {
    /// Falco's own configuration.
    Configuration,
    /// What a container may do.
    Container,
    /// What a host allows.
    Host,
}

impl Heading {
    /// In the order of the report.
    pub const ALL: [Self; 3] = [Self::Configuration, Self::Container, Self::Host];

    /// The heading as the JSON report spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Container => "container",
            Self::Host => "host",
        }
    }

    /// The heading as the report prints it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Configuration => "1. Configuration Options",
            Self::Container => "2. Container Configuration",
            Self::Host => "3. Host-Based Security Measures",
        }
    }
}

/// What language a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// Falco rules, Kubernetes objects.
    Yaml,
    /// Seccomp profiles.
    Json,
    /// `name = value` lines, with `#` comments.
    Conf,
}

impl Language {
    /// The name that code blocks carry.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Json => "json",
            Self::Conf => "ini",
        }
    }

    /// The name for a person.
    pub fn title(self) -> &'static str {
        match self {
            Self::Yaml => "YAML",
            Self::Json => "JSON",
            Self::Conf => "configuration",
        }
    }
}

/// A file to apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path below the export folder, with `/`. Ours, the same in every export.
    pub name: String,
    /// Its language.
    pub language: Language,
    /// Its content.
    pub content: String,
}

/// One thing to do. Texts are prose in our own words, with backticks around names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mitigation {
    /// A name that is unique within a report.
    pub id: String,
    /// What kind of thing it is, as the JSON report spells it.
    pub kind: &'static str,
    /// Where it belongs.
    pub heading: Heading,
    /// What it does, as a heading.
    pub title: Cow<'static, str>,
    /// The file, if it takes one.
    pub file: Option<File>,
    /// What it prevents, and what it does not.
    pub effect: String,
    /// Settings and what each of their values means: a header row, then one row a value.
    pub table: Vec<Vec<Cow<'static, str>>>,
    /// What may stop working.
    pub may_break: Cow<'static, str>,
    /// How to put it in place.
    pub apply: Cow<'static, str>,
    /// How to take it back.
    pub roll_back: Cow<'static, str>,
    /// Whether Falco still alerts once it is in place.
    pub afterwards: Cow<'static, str>,
    /// The groups it rests on.
    pub basis: Vec<String>,
    /// For Falco tuning: what it would have hidden.
    pub proof: Option<Proof>,
}

/// What a tuning file would have done to the loaded alerts of the rules it touches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proof {
    /// Record numbers that it hides, at most [`crate::limits::RECORDS_LISTED`].
    pub hides: Vec<u64>,
    /// How many it hides.
    pub hides_total: u64,
    /// Record numbers that it hides though nobody asked for it.
    pub also_hides: Vec<u64>,
    /// How many those are.
    pub also_hides_total: u64,
    /// How many alerts of these rules it leaves.
    pub keeps_total: u64,
    /// How many it cannot be decided for, because the alert lacks a field.
    pub undecided_total: u64,
    /// Rules under which a hidden event may come back.
    pub shadowed_by: Vec<String>,
}

/// Everything that is offered, and why the rest is not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// In the order of the report.
    pub mitigations: Vec<Mitigation>,
    /// Reasons why something is not offered, under its heading.
    pub withheld: Vec<(Heading, String)>,
    /// For Falco tuning, the broader ways beside the one that is exported.
    pub tunings: Vec<Tuning>,
    /// Files that go with the mitigations' own: the same in another form.
    pub companions: Vec<File>,
}

/// What to tune Falco by, beyond what looks like ordinary work.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Ids of the findings to hide; without any, those that look like ordinary work.
    pub select: Vec<String>,
    /// Whether to hide even what is judged likely malicious.
    pub insist: bool,
    /// The time to print in files as that of their making.
    pub now: Option<Timestamp>,
}

impl Plan {
    /// The files of all mitigations in the order of the report, then their companions.
    pub fn files(&self) -> Vec<&File> {
        let own = self.mitigations.iter().filter_map(|mitigation| mitigation.file.as_ref());
        own.chain(&self.companions).collect()
    }

    /// The file of a tuning in every form that an export has, the current one first; the values of the Helm
    /// chart hold this tuning alone.
    pub fn forms(&self, id: &str) -> Vec<File> {
        let mitigation = self.mitigations.iter().find(|one| one.id == id);
        mitigation.map(tuning::forms).unwrap_or_default()
    }

    /// Takes out the files in which a text stands that is no value of a real alert, and says so under
    /// their headings.
    pub fn leave_out(&mut self, is_made_up: impl Fn(&str) -> bool) {
        let mut headings = Vec::new();
        self.mitigations.retain(|mitigation| {
            let keep = mitigation.file.as_ref().is_none_or(|file| !is_made_up(&file.content));
            if !keep && !headings.contains(&mitigation.heading) {
                headings.push(mitigation.heading);
            }
            keep
        });
        self.companions.retain(|file| !is_made_up(&file.content));
        for tuning in &mut self.tunings {
            tuning.candidates.retain(|candidate| !is_made_up(&candidate.content));
        }
        self.tunings.retain(|tuning| self.mitigations.iter().any(|left| left.id == tuning.id));
        if !headings.is_empty() {
            tuning::follow(self);
        }
        self.withheld.extend(headings.into_iter().map(|heading| (heading, PSEUDONYMS.to_owned())));
    }
}

/// What to do about the findings, where Falco runs on this ground.
pub fn propose(insight: &Insight, choice: &Choice, ground: &Ground) -> Plan {
    let mut plan = Plan::default();
    let (forgeable, sound): (Vec<&Group>, Vec<&Group>) =
        insight.groups.iter().partition(|group| group.forgeable);
    tuning::propose(insight, choice, ground, &mut plan);
    controls::propose(&sound, &mut plan);
    if sound.iter().any(|group| crate::knowledge::entry(&group.rule).is_none()) {
        for heading in [Heading::Container, Heading::Host] {
            plan.withheld.push((heading, WITHOUT_ENTRY.to_owned()));
        }
    }
    if !forgeable.is_empty() {
        for heading in Heading::ALL {
            plan.withheld.push((heading, FORGEABLE.to_owned()));
        }
    }
    plan.mitigations.sort_by_key(|mitigation| mitigation.heading);
    plan
}

const WITHOUT_ENTRY: &str = "For rules without a knowledge entry nothing is offered here: which setting stops a \
     behaviour cannot be told from an alert alone, and a setting that does not touch it would only look safe.";

const PSEUDONYMS: &str = "Files that rest on a replaced value are left out: with a pseudonym in the place of the value they would \
     match nothing. Make the report from the original alerts to have them.";

const FORGEABLE: &str = "Nothing rests on alerts that were recovered from other text or are in Falco's text form: a process could \
     have written them.";
