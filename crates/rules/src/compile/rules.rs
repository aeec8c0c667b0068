//! Rules: exceptions, output, condition.

use condition::{Effect, Expr};

use super::{Compiler, block, is_open};
use crate::code::{error, warning};
use crate::collect::Rule;
use crate::exception::Exception;
use crate::filter::Verdict;
use crate::findings::Findings;
use crate::item::Item;
use crate::text::Text;

/// A rule that Falco evaluates.
pub(crate) struct CompiledRule {
    /// Index among the collector's rules.
    pub index: usize,
    /// The whole condition; macros that were not loaded are left in it.
    pub expr: Expr,
    /// The condition of each exception that has values, where it stands alone.
    pub exceptions: Vec<Option<Expr>>,
}

impl Compiler<'_> {
    /// Compiles the rules in their order.
    pub(super) fn compile_rules(&mut self, findings: &mut Findings) -> Vec<CompiledRule> {
        let mut compiled = Vec::new();
        let collector = self.collector;
        for (index, rule) in collector.rules.iter().enumerate().filter(|(_, rule)| !rule.unknown_source) {
            match self.rule(rule, findings) {
                Ok(Some(expr)) => {
                    let exceptions: Vec<Option<Expr>> =
                        rule.exceptions.iter().map(|exception| self.exception(exception)).collect();
                    self.note_exceptions(rule, &expr, &exceptions, findings);
                    compiled.push(CompiledRule { index, expr, exceptions });
                }
                Ok(None) | Err(Stop::Known) => {}
                Err(Stop::Error(found)) => findings.fail(*found),
                Err(Stop::Gone(found)) => {
                    if findings.error.is_none() {
                        findings.gone(*found);
                    } else {
                        findings.fail(*found);
                    }
                }
            }
        }
        compiled
    }

    /// The resolved condition; `None` if the rule is left out.
    fn rule(&mut self, rule: &Rule, findings: &mut Findings) -> Result<Option<Expr>, Stop> {
        let condition = whole(rule)?;
        let mut refused = false;
        if !rule.opaque {
            match self.output(rule, findings) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                // Falco stops here; what is wrong with the condition is worth a note.
                Err(found) => {
                    findings.fail(*found);
                    refused = true;
                }
            }
        }
        let (parsed, text) = self.parse(&condition, &rule.condition_context)?;
        let engine = self.engine;
        let resolved = self.macros.resolve(&parsed, super::macros::ALL, &|name| is_open(engine, name));
        if let Some(fault) = resolved.fault {
            if fault.name.as_ref().is_some_and(|name| findings.lost.contains(name)) {
                return Err(Stop::Known);
            }
            return Err(Stop::Error(Box::new(fault.item(&rule.context, &text, self.sources, false))));
        }
        let checked = self.check(rule, &resolved.expr, &text, findings)?;
        if refused { Err(Stop::Known) } else { Ok(checked) }
    }

    fn check(
        &mut self,
        rule: &Rule,
        expr: &Expr,
        text: &Text,
        findings: &mut Findings,
    ) -> Result<Option<Expr>, Stop> {
        let context = &rule.condition_context;
        let verdict = Verdict::of(expr, self.engine, &rule.source);
        if let Some(problem) = verdict.unsafe_na() {
            let place = self.place(problem.span.into(), text, context);
            let found = place.item(warning::LOAD_UNSAFE_NA_CHECK, problem.falco.clone());
            findings.warn(found.hint("write `not FIELD exists` instead of `FIELD = <NA>`"));
        }
        for (field, span) in &verdict.deprecated {
            let place = self.place((*span).into(), text, context);
            let found = place.item(warning::LOAD_DEPRECATED_ITEM, deprecation_of(field));
            findings.warn(found.hint(format!("remove the check of `{field}`")));
        }
        self.note_condition(rule, expr, &verdict.problems, text, findings);
        if let Some(problem) = verdict.refusal() {
            let place = self.place(problem.span.into(), text, context);
            let hint = problem.hint.clone().unwrap_or_else(|| problem.message.clone());
            if problem.effect == Effect::UnknownFilter && rule.skip_if_unknown {
                let found = place.item(warning::LOAD_UNKNOWN_FILTER, problem.falco.clone());
                findings.warn(found.hint(hint));
                return Ok(None);
            }
            if problem.effect == Effect::ExitsOnLoad {
                return Err(Stop::Gone(Box::new(
                    place.item(error::ENGINE_EXIT, problem.falco.clone()).hint(hint),
                )));
            }
            let found = place.item(error::LOAD_ERR_COMPILE_CONDITION, problem.falco.clone());
            return Err(Stop::Error(Box::new(found.hint(hint))));
        }
        for problem in verdict.warnings() {
            let place = self.place(problem.span.into(), text, context);
            let found = place.item(warning::LOAD_COMPILE_CONDITION, problem.falco.clone());
            findings.warn(found.hint(problem.hint.clone().unwrap_or_else(|| problem.message.clone())));
        }
        if rule.source == "syscall" && rule.warn_evttypes && verdict.too_many_events {
            let message =
                "Rule matches too many evt.type values. This has a significant performance penalty.";
            let found = rule.context.item(warning::LOAD_NO_EVTTYPE, message);
            findings.warn(
                found.hint("begin the condition with `evt.type in (…) and`, or set `warn_evttypes: false`"),
            );
        }
        Ok(Some(expr.clone()))
    }

    /// An exception's condition, if it can stand alone.
    fn exception(&mut self, exception: &Exception) -> Option<Expr> {
        let text = block::alone(exception).ok()?;
        let text = self.expanded(&text, &exception.context).ok()?;
        condition::parse(text.as_str()).ok()
    }
}

/// The condition with its exceptions, as Falco puts it together.
fn whole(rule: &Rule) -> Result<Text, Stop> {
    let mut condition = rule.condition.clone();
    if !rule.exceptions.is_empty() {
        condition.prepend("(");
        condition.push_str(")");
    }
    for exception in &rule.exceptions {
        block::push(&mut condition, exception)?;
    }
    Ok(condition)
}

fn deprecation_of(field: &str) -> &'static str {
    if field == "evt.dir" {
        "due to the drop of enter events, 'evt.dir = <' always evaluates to true, and 'evt.dir = >' always \
         evaluates to false. The rule expression can be simplified by removing the condition on 'evt.dir'"
    } else {
        "field is not available due to the drop of enter events."
    }
}

/// Why a rule does not compile.
pub(super) enum Stop {
    /// An error.
    Error(Box<Item>),
    /// Falco itself ends.
    Gone(Box<Item>),
    /// It follows from an error that is reported already.
    Known,
}

impl From<Box<Item>> for Stop {
    fn from(found: Box<Item>) -> Self {
        if [error::ENGINE_CRASH, error::ENGINE_EXIT].contains(&found.code) {
            Self::Gone(found)
        } else {
            Self::Error(found)
        }
    }
}
