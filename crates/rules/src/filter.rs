//! What the condition language says about conditions, fields and outputs of an event source.

use condition::ast::{Field, Operand};
use condition::tables::{self, ArgumentKind};
use condition::{Context, Effect, Expr, Problem, Span, check_all};

use crate::engine::{Engine, FieldFault};

/// Fields without a value since enter events are gone, in the order in which Falco looks for them.
pub(crate) const DEPRECATED: [&str; 6] =
    ["evt.dir", "evt.latency", "evt.latency.s", "evt.latency.ns", "evt.latency.human", "evt.wait_latency"];

/// Everything that Falco and we have to say about a condition, and what Falco says first.
pub(crate) struct Verdict {
    /// Deprecated fields, each where it is named first.
    pub deprecated: Vec<(&'static str, Span)>,
    pub problems: Vec<Problem>,
    /// It is possible for too many kinds of events, or for none.
    pub too_many_events: bool,
}

impl Verdict {
    /// Looks at a condition for an event source.
    pub fn of(expr: &Expr, engine: &Engine, source: &str) -> Self {
        let left: Vec<&Field> =
            expr.checks().into_iter().flat_map(|check| left_fields(&check.left)).collect();
        let find =
            |name: &'static str| left.iter().find(|field| field.name == name).map(|field| (name, field.span));
        Self {
            deprecated: DEPRECATED.into_iter().filter_map(find).collect(),
            problems: check_all(expr, &engine.context(source)),
            too_many_events: condition::event_types(expr).is_too_wide(),
        }
    }

    /// The problem at which Falco stops. Macros are none of the condition language's business here.
    pub fn refusal(&self) -> Option<&Problem> {
        let stops = |effect: Effect| !effect.loads() && effect != Effect::UndefinedMacro;
        self.problems.iter().find(|problem| stops(problem.effect))
    }

    /// A comparison with the text of a value that is missing.
    pub fn unsafe_na(&self) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.effect == Effect::UnsafeNaCheck)
    }

    /// What Falco's compiler warns of.
    pub fn warnings(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.effect == Effect::Warning)
    }
}

fn left_fields(left: &Operand) -> Vec<&Field> {
    match left {
        Operand::Field(field) => vec![field],
        Operand::Transform(transform) => transform.fields(),
    }
}

impl Engine {
    /// The fields that conditions of an event source may use.
    pub(crate) fn context(&self, source: &str) -> Context {
        let plugins = ["container", "json"].into_iter().filter(|plugin| !self.has_plugin(plugin));
        plugins.fold(Context::source(source), Context::without_plugin)
    }

    /// What is wrong with a field of an exception.
    pub(crate) fn field_fault(&self, field: &str, source: &str) -> Option<FieldFault> {
        let unknown = |hint: Option<String>| FieldFault::Unknown {
            hint: hint.unwrap_or_else(|| {
                format!(
                    "write the name of a field of source `{source}`, such as `proc.name` for system calls"
                )
            }),
        };
        let Ok(operand) = condition::parse_operand(field) else { return Some(unknown(None)) };
        let problems = check_all(&Expr::exists(operand), &self.context(source));
        let refusal = problems.into_iter().find(|problem| !problem.effect.loads())?;
        Some(match refusal.effect {
            Effect::UnknownFilter => unknown(refusal.hint),
            _ => FieldFault::Broken { message: refusal.falco, hint: refusal.hint.unwrap_or_default() },
        })
    }

    /// How many bytes of an output, behind its `%`, are a field or a transformer.
    pub(crate) fn output_field(&self, text: &str, source: &str) -> Option<usize> {
        self.plain_output_field(text, source).or_else(|| self.transformed_output_field(text, source))
    }

    fn plain_output_field(&self, text: &str, source: &str) -> Option<usize> {
        let context = self.context(source);
        let fields =
            tables::fields().iter().filter(|field| context.has(field) && text.starts_with(field.name));
        let field = fields.max_by_key(|field| field.name.len())?;
        let rest = text.get(field.name.len()..)?;
        let bracket = rest.starts_with('[').then(|| rest.find(']')).flatten().map(|end| end + 1);
        let argument = match field.argument {
            ArgumentKind::None => 0,
            ArgumentKind::Index { optional } | ArgumentKind::Key { optional } => match bracket {
                Some(length) => length,
                None if optional => 0,
                None => return None,
            },
            ArgumentKind::Parameter | ArgumentKind::RawParameter => parameter(rest, bracket)?,
            ArgumentKind::Descriptor
            | ArgumentKind::Event
            | ArgumentKind::Subsystem
            | ArgumentKind::Side
            | ArgumentKind::Time => bracket.unwrap_or(0),
        };
        Some(field.name.len() + argument)
    }

    fn transformed_output_field(&self, text: &str, source: &str) -> Option<usize> {
        let ends = text.match_indices(')').map(|(index, _)| index + 1);
        ends.into_iter().find(|end| {
            let operand = text.get(..*end).and_then(|text| condition::parse_operand(text).ok());
            let Some(operand @ Operand::Transform(_)) = operand else { return false };
            check_all(&Expr::exists(operand), &self.context(source))
                .iter()
                .all(|problem| problem.effect.loads())
        })
    }
}

/// `.name` of a parameter that there is, or its number in brackets.
fn parameter(rest: &str, bracket: Option<usize>) -> Option<usize> {
    if let Some(length) = bracket {
        let index = rest.get(1..length - 1)?;
        return (!index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit())).then_some(length);
    }
    let name = rest.strip_prefix('.')?;
    let end =
        name.find(|symbol: char| !symbol.is_ascii_alphanumeric() && symbol != '_').unwrap_or(name.len());
    tables::parameter(name.get(..end)?).map(|_| end + 1)
}
