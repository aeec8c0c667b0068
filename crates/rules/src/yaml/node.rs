//! The tree of one document.

use std::ops::Range;
use std::rc::Rc;

use super::token::Mark;

/// A value with its place in the text.
#[derive(Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where yaml-cpp says it is: at its anchor or tag, if it has one.
    pub mark: Mark,
    /// The bytes it was written with, quotes and block headers included.
    pub span: Range<usize>,
}

/// What a node holds.
#[derive(Debug)]
pub enum Kind {
    /// Nothing, `~`, or an unquoted `null`.
    Null,
    /// Text, and how it was written.
    Scalar(String, Style),
    /// A list; an alias shares its anchor's node.
    Sequence(Vec<Rc<Node>>),
    /// Keys and values in the order of the text, repeated keys included.
    Mapping(Vec<(Rc<Node>, Rc<Node>)>),
}

/// How a scalar was written, which decides how its text maps to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// Between `'`.
    Single,
    /// Between `"`.
    Double,
    /// After `|` or `>`.
    Block,
}

impl Node {
    /// The value of a key, of a repeated key the first, as yaml-cpp looks it up.
    pub fn get(&self, key: &str) -> Option<&Rc<Node>> {
        self.entries().iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// The entries of a mapping; none for anything else.
    pub fn entries(&self) -> &[(Rc<Node>, Rc<Node>)] {
        match &self.kind {
            Kind::Mapping(entries) => entries,
            Kind::Null | Kind::Scalar(..) | Kind::Sequence(_) => &[],
        }
    }

    /// The elements of a sequence, if it is one.
    pub fn elements(&self) -> Option<&[Rc<Node>]> {
        match &self.kind {
            Kind::Sequence(elements) => Some(elements),
            Kind::Null | Kind::Scalar(..) | Kind::Mapping(_) => None,
        }
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text, _) => Some(text),
            Kind::Null | Kind::Sequence(_) | Kind::Mapping(_) => None,
        }
    }

    /// Whether it is a mapping.
    pub fn is_mapping(&self) -> bool {
        matches!(self.kind, Kind::Mapping(_))
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }
}
