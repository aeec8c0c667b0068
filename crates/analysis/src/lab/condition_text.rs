//! A condition that stands alone.

use condition::{Context, Effect, Expr, Slots, check_all, compile, parse};
use rules::RuleFile;

use super::{Judge, Read};
use crate::diagnostic::Diagnostic;
use crate::rule_files::{Source, engine, loadable};

/// Checks a condition, and makes it ready to be evaluated. It may use the fields of every source, and
/// macros and lists of the rule files.
pub fn read(text: &str, base: &[Source]) -> Read {
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
/// nothing without such files or where they do not define all of them.
pub fn expanded(text: &str, base: &[Source]) -> Option<Expr> {
    if base.is_empty() {
        return None;
    }
    let rule = serde_json::json!([{
        "rule": PROBE, "desc": "x", "condition": text, "output": "x", "priority": "DEBUG",
    }]);
    let rule = rule.to_string();
    let mut files = loadable(base);
    files.push(RuleFile { name: PROBE, bytes: rule.as_bytes() });
    let loaded = rules::load(&files, &engine());
    loaded.ruleset.rule(PROBE)?.condition.clone()
}

/// The name of the rule that a condition is made, which no file defines.
const PROBE: &str = "the condition of the rule lab";
