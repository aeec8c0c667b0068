//! One finding, and where it is.

use std::ops::Range;
use std::rc::Rc;

use crate::code::Code;
use crate::yaml::Node;

/// An error, a warning or a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What kind of finding it is.
    pub code: Code,
    /// What is wrong: Falco's own words for Falco's codes.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What the innermost named thing is that it concerns, in Falco's words: `rule`, `value for`, ….
    pub item_type: &'static str,
    /// The name of that thing, if anything around has one.
    pub item_name: String,
    /// Which of the loaded files it is in, from zero: a rule of an earlier file is checked again.
    pub file: usize,
    /// The bytes of that file's text.
    pub span: Range<usize>,
}

/// A part of a file, by what it is called in Falco's messages.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub file: usize,
    pub span: Range<usize>,
    item_type: &'static str,
    item_name: Rc<str>,
}

impl Context {
    /// A whole file.
    pub fn file(file: usize) -> Self {
        Self { file, span: 0..0, item_type: "rules content", item_name: Rc::from("") }
    }

    /// A node within this part. Without a name of its own it is called as what it belongs to.
    pub fn child(&self, item_type: &'static str, name: &str, node: &Node) -> Self {
        let span = node.span.clone();
        if name.is_empty() && !self.item_name.is_empty() {
            return Self { span, ..self.clone() };
        }
        Self { file: self.file, span, item_type, item_name: Rc::from(name) }
    }

    /// The same thing at another place.
    pub fn at(&self, file: usize, span: Range<usize>) -> Self {
        Self { file, span, ..self.clone() }
    }

    /// A finding here.
    pub fn item(&self, code: Code, message: impl Into<String>) -> Item {
        Item {
            code,
            message: message.into(),
            hint: None,
            item_type: self.item_type,
            item_name: self.item_name.to_string(),
            file: self.file,
            span: self.span.clone(),
        }
    }
}

impl Item {
    /// The same finding with advice.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The same finding under another code, with the code it would have as part of the message.
    #[must_use]
    pub(crate) fn further(self, code: Code) -> Self {
        Self { message: format!("{}: {}", self.code, self.message), code, ..self }
    }
}
