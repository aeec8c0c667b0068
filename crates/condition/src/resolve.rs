//! From the name of a field in a condition to what Falco knows about it.

use crate::ast::Field;
use crate::context::Context;
use crate::suggest::nearest;
use crate::tables::{self, ArgumentKind, FieldInfo};
use crate::value_type::ValueType;

/// A field that Falco knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedField {
    /// What the tables say about it.
    pub info: &'static FieldInfo,
    /// The type of its value; differs from the table's for `evt.rawarg`.
    pub value_type: ValueType,
    /// The name by which alerts carry it: `proc.aname[2]`.
    pub key: String,
    /// The suffix or the text in brackets.
    pub argument: Option<String>,
}

/// Why Falco does not know a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unresolved {
    pub falco: String,
    pub message: String,
    pub hint: Option<String>,
    /// Whether a rule with `skip-if-unknown-filter` is skipped for it.
    pub is_unknown_filter: bool,
}

/// Fields whose name goes on behind a dot.
const FAMILIES: [&str; 5] = ["evt.rawarg", "evt.arg", "evt.type.is", "thread.cgroup", "evt.abspath"];

/// Looks a field up, with its argument.
pub(crate) fn resolve(field: &Field, context: &Context) -> Result<ResolvedField, Unresolved> {
    let full = text_of(field);
    let found = tables::field(&field.name)
        .filter(|info| context.has(info))
        .map(|info| (info, None))
        .or_else(|| in_family(&field.name));
    let Some((info, suffix)) = found else { return Err(unknown(field, &full, context)) };
    let bracket = field.argument.as_deref();
    let value_type = match info.argument {
        ArgumentKind::None if bracket.is_some() => return Err(no_argument(info, &full)),
        ArgumentKind::Index { optional } | ArgumentKind::Key { optional } => match bracket {
            None if optional => info.value_type,
            None => return Err(argument_missing(info, &full)),
            Some(index) if matches!(info.argument, ArgumentKind::Index { .. }) && !is_integer(index) => {
                return Err(no_index(info, &full));
            }
            Some(_) => info.value_type,
        },
        ArgumentKind::Descriptor | ArgumentKind::Parameter
            if bracket.is_some_and(|index| !is_integer(index)) =>
        {
            return Err(not_a_number(bracket.unwrap_or_default()));
        }
        ArgumentKind::Parameter | ArgumentKind::RawParameter => parameter_type(info, suffix, bracket, &full)?,
        ArgumentKind::Event => match suffix {
            Some(name) if bracket.is_none() && tables::is_event(name) => info.value_type,
            Some(_) if bracket.is_none() => return Err(unknown(field, &full, context)),
            _ => return Err(syntax(info, &full)),
        },
        ArgumentKind::Subsystem if suffix.is_none() || bracket.is_some() => return Err(syntax(info, &full)),
        ArgumentKind::Side if bracket.is_some() || !matches!(suffix, None | Some("src" | "dst")) => {
            return Err(unknown(field, &full, context));
        }
        ArgumentKind::Time if !bracket.is_some_and(is_integer) => return Err(syntax(info, &full)),
        _ => info.value_type,
    };
    let argument = bracket.or(suffix).map(str::to_owned);
    Ok(ResolvedField { info, value_type, key: full, argument })
}

/// The field as Falco writes it, brackets included.
fn text_of(field: &Field) -> String {
    match field.argument.as_deref() {
        None | Some("") => field.name.clone(),
        Some(argument) => format!("{}[{argument}]", field.name),
    }
}

/// A field of a family, with its suffix. Which `static.` fields there are, falco.yaml says.
fn in_family(name: &str) -> Option<(&'static FieldInfo, Option<&str>)> {
    if name.starts_with("static.") {
        return tables::field("static.<key>").map(|info| (info, None));
    }
    FAMILIES.into_iter().find_map(|family| {
        let suffix = name.strip_prefix(family)?.strip_prefix('.')?;
        Some((tables::field(family)?, Some(suffix)))
    })
}

fn parameter_type(
    info: &FieldInfo,
    suffix: Option<&str>,
    bracket: Option<&str>,
    full: &str,
) -> Result<ValueType, Unresolved> {
    let is_raw = info.argument == ArgumentKind::RawParameter;
    match (suffix, bracket) {
        (None, Some(_)) if is_raw => Err(Unresolved {
            falco: "evt.arg fields must be expressed explicitly".into(),
            message: format!("`{full}` names a parameter by its index"),
            hint: Some("write its name, such as `evt.rawarg.res`".into()),
            is_unknown_filter: false,
        }),
        (None, Some(_)) => Ok(info.value_type),
        (Some(name), None) => match tables::parameter(name) {
            Some(raw_type) => Ok(if is_raw { raw_type } else { info.value_type }),
            None => Err(Unresolved {
                falco: format!("unknown event argument {name}"),
                message: format!("no event has a parameter `{name}`"),
                hint: nearest(name, tables::parameters())
                    .map(|found| format!("write `{}.{found}` instead", info.name)),
                is_unknown_filter: false,
            }),
        },
        _ => Err(syntax(info, full)),
    }
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn nonexistent(full: &str) -> String {
    format!("filter_check called with nonexistent field {full}")
}

fn unknown(field: &Field, full: &str, context: &Context) -> Unresolved {
    if let Some(info) = label_with_dot(&field.name).filter(|info| context.has(info)) {
        return argument_missing(info, full);
    }
    let (message, hint) = if let Some(info) = tables::field(&field.name).filter(|info| !context.has(info)) {
        let of = info.plugin.map_or_else(
            || format!("the source `{}`", info.source),
            |plugin| format!("the plugin `{plugin}`"),
        );
        (format!("`{full}` is a field of {of}, which this rule does not have"), None)
    } else {
        let names = tables::fields().iter().filter(|info| context.has(info)).map(|info| info.name);
        let hint = nearest(&field.name, names).map(|found| format!("write `{found}` instead"));
        (format!("there is no field `{full}`"), hint)
    };
    Unresolved { falco: nonexistent(full), message, hint, is_unknown_filter: true }
}

/// `k8s.pod.label.app`, as older versions wrote labels.
fn label_with_dot(name: &str) -> Option<&'static FieldInfo> {
    let (before, _) = name.split_once(".label.")?;
    tables::field(&format!("{before}.label"))
}

fn no_argument(info: &FieldInfo, full: &str) -> Unresolved {
    Unresolved {
        falco: nonexistent(full),
        message: format!("`{}` takes nothing in brackets", info.name),
        hint: Some(format!("write `{}` instead", info.name)),
        is_unknown_filter: true,
    }
}

fn no_index(info: &FieldInfo, full: &str) -> Unresolved {
    Unresolved {
        falco: nonexistent(full),
        message: format!("`{}` takes a number in brackets", info.name),
        hint: Some(format!("write `{}[1]`, for example", info.name)),
        is_unknown_filter: true,
    }
}

fn not_a_number(index: &str) -> Unresolved {
    Unresolved {
        falco: format!("{index} is not a valid number"),
        message: format!("`{index}` is no number"),
        hint: Some("write a number in the brackets, or the name of a parameter behind a dot".into()),
        is_unknown_filter: false,
    }
}

fn syntax(info: &FieldInfo, full: &str) -> Unresolved {
    let example = match info.argument {
        ArgumentKind::Event => "evt.type.is.open",
        ArgumentKind::Subsystem => "thread.cgroup.cpu",
        ArgumentKind::Time => "evt.around[1700000000000000000]",
        _ => "evt.arg.flags",
    };
    Unresolved {
        falco: format!("filter syntax error: {full}"),
        message: format!("`{full}` needs an argument of the right form"),
        hint: Some(format!("write it as in `{example}`")),
        is_unknown_filter: false,
    }
}

fn argument_missing(info: &FieldInfo, full: &str) -> Unresolved {
    Unresolved {
        falco: format!("filter '{full}': {} requires an argument but none provided", info.name),
        message: format!("`{}` needs an argument in brackets", info.name),
        hint: Some(match full.strip_prefix(info.name).and_then(|rest| rest.strip_prefix('.')) {
            Some(key) => format!("write `{}[{key}]` instead", info.name),
            None => format!("write `{}[app]`, for example", info.name),
        }),
        is_unknown_filter: false,
    }
}
