//! Operators and right sides.

use super::{Parsed, Parser};
use crate::ast::{Argument, Literal, Right, Test, Transform};
use crate::operator::{Takes, Transformer};
use crate::syntax_error::Fault;

impl Parser<'_> {
    pub(super) fn test(&mut self) -> Parsed<Test> {
        self.cursor.blank();
        if self.cursor.word("exists") {
            return Ok(Test::Exists);
        }
        let (operator, modifier, right) = if let Some(operator) = self.cursor.operator(Takes::Number) {
            (operator, None, self.number()?)
        } else if let Some(operator) = self.cursor.operator(Takes::String) {
            match self.cursor.modifier() {
                Some(modifier) => (operator, Some(modifier), self.list()?),
                None => (operator, None, self.string()?),
            }
        } else if let Some(operator) = self.cursor.operator(Takes::List) {
            (operator, None, self.list()?)
        } else {
            return Err(self.fault(Fault::ExpectedOperator));
        };
        Ok(Test::Compare { operator, modifier, right })
    }

    pub(super) fn literal_from(&self, start: usize) -> Literal {
        Literal { text: self.cursor.last().to_owned(), span: self.cursor.span_from(start) }
    }

    fn number(&mut self) -> Parsed<Right> {
        self.cursor.blank();
        if let Some(computed) = self.computed()? {
            return Ok(computed);
        }
        let start = self.cursor.at();
        if self.cursor.number() {
            return Ok(Right::Value(self.literal_from(start)));
        }
        Err(self.fault(Fault::ExpectedNumber))
    }

    fn string(&mut self) -> Parsed<Right> {
        self.cursor.blank();
        if let Some(computed) = self.computed()? {
            return Ok(computed);
        }
        match self.literal()? {
            Some(literal) => Ok(Right::Value(literal)),
            None => Err(self.fault(Fault::ExpectedString)),
        }
    }

    fn literal(&mut self) -> Parsed<Option<Literal>> {
        self.cursor.blank();
        let start = self.cursor.at();
        let found = self.cursor.quoted_string()? || self.cursor.bare_string();
        Ok(found.then(|| self.literal_from(start)))
    }

    fn list(&mut self) -> Parsed<Right> {
        self.cursor.blank();
        if self.cursor.word("(") {
            return self.list_behind().map(Right::List);
        }
        if let Some(computed) = self.computed()? {
            return Ok(computed);
        }
        let start = self.cursor.at();
        if self.cursor.identifier() {
            return Ok(Right::List(vec![self.literal_from(start)]));
        }
        Err(self.fault(Fault::ExpectedList))
    }

    /// What follows `(` of a list. Falco takes a first value that it cannot read for the end of the list,
    /// a wrong escape included: `in ("\q")` is an empty list.
    fn list_behind(&mut self) -> Parsed<Vec<Literal>> {
        let mut literals = Vec::new();
        if let Ok(Some(first)) = self.literal() {
            literals.push(first);
            self.cursor.blank();
            while self.cursor.word(",") {
                let Some(next) = self.literal()? else { return Err(self.fault(Fault::ExpectedListElement)) };
                literals.push(next);
                self.cursor.blank();
            }
        }
        if self.cursor.word(")") { Ok(literals) } else { Err(self.fault(Fault::ExpectedClosing)) }
    }

    /// `val(field)` or another transformer, on the right side of a comparison.
    fn computed(&mut self) -> Parsed<Option<Right>> {
        let start = self.cursor.at();
        if !self.cursor.opening_of(Transformer::Val) {
            return Ok(self.transform()?.map(Right::Transform));
        }
        self.cursor.blank();
        let Some(field) = self.field()? else { return Err(self.fault(Fault::ExpectedFieldInVal)) };
        self.cursor.blank();
        if !self.cursor.word(")") {
            return Err(self.fault(Fault::ExpectedTransformerClosing));
        }
        let option = self.bracket()?;
        let arguments = vec![Argument::Field(field)];
        Ok(Some(Right::Transform(Transform {
            transformer: Transformer::Val,
            arguments,
            option,
            span: self.cursor.span_from(start),
        })))
    }
}
