//! The tables of Falco's fields and events that the condition language checks against.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::failure::{Failure, Result};

/// Events that the engine knows by name and that the table of facts leaves out (Falco 0.44.1 loads
/// conditions with them): places of the table without an event, old names, and the group of system calls
/// without an event of their own, which has no code.
const UNLISTED_EVENTS: [(&str, &str); 6] = [
    ("", "meta"),
    ("k8s", "meta"),
    ("mesos", "meta"),
    ("pread64", "syscall"),
    ("pwrite64", "syscall"),
    ("syscall", "group"),
];

/// Fields of the plugin `k8saudit` that are younger than the table of facts; the rules shipped with the
/// plugin use them.
const UNLISTED_FIELDS: [(&str, &str); 4] = [
    ("ka.req.pod.ephemeralContainers.image", "string list index?"),
    ("ka.req.pod.ephemeralContainers.privileged", "string list index?"),
    ("ka.req.pod.initContainers.image", "string list index?"),
    ("ka.req.pod.initContainers.privileged", "string list index?"),
];

/// The rows of a table with a heading line, each with the cells of these columns.
fn rows<'a, const N: usize>(table: &'a str, columns: [&str; N]) -> Result<Vec<[&'a str; N]>> {
    let mut lines = table.lines();
    let heading: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let mut places = [0; N];
    for (place, column) in places.iter_mut().zip(columns) {
        *place = heading
            .iter()
            .position(|name| *name == column)
            .ok_or_else(|| Failure::new(format!("the table has no column `{column}`.")))?;
    }
    Ok(lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            places.map(|place| cells.get(place).copied().unwrap_or_default())
        })
        .collect())
}

/// `@ SOURCE PLUGIN` lines, `-` for no plugin, and below each its fields, `NAME TYPE FLAG…`, by name.
pub fn fields(table: &str) -> Result<String> {
    let columns = ["name", "type", "arg", "arg_kind", "list", "event_source", "defined_in", "flags"];
    let mut groups: BTreeMap<(String, String), BTreeMap<&str, String>> = BTreeMap::new();
    for [name, kind, argument, argument_kind, list, source, defined_in, flags] in rows(table, columns)? {
        let source = source.split(' ').next().unwrap_or_default().to_owned();
        let plugin = defined_in.strip_prefix("plugins:").unwrap_or("-").to_owned();
        let mut line = kind.split('(').next().unwrap_or_default().to_owned();
        if list == "yes" {
            line.push_str(" list");
        }
        if argument != "no" {
            let _ = write!(
                line,
                " {}{}",
                argument_name(argument_kind)?,
                if argument == "optional" { "?" } else { "" }
            );
        }
        for flag in flags.split(',') {
            let flag = flag.split('(').next().unwrap_or_default();
            if matches!(flag, "no-rhs" | "no-transformer" | "filter-only" | "print-only" | "deprecated") {
                let _ = write!(line, " {flag}");
            }
        }
        groups.entry((source, plugin)).or_default().insert(name, line);
    }
    let audit = groups.entry(("k8s_audit".to_owned(), "k8saudit".to_owned())).or_default();
    audit.extend(UNLISTED_FIELDS.map(|(name, line)| (name, line.to_owned())));
    let mut out = String::new();
    for ((source, plugin), members) in &groups {
        let _ = writeln!(out, "@ {source} {plugin}");
        for (name, line) in members {
            let _ = writeln!(out, "{name} {line}");
        }
    }
    Ok(out)
}

fn argument_name(kind: &str) -> Result<&'static str> {
    Ok(match kind {
        "index" | "index (ancestor level)" => "index",
        "index (fd number)" => "fd",
        "key" | "index or key" | "key (env var name)" | "index or env var name" => "key",
        "[timestamp]" => "time",
        ".name or [index]" => "parameter",
        ".name only" => "rawparameter",
        ".<subsystem> suffix" => "subsystem",
        ".<event type> suffix" => "event",
        ".src/.dst suffix (optional in code)" => "side",
        other => return Err(Failure::new(format!("the kind of argument `{other}` has no name yet."))),
    })
}

/// `NAME KIND` of every event, by name, then `NAME TYPE` of every parameter under a line `@`; where events
/// disagree about the type of a parameter, the first in the table decides, as in Falco.
pub fn events(table: &str) -> Result<String> {
    let mut events: BTreeMap<&str, &str> = UNLISTED_EVENTS.into_iter().collect();
    let mut parameters: BTreeMap<&str, &str> = BTreeMap::new();
    for [name, kind, listed] in rows(table, ["event", "kind", "parameters"])? {
        let is_generic = listed.split(',').any(|parameter| parameter.ends_with(":SYSCALLID"));
        events.insert(
            name,
            match kind {
                "syscall" if is_generic => "generic",
                "syscall" | "tracepoint" => "syscall",
                _ => "meta",
            },
        );
        for (parameter, kind) in listed.split(',').filter_map(|parameter| parameter.split_once(':')) {
            parameters.entry(parameter).or_insert(kind);
        }
    }
    let mut out = String::new();
    for (name, kind) in events {
        let _ = writeln!(out, "{name} {kind}");
    }
    out.push_str("@\n");
    for (name, kind) in parameters {
        let _ = writeln!(out, "{name} {kind}");
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_grouped_by_source_and_plugin() {
        let table = "name\ttype\targ\targ_kind\tlist\tevent_source\tdefined_in\tflags\n\
                     b.two\tuint64\tno\t\tno\tsyscall\tlibs:x.cpp\tno-rhs,suggested-output\n\
                     a.one\tport(u16)\toptional\tindex\tyes\tany (JSON)\tplugins:json\ttable-only(hidden),deprecated\n\
                     b.arg\tstring\trequired\t.name or [index]\tno\tsyscall\tlibs:x.cpp\t\n";
        let made = fields(table).unwrap();
        assert!(
            made.starts_with("@ any json\na.one port list index? deprecated\n@ k8s_audit k8saudit\n"),
            "{made}"
        );
        for (name, line) in UNLISTED_FIELDS {
            assert!(made.contains(&format!("\n{name} {line}\n")), "{made}");
        }
        assert!(made.ends_with("\n@ syscall -\nb.arg string parameter\nb.two uint64 no-rhs\n"), "{made}");
    }

    #[test]
    fn the_first_event_decides_the_type_of_a_parameter() {
        let table = "event\tkind\tdirections\tavailable\tparameters\n\
                     open\tsyscall\t<>\ttrue\tname:FSPATH,fd:FD\n\
                     gettid\tsyscall\t<>\ttrue\tID:SYSCALLID\n\
                     infra\tmetaevents\t>\ttrue\tname:CHARBUF\n";
        let made = events(table).unwrap();
        assert!(made.contains("gettid generic\ninfra meta\n"), "{made}");
        assert!(made.ends_with("@\nID SYSCALLID\nfd FD\nname FSPATH\n"), "{made}");
    }

    #[test]
    fn an_unknown_kind_of_argument_is_an_error() {
        let table = "name\ttype\targ\targ_kind\tlist\tevent_source\tdefined_in\tflags\nx.y\tstring\trequired\tmoon\tno\tany\tlibs\t\n";
        assert!(fields(table).is_err());
        assert!(fields("name\n").is_err());
    }
}
