//! A finding beside what is known to stop what it shows.

use std::collections::BTreeSet;

use crate::insight::{Class, Group, Place};
use crate::knowledge::{self, Entry, Sheet};
use crate::mitigation::Mitigation;

/// Where a behaviour would be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Site {
    /// A container that Kubernetes runs.
    Pod,
    /// Another container.
    Container,
    /// The host itself.
    Host,
    /// The alert does not say.
    Unknown,
    /// Where no process is seen: an audit log, Falco itself.
    Service,
}

impl Site {
    fn of(group: &Group, source: &str) -> Self {
        let in_pod =
            || ["k8s.pod.name", "k8s.ns.name"].iter().any(|field| group.example.field_text(field).is_some());
        match group.actor.place {
            _ if source != "syscall" => Self::Service,
            Place::Host => Self::Host,
            Place::Container if in_pod() => Self::Pod,
            Place::Container => Self::Container,
            Place::Absent | Place::Null => Self::Unknown,
        }
    }

    /// As the knowledge base spells it.
    fn name(self) -> &'static str {
        match self {
            Self::Pod => "pod",
            Self::Container => "container",
            Self::Host => "host",
            Self::Unknown => "unknown",
            Self::Service => "service",
        }
    }
}

/// A finding with its rule's entry.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub group: &'a Group,
    pub entry: &'static Entry<'static>,
    pub site: Site,
}

impl<'a> Case<'a> {
    /// Nothing for a rule without entry, or where the behaviour is taken for ordinary work.
    pub fn of(group: &'a Group) -> Option<Self> {
        let entry = knowledge::entry(&group.rule)?;
        let site = Site::of(group, entry.source);
        (group.verdict.class != Class::LikelyBenign).then_some(Self { group, entry, site })
    }

    /// How directly a sheet of the knowledge base acts on this: the place of its control in the entry.
    /// Nothing where it does not.
    pub fn directness(&self, sheet: Sheet) -> Option<usize> {
        let mut rules = sheet.columns('u').peekable();
        if rules.peek().is_some() && !rules.any(|rule| rule == self.entry.rule) {
            return None;
        }
        self.entry.controls.iter().position(|control| sheet.columns('k').any(|own| own == *control))
    }

    /// As [`Self::directness`], for a sheet that names the places it is for.
    pub fn directness_in_place(&self, sheet: Sheet) -> Option<usize> {
        sheet.columns('p').any(|place| place == self.site.name()).then(|| self.directness(sheet))?
    }

    /// As [`Self::directness`], for a control.
    pub fn directness_of(&self, control: &str) -> Option<usize> {
        self.entry.controls.iter().position(|own| *own == control)
    }
}

/// The cases that something acts on.
#[derive(Debug, Clone)]
pub struct Served<'a> {
    /// In the order of urgency.
    pub cases: Vec<Case<'a>>,
    /// How directly, then how urgent: smaller comes first.
    pub rank: (usize, usize),
}

impl<'a> Served<'a> {
    /// Nothing yet.
    pub fn none() -> Self {
        Self { cases: Vec::new(), rank: (usize::MAX, usize::MAX) }
    }

    /// The cases for which there is a directness.
    pub fn of(cases: &[Case<'a>], directness: &dyn Fn(&Case<'a>) -> Option<usize>) -> Self {
        let mut served = Self::none();
        for (urgency, case) in cases.iter().enumerate() {
            if let Some(directness) = directness(case) {
                served.rank = served.rank.min((directness, urgency));
                served.cases.push(*case);
            }
        }
        served
    }

    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Adds what another serves.
    pub fn add(&mut self, other: &Self) {
        let known = |case: &Case<'_>| self.cases.iter().any(|own| own.group.id == case.group.id);
        let new: Vec<Case<'a>> = other.cases.iter().filter(|case| !known(case)).copied().collect();
        self.cases.extend(new);
        self.rank = self.rank.min(other.rank);
    }

    /// The groups, for [`Mitigation::basis`].
    pub fn basis(&self) -> Vec<String> {
        self.cases.iter().map(|case| case.group.id.clone()).collect()
    }

    /// The rules, each once, as code in prose.
    pub fn rules(&self) -> String {
        rules(self.cases.iter())
    }

    /// Whether Falco still alerts once the attempts are refused, by rule.
    pub fn afterwards(&self) -> String {
        let of =
            |refused: Option<bool>| rules(self.cases.iter().filter(|case| case.entry.refused == refused));
        let (alerts, silent, unknown) = (of(Some(true)), of(Some(false)), of(None));
        let mut out = String::new();
        if silent.is_empty() && unknown.is_empty() {
            return STILL_ALERTS.to_owned();
        }
        for (rules, text) in [
            (
                alerts,
                "Falco still alerts on attempts that are refused, because the rule does not look at the result: ",
            ),
            (silent, "Falco falls silent, because the rule sees only what succeeded: "),
            (unknown, "Whether a refused attempt alerts depends on how it is refused: "),
        ] {
            if !rules.is_empty() {
                out.push_str(if out.is_empty() { "" } else { " " });
                out.push_str(text);
                out.push_str(&rules);
                out.push('.');
            }
        }
        out
    }
}

const STILL_ALERTS: &str = "Falco still alerts, now on attempts that fail: the rule does not look at the result, and the kernel \
     reports a refused call too.";

/// The cases' rules, each once, as code in prose.
pub fn rules<'c, 'a: 'c>(cases: impl Iterator<Item = &'c Case<'a>>) -> String {
    let mut seen = BTreeSet::new();
    let names: Vec<String> = cases
        .filter(|case| seen.insert(case.entry.rule))
        .map(|case| format!("`{}`", case.entry.rule))
        .collect();
    names.join(", ")
}

/// A mitigation, and where it comes among those of its heading.
#[derive(Debug)]
pub struct Offer {
    /// As [`Served::rank`].
    pub rank: (usize, usize),
    pub mitigation: Mitigation,
}
