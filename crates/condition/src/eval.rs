//! Evaluation in three-valued logic.

use std::borrow::Cow;

use crate::constant::cut;
use crate::datum::{Datum, compare};
use crate::operator::{Modifier, Operator};
use crate::program::{FieldSlot, Node, Operand, Program, Reading, Set, Test};
use crate::source::{Lookup, Source, Value};
use crate::truth::Truth;
use crate::value_type::{Family, ValueType};
use crate::{ancestors, ends, transform};

/// What is known about a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Seen<'a> {
    /// Not even whether there is one.
    Unknown,
    /// There is none: every comparison is false.
    Null,
    /// There is one, and it is not known.
    Hidden,
    One(Datum<'a>),
    Many(Vec<Datum<'a>>),
}

impl Program {
    pub fn evaluate<S: Source + ?Sized>(&self, event: &S) -> Truth {
        let truth = self.root.evaluate(event);
        match &self.gate {
            Some(gate) if truth != Truth::False => match event.get(gate.slot) {
                Lookup::Value(Value::Text(name)) => truth.and(gate.lets_pass(name).into()),
                _ => truth.and(Truth::Unknown),
            },
            _ => truth,
        }
    }
}

impl Node {
    pub fn evaluate<S: Source + ?Sized>(&self, event: &S) -> Truth {
        match self {
            Self::And(operands) => {
                let mut all = Truth::True;
                for operand in operands {
                    all = all.and(operand.evaluate(event));
                    if all == Truth::False {
                        break;
                    }
                }
                all
            }
            Self::Or(operands) => {
                let mut any = Truth::False;
                for operand in operands {
                    any = any.or(operand.evaluate(event));
                    if any == Truth::True {
                        break;
                    }
                }
                any
            }
            Self::Not(operand) => operand.evaluate(event).negated(),
            Self::Check(operand, test) => check(operand, test, event),
        }
    }
}

fn check<S: Source + ?Sized>(operand: &Operand, test: &Test, event: &S) -> Truth {
    match operand {
        // The common case, without a detour.
        Operand::Field(field) => match event.get(field.slot) {
            Lookup::Absent => Truth::Unknown,
            Lookup::Null => Truth::False,
            Lookup::Value(value) => match field.datum(value) {
                Some(datum) => test.holds(&datum, event),
                None => test.holds_for(&field.read(event), event),
            },
        },
        Operand::Ancestors(ancestors) => ancestors::check(ancestors, test, event),
        Operand::Ends(both) => ends::check(both, test, event),
        other => test.holds_for(&other.see(event), event),
    }
}

impl Operand {
    /// The value that it has for the event.
    pub fn see<'a, S: Source + ?Sized>(&'a self, event: &'a S) -> Seen<'a> {
        match self {
            Self::Field(field) | Self::List(field) => field.read(event),
            Self::NetworkOf { own, address } => match address.read(event) {
                Seen::Unknown => match event.get(*own) {
                    Lookup::Absent => Seen::Unknown,
                    Lookup::Null => Seen::Null,
                    Lookup::Value(_) => Seen::Hidden,
                },
                seen => seen,
            },
            Self::Text(text) => Seen::One(Datum::Text(Cow::Borrowed(text.as_bytes()))),
            Self::Ancestors(_) | Self::Ends(_) | Self::Hidden => Seen::Unknown,
            Self::Aliased { value, own } => match own.see(event) {
                Seen::Null => Seen::Null,
                Seen::Unknown => Seen::Unknown,
                _ => value.see(event),
            },
            Self::Listed(elements) => transform::list(elements, event),
            Self::Map(function, inner) => transform::map(*function, inner.see(event)),
            Self::Join { separator, list } => transform::join(separator, list, event),
            Self::Concat(parts) => transform::concat(parts, event),
            Self::Getopt { arguments, options, option } => {
                transform::getopt(&arguments.see(event), &options.see(event), *option)
            }
        }
    }
}

impl FieldSlot {
    pub fn read<'a, S: Source + ?Sized>(&self, event: &'a S) -> Seen<'a> {
        match event.get(self.slot) {
            Lookup::Absent => Seen::Unknown,
            Lookup::Null => Seen::Null,
            Lookup::Value(Value::List(values)) => {
                let read: Option<Vec<Datum<'_>>> = values.iter().map(|value| self.datum(*value)).collect();
                match read {
                    Some(read) if read.is_empty() => Seen::Null,
                    Some(read) => Seen::Many(read),
                    None => Seen::Hidden,
                }
            }
            Lookup::Value(value) => self.datum(value).map_or(Seen::Hidden, Seen::One),
        }
    }

    /// The value with the type of the field; nothing where the alert does not tell the value that Falco saw.
    fn datum<'a>(&self, value: Value<'a>) -> Option<Datum<'a>> {
        match (self.value_type.family(), value) {
            (Family::String, Value::Text(text)) if is_cut(text) => None,
            (Family::String, Value::Text(text)) => {
                let is_same = match self.reading {
                    Reading::Sanitised => text.is_ascii() || !text.contains('\u{fffd}'),
                    reading => reading == Reading::Same,
                };
                is_same.then_some(Datum::Text(Cow::Borrowed(text.as_bytes())))
            }
            (Family::Number, _) if self.value_type == ValueType::Double => None,
            (Family::Number, Value::Int(number)) => Some(Datum::Number(number.into())),
            (Family::Number, Value::Uint(number)) => Some(Datum::Number(number.into())),
            (Family::Number, Value::Text(text)) if self.reading == Reading::Hexadecimal => {
                let bits = u64::from_str_radix(text, 16).ok()?;
                Some(Datum::Number(cut(bits, self.value_type)))
            }
            (Family::Number, Value::Text(text)) => text.parse().ok().map(Datum::Number),
            (Family::Bool, Value::Bool(flag)) => Some(Datum::Bool(flag)),
            (Family::Bool, Value::Text(text)) => text.parse().ok().map(Datum::Bool),
            (Family::Address, Value::Text(text)) => text.parse().ok().map(Datum::Address),
            (Family::Buffer, Value::Text(text)) => Some(Datum::Buffer(Cow::Borrowed(text))),
            _ => None,
        }
    }
}

/// Falcosidekick cuts long values for some of its outputs.
fn is_cut(text: &str) -> bool {
    text.len() >= CUT_LENGTH && text.ends_with("[...]")
}

/// 507 bytes and the mark behind them.
const CUT_LENGTH: usize = 512;

impl Test {
    /// Whether a known or unknown value satisfies it.
    pub fn holds_for<S: Source + ?Sized>(&self, seen: &Seen<'_>, event: &S) -> Truth {
        match (seen, self) {
            (Seen::Null, _) => Truth::False,
            (Seen::Unknown, _) => Truth::Unknown,
            (_, Self::Exists) => Truth::True,
            (Seen::One(datum), _) => self.holds(datum, event),
            (Seen::Many(data), Self::Member { every: true, set }) => {
                data.iter().map(|datum| set.holds(datum)).fold(Truth::True, Truth::and)
            }
            (Seen::Many(data), Self::Member { every: false, set }) => {
                data.iter().map(|datum| set.holds(datum)).fold(Truth::False, Truth::or)
            }
            (Seen::Many(data), Self::Against(operator, right)) => {
                against_many(*operator, data, &right.see(event))
            }
            (Seen::Hidden | Seen::Many(_), _) => Truth::Unknown,
        }
    }

    /// Whether one value satisfies it.
    pub fn holds<S: Source + ?Sized>(&self, datum: &Datum<'_>, event: &S) -> Truth {
        match self {
            Self::Exists => Truth::True,
            Self::Open | Self::Fatal(_) => Truth::Unknown,
            Self::Compare(operator, constant) => compare(*operator, datum, constant),
            Self::Member { set, .. } => set.holds(datum),
            Self::NoMember(set) => set.holds(datum).negated(),
            Self::Fits(regex) => match datum {
                Datum::Text(text) => match std::str::from_utf8(text.as_ref()) {
                    Ok(text) => regex.is_match(text).into(),
                    Err(_) => Truth::Unknown,
                },
                _ => Truth::Unknown,
            },
            Self::Under(paths) => match datum {
                Datum::Text(text) => paths.cover(text).into(),
                _ => Truth::Unknown,
            },
            Self::Several(modifier, tests) => several(*modifier, tests, datum, event),
            Self::Against(operator, right) => match right.see(event) {
                Seen::Null => Truth::False,
                Seen::One(right) => compare(*operator, datum, &right),
                Seen::Unknown | Seen::Hidden | Seen::Many(_) => Truth::Unknown,
            },
        }
    }
}

fn several<S: Source + ?Sized>(modifier: Modifier, tests: &[Test], datum: &Datum<'_>, event: &S) -> Truth {
    let each = tests.iter().map(|test| test.holds(datum, event));
    match modifier {
        Modifier::Anyof => each.fold(Truth::False, Truth::or),
        Modifier::Allof => each.fold(Truth::True, Truth::and),
        Modifier::Oneof => {
            let (mut held, mut open) = (0_usize, 0_usize);
            for truth in each {
                match truth {
                    Truth::True => held += 1,
                    Truth::Unknown => open += 1,
                    Truth::False => {}
                }
            }
            match (held, open) {
                (1, 0) => Truth::True,
                (0, 0) | (2.., _) => Truth::False,
                _ => Truth::Unknown,
            }
        }
    }
}

fn against_many(operator: Operator, left: &[Datum<'_>], right: &Seen<'_>) -> Truth {
    let right = match right {
        Seen::Null => return Truth::False,
        Seen::Many(right) => right,
        Seen::Unknown | Seen::Hidden | Seen::One(_) => return Truth::Unknown,
    };
    let among = |datum: &Datum<'_>| {
        right.iter().map(|other| compare(Operator::Equal, datum, other)).fold(Truth::False, Truth::or)
    };
    match operator {
        Operator::In => left.iter().map(among).fold(Truth::True, Truth::and),
        _ => left.iter().map(among).fold(Truth::False, Truth::or),
    }
}

impl Set {
    fn holds(&self, datum: &Datum<'_>) -> Truth {
        match (self, datum) {
            (Self::Empty, _) => Truth::False,
            (Self::Numbers(set), Datum::Number(number)) => set.binary_search(number).is_ok().into(),
            (Self::Bools(set), Datum::Bool(flag)) => set.contains(flag).into(),
            (Self::Texts(set), Datum::Text(text)) => {
                set.binary_search_by(|member| member.as_bytes().cmp(text)).is_ok().into()
            }
            (Self::Buffers(set), Datum::Buffer(_)) => set
                .iter()
                .map(|bytes| compare(Operator::Equal, datum, &Datum::Bytes(Cow::Borrowed(bytes))))
                .fold(Truth::False, Truth::or),
            (Self::Addresses(set), Datum::Address(address)) => set.binary_search(address).is_ok().into(),
            (Self::Networks(set), Datum::Address(address)) => {
                set.iter().any(|network| network.holds(*address)).into()
            }
            _ => Truth::Unknown,
        }
    }
}
