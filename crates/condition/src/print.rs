//! From tree to text: the shortest spelling that parses to the same tree.
//!
//! Parentheses stand only where precedence asks for them, values are quoted only where they must be.

use std::fmt::{self, Display, Formatter, Write};

use crate::ast::{Argument, Check, Expr, ExprKind, Field, Literal, Operand, Right, Test, Transform};
use crate::lexer::{is_bare_argument_text, is_bare_text, is_number_text};
use crate::operator::{Modifier, Takes};

/// A value in double quotes, as Falco unescapes it.
///
/// Any text but one with a NUL comes back whole. A backslash at the end is written as backslash and
/// blank, because `\\"` does not end a text in Falco.
///
/// ```
/// assert_eq!(condition::quoted(r#"sh -c "x""#), r#""sh -c \"x\"""#);
/// assert_eq!(condition::quoted(r"C:\"), r#""C:\ ""#);
/// ```
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek().is_none() => out.push_str("\\ "),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// Whether a value reads better in quotes or has to be in them.
fn needs_quotes(text: &str) -> bool {
    !is_bare_text(text) || text.chars().any(char::is_control) || Modifier::from_name(text).is_some()
}

impl Display for Literal {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if needs_quotes(&self.text) { out.write_str(&quoted(&self.text)) } else { out.write_str(&self.text) }
    }
}

impl Display for Expr {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::And(operands) => chain(operands, " and ", out),
            ExprKind::Or(operands) => chain(operands, " or ", out),
            ExprKind::Not(operand) => {
                out.write_str("not ")?;
                enclosed(
                    operand,
                    matches!(operand.kind, ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_)),
                    out,
                )
            }
            ExprKind::Check(check) => check.fmt(out),
            ExprKind::Macro(name) => out.write_str(name),
        }
    }
}

/// An operand that has the same word or binds less closely stands in parentheses.
fn chain(operands: &[Expr], word: &str, out: &mut Formatter<'_>) -> fmt::Result {
    for (index, operand) in operands.iter().enumerate() {
        if index > 0 {
            out.write_str(word)?;
        }
        let binds_less = match operand.kind {
            ExprKind::And(_) => word == " and ",
            ExprKind::Or(_) => true,
            _ => false,
        };
        enclosed(operand, binds_less, out)?;
    }
    Ok(())
}

fn enclosed(expr: &Expr, parentheses: bool, out: &mut Formatter<'_>) -> fmt::Result {
    if parentheses { write!(out, "({expr})") } else { expr.fmt(out) }
}

impl Display for Check {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Self { left, test } = self;
        match test {
            Test::Exists => write!(out, "{left} exists"),
            Test::Compare { operator, modifier: Some(modifier), right } => {
                write!(out, "{left} {operator} {modifier} {right}")
            }
            Test::Compare { operator, modifier: None, right: Right::Value(number) }
                if operator.takes() == Takes::Number =>
            {
                write!(out, "{left} {operator} {}", number.text)
            }
            Test::Compare { operator, modifier: None, right } => write!(out, "{left} {operator} {right}"),
        }
    }
}

impl Display for Operand {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => field.fmt(out),
            Self::Transform(transform) => transform.fmt(out),
        }
    }
}

impl Display for Right {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(literal) => literal.fmt(out),
            Self::List(literals) => listed(literals, out),
            Self::Transform(transform) => transform.fmt(out),
        }
    }
}

impl Display for Field {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)?;
        bracketed(self.argument.as_deref(), out)
    }
}

impl Display for Transform {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        self.transformer.fmt(out)?;
        listed(&self.arguments, out)?;
        bracketed(self.option.as_deref(), out)
    }
}

impl Display for Argument {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => field.fmt(out),
            Self::Transform(transform) => transform.fmt(out),
            Self::Literal(literal) if is_number_text(&literal.text) => out.write_str(&literal.text),
            Self::Literal(literal) => out.write_str(&quoted(&literal.text)),
            Self::List(arguments) => listed(arguments, out),
        }
    }
}

fn listed<T: Display>(elements: &[T], out: &mut Formatter<'_>) -> fmt::Result {
    out.write_char('(')?;
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            out.write_str(", ")?;
        }
        element.fmt(out)?;
    }
    out.write_char(')')
}

fn bracketed(argument: Option<&str>, out: &mut Formatter<'_>) -> fmt::Result {
    match argument {
        None => Ok(()),
        Some(argument) if is_bare_argument_text(argument) => write!(out, "[{argument}]"),
        Some(argument) => write!(out, "[{}]", quoted(argument)),
    }
}
