//! Whether an event reaches a check that ends Falco.
//!
//! Falco evaluates from left to right and stops as soon as the answer is certain, so a check that would
//! end it does no harm where the parts before it decide.

use crate::program::{Node, Operand, Program, Test};
use crate::source::{Lookup, Source, Value};
use crate::truth::Truth;

/// The fatal check that the event reaches for certain.
pub(crate) fn end<S: Source + ?Sized>(program: &Program, event: &S) -> Option<usize> {
    end_in(&program.root, event)
}

fn end_in<S: Source + ?Sized>(node: &Node, event: &S) -> Option<usize> {
    match node {
        Node::And(operands) => end_in_chain(operands, Truth::True, event),
        Node::Or(operands) => end_in_chain(operands, Truth::False, event),
        Node::Not(operand) => end_in(operand, event),
        Node::Check(Operand::Ends(ends), Test::Fatal(problem)) => match event.get(ends.kind) {
            Lookup::Value(Value::Text(kind)) => kind.starts_with("ipv").then_some(*problem),
            _ => None,
        },
        Node::Check(..) => None,
    }
}

/// Operands are evaluated for as long as each has the answer that decides nothing.
fn end_in_chain<S: Source + ?Sized>(operands: &[Node], undecided: Truth, event: &S) -> Option<usize> {
    for operand in operands {
        if let Some(problem) = end_in(operand, event) {
            return Some(problem);
        }
        if operand.evaluate(event) != undecided {
            return None;
        }
    }
    None
}
