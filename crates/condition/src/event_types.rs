//! For which types of events a condition can hold, as Falco works it out.
//!
//! Falco runs a rule only for the event types that its condition leaves possible. Only checks of `evt.type`
//! and `syscall.type` with `=`, `!=` and `in` narrow them; `not` is pushed down to the checks.

use crate::ast::{Argument, Check, Expr, ExprKind, Field, Operand, Right, Test, Transform};
use crate::operator::Operator;
use crate::tables::{self, EventKind};

/// A rule for system calls should narrow the event types to at most this many codes, or Falco warns with
/// `LOAD_NO_EVTTYPE`.
pub const MOST_EVENT_CODES: usize = 100;

/// A set of event types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTypes {
    /// By the place of the event in the table.
    members: Box<[bool]>,
}

/// The event types for which the condition can hold. A macro that is not replaced leaves all possible.
pub fn event_types(condition: &Expr) -> EventTypes {
    of(condition, false, &mut false)
}

impl EventTypes {
    fn all() -> Self {
        Self { members: tables::event_kinds().iter().map(|_| true).collect() }
    }

    fn none() -> Self {
        Self::all().inverted()
    }

    fn named<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut set = Self::none();
        let events = names.filter_map(tables::event).filter(|(_, kind)| *kind != EventKind::Group);
        for (place, _) in events {
            if let Some(member) = set.members.get_mut(place) {
                *member = true;
            }
        }
        set
    }

    fn inverted(mut self) -> Self {
        for member in &mut self.members {
            *member = !*member;
        }
        self
    }

    fn combined(mut self, other: &Self, both: fn(bool, bool) -> bool) -> Self {
        for (member, other) in self.members.iter_mut().zip(&other.members) {
            *member = both(*member, *other);
        }
        self
    }

    /// Whether the event type is among them.
    pub fn contains(&self, name: &str) -> bool {
        tables::event(name).and_then(|(place, _)| self.members.get(place)).is_some_and(|member| *member)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        !self.members.contains(&true)
    }

    /// How many event codes they have: one for the start and one for the end of a call, more for events that
    /// had several forms over time, and two for all system calls together that share one event.
    pub fn codes(&self) -> usize {
        let mut codes = 0;
        let mut has_generic = false;
        for ((name, kind), _) in
            tables::event_kinds().iter().zip(&self.members).filter(|(_, member)| **member)
        {
            match kind {
                EventKind::Generic => has_generic = true,
                EventKind::Group => {}
                EventKind::Own | EventKind::Meta => codes += codes_of(name),
            }
        }
        codes + if has_generic { 2 } else { 0 }
    }

    /// Whether Falco warns about a rule for system calls with this condition.
    pub fn is_too_wide(&self) -> bool {
        self.is_empty() || self.codes() > MOST_EVENT_CODES
    }
}

/// Codes of events that had several forms, as the event table of Falco 0.44 has them.
fn codes_of(name: &str) -> usize {
    match name {
        "execve" => 16,
        "clone" => 8,
        "fork" | "vfork" | "accept4" => 6,
        "accept" | "openat" | "mkdir" | "rmdir" | "link" | "linkat" | "unlink" | "unlinkat" | "setrlimit"
        | "umount" | "procexit" | "mkdirat" => 4,
        _ => 2,
    }
}

/// `poisoned` is set where a check loses its event types without being about them.
fn of(condition: &Expr, negated: bool, poisoned: &mut bool) -> EventTypes {
    let mut joined = |operands: &[Expr], conjunction: bool| {
        let start = if conjunction { EventTypes::all() } else { EventTypes::none() };
        let both = if conjunction { |left, right| left && right } else { |left, right| left || right };
        operands.iter().fold(start, |set, operand| set.combined(&of(operand, negated, poisoned), both))
    };
    match &condition.kind {
        ExprKind::And(operands) => joined(operands, !negated),
        ExprKind::Or(operands) => joined(operands, negated),
        ExprKind::Not(operand) => of(operand, !negated, poisoned),
        ExprKind::Macro(_) => EventTypes::all(),
        ExprKind::Check(check) => of_check(check, negated, poisoned),
    }
}

fn of_check(check: &Check, negated: bool, poisoned: &mut bool) -> EventTypes {
    let inverted_if = |set: EventTypes, invert: bool| if invert { set.inverted() } else { set };
    let is_about_types = is_event_type(&check.left);
    match &check.test {
        Test::Exists => inverted_if(EventTypes::all(), negated && is_about_types),
        Test::Compare {
            operator: operator @ (Operator::Equal | Operator::NotEqual | Operator::In),
            modifier: None,
            right,
        } => {
            if !is_about_types {
                let loses = negated && ends_in_literal(&check.left);
                *poisoned |= loses;
                return inverted_if(EventTypes::all(), loses);
            }
            let names = match right {
                Right::Value(literal) => EventTypes::named([literal.text.as_str()].into_iter()),
                Right::List(literals) => {
                    EventTypes::named(literals.iter().map(|literal| literal.text.as_str()))
                }
                Right::Transform(_) => return EventTypes::all(),
            };
            inverted_if(names, negated != (*operator == Operator::NotEqual))
        }
        Test::Compare { .. } => EventTypes::all(),
    }
}

fn is_event_type(operand: &Operand) -> bool {
    match operand {
        Operand::Field(field) => is_type_field(field),
        Operand::Transform(_) => false,
    }
}

fn is_type_field(field: &Field) -> bool {
    matches!(field.name.as_str(), "evt.type" | "syscall.type") && field.argument.is_none()
}

/// Whether Falco meets `evt.type` in a transformer while it works out the event types, which ends it.
pub(crate) fn meets_type_in_transformer(check: &Check) -> bool {
    fn meets(transform: &Transform) -> bool {
        transform.arguments.iter().any(argument_meets)
    }
    fn argument_meets(argument: &Argument) -> bool {
        match argument {
            Argument::Field(field) => is_type_field(field),
            Argument::Transform(transform) => meets(transform),
            Argument::Literal(_) => false,
            Argument::List(elements) => elements.last().is_some_and(argument_meets),
        }
    }
    let Operand::Transform(left) = &check.left else { return false };
    let looks_left = match &check.test {
        Test::Exists => true,
        Test::Compare { operator, modifier, .. } => {
            modifier.is_none() && matches!(operator, Operator::Equal | Operator::NotEqual | Operator::In)
        }
    };
    looks_left && meets(left)
}

/// Falco takes a literal at the end of a transformer for a list of event names that holds none, and inverts it
/// under `not`: a rule with such a check runs for no system call.
pub(crate) fn ends_in_literal(operand: &Operand) -> bool {
    fn last_is_literal(arguments: &[Argument]) -> bool {
        arguments.last().is_some_and(|argument| match argument {
            Argument::Field(_) => false,
            Argument::Literal(_) => true,
            Argument::Transform(transform) => last_is_literal(&transform.arguments),
            Argument::List(elements) => last_is_literal(elements),
        })
    }
    match operand {
        Operand::Field(_) => false,
        Operand::Transform(transform) => last_is_literal(&transform.arguments),
    }
}

/// The event types that a rule runs for, where that is not what its condition says.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    types: EventTypes,
    /// The slot of `evt.type`.
    pub slot: usize,
}

impl Gate {
    /// The gate of a condition that needs one.
    pub fn new(condition: &Expr, slot: impl FnOnce() -> usize) -> Option<Self> {
        let mut poisoned = false;
        let types = of(condition, false, &mut poisoned);
        poisoned.then(|| Self { types, slot: slot() })
    }

    /// Whether the rule runs for an event of this type. It always runs for events that are no system calls.
    pub fn lets_pass(&self, name: &str) -> bool {
        match tables::event(name) {
            Some((place, EventKind::Own | EventKind::Generic)) => {
                self.types.members.get(place).is_some_and(|member| *member)
            }
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn types(text: &str) -> EventTypes {
        event_types(&crate::parse(text).unwrap())
    }

    #[test]
    fn checks_of_the_type_narrow() {
        let set = types("evt.type in (open, openat) and proc.name = cat");
        assert!(set.contains("open") && set.contains("openat") && !set.contains("close"));
        assert_eq!(set.codes(), 6);
        assert!(!set.is_too_wide());
    }

    #[test]
    fn negation_inverts_only_checks_of_the_type() {
        let set = types("not (evt.type != open or proc.name = cat)");
        assert!(set.contains("open") && !set.contains("close"));
        assert!(types("not evt.type = open").is_too_wide());
        assert!(types("not proc.name = cat").contains("open"));
        assert!(types("evt.type = open and evt.type = close").is_empty());
        assert!(types("evt.type = open or proc.name = a").is_too_wide());
    }

    #[test]
    fn other_operators_do_not_narrow() {
        assert!(types("evt.type = oneof (open, close)").is_too_wide());
        assert!(types("evt.type startswith open").contains("close"));
        assert!(types("evt.type exists").contains("close"));
        assert!(types("syscall.type = openx").is_empty());
    }

    #[test]
    fn a_negated_transformer_that_ends_in_a_literal_loses_every_type() {
        assert!(types("not concat(proc.name, \"x\") = y").is_empty());
        assert!(!types("not concat(\"x\", proc.name) = y").is_empty());
        assert!(!types("not concat(proc.name, \"x\") startswith y").is_empty());
        assert!(!types("concat(proc.name, \"x\") = y").is_empty());
    }
}
