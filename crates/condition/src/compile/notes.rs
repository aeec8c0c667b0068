//! What Falco loads and a rule author should still know.

use super::Typed;
use crate::ast::{Check, Expr, Field, Literal, Operand as AstOperand, Right, Test as AstTest};
use crate::constant::Constant;
use crate::context::Context;
use crate::operator::{Modifier, Operator, Transformer};
use crate::problem::{Effect, Problem};
use crate::program::{EndsField, Operand};
use crate::resolve::resolve;
use crate::span::Span;
use crate::value_type::ValueType;

fn surprise(span: Span, message: String, hint: &str) -> Problem {
    Problem { effect: Effect::Surprise, span, falco: String::new(), message, hint: Some(hint.to_owned()) }
}

/// Falco's warnings about a literal: a pattern that needs no `regex`, a name of a field or transformer that is
/// taken for text.
pub(super) fn about_literal(
    operator: Operator,
    literal: &Literal,
    context: &Context,
    problems: &mut Vec<Problem>,
) {
    let text = &literal.text;
    let mut warn = |falco: String, message: String, hint: String| {
        problems.push(Problem {
            effect: Effect::Warning,
            span: literal.span,
            falco,
            message,
            hint: Some(hint),
        });
    };
    if operator == Operator::Regex && is_simple(text) {
        warn(
            format!(
                "regex check with '{text}' may be optimized with simpler operators such as '=', 'contains', \
                 'startswith', 'endswith'"
            ),
            format!("`{text}` needs no regular expression"),
            "use `=`, `contains`, `startswith` or `endswith`, which are faster".into(),
        );
    }
    let bare: String =
        text.chars().filter(|character| !character.is_ascii_whitespace() && *character != '\u{b}').collect();
    if is_field(&bare, context) {
        warn(
            format!("'{text}' may be a valid field misused as a const string value"),
            format!("`{text}` is compared as a text, not as the field of this name"),
            format!("write `val({bare})` for the value of the field"),
        );
    }
    for transformer in Transformer::ALL {
        let inner = bare.strip_prefix(transformer.name()).and_then(|rest| rest.strip_prefix('('));
        if inner.is_some_and(|inner| inner.ends_with(')')) {
            warn(
                format!("'{text}' may be a valid field transformer misused as a const string value"),
                format!("`{text}` is compared as a text, not as a transformer"),
                "write it without quotes".into(),
            );
        }
    }
}

fn is_field(text: &str, context: &Context) -> bool {
    let (name, argument) = match text.strip_suffix(']').and_then(|inner| inner.split_once('[')) {
        Some((name, argument)) => (name, Some(argument.to_owned())),
        None => (text, None),
    };
    let field = Field { name: name.to_owned(), argument, span: Span::default() };
    name.contains('.') && resolve(&field, context).is_ok()
}

/// Whether nothing in a pattern asks for a regular expression, as Falco judges it.
fn is_simple(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let last = bytes.len().wrapping_sub(1);
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        let is_anchor = index == 0 && *byte == b'^' || index == last && *byte == b'$';
        let is_at_end = index == 0 && bytes.len() > 1 || index == bytes.len().wrapping_sub(2);
        let is_any = *byte == b'.' && matches!(bytes.get(index + 1), Some(b'+' | b'*' | b'?'));
        if is_any && is_at_end && !is_anchor {
            index += 1;
        } else if !is_anchor && b".+*?^$()[]{}|\\".contains(byte) {
            return false;
        }
        index += 1;
    }
    true
}

/// Falco's warning about `<NA>`, which audit fields never are.
pub(super) fn unsafe_na(left: &Typed, operator: Operator, literal: &Literal, problems: &mut Vec<Problem>) {
    let is_equality = matches!(
        operator,
        Operator::Equal | Operator::NotEqual | Operator::In | Operator::Intersects | Operator::Pmatch
    );
    let is_audit = left.name.starts_with("ka.") || left.name.starts_with("jevt.");
    if is_equality && is_audit && literal.text == "<NA>" {
        problems.push(Problem {
            effect: Effect::UnsafeNaCheck,
            span: literal.span,
            falco: "comparing a field value with <NA> is unsafe and can lead to unpredictable behavior of the \
                    rule condition. If you need to check for the existence of a field, consider using the 'exists' \
                    operator instead."
                .into(),
            message: format!("`{}` is never `<NA>`", left.name),
            hint: Some("use `exists` or `not … exists`".into()),
        });
    }
}

/// Falco's warnings about fields on the left side that lost their meaning with the enter events.
pub(super) fn deprecated(condition: &Expr, problems: &mut Vec<Problem>) {
    let mut fields = Vec::new();
    for check in condition.checks() {
        match &check.left {
            AstOperand::Field(field) => fields.push(field),
            AstOperand::Transform(transform) => fields.extend(transform.fields()),
        }
    }
    let find = |names: &[&str]| fields.iter().find(|field| names.contains(&field.name.as_str()));
    if let Some(field) = find(&["evt.dir"]) {
        problems.push(Problem {
            effect: Effect::Deprecated,
            span: field.span,
            falco: "due to the drop of enter events, 'evt.dir = <' always evaluates to true, and 'evt.dir = >' \
                    always evaluates to false. The rule expression can be simplified by removing the condition on \
                    'evt.dir'"
                .into(),
            message: "`evt.dir` is always `<`".into(),
            hint: Some("remove the check".into()),
        });
    }
    let latencies =
        ["evt.latency", "evt.latency.s", "evt.latency.ns", "evt.latency.human", "evt.wait_latency"];
    if let Some(field) = find(&latencies) {
        problems.push(Problem {
            effect: Effect::Deprecated,
            span: field.span,
            falco: "field is not available due to the drop of enter events.".into(),
            message: format!("`{}` is always 0", field.name),
            hint: Some("remove the check".into()),
        });
    }
}

pub(super) fn runs_for_no_call(span: Span) -> Problem {
    surprise(
        span,
        "a rule with this negated check runs for no system call: Falco takes the literal at the end of the \
         transformer for the name of an event"
            .into(),
        "put a field behind the literal, or compare without `not`: `… != …`, beside a check that the fields exist",
    )
}

pub(super) fn modifier_ignored(modifier: Modifier, left: &Typed, span: Span) -> Problem {
    surprise(
        span,
        format!("Falco ignores `{modifier}` for `{}` and compares with the first value only", left.name),
        "write one check for each value, joined with `or` or `and`",
    )
}

pub(super) fn never_finds_network(modifier: Modifier, left: &Typed, span: Span) -> Problem {
    surprise(
        span,
        format!("Falco never finds a network in the list of `{modifier}` for `{}`", left.name),
        "write `in (…)`",
    )
}

pub(super) fn may_not_find_made(operator: Operator, span: Span) -> Problem {
    surprise(
        span,
        format!("`{operator}` may never find the text that the transformer on its right side makes"),
        "write `=` instead",
    )
}

pub(super) fn ends_falco(
    effect: Effect,
    falco: &str,
    left: &Typed,
    operator: Operator,
    span: Span,
) -> Problem {
    Problem {
        effect,
        span,
        falco: falco.to_owned(),
        message: format!(
            "Falco loads `{operator}` for `{}` and ends at the first event with a socket",
            left.name
        ),
        hint: Some(match left.name.as_str() {
            "fd.ip" => "use `fd.sip in (…) or fd.cip in (…)`".into(),
            "fd.net" => "remove the check of an empty list".into(),
            name => format!("use `{name} in (…)`"),
        }),
    }
}

pub(super) fn wraps(left: &Typed, literal: &Literal, constant: &Constant) -> Problem {
    let becomes = match constant {
        Constant::Number(number) => number.to_string(),
        _ => String::new(),
    };
    surprise(
        literal.span,
        format!("`{}` is never negative: `{}` is compared as {becomes}", left.name, literal.text),
        "write a number that is not negative",
    )
}

/// What a whole check does against its looks.
pub(super) fn about(left: &Typed, check: &Check, span: Span, problems: &mut Vec<Problem>) {
    let AstTest::Compare { operator, modifier, right } = &check.test else { return };
    let is_whole_field = matches!(check.left, AstOperand::Field(_));
    match (&left.operand, operator, right) {
        (Operand::Ends(ends), Operator::In, _) if ends.which == EndsField::Address => {
            problems.push(surprise(
                span,
                "`fd.ip in (…)` never holds".into(),
                "use `fd.sip in (…) or fd.cip in (…)`",
            ));
        }
        (Operand::Ancestors(chain), Operator::In | Operator::Intersects, _) if chain.joined.is_none() => {
            problems.push(surprise(
                span,
                format!("`{} {operator} (…)` never holds without an index", left.name),
                "use `=`, one check for each value",
            ));
        }
        (Operand::Ends(ends), Operator::Intersects, _) if ends.which == EndsField::Network => {
            problems.push(surprise(
                span,
                "`fd.net intersects (…)` holds for listening sockets only".into(),
                "use `fd.snet in (…) or fd.cnet in (…)`",
            ));
        }
        (Operand::Ancestors(_), Operator::NotEqual, _) if is_whole_field => {
            problems.push(surprise(
                span,
                format!("`{} != …` holds as soon as any ancestor differs", left.name),
                "write `not … = …` for: no ancestor is",
            ));
        }
        (_, Operator::In | Operator::Intersects, Right::List(literals)) if literals.is_empty() => {
            problems.push(surprise(
                span,
                "an empty list never matches".into(),
                "name values, or remove the check",
            ));
        }
        (_, Operator::Pmatch, Right::List(literals)) => {
            let is_root = |literal: &&Literal| literal.text.bytes().all(|byte| byte == b'/');
            if let Some(root) = literals.iter().find(is_root) {
                problems.push(surprise(
                    root.span,
                    "every value lies under this path".into(),
                    "name a longer path",
                ));
            }
        }
        (
            _,
            Operator::Contains | Operator::Icontains | Operator::Startswith | Operator::Endswith,
            Right::Value(literal),
        ) if literal.text.is_empty() && modifier.is_none() && left.value_type == ValueType::String => {
            problems.push(surprise(span, "an empty text is part of every value".into(), "use `exists`"));
        }
        _ => {}
    }
}
