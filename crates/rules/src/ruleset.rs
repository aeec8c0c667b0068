//! What Falco would run: rules, macros and lists after everything was put together.

use std::ops::Range;

use condition::Expr;

use crate::collect::Collector;
use crate::compile::CompiledRule;
use crate::exception::{Entry, Exception};
use crate::priority::Priority;

/// Everything that the loaded files define, in the order of the first definitions.
#[derive(Debug, Clone, Default)]
pub struct Ruleset {
    /// The rules.
    pub rules: Vec<LoadedRule>,
    /// The macros.
    pub macros: Vec<LoadedMacro>,
    /// The lists.
    pub lists: Vec<LoadedList>,
}

/// A rule.
#[derive(Debug, Clone)]
pub struct LoadedRule {
    /// Its name, which is its identity.
    pub name: String,
    /// Where its events come from.
    pub source: String,
    /// How urgent it is.
    pub priority: Priority,
    /// What it is for.
    pub desc: String,
    /// Its tags, sorted.
    pub tags: Vec<String>,
    /// The template of its alerts' text.
    pub output: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Whether only additions to it were loaded, not the rule itself.
    pub is_incomplete: bool,
    /// Its condition as it was written, without exceptions.
    pub condition_text: String,
    /// Its condition with lists, macros and exceptions in place; none if Falco leaves the rule out or
    /// refuses it.
    pub condition: Option<Expr>,
    /// Its exceptions.
    pub exceptions: Vec<LoadedException>,
    /// Which of the loaded files defines it.
    pub file: usize,
    /// The bytes of the definition.
    pub span: Range<usize>,
}

/// An exception of a rule: what it names does not alert.
#[derive(Debug, Clone)]
pub struct LoadedException {
    /// Its name, unique within the rule if its author took care.
    pub name: String,
    /// The fields, one for each column of the values.
    pub fields: Vec<String>,
    /// The operators, one for each field.
    pub comps: Vec<String>,
    /// The rows of values. A cell is a list where its operator takes one. For a single field, there is
    /// one row with one cell.
    pub values: Vec<Vec<Vec<String>>>,
    /// What it hides; none without values or where it does not parse alone.
    pub condition: Option<Expr>,
    /// Which of the loaded files it is in.
    pub file: usize,
    /// The bytes that it was written with.
    pub span: Range<usize>,
}

/// A macro.
#[derive(Debug, Clone)]
pub struct LoadedMacro {
    /// Its name.
    pub name: String,
    /// Its condition, with lists and macros in place; none if Falco refuses it.
    pub condition: Option<Expr>,
    /// Which of the loaded files defines it.
    pub file: usize,
}

/// A list.
#[derive(Debug, Clone)]
pub struct LoadedList {
    /// Its name.
    pub name: String,
    /// Its items, with the items of lists that it names.
    pub items: Vec<String>,
    /// Whether only additions to it were loaded, not the list itself.
    pub is_incomplete: bool,
    /// Which of the loaded files defines it.
    pub file: usize,
}

impl Ruleset {
    /// The rule of a name.
    pub fn rule(&self, name: &str) -> Option<&LoadedRule> {
        self.rules.iter().find(|rule| rule.name == name)
    }

    /// The macro of a name.
    pub fn macro_named(&self, name: &str) -> Option<&LoadedMacro> {
        self.macros.iter().find(|item| item.name == name)
    }

    /// The list of a name.
    pub fn list(&self, name: &str) -> Option<&LoadedList> {
        self.lists.iter().find(|list| list.name == name)
    }

    /// Puts the compiler's results together.
    pub(crate) fn new(
        collector: &Collector,
        compiled: Vec<CompiledRule>,
        macros: Vec<LoadedMacro>,
        lists: Vec<LoadedList>,
    ) -> Self {
        let mut compiled = compiled.into_iter().peekable();
        let rules = collector.rules.iter().enumerate().map(|(index, rule)| {
            let result = compiled.next_if(|compiled| compiled.index == index);
            let (condition, conditions) = match result {
                Some(compiled) => (Some(compiled.expr), compiled.exceptions),
                None => (None, Vec::new()),
            };
            let mut conditions = conditions.into_iter();
            LoadedRule {
                name: rule.name.clone(),
                source: rule.source.clone(),
                priority: rule.priority,
                desc: rule.desc.clone(),
                tags: rule.tags.iter().cloned().collect(),
                output: rule.output.as_str().to_owned(),
                enabled: rule.enabled,
                is_incomplete: rule.opaque,
                condition_text: rule.condition.as_str().to_owned(),
                condition,
                exceptions: rule
                    .exceptions
                    .iter()
                    .map(|exception| LoadedException::new(exception, conditions.next().flatten()))
                    .collect(),
                file: rule.context.file,
                span: rule.context.span.clone(),
            }
        });
        Self { rules: rules.collect(), macros, lists }
    }
}

impl LoadedException {
    fn new(exception: &Exception, condition: Option<Expr>) -> Self {
        let values = if exception.fields.is_list {
            exception.values.iter().map(|row| row.items.iter().map(texts).collect()).collect()
        } else {
            vec![vec![exception.values.iter().flat_map(texts).collect()]]
        };
        Self {
            name: exception.name.clone(),
            fields: texts(&exception.fields),
            comps: texts(&exception.comps),
            values,
            condition,
            file: exception.context.file,
            span: exception.context.span.clone(),
        }
    }
}

/// The texts of a value that may be one text or a list.
fn texts(entry: &Entry) -> Vec<String> {
    if entry.is_list {
        entry.items.iter().map(|item| item.text.clone()).collect()
    } else {
        vec![entry.text.clone()]
    }
}
