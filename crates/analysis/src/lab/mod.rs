//! The rule lab: what a condition, an exception or an overlay of rules does to the loaded alerts, while
//! it is being written.
//!
//! ```
//! use analysis::{Options, Session, lab::{Base, Kind, Trial}};
//!
//! let mut session = Session::new(Options { keep_alerts: true, ..Options::default() });
//! session.open("input");
//! session.feed(br#"{"rule":"PTRACE attached to process","output_fields":{"proc.name":"agent"}}"#);
//! let outcome = session.finish();
//!
//! let hook = "- macro: known_ptrace_procs\n  condition: or (proc.name = agent)\n  override: {condition: append}\n";
//! let base = Base::new(&outcome.rule_files);
//! let mut trial = Trial::new(hook, &outcome.shelf, &base);
//! while trial.advance(&outcome.shelf, 1000) {}
//! let findings = trial.findings();
//! assert_eq!(findings.kind, Kind::Overlay);
//! assert_eq!(findings.effect.unwrap().hits.records, [1]);
//! ```

mod base;
mod condition_text;
mod exception_text;
mod explain;
mod overlay_text;

use condition::{Filter, Slots, Truth};
use rules::{Effect as OverlayEffect, Simulation};
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Level};
use crate::limits;
use crate::rule_files::is_rule_file;
use crate::shelf::{Shelf, View};
pub use base::Base;
pub use explain::{Answer, Explanation, Step, explain};

/// What a text is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Nothing is written yet.
    Nothing,
    /// A condition: which alerts it holds for.
    Condition,
    /// An exception without its rule: what it would hide if every rule of the alerts had it.
    Exception,
    /// Items of a rule file that change rules: what they hide.
    Overlay,
}

impl Kind {
    /// What a text looks like.
    pub fn of(text: &str) -> Self {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let Some(first) = lines.next() else { return Self::Nothing };
        if is_rule_file(text.as_bytes()) {
            return Self::Overlay;
        }
        if exception_text::begins(first) {
            return Self::Exception;
        }
        if first.starts_with("- ") || first == "-" || first == "---" {
            Self::Overlay
        } else {
            Self::Condition
        }
    }
}

/// Everything found out about a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// What it was taken for.
    pub kind: Kind,
    /// What is wrong with it or surprising about it.
    pub diagnostics: Vec<Diagnostic>,
    /// What it does; nothing while it does not load.
    pub effect: Option<Effect>,
}

/// What a text does to the alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Alerts that a condition holds for, or that an overlay hides.
    pub hits: Part,
    /// Alerts that a condition does not hold for, or that still alert.
    pub misses: Part,
    /// Alerts that lack a field which would decide.
    pub undecided: Part,
    /// Alerts whose fields say that the loaded rule files would not have raised them.
    pub contradicted: Part,
    /// Alerts that were loaded, but not kept to be tried.
    pub beyond: u64,
    /// Of the hits, those that were not wanted; see [`Trial::wanting`].
    pub unwanted: u64,
    /// Whether the rule files beside the alerts were taken into account.
    pub with_rule_files: bool,
}

/// Some of the alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// How many.
    pub count: u64,
    /// The first record numbers, at most [`limits::ANSWER_RECORDS`].
    pub records: Vec<u64>,
}

impl Part {
    fn add(&mut self, record: u64) {
        self.count += 1;
        if self.records.len() < limits::ANSWER_RECORDS {
            self.records.push(record);
        }
    }
}

/// A text being tried.
pub struct Trial {
    kind: Kind,
    diagnostics: Vec<Diagnostic>,
    /// Nothing where the text does not load.
    judge: Option<Judge>,
    effect: Effect,
    /// The record numbers that are to be hit, sorted; all without.
    wanted: Option<Vec<u64>>,
    next: usize,
}

/// How an alert is decided.
enum Judge {
    Condition(Box<Filter>, Slots),
    Overlay(Box<Simulation>),
}

/// A text that was read.
struct Read {
    diagnostics: Vec<Diagnostic>,
    judge: Option<Judge>,
    with_rule_files: bool,
}

impl Trial {
    /// Reads a text, with the rule files that were loaded beside the alerts.
    pub fn new(text: &str, shelf: &Shelf, base: &Base) -> Self {
        let kind = Kind::of(text);
        let read = match kind {
            _ if text.len() > limits::QUESTION_BYTES => too_long(text),
            Kind::Nothing => Read { diagnostics: Vec::new(), judge: None, with_rule_files: false },
            Kind::Condition => condition_text::read(text, base),
            Kind::Exception => exception_text::read(text, shelf, base),
            Kind::Overlay => overlay_text::read(text, shelf, base),
        };
        let Read { mut diagnostics, judge, with_rule_files } = read;
        diagnostics.sort_by_key(|diagnostic| (diagnostic.level, diagnostic.start));
        let effect = Effect { beyond: shelf.beyond(), with_rule_files, ..Effect::default() };
        Self { kind, diagnostics, judge, effect, wanted: None, next: 0 }
    }

    /// Counts hits other than these record numbers, which come sorted.
    #[must_use]
    pub fn wanting(mut self, records: Vec<u64>) -> Self {
        self.wanted = Some(records);
        self
    }

    /// Tries the next alerts, at most `count`; whether there are more.
    pub fn advance(&mut self, alerts: &Shelf, count: usize) -> bool {
        let Some(judge) = &self.judge else { return false };
        let end = self.next.saturating_add(count).min(alerts.len());
        let fields = match judge {
            Judge::Condition(_, slots) => slots.names(),
            Judge::Overlay(simulation) => simulation.fields(),
        };
        let view = View::new(alerts, fields);
        for at in self.next..end {
            let Some(event) = view.event(at) else { break };
            let effect = &mut self.effect;
            let hits = effect.hits.count;
            let part = match judge {
                Judge::Condition(filter, _) => match filter.evaluate(&event) {
                    Truth::True => &mut effect.hits,
                    Truth::False => &mut effect.misses,
                    Truth::Unknown => &mut effect.undecided,
                },
                Judge::Overlay(simulation) => match simulation.judge(Some(event.rule()), &event) {
                    OverlayEffect::Hidden => &mut effect.hits,
                    OverlayEffect::Kept | OverlayEffect::Added => &mut effect.misses,
                    OverlayEffect::Undecided => &mut effect.undecided,
                    OverlayEffect::Silent => &mut effect.contradicted,
                },
            };
            let record = at as u64 + 1;
            part.add(record);
            let is_wanted = |wanted: &Vec<u64>| wanted.binary_search(&record).is_ok();
            if effect.hits.count > hits && !self.wanted.as_ref().is_none_or(is_wanted) {
                effect.unwanted += 1;
            }
        }
        self.next = end;
        end < alerts.len()
    }

    /// What has been found out so far.
    pub fn findings(self) -> Findings {
        let effect = self.judge.is_some().then_some(self.effect);
        Findings { kind: self.kind, diagnostics: self.diagnostics, effect }
    }
}

fn too_long(text: &str) -> Read {
    let message = format!("the text is longer than {} bytes", limits::QUESTION_BYTES);
    let span = condition::Span::new(0, 0);
    let diagnostic = Diagnostic::at(text, span, Level::Error, "TEXT_TOO_LONG", message);
    let hint = Some("load it as a rule file instead".to_owned());
    Read { diagnostics: vec![diagnostic.hint(hint)], judge: None, with_rule_files: false }
}

#[cfg(test)]
mod tests;
