//! From what the files define to conditions that can be evaluated.
//!
//! Falco compiles everything anew after each file. Lists are put into conditions as text, exceptions,
//! too; only then is the text parsed, and macros are put into the resulting tree.

mod block;
mod expand;
mod macros;
mod notes;
mod output;
mod rules;

use std::rc::Rc;

use condition::{Expr, SyntaxError};

use crate::code::{error, warning};
use crate::collect::{CONDITION_NOT_LOADED, Collector, Macro};
use crate::engine::Engine;
use crate::findings::{Findings, Found};
use crate::item::{Context, Item};
use crate::limits;
use crate::ruleset::{LoadedList, LoadedMacro, Ruleset};
use crate::shipped;
use crate::text::Text;
use macros::Macros;

pub(crate) use rules::CompiledRule;

/// A list as conditions see it.
pub(crate) struct CompiledList {
    pub name: String,
    pub items: Vec<String>,
    used: bool,
    context: Context,
}

/// Compiles what a collector holds.
pub(crate) struct Compiler<'a> {
    pub engine: &'a Engine,
    pub collector: &'a Collector,
    pub sources: &'a [Rc<str>],
    /// The file that was read last: notes are about it alone.
    pub file: usize,
    pub lists: Vec<CompiledList>,
    pub macros: Macros,
}

impl<'a> Compiler<'a> {
    /// With the lists resolved.
    pub fn new(engine: &'a Engine, collector: &'a Collector, sources: &'a [Rc<str>], file: usize) -> Self {
        let lists = lists(collector);
        Self { engine, collector, sources, file, lists, macros: Macros::default() }
    }

    /// Compiles macros and rules, and warns of what nobody uses.
    pub fn run(mut self, findings: &mut Findings) -> Ruleset {
        self.note_lists(findings);
        self.parse_macros(findings);
        self.resolve_macros(findings);
        let rules = self.compile_rules(findings);
        if findings.error.is_none() {
            self.warn_of_unused(findings);
        }
        let macros = self.collector.macros.iter().map(|item| LoadedMacro {
            name: item.name.clone(),
            condition: self.macros.get(&item.name).cloned(),
            file: item.context.file,
        });
        let lists = self.collector.lists.iter().zip(&self.lists).map(|(list, compiled)| LoadedList {
            name: list.name.clone(),
            items: compiled.items.clone(),
            is_incomplete: list.opaque,
            file: list.context.file,
        });
        Ruleset::new(self.collector, rules, macros.collect(), lists.collect())
    }

    fn parse_macros(&mut self, findings: &mut Findings) {
        for item in self.collector.macros.iter() {
            match self.parse(&item.condition, &item.condition_context) {
                Ok((expr, text)) => {
                    self.note_literals(&expr, &text, &item.context, findings);
                    self.macros.push(item, Some(expr));
                }
                Err(found) => {
                    self.macros.push(item, None);
                    findings.lost.insert(item.name.clone());
                    findings.fail(*found);
                }
            }
        }
    }

    fn resolve_macros(&mut self, findings: &mut Findings) {
        for (index, item) in self.collector.macros.iter().enumerate() {
            let Some(expr) = self.macros.expr(index).cloned() else { continue };
            let engine = self.engine;
            let resolved = self.macros.resolve(&expr, item.visibility, &|name| is_open(engine, name));
            match resolved.fault {
                None => self.macros.set(index, resolved.expr),
                Some(fault) => {
                    self.macros.lose(index);
                    let already = fault.name.as_ref().is_some_and(|name| findings.lost.contains(name));
                    findings.lost.insert(item.name.clone());
                    if findings.error.is_none() || !already {
                        let order = self.is_defined_later(&fault.message, item);
                        findings.fail(fault.item(&item.context, &item.condition, self.sources, order));
                    }
                }
            }
        }
    }

    /// Whether an undefined macro is only defined too late.
    fn is_defined_later(&self, message: &str, item: &Macro) -> bool {
        let name = message.split('\'').nth(1).unwrap_or_default();
        self.collector.macros.get(name).is_some_and(|other| other.index >= item.visibility)
    }

    /// Puts lists into a condition and parses it.
    fn parse(&mut self, condition: &Text, context: &Context) -> Found<(Expr, Text)> {
        let text = self.expanded(condition, context)?;
        match condition::parse(text.as_str()) {
            Ok(expr) => Ok((expr, text)),
            Err(fault) => Err(Box::new(self.syntax_item(&fault, &text, context))),
        }
    }

    fn expanded(&mut self, condition: &Text, context: &Context) -> Found<Text> {
        let mut text = condition.clone();
        for list in &mut self.lists {
            let Some(used) = expand::list(&mut text, &list.name, &list.items) else {
                let message =
                    format!("lists make the condition longer than {} bytes", limits::CONDITION_BYTES);
                let found = context.item(error::LOAD_ERR_COMPILE_CONDITION, message);
                return Err(Box::new(found.hint("name fewer or shorter lists")));
            };
            list.used |= used;
        }
        Ok(text)
    }

    fn syntax_item(&self, fault: &SyntaxError, text: &Text, context: &Context) -> Item {
        let place = self.place(fault.span.into(), text, context);
        let found = place.item(error::LOAD_ERR_COMPILE_CONDITION, fault.falco_message());
        let hint = format!("{fault}: {}", fault.hint());
        let line = text.as_str().get(..fault.span.start).unwrap_or_default().rsplit('\n').next();
        let comment = line.is_some_and(|line| line.trim_start().starts_with('#'))
            || text.as_str().get(fault.span.start..).is_some_and(|rest| rest.trim_start().starts_with('#'));
        found.hint(if comment {
            "a condition has no comments: move the line with `#` out of the block".to_owned()
        } else {
            hint
        })
    }

    /// The place in a file that a part of a condition comes from.
    fn place(&self, range: std::ops::Range<usize>, text: &Text, context: &Context) -> Context {
        match text.origin(range, self.sources) {
            Some((file, span)) => context.at(file, span),
            None => context.clone(),
        }
    }

    fn warn_of_unused(&self, findings: &mut Findings) {
        for item in self.collector.macros.iter().filter(|item| !self.macros.is_used(&item.name)) {
            let message = "Macro not referred to by any other rule/macro";
            let found = item.context.item(warning::LOAD_UNUSED_MACRO, message);
            findings.warn(found.hint("remove it, or name it in a condition"));
        }
        for list in self.lists.iter().filter(|list| !list.used) {
            let message = "List not referred to by any other rule/macro";
            let found = list.context.item(warning::LOAD_UNUSED_LIST, message);
            findings.warn(found.hint("remove it, or name it in a condition: `in (NAME)`"));
        }
    }
}

/// Whether a macro that nobody defines may stay in a condition: its value is not known then.
fn is_open(engine: &Engine, name: &str) -> bool {
    engine.assumes_base && (name == CONDITION_NOT_LOADED || shipped::file_of("macro", name).is_some())
}

/// Resolves lists within lists, one level deep and only what was defined before.
fn lists(collector: &Collector) -> Vec<CompiledList> {
    let mut used = Vec::new();
    let mut compiled: Vec<CompiledList> = Vec::new();
    for list in collector.lists.iter() {
        let mut items = Vec::new();
        for item in &list.items {
            match collector.lists.get(item).filter(|inner| inner.index < list.visibility) {
                Some(inner) => {
                    used.push(inner.name.as_str());
                    items.extend(inner.items.iter().cloned());
                }
                None => items.push(item.clone()),
            }
        }
        let context = list.context.clone();
        compiled.push(CompiledList { name: list.name.clone(), items, used: false, context });
    }
    for list in &mut compiled {
        list.used = used.contains(&list.name.as_str());
    }
    compiled
}
