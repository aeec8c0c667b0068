//! `fd.ip`, `fd.port`, `fd.proto` and `fd.net`: checks of either end of a connection.
//!
//! Alerts carry these fields as null although they compare. The fields of the two ends decide where the
//! connection is known to have both.

use crate::datum::{Datum, compare};
use crate::eval::Seen;
use crate::operator::Operator;
use crate::program::{Ends, EndsField, Test};
use crate::source::{Lookup, Source, Value};
use crate::truth::Truth;

/// Whether the check holds for the connection.
pub(crate) fn check<S: Source + ?Sized>(ends: &Ends, test: &Test, event: &S) -> Truth {
    let kind = match event.get(ends.kind) {
        Lookup::Value(Value::Text(kind)) => Some(Some(kind)),
        Lookup::Null => Some(None),
        Lookup::Value(_) | Lookup::Absent => None,
    };
    if matches!(test, Test::Exists) {
        return kind.map_or(Truth::Unknown, |kind| kind.is_some().into());
    }
    match kind {
        Some(None) => return Truth::False,
        Some(Some(kind)) if !kind.starts_with("ipv") => return Truth::False,
        _ => {}
    }
    let [near, far] = ends.slots.map(|end| end.read(event));
    let (Seen::One(near), Seen::One(far)) = (near, far) else { return Truth::Unknown };
    match test {
        Test::Compare(Operator::NotEqual, constant) => each(ends.which, Operator::NotEqual, &near, constant)
            .and(each(ends.which, Operator::NotEqual, &far, constant)),
        Test::Compare(operator, constant) => {
            each(ends.which, *operator, &near, constant).or(each(ends.which, *operator, &far, constant))
        }
        // Falco compares a list with addresses by their length, which it does not set.
        Test::Member { .. } if ends.which == EndsField::Address => Truth::False,
        Test::Member { .. } => test.holds(&near, event).or(test.holds(&far, event)),
        _ => Truth::Unknown,
    }
}

fn each(which: EndsField, operator: Operator, end: &Datum<'_>, constant: &Datum<'_>) -> Truth {
    match (which, end, constant) {
        // Falco reads a network of the other family as one of this family.
        (EndsField::Network, Datum::Address(address), Datum::Network(network))
            if !network.is_of_family(*address) =>
        {
            Truth::Unknown
        }
        _ => compare(operator, end, constant),
    }
}
