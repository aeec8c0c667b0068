//! An overlay alone: the rules that it extends and the hooks that it fills.

use std::collections::BTreeMap;

use condition::ast::{Operand, Right};
use condition::operator::Operator;
use condition::{Expr, Slots, Truth};

use super::evaluator::Evaluator;
use super::{Plan, Standing};
use crate::collect::CONDITION_NOT_LOADED;
use crate::engine::Engine;
use crate::hooks::{Hook, Place, hooks};
use crate::ruleset::{LoadedList, LoadedRule, Ruleset};
use crate::shipped;

/// The rules for whose alerts the overlay changes something.
pub(super) fn plans(
    overlay: &Ruleset,
    standing: &Standing,
    engine: &Engine,
    slots: &mut Slots,
) -> BTreeMap<String, Plan> {
    let mut remains: BTreeMap<String, Vec<Evaluator>> = BTreeMap::new();
    for rule in &overlay.rules {
        remains.entry(rule.name.clone()).or_default().push(of_rule(rule, engine, slots));
    }
    for hook in hooks() {
        let source = hook.rules().find_map(shipped::rule_source).unwrap_or("syscall");
        let changed = if hook.is_list {
            overlay.list(hook.name).map(|list| of_list(&hook, list, engine, slots))
        } else {
            of_macro(hook.name, hook.place, source, overlay, engine, slots)
        };
        if let Some(changed) = changed {
            for rule in hook.rules() {
                // How a list stands in a loaded rule is not known.
                let changed = match (standing.knows(rule), hook.is_list) {
                    (false, _) => changed.clone(),
                    (true, true) => Evaluator::Known(Truth::Unknown),
                    (true, false) => continue,
                };
                remains.entry(rule.to_owned()).or_default().push(changed);
            }
        }
    }
    for (rule, hook, place) in standing.loaded() {
        let source = shipped::rule_source(rule).unwrap_or("syscall");
        if let Some(changed) = of_macro(hook, place, source, overlay, engine, slots) {
            remains.entry(rule.to_owned()).or_default().push(changed);
        }
    }
    if changes_shared_names(overlay) {
        for name in shipped::rules() {
            remains.entry(name.to_owned()).or_default().push(Evaluator::Known(Truth::Unknown));
        }
    }
    let plan = |remains: Vec<Evaluator>| Plan {
        before: Evaluator::Known(Truth::True),
        after: Evaluator::Known(Truth::Unknown),
        remains: Evaluator::All(remains),
    };
    remains.into_iter().map(|(name, remains)| (name, plan(remains))).collect()
}

/// What the overlay makes of a rule whose condition held.
fn of_rule(rule: &LoadedRule, engine: &Engine, slots: &mut Slots) -> Evaluator {
    match &rule.condition {
        _ if !rule.enabled => Evaluator::Known(Truth::False),
        Some(condition) => with(condition, &rule.source, engine, slots, Truth::True),
        None => Evaluator::Known(Truth::Unknown),
    }
}

/// What a macro that was filled makes of the rules that name it.
fn of_macro(
    name: &str,
    place: Place,
    source: &str,
    overlay: &Ruleset,
    engine: &Engine,
    slots: &mut Slots,
) -> Option<Evaluator> {
    let condition = overlay.macro_named(name)?.condition.as_ref();
    let held = match place {
        Place::Required => Truth::True,
        Place::Excluded => Truth::False,
        Place::Nested => Truth::Unknown,
    };
    let Some(condition) = condition.filter(|_| place != Place::Nested) else {
        return Some(Evaluator::Known(Truth::Unknown));
    };
    let holds = with(condition, source, engine, slots, held);
    Some(if place == Place::Excluded { Evaluator::Not(Box::new(holds)) } else { holds })
}

/// What a list that was filled makes of the rules that name it.
fn of_list(hook: &Hook, list: &LoadedList, engine: &Engine, slots: &mut Slots) -> Evaluator {
    let operand = condition::parse_operand(hook.field).ok();
    let operator = Operator::from_name(hook.operator);
    let (Some(field @ Operand::Field(_)), Some(operator)) = (operand, operator) else {
        return Evaluator::Known(Truth::Unknown);
    };
    let items = list.items.iter().map(|item| unquoted(item));
    let holds = Expr::check(field, operator, Right::list(items));
    let source = hook.rules().find_map(shipped::rule_source).unwrap_or("syscall");
    match hook.place {
        Place::Excluded => with(&holds.negated(), source, engine, slots, Truth::Unknown),
        // The value was in the list that is extended.
        Place::Required if list.is_incomplete => Evaluator::Known(Truth::True),
        Place::Required => with(&holds, source, engine, slots, Truth::Unknown),
        Place::Nested => Evaluator::Known(Truth::Unknown),
    }
}

/// A condition in which the one that was not loaded is known to hold or not.
fn with(expr: &Expr, source: &str, engine: &Engine, slots: &mut Slots, not_loaded: Truth) -> Evaluator {
    let known = |name: &str| match name {
        CONDITION_NOT_LOADED => not_loaded,
        "never_true" => Truth::False,
        "always_true" => Truth::True,
        _ => Truth::Unknown,
    };
    Evaluator::knowing(expr, &engine.context(source), slots, &known)
}

/// An item of a list as the parser would read it.
fn unquoted(item: &str) -> String {
    match condition::parse(&format!("proc.name in ({item})")).ok().as_ref().and_then(single_literal) {
        Some(text) => text,
        None => item.to_owned(),
    }
}

fn single_literal(expr: &Expr) -> Option<String> {
    let check = expr.checks().first().copied()?.clone();
    match check.test {
        condition::ast::Test::Compare { right: Right::List(literals), .. } => match literals.as_slice() {
            [literal] => Some(literal.text.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the overlay changes a macro or list of Falco's that is no hook: what that does to which rule
/// cannot be told without the rules.
fn changes_shared_names(overlay: &Ruleset) -> bool {
    let is_hook = |name: &str| hooks().any(|hook| hook.name == name);
    let macros = overlay.macros.iter().map(|item| ("macro", item.name.as_str()));
    let lists = overlay.lists.iter().map(|list| ("list", list.name.as_str()));
    macros.chain(lists).any(|(kind, name)| shipped::file_of(kind, name).is_some() && !is_hook(name))
}
