//! Conditions of which parts may be unknown or known beforehand.

use condition::ast::ExprKind;
use condition::{Context, Expr, Filter, Slots, Source, Truth, compile};

/// A condition that can be evaluated, whatever could be loaded of it.
#[derive(Debug, Clone)]
pub(super) enum Evaluator {
    /// It is decided.
    Known(Truth),
    /// The condition language decides it.
    Filter(Box<Filter>),
    /// All of them hold.
    All(Vec<Evaluator>),
    /// One of them holds.
    Any(Vec<Evaluator>),
    /// It does not hold.
    Not(Box<Evaluator>),
}

impl Evaluator {
    /// Compiles a condition. A macro that is left in it is unknown.
    pub fn new(expr: &Expr, context: &Context, slots: &mut Slots) -> Self {
        Self::knowing(expr, context, slots, &|_| Truth::Unknown)
    }

    /// Compiles a condition with what is known of macros that are left in it.
    pub fn knowing(expr: &Expr, context: &Context, slots: &mut Slots, known: &dyn Fn(&str) -> Truth) -> Self {
        match &expr.kind {
            ExprKind::And(operands) if operands.is_empty() => return Self::Known(Truth::True),
            ExprKind::Or(operands) if operands.is_empty() => return Self::Known(Truth::False),
            ExprKind::Macro(name) => return Self::Known(known(name)),
            _ => {}
        }
        if expr.macros().is_empty() {
            return match compile(expr, context, slots) {
                Ok(filter) => Self::Filter(Box::new(filter)),
                Err(_) => Self::Known(Truth::Unknown),
            };
        }
        let mut all = |operands: &[Expr]| {
            operands.iter().map(|operand| Self::knowing(operand, context, slots, known)).collect()
        };
        match &expr.kind {
            ExprKind::And(operands) => Self::All(all(operands)),
            ExprKind::Or(operands) => Self::Any(all(operands)),
            ExprKind::Not(operand) => Self::Not(Box::new(Self::knowing(operand, context, slots, known))),
            ExprKind::Check(_) | ExprKind::Macro(_) => Self::Known(Truth::Unknown),
        }
    }

    /// Whether it holds for an event.
    pub fn evaluate<S: Source + ?Sized>(&self, event: &S) -> Truth {
        match self {
            Self::Known(truth) => *truth,
            Self::Filter(filter) => filter.evaluate(event),
            Self::All(parts) => parts.iter().fold(Truth::True, |truth, part| truth.and(part.evaluate(event))),
            Self::Any(parts) => parts.iter().fold(Truth::False, |truth, part| truth.or(part.evaluate(event))),
            Self::Not(part) => part.evaluate(event).negated(),
        }
    }
}
