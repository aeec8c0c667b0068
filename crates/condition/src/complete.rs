//! What can stand at a place of a condition that is being typed.
//!
//! The text before the cursor need not be a condition yet; it is read for what it is going to be.
//!
//! ```
//! use condition::{Context, Wanted, complete};
//!
//! let typed = "evt.type = open and proc.pn";
//! let completion = complete(typed, typed.len(), &Context::source("syscall"));
//! assert_eq!(completion.span.of(typed), "proc.pn");
//! assert_eq!(completion.suggestions[0].text, "proc.pname");
//!
//! let completion = complete("proc.name in (", 14, &Context::source("syscall"));
//! assert_eq!(completion.wanted, Wanted::Value { field: "proc.name".into(), operator: "in".into() });
//! ```

use crate::ast::Operand;
use crate::context::Context;
use crate::operator::{Modifier, Operator, Transformer};
use crate::parser::parse_operand;
use crate::resolve::resolve;
use crate::span::Span;
use crate::tables;
use crate::value_type::{Family, ValueType};

/// What can stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What has been typed of it; a suggestion takes its place.
    pub span: Span,
    /// What kind of thing it is.
    pub wanted: Wanted,
    /// What is known to fit, the nearest first. Values that events have are the caller's to add.
    pub suggestions: Vec<Suggestion>,
}

/// The kinds of things that a condition is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A check: a field, a transformer, a macro, `not` or `(`.
    Check,
    /// An operator for this field.
    Operator {
        /// The field or transformer as it is typed.
        field: String,
    },
    /// A value to compare the field with.
    Value {
        /// The field or transformer as it is typed.
        field: String,
        /// The operator.
        operator: String,
    },
    /// A field as the argument of a transformer.
    Argument,
    /// `and`, `or` or `)`.
    Joint,
}

/// Something that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What to write.
    pub text: String,
    /// What it is, in a word or two: the type of a field, `operator`, `event`.
    pub detail: &'static str,
}

/// What can stand at a byte of the text.
pub fn complete(text: &str, cursor: usize, context: &Context) -> Completion {
    let before = text.get(..cursor).unwrap_or(text);
    let is_part = |character: char| !character.is_whitespace() && !"()=<>!,\"'".contains(character);
    let start = before.rfind(|character| !is_part(character)).map_or(0, |place| {
        place + before.get(place..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    let (known, typed) = before.split_at_checked(start).unwrap_or((before, ""));
    let wanted = tokens(known).fold(State::Check, State::after).wanted();
    let mut suggestions = suggestions(&wanted, context);
    let lower = typed.to_ascii_lowercase();
    suggestions.retain(|suggestion| suggestion.text.to_ascii_lowercase().contains(&lower));
    suggestions.sort_by_key(|suggestion| !suggestion.text.to_ascii_lowercase().starts_with(&lower));
    Completion { span: Span::new(start, before.len()), wanted, suggestions }
}

/// What the text so far has come to.
#[derive(Debug, Clone)]
enum State<'a> {
    Check,
    /// The name of a transformer, its `(` to follow.
    Transformer(&'a str, Side),
    /// In the parentheses of a transformer, so many deep.
    Arguments(&'a str, usize, Side),
    Operator(&'a str),
    Value(&'a str, &'a str),
    /// The `(` of a list is to follow.
    List(&'a str, &'a str),
    Elements(&'a str, &'a str),
    Joint,
}

/// Where a transformer stands: on the left, or on the right.
#[derive(Debug, Clone, Copy)]
enum Side {
    Left,
    Right,
}

impl<'a> State<'a> {
    fn after(self, token: &'a str) -> Self {
        let is_transformer = Transformer::from_name(token).is_some();
        match self {
            Self::Check => match token {
                "not" | "(" => Self::Check,
                _ if is_transformer => Self::Transformer(token, Side::Left),
                _ if token.contains('.') => Self::Operator(token),
                _ => Self::Joint,
            },
            Self::Transformer(name, side) if token == "(" => Self::Arguments(name, 1, side),
            Self::Arguments(name, depth, side) => match (token, depth, side) {
                ("(", ..) => Self::Arguments(name, depth + 1, side),
                (")", 1, Side::Left) => Self::Operator(name),
                (")", 1, Side::Right) => Self::Joint,
                (")", ..) => Self::Arguments(name, depth - 1, side),
                _ => Self::Arguments(name, depth, side),
            },
            Self::Operator(field) => match Operator::from_name(token) {
                Some(operator) if operator.takes_list() => Self::List(field, token),
                Some(_) => Self::Value(field, token),
                None if token == "exists" => Self::Joint,
                None => Self::Operator(field),
            },
            Self::Value(..) | Self::List(..) if is_transformer => Self::Transformer(token, Side::Right),
            Self::Value(field, operator) if Modifier::from_name(token).is_some() => {
                Self::List(field, operator)
            }
            Self::List(field, operator) if token == "(" => Self::Elements(field, operator),
            Self::Elements(field, operator) if token != ")" => Self::Elements(field, operator),
            Self::Joint if matches!(token, "and" | "or") => Self::Check,
            _ => Self::Joint,
        }
    }

    fn wanted(self) -> Wanted {
        match self {
            Self::Check => Wanted::Check,
            Self::Transformer(..) | Self::Arguments(..) => Wanted::Argument,
            Self::Operator(field) => Wanted::Operator { field: field.to_owned() },
            Self::Value(field, operator) | Self::List(field, operator) | Self::Elements(field, operator) => {
                Wanted::Value { field: field.to_owned(), operator: operator.to_owned() }
            }
            Self::Joint => Wanted::Joint,
        }
    }
}

/// Words, quoted texts, comparison signs and single marks; without blanks and commas.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|character: char| character.is_whitespace() || character == ',');
        let first = rest.chars().next()?;
        let length = match first {
            '(' | ')' => 1,
            '"' | '\'' => {
                let closing = rest
                    .match_indices(first)
                    .find(|(at, _)| *at > 0 && !rest.get(..*at).is_some_and(|inner| inner.ends_with('\\')));
                closing.map_or(rest.len(), |(at, _)| at + 1)
            }
            '=' | '<' | '>' | '!' => rest.find(|character| !"=<>!".contains(character)).unwrap_or(rest.len()),
            _ => {
                let ends = |character: char| character.is_whitespace() || "()=<>!,\"'".contains(character);
                rest.find(ends).unwrap_or(rest.len())
            }
        };
        let (token, behind) = rest.split_at_checked(length)?;
        rest = behind;
        Some(token)
    })
}

fn suggestions(wanted: &Wanted, context: &Context) -> Vec<Suggestion> {
    let word = |text: &str, detail: &'static str| Suggestion { text: text.to_owned(), detail };
    let fields = || {
        tables::fields()
            .iter()
            .filter(|field| context.has(field) && !field.is_print_only() && !field.name.contains('<'))
            .map(|field| word(field.name, field.value_type.name()))
    };
    match wanted {
        Wanted::Check => {
            let transformers = Transformer::ALL.into_iter().filter(|one| *one != Transformer::Val);
            let transformers = transformers.map(|one| word(&format!("{one}("), "transformer"));
            fields().chain(transformers).chain([word("not", "keyword"), word("(", "keyword")]).collect()
        }
        Wanted::Argument => fields().collect(),
        Wanted::Operator { field } => {
            let kind = kind_of(field, context);
            let fits = |operator: &Operator| match kind {
                None => true,
                Some((_, true)) => matches!(operator, Operator::In | Operator::Intersects),
                Some((value_type, false)) => value_type.allows(*operator),
            };
            let operators =
                Operator::ALL.into_iter().filter(fits).map(|operator| word(operator.name(), "operator"));
            operators.chain([word("exists", "operator")]).collect()
        }
        Wanted::Value { field, operator } => {
            let values: Vec<Suggestion> = match (field.as_str(), kind_of(field, context)) {
                ("evt.type" | "syscall.type", _) => {
                    tables::events().map(|name| word(name, "event")).collect()
                }
                (_, Some((value_type, _))) if value_type.family() == Family::Bool => {
                    vec![word("true", "value"), word("false", "value")]
                }
                _ => Vec::new(),
            };
            let takes_one = Operator::from_name(operator).is_some_and(|operator| !operator.takes_list());
            let modifiers =
                Modifier::ALL.into_iter().filter(|_| takes_one).map(|one| word(one.name(), "modifier"));
            values.into_iter().chain(modifiers).chain([word("val(", "transformer")]).collect()
        }
        Wanted::Joint => vec![word("and", "keyword"), word("or", "keyword"), word(")", "keyword")],
    }
}

/// The type of a field, and whether it has several values. The type of what a transformer makes is not worked
/// out while it is typed, but for `len`.
fn kind_of(field: &str, context: &Context) -> Option<(ValueType, bool)> {
    match Transformer::from_name(field) {
        Some(Transformer::Len) => return Some((ValueType::Uint64, false)),
        Some(_) => return Some((ValueType::String, false)),
        None => {}
    }
    match parse_operand(field) {
        Ok(Operand::Field(field)) => {
            resolve(&field, context).ok().map(|found| (found.value_type, found.info.is_list()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wanted at the end of the text, and the first suggestions.
    #[track_caller]
    fn check(typed: &str, wanted: &Wanted, first: &[&str]) {
        let completion = complete(typed, typed.len(), &Context::source("syscall"));
        assert_eq!(&completion.wanted, wanted, "{typed}");
        let texts: Vec<&str> =
            completion.suggestions.iter().map(|suggestion| suggestion.text.as_str()).collect();
        assert_eq!(texts.get(..first.len()), Some(first), "{typed}");
    }

    fn operator(field: &str) -> Wanted {
        Wanted::Operator { field: field.into() }
    }

    fn value(field: &str, operator: &str) -> Wanted {
        Wanted::Value { field: field.into(), operator: operator.into() }
    }

    #[test]
    fn checks_begin_with_fields() {
        check("", &Wanted::Check, &["container.cni.json"]);
        check("proc.exep", &Wanted::Check, &["proc.exepath"]);
        check("EXEPATH", &Wanted::Check, &["proc.aexepath", "proc.exepath"]);
        check("not (fd.na", &Wanted::Check, &["fd.name"]);
        check("proc.name = a and k8s.ns", &Wanted::Check, &["k8s.ns.id"]);
        check("spawned_process or to", &Wanted::Check, &["tolower(", "toupper("]);
    }

    #[test]
    fn operators_fit_the_type() {
        check(
            "proc.pid ",
            &operator("proc.pid"),
            &["<=", "<", ">=", ">", "=", "!=", "intersects", "in", "exists"],
        );
        check("fd.types ", &operator("fd.types"), &["intersects", "in", "exists"]);
        check("proc.name st", &operator("proc.name"), &["startswith"]);
        check("proc.aname[2] p", &operator("proc.aname[2]"), &["pmatch"]);
        check("len(proc.name) ", &operator("len"), &["<="]);
    }

    #[test]
    fn values_are_the_callers_but_for_events_and_flags() {
        check("evt.type = execv", &value("evt.type", "="), &["execve", "execveat"]);
        check("evt.type in (open, close", &value("evt.type", "in"), &["close", "close_range"]);
        check("evt.failed = ", &value("evt.failed", "="), &["true", "false"]);
        check("proc.name = any", &value("proc.name", "="), &["anyof"]);
        check("proc.name=v", &value("proc.name", "="), &["val("]);
        check("proc.name in (\"a b\", ", &value("proc.name", "in"), &["val("]);
        check("proc.name startswith anyof (a, ", &value("proc.name", "startswith"), &[]);
    }

    #[test]
    fn after_a_check_comes_a_joint() {
        check("proc.name = a ", &Wanted::Joint, &["and", "or"]);
        check("proc.name exists o", &Wanted::Joint, &["or"]);
        check("(proc.name in (a) ", &Wanted::Joint, &["and"]);
        check("proc.name = val(proc.pname) ", &Wanted::Joint, &["and"]);
        check("concat(proc.na", &Wanted::Argument, &["proc.name"]);
        check("proc.name = tolower(proc.pn", &Wanted::Argument, &["proc.pname"]);
    }
}
