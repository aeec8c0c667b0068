//! Right sides: literals with the type of the left side, and other values of the event.

use regex_lite::Regex;

use super::{Compiler, Flawed, Typed, notes};
use crate::ast::{Literal, Transform};
use crate::constant::{self, Constant, LiteralError};
use crate::datum::Datum;
use crate::matching::paths::Paths;
use crate::matching::{posix, text};
use crate::operator::{Modifier, Operator};
use crate::problem::{Effect, Problem};
use crate::program::{EndsField, Operand, Set, Test};
use crate::span::Span;
use crate::suggest::nearest;
use crate::tables;
use crate::value_type::ValueType;

impl Compiler<'_> {
    /// A comparison with one literal.
    pub(super) fn single(
        &mut self,
        left: &Typed,
        operator: Operator,
        literal: &Literal,
    ) -> Result<Test, Flawed> {
        let constant = self.constant(left, operator, literal)?;
        match (operator, constant) {
            (Operator::Regex, Constant::Text(pattern)) => self.pattern(&pattern, literal),
            (_, constant) => Ok(Test::Compare(operator, Datum::of(&constant))),
        }
    }

    /// A comparison with a list.
    pub(super) fn listed(
        &mut self,
        left: &Typed,
        operator: Operator,
        modifier: Option<Modifier>,
        literals: &[Literal],
        span: Span,
    ) -> Result<Test, Flawed> {
        let Some(modifier) = modifier else {
            let constants = literals.iter().map(|literal| self.constant(left, operator, literal));
            let constants = constants.collect::<Vec<_>>().into_iter().collect::<Result<Vec<_>, _>>()?;
            return Ok(self.member(left, operator, constants, literals, span));
        };
        let tests = literals.iter().map(|literal| self.single(left, operator, literal));
        let tests = tests.collect::<Vec<_>>().into_iter().collect::<Result<Vec<_>, _>>()?;
        if matches!(left.operand, Operand::Ancestors(_) | Operand::Ends(_)) {
            self.note(notes::modifier_ignored(modifier, left, span));
            return Ok(tests.into_iter().next().unwrap_or(Test::Open));
        }
        // Falco turns these two into a look-up in a set, in which it never finds a network.
        match (operator, modifier) {
            (Operator::Equal, Modifier::Anyof) => {
                Ok(Test::Member { every: false, set: self.found_by_falco(left, literals, modifier, span) })
            }
            (Operator::NotEqual, Modifier::Allof) => {
                Ok(Test::NoMember(self.found_by_falco(left, literals, modifier, span)))
            }
            _ => Ok(Test::Several(modifier, tests.into())),
        }
    }

    fn found_by_falco(&mut self, left: &Typed, literals: &[Literal], modifier: Modifier, span: Span) -> Set {
        if left.value_type == ValueType::Network {
            self.note(notes::never_finds_network(modifier, left, span));
            return Set::Empty;
        }
        let constants =
            literals.iter().filter_map(|literal| constant::read(&literal.text, left.value_type).ok());
        Set::new(constants.collect())
    }

    /// `in`, `intersects` and `pmatch`.
    fn member(
        &mut self,
        left: &Typed,
        operator: Operator,
        constants: Vec<Constant>,
        literals: &[Literal],
        span: Span,
    ) -> Test {
        if operator == Operator::Pmatch {
            return Test::Under(Paths::new(literals.iter().map(|literal| literal.text.as_str())));
        }
        let which = match &left.operand {
            Operand::Ends(ends) => Some(ends.which),
            _ => None,
        };
        let fatal = match (which, operator) {
            (Some(EndsField::Address), Operator::Intersects) => {
                Some((Effect::ExitsOnEvent, "filter error: IP filter only supports '=' and '!=' operators"))
            }
            (Some(EndsField::Port), Operator::Intersects) => {
                Some((Effect::ExitsOnEvent, "filter error: unsupported port comparison operator"))
            }
            (Some(EndsField::Network), Operator::In) if constants.is_empty() => {
                Some((Effect::CrashesOnEvent, "engine killed by SIGSEGV"))
            }
            _ => None,
        };
        if let Some((effect, falco)) = fatal {
            self.note(notes::ends_falco(effect, falco, left, operator, span));
            return Test::Fatal(self.problems.len() - 1);
        }
        match (which, operator) {
            (Some(EndsField::Network), Operator::In) => {
                // Only the first network counts.
                let first = constants.first().map(Datum::of);
                first.map_or(Test::Open, |network| Test::Compare(Operator::Equal, network))
            }
            // Only for listening sockets, of which alerts do not carry both ends.
            (Some(EndsField::Network), _) => Test::Member { every: false, set: Set::Empty },
            _ if matches!(&left.operand, Operand::Ancestors(chain) if chain.joined.is_none()) => {
                Test::Member { every: false, set: Set::Empty }
            }
            _ => Test::Member { every: operator == Operator::In, set: Set::new(constants) },
        }
    }

    /// A comparison with another value of the event.
    pub(super) fn against(
        &mut self,
        left: &Typed,
        operator: Operator,
        transform: &Transform,
        span: Span,
    ) -> Result<Test, Flawed> {
        let right = self.transform(transform)?;
        if let Some((falco, message)) = refused_right(left, &right, operator) {
            self.refuse(span, falco, message, None);
            return Err(Flawed);
        }
        if matches!(left.info.map(|info| info.name), Some("evt.type" | "syscall.type"))
            && !left.is_made
            && matches!(operator, Operator::Equal | Operator::NotEqual | Operator::In)
        {
            self.later.push(Problem {
                effect: Effect::ExitsOnLoad,
                span,
                falco: "right-hand field comparisons on `evt.type`/`syscall.type` checks are not supported by event \
                        code search."
                    .into(),
                message: format!("comparing `{}` with a field ends Falco", left.name),
                hint: Some("compare it with the names of events".into()),
            });
        }
        // A made text carries one byte more than Falco looks for in a set; whether that is so in every case, no
        // decision of the engine tells.
        let is_doubtful = right.value_type == ValueType::String
            && matches!(operator, Operator::In | Operator::Intersects)
            && matches!(right.operand, Operand::Map(..));
        if is_doubtful {
            self.note(notes::may_not_find_made(operator, span));
            return Ok(Test::Open);
        }
        Ok(Test::Against(operator, Box::new(right.operand)))
    }

    fn pattern(&mut self, pattern: &str, literal: &Literal) -> Result<Test, Flawed> {
        match posix::translate(pattern) {
            Ok(translated) => Ok(Regex::new(&translated).map_or(Test::Open, Test::Fits)),
            Err(wrong) => {
                self.refuse(
                    literal.span,
                    format!("invalid regex pattern: {wrong}"),
                    format!("the pattern is not in POSIX syntax: {wrong}"),
                    Some("write classes as `[0-9]` or `[[:alpha:]]`; there is no `\\d`, `\\w`, `\\b` or `(?i)`".into()),
                );
                Err(Flawed)
            }
        }
    }

    /// A literal with the type of the left side.
    fn constant(&mut self, left: &Typed, operator: Operator, literal: &Literal) -> Result<Constant, Flawed> {
        notes::about_literal(operator, literal, self.context, &mut self.problems);
        notes::unsafe_na(left, operator, literal, &mut self.problems);
        match left.info.map(|info| info.name) {
            Some("evt.type") => self.event_name(literal)?,
            Some("evt.around") if operator != Operator::Equal => {
                self.refuse(
                    literal.span,
                    "evt.around supports only '=' comparison operator".into(),
                    "`evt.around` can only be compared with `=`".into(),
                    None,
                );
                return Err(Flawed);
            }
            _ => {}
        }
        if matches!(operator, Operator::Bcontains | Operator::Bstartswith) {
            return self.bytes(literal);
        }
        match constant::read(&literal.text, left.value_type) {
            Ok(constant) => {
                if left.value_type.is_unsigned() && literal.text.trim_start().starts_with('-') {
                    self.note(notes::wraps(left, literal, &constant));
                }
                Ok(constant)
            }
            Err(LiteralError { falco, hint, exits }) => {
                let effect = if exits { Effect::ExitsOnLoad } else { Effect::Refused };
                let kind = left.value_type.name();
                let is_long = literal.text.len() > constant::LONGEST_LITERAL;
                let message = if is_long {
                    format!("the value has {} bytes, more than Falco takes", literal.text.len())
                } else {
                    format!("`{}` is no {kind} for `{}`", literal.text, left.name)
                };
                self.note(Problem { effect, span: literal.span, falco, message, hint: Some(hint) });
                Err(Flawed)
            }
        }
    }

    /// Hexadecimal digits as bytes.
    fn bytes(&mut self, literal: &Literal) -> Result<Constant, Flawed> {
        text::from_hexadecimal(&literal.text).map(|bytes| Constant::Bytes(bytes.into())).ok_or_else(|| {
            self.refuse(
                literal.span,
                "filter error: bcontains and bstartswith operator support hex strings only".into(),
                format!("`{}` is not an even number of hexadecimal digits", literal.text),
                Some("write two digits a byte, such as `cafebabe`".into()),
            );
            Flawed
        })
    }

    fn event_name(&mut self, literal: &Literal) -> Result<(), Flawed> {
        let name = literal.text.as_str();
        if tables::is_event(name) {
            return Ok(());
        }
        self.note(Problem {
            effect: Effect::UnknownFilter,
            span: literal.span,
            falco: format!("unknown event type {name}"),
            message: format!("there is no event type `{name}`"),
            hint: nearest(name, tables::events()).map(|found| format!("write `{found}` instead")),
        });
        Err(Flawed)
    }
}

/// Why the two sides cannot be compared, in Falco's words and in ours.
fn refused_right(left: &Typed, right: &Typed, operator: Operator) -> Option<(String, String)> {
    let of = |typed: &Typed| {
        format!("{}{}", typed.value_type.falco_name(), if typed.is_list { " (list)" } else { "" })
    };
    if matches!(operator, Operator::Regex | Operator::Pmatch) {
        let upper = operator.name().to_ascii_uppercase();
        return Some((
            format!("operator '{upper}' doesn't support right-hand side fields"),
            format!("`{operator}` compares only with constants"),
        ));
    }
    if left.value_type == ValueType::Network {
        return Some((
            "field type 'IPNET' doesn't support right-hand side fields".into(),
            format!("`{}` compares only with constants", left.name),
        ));
    }
    if left.info.is_some_and(|info| !info.allows_right_side()) {
        return Some((
            format!("field '{}' doesn't support right-hand side fields", left.name),
            format!("`{}` compares only with constants", left.name),
        ));
    }
    if right.info.is_some_and(|info| !info.allows_right_side()) {
        return Some((
            format!("field '{}' can't be used as a right-hand side field", right.name),
            format!("nothing compares with `{}`", right.name),
        ));
    }
    (left.value_type != right.value_type || left.is_list != right.is_list).then(|| {
        (
            format!(
                "field '{}' has type '{}' while the right-hand side field '{}' has incompatible type '{}'",
                left.name,
                of(left),
                right.name,
                of(right)
            ),
            format!("`{}` and `{}` are of different types", left.name, right.name),
        )
    })
}
