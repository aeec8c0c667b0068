//! From tree to program: checks everything that Falco checks, in its order, and gives literals their types.
//!
//! The compiler does not stop at a problem: it notes it, puts an unknown in place of the part and goes on,
//! so that one run finds everything. The first problem that refuses the condition is the one at which
//! Falco stops.

mod notes;
mod operand;
mod right;

use crate::ast::{Check, Expr, ExprKind, Right, Test as AstTest};
use crate::context::Context;
use crate::event_types::{Gate, ends_in_literal, meets_type_in_transformer};
use crate::operator::{Modifier, Operator};
use crate::problem::{Effect, Problem};
use crate::program::{Node, Operand, Program, Test};
use crate::source::Slots;
use crate::span::Span;
use crate::tables::FieldInfo;
use crate::value_type::{Family, ValueType};

pub(crate) struct Compiler<'c> {
    context: &'c Context,
    slots: &'c mut Slots,
    problems: Vec<Problem>,
    /// What Falco finds only after it has compiled the whole condition.
    later: Vec<Problem>,
}

/// An operand with its type.
pub(crate) struct Typed {
    pub operand: Operand,
    pub value_type: ValueType,
    pub is_list: bool,
    /// The name that Falco's messages use.
    pub name: String,
    /// The field under all transformers of one argument.
    pub info: Option<&'static FieldInfo>,
    /// Whether it is more than the field itself.
    pub is_made: bool,
}

/// Marks a part that has a problem, which is noted.
pub(crate) struct Flawed;

impl<'c> Compiler<'c> {
    pub fn run(condition: &Expr, context: &'c Context, slots: &'c mut Slots) -> (Program, Vec<Problem>) {
        let mut compiler = Self { context, slots, problems: Vec::new(), later: Vec::new() };
        let root = compiler.node(condition, false);
        let gate = Gate::new(condition, || compiler.slots.slot("evt.type"));
        let mut problems = compiler.problems;
        problems.append(&mut compiler.later);
        notes::deprecated(condition, &mut problems);
        (Program { root, gate }, problems)
    }

    fn node(&mut self, expr: &Expr, negated: bool) -> Node {
        match &expr.kind {
            ExprKind::And(operands) => {
                Node::And(operands.iter().map(|operand| self.node(operand, negated)).collect())
            }
            ExprKind::Or(operands) => {
                Node::Or(operands.iter().map(|operand| self.node(operand, negated)).collect())
            }
            ExprKind::Not(operand) => Node::Not(Box::new(self.node(operand, !negated))),
            ExprKind::Check(check) => match self.check(check, expr.span, negated) {
                Ok((operand, test)) => Node::Check(operand, test),
                Err(Flawed) => Node::Check(Operand::Hidden, Test::Exists),
            },
            ExprKind::Macro(name) => {
                self.note(Problem {
                    effect: Effect::UndefinedMacro,
                    span: expr.span,
                    falco: format!("Undefined macro '{name}' used in filter."),
                    message: format!("there is no macro `{name}`"),
                    hint: Some(
                        "define it before this rule, or write a check such as `proc.name = cat`".into(),
                    ),
                });
                Node::Check(Operand::Hidden, Test::Exists)
            }
        }
    }

    fn check(&mut self, check: &Check, span: Span, negated: bool) -> Result<(Operand, Test), Flawed> {
        let left = self.operand(&check.left)?;
        if meets_type_in_transformer(check) {
            self.later.push(Problem {
                effect: Effect::ExitsOnLoad,
                span,
                falco: "event code search does not support `evt.type` checks with transformers.".into(),
                message: "a transformer of the event type ends Falco".into(),
                hint: Some("compare `evt.type` itself with the names of events".into()),
            });
        }
        let (operator, modifier, right) = match &check.test {
            AstTest::Exists => return Ok((left.operand, Test::Exists)),
            AstTest::Compare { operator, modifier, right } => (*operator, *modifier, right),
        };
        self.allow(&left, operator, modifier, span)?;
        let is_equality = matches!(operator, Operator::Equal | Operator::NotEqual | Operator::In);
        if negated && is_equality && modifier.is_none() && ends_in_literal(&check.left) {
            self.note(notes::runs_for_no_call(span));
        }
        let test = match right {
            Right::Value(literal) => self.single(&left, operator, literal)?,
            Right::List(literals) => self.listed(&left, operator, modifier, literals, span)?,
            Right::Transform(transform) => self.against(&left, operator, transform, span)?,
        };
        notes::about(&left, check, span, &mut self.problems);
        Ok((left.operand, test))
    }

    /// Whether Falco makes this comparison for the type.
    fn allow(
        &mut self,
        left: &Typed,
        operator: Operator,
        modifier: Option<Modifier>,
        span: Span,
    ) -> Result<(), Flawed> {
        let falco = if left.is_list {
            let has_lists = matches!(
                left.value_type,
                ValueType::String
                    | ValueType::Uint64
                    | ValueType::Reltime
                    | ValueType::Abstime
                    | ValueType::Bool
                    | ValueType::Address
                    | ValueType::Network
            );
            if !has_lists {
                format!("list filters are not supported for type '{}'", left.value_type.falco_name())
            } else if modifier.is_none() && matches!(operator, Operator::In | Operator::Intersects) {
                return Ok(());
            } else {
                format!("'{operator}' operator not supported list filters")
            }
        } else if left.value_type.allows(operator) {
            return Ok(());
        } else {
            let with = if modifier.is_some() { "with modifier" } else { "operator" };
            match left.value_type.family() {
                Family::Number | Family::Bool => {
                    format!("'{operator}' operator not supported for numeric filters")
                }
                Family::String => format!("'{operator}' operator not supported for string filters"),
                Family::Buffer => format!("'{operator}' operator not supported for buffer filters"),
                Family::Address => {
                    format!("'{operator}' {with} not supported for ip address and network filters")
                }
                Family::Other => {
                    format!("'{operator}' operator not supported for type '{}'", left.value_type.falco_name())
                }
            }
        };
        let kind = if left.is_list { "list" } else { left.value_type.name() };
        let hint = if left.is_list {
            "write `intersects (…)` for one of its values, or `in (…)` for all of them".to_owned()
        } else {
            let allowed: Vec<String> = Operator::ALL
                .into_iter()
                .filter(|operator| left.value_type.allows(*operator))
                .map(|operator| format!("`{operator}`"))
                .collect();
            format!("use one of {} or `exists`", allowed.join(", "))
        };
        self.refuse(
            span,
            format!("filter error: {falco}"),
            format!("`{operator}` does not compare `{}`, which is a {kind}", left.name),
            Some(hint),
        );
        Err(Flawed)
    }

    fn note(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn refuse(&mut self, span: Span, falco: String, message: String, hint: Option<String>) {
        self.note(Problem { effect: Effect::Refused, span, falco, message, hint });
    }
}
