//! From text to tree.
//!
//! The grammar of Falco 0.44, by example:
//!
//! ```text
//! evt.type in (open, openat) and not (proc.name = cat or proc.pname startswith "my shell")
//! proc.name = val(proc.pname) or len(proc.cmdline) > 100      fields and functions of them
//! fd.name startswith oneof (/etc, /root)                      how many of the list must hold
//! spawned_process and container                               names of macros
//! ```
//!
//! `not` binds closest, then `and`, then `or`. Alternatives are tried in a fixed order at the cursor, and
//! where that surprises, it surprises as Falco does.

mod right;
mod transform;

use crate::ast::{Check, Expr, ExprKind, Field, Operand};
use crate::lexer::Cursor;
use crate::span::Span;
use crate::syntax_error::{Fault, SyntaxError};

/// How deep parentheses and transformers may nest.
///
/// Falco declares a limit of this kind without enforcing it; a condition from a stranger must not
/// exhaust the stack.
pub const MAX_DEPTH: usize = 128;

/// How deep a tree may be: as deep as one that is parsed, where `not (a or b and (…))` repeats.
pub const MAX_TREE_DEPTH: usize = 3 * MAX_DEPTH;

type Parsed<T> = Result<T, SyntaxError>;

/// Parses a condition.
///
/// ```
/// let condition = condition::parse("proc.name=cat and (not  proc.pname in ( bash,'z sh' ))")?;
/// assert_eq!(condition.to_string(), r#"proc.name = cat and not proc.pname in (bash, "z sh")"#);
/// # Ok::<(), condition::SyntaxError>(())
/// ```
pub fn parse(text: &str) -> Result<Expr, SyntaxError> {
    let mut parser = Parser { cursor: Cursor::new(text), depth: 0 };
    if text.is_empty() {
        return Err(parser.fault(Fault::Empty));
    }
    let expr = parser.or()?;
    if parser.cursor.is_at_end() {
        return Ok(expr);
    }
    let after = parser.cursor.last().to_owned();
    let start = parser.cursor.at();
    let word = text
        .get(start..)
        .map_or(0, |rest| rest.find([' ', '\t', '\n', '\r', '(', ')', ',']).unwrap_or(rest.len()));
    Err(SyntaxError {
        span: Span::new(start, start + word.max(1)),
        ..parser.fault(Fault::Trailing { after })
    })
}

/// Parses a field or a transformer alone, as the `fields` of a rule exception name it.
///
/// ```
/// assert!(condition::parse_operand("proc.aname[2]").is_ok());
/// assert!(condition::parse_operand("tolower(proc.name)").is_ok());
/// assert!(condition::parse_operand("proc.name = cat").is_err());
/// ```
pub fn parse_operand(text: &str) -> Result<Operand, SyntaxError> {
    let mut parser = Parser { cursor: Cursor::new(text), depth: 0 };
    let Some(operand) = parser.operand()? else { return Err(parser.fault(Fault::ExpectedCheck)) };
    if parser.cursor.is_at_end() {
        return Ok(operand);
    }
    let after = parser.cursor.last().to_owned();
    Err(parser.fault(Fault::Trailing { after }))
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    depth: usize,
}

impl Parser<'_> {
    fn fault(&self, fault: Fault) -> SyntaxError {
        let at = self.cursor.at();
        SyntaxError { fault, span: Span::new(at, at), falco_offset: at }
    }

    /// Runs a rule of the grammar one level deeper.
    fn deeper<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            return Err(self.fault(Fault::TooDeep));
        }
        self.depth += 1;
        let parsed = rule(self);
        self.depth -= 1;
        parsed
    }

    fn or(&mut self) -> Parsed<Expr> {
        self.chain("or", Self::and, ExprKind::Or)
    }

    fn and(&mut self) -> Parsed<Expr> {
        self.chain("and", Self::not, ExprKind::And)
    }

    /// Operands with the same word between them.
    fn chain(
        &mut self,
        word: &'static str,
        operand: fn(&mut Self) -> Parsed<Expr>,
        kind: fn(Vec<Expr>) -> ExprKind,
    ) -> Parsed<Expr> {
        self.cursor.blank();
        let start = self.cursor.at();
        let first = operand(self)?;
        let mut end = self.cursor.at();
        self.cursor.blank();
        let mut more = Vec::new();
        while self.cursor.word(word) {
            more.push(if self.cursor.blank() {
                operand(self)?
            } else if self.cursor.word("(") {
                self.parenthesised()?
            } else {
                return Err(self.fault(Fault::ExpectedBlankAfter(word)));
            });
            end = self.cursor.at();
            self.cursor.blank();
        }
        if more.is_empty() {
            return Ok(first);
        }
        more.insert(0, first);
        Ok(Expr { kind: kind(more), span: Span::new(start, end) })
    }

    fn not(&mut self) -> Parsed<Expr> {
        self.cursor.blank();
        let start = self.cursor.at();
        let mut negated = false;
        while self.cursor.not() {
            negated = !negated;
        }
        let operand = if self.cursor.word("not(") {
            negated = !negated;
            self.parenthesised()?
        } else {
            self.primary()?
        };
        if negated {
            Ok(Expr { kind: ExprKind::Not(Box::new(operand)), span: self.cursor.span_from(start) })
        } else {
            Ok(operand)
        }
    }

    /// What follows `(`.
    fn parenthesised(&mut self) -> Parsed<Expr> {
        let inner = self.deeper(Self::or)?;
        self.cursor.blank();
        if self.cursor.word(")") { Ok(inner) } else { Err(self.fault(Fault::ExpectedClosing)) }
    }

    fn primary(&mut self) -> Parsed<Expr> {
        self.cursor.blank();
        let start = self.cursor.at();
        if self.cursor.word("(") {
            return self.parenthesised();
        }
        if let Some(left) = self.operand()? {
            let test = self.test()?;
            let kind = ExprKind::Check(Check { left, test });
            return Ok(Expr { kind, span: self.cursor.span_from(start) });
        }
        if self.cursor.identifier() {
            let kind = ExprKind::Macro(self.cursor.last().to_owned());
            return Ok(Expr { kind, span: self.cursor.span_from(start) });
        }
        Err(self.fault(Fault::ExpectedCheck))
    }

    fn operand(&mut self) -> Parsed<Option<Operand>> {
        if let Some(field) = self.field()? {
            return Ok(Some(Operand::Field(field)));
        }
        Ok(self.transform()?.map(Operand::Transform))
    }

    fn field(&mut self) -> Parsed<Option<Field>> {
        let start = self.cursor.at();
        if !self.cursor.field_name() {
            return Ok(None);
        }
        let name = self.cursor.last().to_owned();
        let argument = self.bracket()?;
        Ok(Some(Field { name, argument, span: self.cursor.span_from(start) }))
    }

    fn bracket(&mut self) -> Parsed<Option<String>> {
        if !self.cursor.word("[") {
            return Ok(None);
        }
        if !(self.cursor.quoted_string()? || self.cursor.bare_argument()) {
            return Err(self.fault(Fault::ExpectedFieldArgument));
        }
        let argument = self.cursor.last().to_owned();
        if self.cursor.word("]") { Ok(Some(argument)) } else { Err(self.fault(Fault::ExpectedBracket)) }
    }
}
