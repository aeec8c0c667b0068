//! Why one alert is decided as it is, part by part.

use condition::ast::ExprKind;
use condition::{Context, Expr, Slots, Source as _, Trace, Truth, compile, parse, shown};
use rules::{RuleFile, hooks};
use serde::{Deserialize, Serialize};

use super::exception_text::Wrapped;
use super::{Base, Kind, condition_text};
use crate::limits;
use crate::report::escape::visible;
use crate::rule_files::engine;
use crate::shelf::{Shelf, View};

/// Whether a part of a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// The alert does not tell.
    Unknown,
}

impl Answer {
    /// As a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "true",
            Self::No => "false",
            Self::Unknown => "unknown",
        }
    }

    fn of(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Yes,
            Truth::False => Self::No,
            Truth::Unknown => Self::Unknown,
        }
    }
}

/// A part of a condition with its answer for one alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// How deep it is within the whole, from 0.
    pub depth: u32,
    /// The part in its shortest spelling, or what the condition below is called.
    pub text: String,
    /// Its answer.
    pub answer: Answer,
    /// The fields that a check reads, and what the alert has for each.
    pub values: Vec<(String, String)>,
}

/// Why one alert is decided as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The record number of the alert.
    pub record: u64,
    /// Parts from the whole to its checks, at most [`limits::EXPLAINED_PARTS`]; none where the text has
    /// nothing to say about the alert's rule.
    pub steps: Vec<Step>,
}

/// Explains what a text says about the alert of a record number.
pub fn explain(text: &str, record: u64, shelf: &Shelf, base: &Base) -> Explanation {
    let mut steps = Vec::new();
    if text.len() <= limits::QUESTION_BYTES
        && let Some(rule) = shelf.rule(record)
    {
        for (title, expr) in conditions(text, rule, shelf, base) {
            part(title, &expr, record, shelf, &mut steps);
        }
    }
    steps.truncate(limits::EXPLAINED_PARTS);
    Explanation { record, steps }
}

/// The conditions of a text that bear on a rule, each with what it is called.
fn conditions(text: &str, rule: &str, shelf: &Shelf, base: &Base) -> Vec<(Option<String>, Expr)> {
    match Kind::of(text) {
        Kind::Nothing => Vec::new(),
        Kind::Condition => {
            let expr = condition_text::expanded(text, base).or_else(|| parse(text).ok());
            expr.map(|expr| (None, expr)).into_iter().collect()
        }
        Kind::Exception => of_overlay(&Wrapped::new(text, &shelf.rules()).overlay, rule),
        Kind::Overlay => of_overlay(text, rule),
    }
}

/// What an overlay itself says about a rule: its exceptions, and the hooks that it fills.
fn of_overlay(text: &str, rule: &str) -> Vec<(Option<String>, Expr)> {
    let files = [RuleFile { name: "lab", bytes: text.as_bytes() }];
    let ruleset = rules::load(&files, &engine().assuming_base()).ruleset;
    let mut found = Vec::new();
    if let Some(own) = ruleset.rule(rule) {
        let exceptions = own.exceptions.iter();
        found.extend(exceptions.filter_map(|exception| {
            Some((Some(format!("exception {}", exception.name)), exception.condition.clone()?))
        }));
        let written = own.condition.as_ref().and_then(without_macros);
        if found.is_empty() {
            found.extend(written.map(|expr| (Some("condition".to_owned()), expr)));
        }
    }
    for hook in hooks().filter(|hook| hook.rules().any(|name| name == rule)) {
        let expr = if hook.is_list {
            let list = ruleset.list(hook.name).filter(|list| !list.items.is_empty());
            list.and_then(|list| {
                parse(&format!("{} {} ({})", hook.field, hook.operator, list.items.join(", "))).ok()
            })
        } else {
            let filled = ruleset.macro_named(hook.name).and_then(|filled| filled.condition.as_ref());
            filled.and_then(without_macros)
        };
        found.extend(expr.map(|expr| (Some(hook.name.to_owned()), expr)));
    }
    found
}

/// What is left of a condition without macros, which stand for conditions that are not at hand.
fn without_macros(expr: &Expr) -> Option<Expr> {
    let rest = |operands: &[Expr]| -> Option<Vec<Expr>> {
        let kept: Vec<Expr> = operands.iter().filter_map(without_macros).collect();
        (!kept.is_empty()).then_some(kept)
    };
    match &expr.kind {
        ExprKind::And(operands) => Some(Expr::all(rest(operands)?)),
        ExprKind::Or(operands) => Some(Expr::any(rest(operands)?)),
        ExprKind::Not(operand) => Some(without_macros(operand)?.negated()),
        ExprKind::Macro(_) => None,
        ExprKind::Check(_) => Some(expr.clone()),
    }
}

fn part(title: Option<String>, expr: &Expr, record: u64, shelf: &Shelf, steps: &mut Vec<Step>) {
    let mut slots = Slots::new();
    let Ok(filter) = compile(expr, &Context::any(), &mut slots) else { return };
    let view = View::new(shelf, slots.names());
    let Some(event) = usize::try_from(record - 1).ok().and_then(|at| view.event(at)) else { return };
    let trace = filter.explain(&event);
    let depth = u32::from(title.is_some());
    if let Some(text) = title {
        steps.push(Step { depth: 0, text, answer: Answer::of(trace.truth), values: Vec::new() });
    }
    let value = |name: &str| shown(slots.find(name).map_or_else(Default::default, |slot| event.get(slot)));
    flatten(&trace, depth, &value, steps);
}

fn flatten(trace: &Trace, depth: u32, value: &dyn Fn(&str) -> String, steps: &mut Vec<Step>) {
    let values = trace.fields.iter().map(|name| (name.clone(), visible(&value(name)).into_owned())).collect();
    steps.push(Step { depth, text: trace.text.clone(), answer: Answer::of(trace.truth), values });
    for part in &trace.parts {
        flatten(part, depth + 1, value, steps);
    }
}
