//! Why a condition holds or not: the condition with an answer at every part.

use crate::ast::{Expr, ExprKind};
use crate::program::{Node, Program};
use crate::source::{Lookup, Slots, Source, Value};
use crate::span::Span;
use crate::truth::Truth;

/// A part of a condition and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Where the part stands.
    pub span: Span,
    /// The part in its shortest spelling.
    pub text: String,
    /// Its answer.
    pub truth: Truth,
    /// Its own parts; none for a check.
    pub parts: Vec<Trace>,
    /// The fields that a check reads, by the names that alerts use.
    pub fields: Vec<String>,
}

impl Trace {
    /// The checks whose answers decide: of an `and` that fails, those that fail; of one that holds, all.
    pub fn deciding(&self) -> Vec<&Trace> {
        if self.parts.is_empty() {
            return vec![self];
        }
        let is_negation = self.parts.len() == 1;
        let same = self.parts.iter().filter(|part| is_negation || part.truth == self.truth);
        same.flat_map(Trace::deciding).collect()
    }

    /// The fields of a check with what is known about each, in reading order.
    pub fn values<'a, S: Source + ?Sized>(
        &'a self,
        slots: &Slots,
        event: &'a S,
    ) -> Vec<(&'a str, Lookup<'a>)> {
        self.fields
            .iter()
            .map(|name| (name.as_str(), slots.find(name).map_or(Lookup::Absent, |slot| event.get(slot))))
            .collect()
    }
}

/// A value in words, as an explanation shows it.
pub fn shown(lookup: Lookup<'_>) -> String {
    match lookup {
        Lookup::Absent => "not in the alert".to_owned(),
        Lookup::Null => "null".to_owned(),
        Lookup::Value(Value::Bool(flag)) => flag.to_string(),
        Lookup::Value(Value::Int(number)) => number.to_string(),
        Lookup::Value(Value::Uint(number)) => number.to_string(),
        Lookup::Value(Value::Decimal(number)) => number.to_owned(),
        Lookup::Value(Value::Text(text)) => crate::quoted(text),
        Lookup::Value(Value::List(values)) => {
            let shown: Vec<String> = values.iter().map(|value| shown(Lookup::Value(*value))).collect();
            format!("({})", shown.join(", "))
        }
    }
}

pub(crate) fn trace<S: Source + ?Sized>(condition: &Expr, program: &Program, event: &S) -> Trace {
    let mut whole = part(condition, &program.root, event);
    whole.truth = program.evaluate(event);
    whole
}

/// The two trees have the same shape.
fn part<S: Source + ?Sized>(expr: &Expr, node: &Node, event: &S) -> Trace {
    let (parts, fields) = match (&expr.kind, node) {
        (ExprKind::And(exprs), Node::And(nodes)) | (ExprKind::Or(exprs), Node::Or(nodes)) => {
            (exprs.iter().zip(nodes).map(|(expr, node)| part(expr, node, event)).collect(), Vec::new())
        }
        (ExprKind::Not(expr), Node::Not(node)) => (vec![part(expr, node, event)], Vec::new()),
        (ExprKind::Check(check), _) => {
            (Vec::new(), check.fields().into_iter().map(ToString::to_string).collect())
        }
        _ => (Vec::new(), Vec::new()),
    };
    Trace { span: expr.span, text: expr.to_string(), truth: node.evaluate(event), parts, fields }
}
