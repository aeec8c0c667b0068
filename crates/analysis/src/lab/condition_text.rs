//! A condition that stands alone.

use std::collections::BTreeSet;

use condition::{Context, Effect, Expr, Slots, check_all, compile, parse};
use rules::RuleFile;
use serde_json::{Value as Json, json};

use super::{Base, Judge, Read};
use crate::diagnostic::Diagnostic;
use crate::rule_files::engine;

/// Checks a condition, and makes it ready to be evaluated. It may use the fields of every source, and
/// macros and lists of the rule files.
pub fn read(text: &str, base: &Base) -> Read {
    let parsed = match parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let diagnostics = vec![Diagnostic::of_syntax(text, &error)];
            return Read { diagnostics, judge: None, with_rule_files: false };
        }
    };
    let expanded = expanded(text, base);
    let mut problems = check_all(&parsed, &Context::any());
    if expanded.is_some() {
        problems.retain(|problem| problem.effect != Effect::UndefinedMacro);
    }
    let diagnostics = problems.iter().map(|problem| Diagnostic::of_problem(text, problem)).collect();
    let mut slots = Slots::new();
    let filter = compile(expanded.as_ref().unwrap_or(&parsed), &Context::any(), &mut slots).ok();
    let judge = filter.map(|filter| Judge::Condition(Box::new(filter), slots));
    Read { diagnostics, judge, with_rule_files: expanded.is_some() }
}

/// The condition with the macros and lists of the rule files in it, as a rule of theirs would have it;
/// nothing where it names none of them, or one that they do not define.
///
/// Lists are put into conditions as text, so only Falco's own way of loading gives what a rule would have:
/// the condition becomes a rule after the macros and lists that it names.
pub fn expanded(text: &str, base: &Base) -> Option<Expr> {
    let ruleset = base.ruleset()?;
    let is_part = |symbol: char| symbol.is_alphanumeric() || "_-.".contains(symbol);
    let words: BTreeSet<&str> = text.split(|symbol| !is_part(symbol)).collect();
    let is_named = |name: &str| words.contains(name);
    let lists = ruleset.lists.iter().filter(|list| is_named(&list.name));
    let lists = lists.map(|list| json!({"list": list.name, "items": list.items}));
    let macros = ruleset.macros.iter().filter(|item| is_named(&item.name));
    let macros = macros.filter_map(|item| {
        let condition = item.condition.as_ref()?.to_string();
        Some(json!({"macro": item.name, "condition": condition}))
    });
    let rule = json!({"rule": PROBE, "desc": "x", "condition": text, "output": "x", "priority": "DEBUG"});
    let mut items: Vec<Json> = macros.chain(lists).collect();
    if items.is_empty() {
        return None;
    }
    items.push(rule);
    // JSON is YAML.
    let file = Json::from(items).to_string();
    let loaded = rules::load(&[RuleFile { name: PROBE, bytes: file.as_bytes() }], &engine());
    loaded.ruleset.rule(PROBE)?.condition.clone()
}

/// The name of the rule that a condition is made.
const PROBE: &str = "condition";
