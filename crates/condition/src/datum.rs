//! Values with a type, and how two of them compare.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::net::IpAddr;

use crate::constant::{Constant, Network};
use crate::matching::{glob, text};
use crate::operator::Operator;
use crate::truth::Truth;

/// A value with a type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Datum<'a> {
    Number(i128),
    Bool(bool),
    Text(Cow<'a, [u8]>),
    /// A buffer as alerts print it: `.` stands for itself and for every byte that cannot be printed.
    Buffer(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
    Address(IpAddr),
    Network(Network),
}

impl Datum<'_> {
    /// The constant as the right side of a comparison.
    pub fn of(constant: &Constant) -> Datum<'static> {
        match constant {
            Constant::Number(number) => Datum::Number(*number),
            Constant::Bool(flag) => Datum::Bool(*flag),
            Constant::Text(text) => Datum::Text(Cow::Owned(text.as_bytes().to_vec())),
            Constant::Bytes(bytes) => Datum::Bytes(Cow::Owned(bytes.to_vec())),
            Constant::Address(address) => Datum::Address(*address),
            Constant::Network(network) => Datum::Network(*network),
        }
    }
}

/// Whether the comparison holds; unknown where the two cannot be compared.
pub(crate) fn compare(operator: Operator, left: &Datum<'_>, right: &Datum<'_>) -> Truth {
    match (left, right) {
        (Datum::Text(left), Datum::Text(right)) => texts(operator, left, right).into(),
        (Datum::Number(left), Datum::Number(right)) => order(operator, left.cmp(right)),
        (Datum::Bool(left), Datum::Bool(right)) => order(operator, left.cmp(right)),
        (Datum::Address(left), Datum::Address(right)) => match operator {
            Operator::NotEqual => (left != right).into(),
            _ => (left == right).into(),
        },
        (Datum::Address(left), Datum::Network(right)) => match operator {
            Operator::NotEqual => (!right.holds(*left)).into(),
            _ => right.holds(*left).into(),
        },
        (Datum::Buffer(left), Datum::Bytes(right)) => buffers(operator, left, right),
        _ => Truth::Unknown,
    }
}

fn order(operator: Operator, order: Ordering) -> Truth {
    match operator {
        Operator::Equal | Operator::In | Operator::Intersects => order.is_eq().into(),
        Operator::NotEqual => order.is_ne().into(),
        Operator::Less => order.is_lt().into(),
        Operator::LessOrEqual => order.is_le().into(),
        Operator::Greater => order.is_gt().into(),
        Operator::GreaterOrEqual => order.is_ge().into(),
        _ => Truth::Unknown,
    }
}

fn texts(operator: Operator, left: &[u8], right: &[u8]) -> bool {
    match operator {
        Operator::Equal | Operator::In | Operator::Intersects => left == right,
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessOrEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterOrEqual => left >= right,
        Operator::Contains | Operator::Bcontains => text::contains(left, right),
        Operator::Icontains => text::contains_ignoring_case(left, right),
        Operator::Startswith | Operator::Bstartswith => left.starts_with(right),
        Operator::Endswith => left.ends_with(right),
        Operator::Glob => glob::fits(right, left, false),
        Operator::Iglob => glob::fits(right, left, true),
        // Neither has a single text on its right side.
        Operator::Regex | Operator::Pmatch => false,
    }
}

/// A printed buffer against bytes.
fn buffers(operator: Operator, printed: &str, bytes: &[u8]) -> Truth {
    if !printed.is_ascii() {
        return Truth::Unknown;
    }
    let printed = printed.as_bytes();
    match operator {
        Operator::Equal | Operator::In | Operator::Intersects => same(printed, bytes),
        Operator::NotEqual => same(printed, bytes).negated(),
        Operator::Startswith | Operator::Bstartswith => {
            printed.get(..bytes.len()).map_or(Truth::False, |start| same(start, bytes))
        }
        Operator::Endswith => {
            let start = printed.len().checked_sub(bytes.len());
            start.and_then(|start| printed.get(start..)).map_or(Truth::False, |end| same(end, bytes))
        }
        Operator::Contains | Operator::Bcontains if bytes.is_empty() => Truth::True,
        Operator::Contains | Operator::Bcontains => {
            printed.windows(bytes.len()).map(|window| same(window, bytes)).fold(Truth::False, Truth::or)
        }
        _ => Truth::Unknown,
    }
}

fn same(printed: &[u8], bytes: &[u8]) -> Truth {
    if printed.len() != bytes.len() {
        return Truth::False;
    }
    let each = printed.iter().zip(bytes).map(|(printed, byte)| match printed {
        b'.' if *byte == b'.' || !(b' '..=b'~').contains(byte) => Truth::Unknown,
        _ => (printed == byte).into(),
    });
    each.fold(Truth::True, Truth::and)
}
