//! What Falco 0.44 knows by name: fields, events and their parameters.
//!
//! `cargo xtask codegen` makes the two files of `data/`.

use std::sync::OnceLock;

use crate::value_type::ValueType;

const FIELDS: &str = include_str!("../data/fields.txt");
const EVENTS: &str = include_str!("../data/events.txt");

/// What Falco knows about a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldInfo {
    /// Its name, without an argument.
    pub name: &'static str,
    /// The type of its value, or of each of its values.
    pub value_type: ValueType,
    /// What may stand behind the name.
    pub argument: ArgumentKind,
    /// The event source that has it; `any` for all of them.
    pub source: &'static str,
    /// The plugin that adds it; none for Falco itself.
    pub plugin: Option<&'static str>,
    /// What else the table says about it, with blanks between words.
    words: &'static str,
}

impl FieldInfo {
    fn is(&self, word: &str) -> bool {
        self.words.split(' ').any(|own| own == word)
    }

    /// Whether it has several values.
    pub fn is_list(&self) -> bool {
        self.is("list")
    }

    /// Whether it can stand on the right side of a comparison and be compared with a field.
    pub fn allows_right_side(&self) -> bool {
        !self.is("no-rhs")
    }

    /// Whether it can be an argument of a transformer of one argument.
    pub fn allows_transformer(&self) -> bool {
        !self.is("no-transformer")
    }

    /// Whether outputs cannot print it.
    pub fn is_filter_only(&self) -> bool {
        self.is("filter-only")
    }

    /// Whether it is only for printing.
    pub fn is_print_only(&self) -> bool {
        self.is("print-only")
    }

    /// Whether Falco plans to drop it.
    pub fn is_deprecated(&self) -> bool {
        self.is("deprecated")
    }
}

/// What may stand behind the name of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentKind {
    /// Nothing.
    None,
    /// A number in brackets: `proc.aname[2]`.
    Index {
        /// Whether the field has a value without it.
        optional: bool,
    },
    /// The number of a descriptor in brackets, or nothing.
    Descriptor,
    /// Any text in brackets: `proc.env[HOME]`.
    Key {
        /// Whether the field has a value without it.
        optional: bool,
    },
    /// The name of a parameter behind a dot, or its index in brackets: `evt.arg.flags`, `evt.arg[0]`.
    Parameter,
    /// The name of a parameter behind a dot.
    RawParameter,
    /// The name of an event behind a dot.
    Event,
    /// The name of a cgroup controller behind a dot.
    Subsystem,
    /// `src` or `dst` behind a dot, or nothing.
    Side,
    /// A time in brackets.
    Time,
}

/// The kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventKind {
    /// A system call or tracepoint with an event of its own.
    Own,
    /// A system call that shares one event with all others of the kind.
    Generic,
    /// Not from a system call.
    Meta,
    /// The name of all generic ones, which no event bears.
    Group,
}

struct Tables {
    fields: Vec<FieldInfo>,
    events: Vec<(&'static str, EventKind)>,
    parameters: Vec<(&'static str, ValueType)>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let (events, parameters) = EVENTS.split_once("@\n").unwrap_or((EVENTS, ""));
        let mut fields = read_fields();
        fields.sort_unstable_by_key(|field| field.name);
        Tables {
            fields,
            events: pairs(events)
                .map(|(name, kind)| {
                    let kind = match kind {
                        "generic" => EventKind::Generic,
                        "syscall" => EventKind::Own,
                        "group" => EventKind::Group,
                        _ => EventKind::Meta,
                    };
                    (name, kind)
                })
                .collect(),
            parameters: pairs(parameters).map(|(name, kind)| (name, ValueType::of_parameter(kind))).collect(),
        }
    })
}

fn pairs(lines: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    lines.lines().filter_map(|line| line.split_once(' '))
}

fn read_fields() -> Vec<FieldInfo> {
    let (mut source, mut plugin) = ("", None);
    let mut fields = Vec::with_capacity(600);
    for (first, rest) in pairs(FIELDS) {
        if first == "@" {
            let (named, from) = rest.split_once(' ').unwrap_or((rest, "-"));
            source = named;
            plugin = (from != "-").then_some(from);
            continue;
        }
        let (value_type, words) = rest.split_once(' ').unwrap_or((rest, ""));
        fields.push(FieldInfo {
            name: first,
            value_type: ValueType::from_table(value_type),
            argument: words.split(' ').find_map(argument_kind).unwrap_or(ArgumentKind::None),
            source,
            plugin,
            words,
        });
    }
    fields
}

fn argument_kind(word: &str) -> Option<ArgumentKind> {
    let optional = word.ends_with('?');
    Some(match word.trim_end_matches('?') {
        "index" => ArgumentKind::Index { optional },
        "key" => ArgumentKind::Key { optional },
        "fd" => ArgumentKind::Descriptor,
        "parameter" => ArgumentKind::Parameter,
        "rawparameter" => ArgumentKind::RawParameter,
        "event" => ArgumentKind::Event,
        "subsystem" => ArgumentKind::Subsystem,
        "side" => ArgumentKind::Side,
        "time" => ArgumentKind::Time,
        _ => return None,
    })
}

/// Every field, by name.
pub fn fields() -> &'static [FieldInfo] {
    &tables().fields
}

/// The field of this name, without argument or suffix.
pub fn field(name: &str) -> Option<&'static FieldInfo> {
    let fields = fields();
    fields.binary_search_by_key(&name, |field| field.name).ok().and_then(|place| fields.get(place))
}

/// The names of all events, sorted: what `evt.type` can be compared with.
pub fn events() -> impl Iterator<Item = &'static str> {
    tables().events.iter().map(|(name, _)| *name).filter(|name| !name.is_empty())
}

/// Whether there is an event of this name; the empty name counts, for Falco has events without one.
pub fn is_event(name: &str) -> bool {
    event(name).is_some()
}

pub(crate) fn event_kinds() -> &'static [(&'static str, EventKind)] {
    &tables().events
}

/// The place of an event among [`event_kinds`], and its kind.
pub(crate) fn event(name: &str) -> Option<(usize, EventKind)> {
    let events = &tables().events;
    let place = events.binary_search_by_key(&name, |(event, _)| event).ok()?;
    events.get(place).map(|(_, kind)| (place, *kind))
}

/// The type of a parameter of events, as `evt.rawarg` compares it.
pub fn parameter(name: &str) -> Option<ValueType> {
    let parameters = &tables().parameters;
    let place = parameters.binary_search_by_key(&name, |(parameter, _)| parameter).ok()?;
    parameters.get(place).map(|(_, kind)| *kind)
}

/// The names of all parameters of events, sorted.
pub fn parameters() -> impl Iterator<Item = &'static str> {
    tables().parameters.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_whole() {
        assert!(fields().is_sorted_by_key(|field| field.name));
        assert!(tables().events.is_sorted_by_key(|(name, _)| *name));
        assert!(tables().parameters.is_sorted_by_key(|(name, _)| *name));
        assert!(
            fields().iter().all(|field| field.value_type != ValueType::Other || field.name == "evt.rawarg")
        );
        assert!(fields().len() > 570 && events().count() > 450);
    }

    #[test]
    fn a_field_keeps_its_flags() {
        let ancestor = field("proc.aname").unwrap();
        assert_eq!(ancestor.argument, ArgumentKind::Index { optional: true });
        assert!(!ancestor.allows_right_side() && !ancestor.allows_transformer() && ancestor.plugin.is_none());
        let label = field("k8s.pod.label").unwrap();
        assert_eq!((label.plugin, label.source), (Some("container"), "syscall"));
        assert!(field("fd.types").unwrap().is_list());
        assert_eq!(field("proc.nosuch"), None);
    }

    #[test]
    fn parameters_have_the_type_of_the_first_event() {
        assert_eq!(parameter("res"), Some(ValueType::Int64));
        assert_eq!(parameter("nosuch"), None);
        assert!(is_event("openat") && is_event("syscall") && !is_event("OPEN"));
    }
}
