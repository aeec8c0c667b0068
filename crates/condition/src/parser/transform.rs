//! Transformers and their arguments.

use super::{Parsed, Parser};
use crate::ast::{Argument, Transform};
use crate::operator::Transformer;
use crate::syntax_error::Fault;

impl Parser<'_> {
    pub(super) fn transform(&mut self) -> Parsed<Option<Transform>> {
        let start = self.cursor.at();
        match self.cursor.transformer() {
            Some(transformer) => self.deeper(|parser| parser.transform_behind(transformer, start)).map(Some),
            None => Ok(None),
        }
    }

    /// What follows `tolower(`.
    fn transform_behind(&mut self, transformer: Transformer, start: usize) -> Parsed<Transform> {
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.argument()?);
            self.cursor.blank();
            if !self.cursor.word(",") {
                break;
            }
        }
        if !self.cursor.word(")") {
            return Err(self.fault(Fault::ExpectedTransformerClosing));
        }
        let option = self.bracket()?;
        Ok(Transform { transformer, arguments, option, span: self.cursor.span_from(start) })
    }

    fn argument(&mut self) -> Parsed<Argument> {
        self.cursor.blank();
        let start = self.cursor.at();
        if self.cursor.number() || self.cursor.quoted_string()? {
            return Ok(Argument::Literal(self.literal_from(start)));
        }
        if self.cursor.word("(") {
            return self.argument_list().map(Argument::List);
        }
        if let Some(transform) = self.transform()? {
            return Ok(Argument::Transform(transform));
        }
        match self.field()? {
            Some(field) => Ok(Argument::Field(field)),
            None => Err(self.fault(Fault::ExpectedArgument)),
        }
    }

    /// What follows `(` among the arguments of a transformer.
    fn argument_list(&mut self) -> Parsed<Vec<Argument>> {
        let mut elements = Vec::new();
        self.cursor.blank();
        if self.cursor.word(")") {
            return Ok(elements);
        }
        loop {
            self.cursor.blank();
            elements.push(self.argument_list_element()?);
            self.cursor.blank();
            if !self.cursor.word(",") {
                break;
            }
        }
        if self.cursor.word(")") {
            Ok(elements)
        } else {
            Err(self.fault(Fault::ExpectedTransformerListClosing))
        }
    }

    fn argument_list_element(&mut self) -> Parsed<Argument> {
        let start = self.cursor.at();
        if let Some(field) = self.field()? {
            return Ok(Argument::Field(field));
        }
        if let Some(transform) = self.transform()? {
            return Ok(Argument::Transform(transform));
        }
        if self.cursor.quoted_string()? || self.cursor.number() {
            return Ok(Argument::Literal(self.literal_from(start)));
        }
        Err(self.fault(Fault::ExpectedArgumentListElement))
    }
}
