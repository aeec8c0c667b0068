//! A condition made ready for evaluation: fields are slots, literals have types.

use std::net::IpAddr;

use regex_lite::Regex;

use crate::constant::{Constant, Network};
use crate::datum::Datum;
use crate::event_types::Gate;
use crate::matching::paths::Paths;
use crate::operator::{Modifier, Operator};
use crate::value_type::ValueType;

/// The condition; its shape is that of the tree that it was made of.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    And(Box<[Node]>),
    Or(Box<[Node]>),
    Not(Box<Node>),
    Check(Operand, Test),
}

/// Where a value comes from.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    /// A field with one value.
    Field(FieldSlot),
    /// A field with several values.
    List(FieldSlot),
    /// A network field: alerts print nothing useful for it, the address beside it decides.
    NetworkOf { own: usize, address: FieldSlot },
    /// An ancestor field without index.
    Ancestors(Ancestors),
    /// A field of either end of a connection.
    Ends(Ends),
    /// Text that is the same in every event.
    Text(Box<str>),
    /// A list among the arguments of a transformer.
    Listed(Box<[Operand]>),
    /// The value of the first, if there is one of the second.
    Aliased { value: Box<Operand>, own: Box<Operand> },
    /// A function of another value.
    Map(Function, Box<Operand>),
    /// A list as one text.
    Join { separator: Box<Operand>, list: Box<Operand> },
    /// Several texts as one.
    Concat(Box<[Operand]>),
    /// Options of a command line, or the value of one of them.
    Getopt { arguments: Box<Operand>, options: Box<Operand>, option: Option<u8> },
    /// A value that alerts do not determine.
    Hidden,
}

/// A field's slot and how to read what it holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldSlot {
    pub slot: usize,
    pub value_type: ValueType,
    pub reading: Reading,
}

/// How an alert's value relates to the value that Falco compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// It is the same.
    Same,
    /// It is the same unless it holds a replacement character.
    Sanitised,
    /// A number, written in hexadecimal.
    Hexadecimal,
}

/// Functions of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Tolower,
    Toupper,
    B64,
    Basename,
    Len,
}

/// The chain of ancestors of a process.
#[derive(Debug, Clone)]
pub(crate) struct Ancestors {
    /// All of them in one text, parent first; not for process ids, whose field prints something else.
    pub joined: Option<usize>,
    /// Each by its level, from 1.
    pub levels: Box<[FieldSlot]>,
    /// The field of the parent under its other name.
    pub parent: FieldSlot,
    /// Longest value of one ancestor in bytes, where there is a limit.
    pub longest: Option<usize>,
}

/// The fields of both ends of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ends {
    pub slots: [FieldSlot; 2],
    /// `fd.type`
    pub kind: usize,
    pub which: EndsField,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndsField {
    Address,
    Port,
    Network,
}

/// What a value must satisfy.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    Exists,
    Compare(Operator, Datum<'static>),
    Fits(Regex),
    /// Among the values of a list; a field with several values must have one there, or every one.
    Member {
        every: bool,
        set: Set,
    },
    /// Not among the values of a list.
    NoMember(Set),
    Under(Paths),
    Several(Modifier, Box<[Test]>),
    /// What alerts do not decide, or Falco not in the same way every time.
    Open,
    /// What ends Falco at a socket; the problem's place in the list.
    Fatal(usize),
    /// Against another value of the event.
    Against(Operator, Box<Operand>),
}

/// A list of one type, sorted.
#[derive(Debug, Clone)]
pub(crate) enum Set {
    Empty,
    Numbers(Box<[i128]>),
    Bools(Box<[bool]>),
    Texts(Box<[Box<str>]>),
    Buffers(Box<[Box<[u8]>]>),
    Addresses(Box<[IpAddr]>),
    Networks(Box<[Network]>),
}

impl Set {
    pub fn new(constants: Vec<Constant>) -> Self {
        let Some(first) = constants.first() else { return Self::Empty };
        macro_rules! sorted {
            ($set:ident, $kind:ident) => {{
                let mut values: Vec<_> = constants
                    .into_iter()
                    .filter_map(|constant| match constant {
                        Constant::$kind(value) => Some(value),
                        _ => None,
                    })
                    .collect();
                values.sort_unstable();
                Self::$set(values.into())
            }};
        }
        match first {
            Constant::Number(_) => sorted!(Numbers, Number),
            Constant::Bool(_) => sorted!(Bools, Bool),
            Constant::Text(_) => sorted!(Texts, Text),
            Constant::Bytes(_) => sorted!(Buffers, Bytes),
            Constant::Address(_) => sorted!(Addresses, Address),
            Constant::Network(_) => sorted!(Networks, Network),
        }
    }
}

/// What is evaluated.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub root: Node,
    /// Where Falco does not run the rule for every event that it is written for.
    pub gate: Option<Gate>,
}
