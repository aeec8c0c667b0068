//! Why a text is not a condition.

use std::fmt;

use crate::operator::{Operator, Transformer};
use crate::span::Span;

/// The text is not a condition. Falco stops at the first such error, and so does the parser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub fault: Fault,
    /// The offending text; empty at the place where something is missing.
    pub span: Span,
    /// The byte that Falco names when it reports the error.
    pub falco_offset: usize,
}

/// The ways in which a text is not a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing to parse.
    Empty,
    /// Parentheses and transformers deeper than [`crate::MAX_DEPTH`].
    TooDeep,
    /// Neither a check nor a macro nor `(`.
    ExpectedCheck,
    /// Text after a complete condition; `after` is the last token of it.
    Trailing {
        /// The token.
        after: String,
    },
    /// `and` or `or` without a blank or `(` behind it.
    ExpectedBlankAfter(&'static str),
    /// `(` without its `)`.
    ExpectedClosing,
    /// `(` of a transformer without its `)`.
    ExpectedTransformerClosing,
    /// `(` of a list among the arguments of a transformer without its `)`.
    ExpectedTransformerListClosing,
    /// `[` without its `]`.
    ExpectedBracket,
    /// `[` without text behind it.
    ExpectedFieldArgument,
    /// A field or transformer without an operator.
    ExpectedOperator,
    /// `<` and its like without a number.
    ExpectedNumber,
    /// An operator such as `=` without a value.
    ExpectedString,
    /// A comma of a list without a value behind it.
    ExpectedListElement,
    /// `in` and its like without a list.
    ExpectedList,
    /// `val(` without a field.
    ExpectedFieldInVal,
    /// An argument of a transformer that is none.
    ExpectedArgument,
    /// An element of a list among the arguments of a transformer that is none.
    ExpectedArgumentListElement,
    /// A quote of the other kind with a backslash before it.
    WrongQuoteEscape {
        /// The quote that is escaped.
        quote: char,
    },
    /// A backslash before a character that is no escape.
    UnknownEscape {
        /// The character.
        character: char,
    },
}

impl SyntaxError {
    /// Falco's own words.
    pub fn falco_message(&self) -> String {
        let operands = || {
            let names = Transformer::ALL.map(|transformer| format!("'{transformer}'"));
            names.join(", ")
        };
        match &self.fault {
            Fault::Empty => "filter input string is empty".into(),
            Fault::TooDeep => format!("exceeded max depth limit of {}", crate::MAX_DEPTH),
            Fault::ExpectedCheck => "expected a '(' token, a field check, or an identifier".into(),
            Fault::Trailing { after } => format!("unexpected token after '{after}', expecting 'or', 'and'"),
            Fault::ExpectedBlankAfter(word) => format!("expected blank or '(' after '{word}'"),
            Fault::ExpectedClosing => "expected a ')' token".into(),
            Fault::ExpectedTransformerClosing => "expected a ')' token closing the transformer".into(),
            Fault::ExpectedTransformerListClosing => "expected ')'".into(),
            Fault::ExpectedBracket => "expected a ']' token".into(),
            Fault::ExpectedFieldArgument => {
                "expected a valid field argument: a quoted string or a bare string".into()
            }
            Fault::ExpectedOperator => {
                let mut names = vec!["'exists'".to_owned()];
                for operator in Operator::ALL {
                    if operator == Operator::Equal {
                        names.push("'=='".to_owned());
                    }
                    names.push(format!("'{operator}'"));
                }
                format!("expected a valid check operator: one of {}", names.join(", "))
            }
            Fault::ExpectedNumber => {
                format!("expected a number value or a field with a valid transformer: {}", operands())
            }
            Fault::ExpectedString => {
                format!("expected a string value or a field with a valid transformer: {}", operands())
            }
            Fault::ExpectedListElement => "expected a string value".into(),
            Fault::ExpectedList => {
                format!("expected a list, an identifier, or a field with a valid transformer: {}", operands())
            }
            Fault::ExpectedFieldInVal => "expected a field within 'val' transformer".into(),
            Fault::ExpectedArgument => {
                "expected field transformer argument: field, transformer, quoted string, number, or \
                 transformer list"
                    .into()
            }
            Fault::ExpectedArgumentListElement => {
                "expected transformer list argument: field, transformer, quoted string, or number".into()
            }
            Fault::WrongQuoteEscape { quote } => {
                let around = if *quote == '"' { '\'' } else { '"' };
                format!("invalid \\{quote} escape in {around}-quoted string")
            }
            Fault::UnknownEscape { character } => {
                format!("unsupported string escape sequence: \\{character}")
            }
        }
    }

    /// What to write instead.
    pub fn hint(&self) -> &'static str {
        match &self.fault {
            Fault::Empty => "write a condition, such as `evt.type = execve and proc.name = nc`",
            Fault::TooDeep => "move the inner parts into macros with names of their own, or drop parentheses",
            Fault::ExpectedCheck => {
                "write a field with an operator and a value, such as `proc.name = nc`, the name of a macro, or `(`"
            }
            Fault::Trailing { .. } => {
                "join checks with `and` or `or` in lower case, and put a value with blanks or any of `()=,` in quotes"
            }
            Fault::ExpectedBlankAfter(_) => "put a blank after it",
            Fault::ExpectedClosing => {
                "close the parenthesis; in a list, put a comma between values and quotes around a value with blanks or any of `()=,`"
            }
            Fault::ExpectedTransformerClosing | Fault::ExpectedTransformerListClosing => {
                "close the parenthesis with `)`"
            }
            Fault::ExpectedBracket => "close the bracket with `]`; put an argument with blanks in quotes",
            Fault::ExpectedFieldArgument => {
                "write the argument without blanks: `proc.args[0]`, `proc.env[HOME]`"
            }
            Fault::ExpectedOperator => {
                "write an operator in lower case behind the field, such as `=`, `contains`, `startswith`, `in` or `exists`"
            }
            Fault::ExpectedNumber => {
                "`<`, `<=`, `>` and `>=` take a plain number without quotes, such as `1024`"
            }
            Fault::ExpectedString => {
                "write a value behind the operator; put it in quotes if it has blanks or any of `()=,`, and close the quotes"
            }
            Fault::ExpectedListElement => "drop the last comma, or write a value behind it",
            Fault::ExpectedList => "write a list in parentheses: `in (a, b)`",
            Fault::ExpectedFieldInVal => "`val` takes one field: `val(proc.pname)`",
            Fault::ExpectedArgument | Fault::ExpectedArgumentListElement => {
                "write fields as they are and put texts in quotes: `concat(proc.name, \"-\", proc.pname)`"
            }
            Fault::WrongQuoteEscape { .. } => {
                "write the quote without a backslash; it is not the one around the text"
            }
            Fault::UnknownEscape { .. } => {
                "write `\\\\` for a backslash, or leave out the quotes: outside quotes a backslash is itself"
            }
        }
    }
}

/// In lower case, without a period, as it stands in a report.
impl fmt::Display for SyntaxError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fault {
            Fault::Empty => out.write_str("the condition is empty"),
            Fault::TooDeep => write!(out, "the condition is nested deeper than {}", crate::MAX_DEPTH),
            Fault::ExpectedCheck => out.write_str("a check, the name of a macro or `(` is missing here"),
            Fault::Trailing { after } => {
                write!(out, "the condition goes on after `{after}` without `and` or `or`")
            }
            Fault::ExpectedBlankAfter(word) => write!(out, "`{word}` needs a blank or `(` behind it"),
            Fault::ExpectedClosing => out.write_str("`)` is missing here"),
            Fault::ExpectedTransformerClosing | Fault::ExpectedTransformerListClosing => {
                out.write_str("`)` of the transformer is missing here")
            }
            Fault::ExpectedBracket => out.write_str("`]` is missing here"),
            Fault::ExpectedFieldArgument => out.write_str("the argument in brackets is missing"),
            Fault::ExpectedOperator => out.write_str("an operator is missing here"),
            Fault::ExpectedNumber => out.write_str("a number is missing here"),
            Fault::ExpectedString => out.write_str("a value is missing here"),
            Fault::ExpectedListElement => out.write_str("a value of the list is missing here"),
            Fault::ExpectedList => out.write_str("a list is missing here"),
            Fault::ExpectedFieldInVal => out.write_str("a field is missing in `val(`"),
            Fault::ExpectedArgument | Fault::ExpectedArgumentListElement => {
                out.write_str("an argument of the transformer is missing here")
            }
            Fault::WrongQuoteEscape { quote } => {
                write!(out, "`\\{quote}` is no escape between quotes of the other kind")
            }
            Fault::UnknownEscape { character } => {
                write!(out, "`\\{character}` is no escape that Falco knows")
            }
        }
    }
}

impl std::error::Error for SyntaxError {}
