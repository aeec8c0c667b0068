//! `cargo xtask codegen`: the tables of Falco's fields and events that the condition language checks
//! against, made of the two tables of facts that are kept beside the project.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::codegen_rules;
use crate::failure::{Failure, Result};
use crate::workspace;

/// Where the tables go.
const DATA: &str = "crates/condition/data";

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

/// What was typed after `codegen`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    from: PathBuf,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        match arguments {
            [] => Ok(Self { from: workspace::root().join("../shared/falco") }),
            [option, folder] if option == "--from" => Ok(Self { from: PathBuf::from(folder) }),
            _ => {
                Err(Failure::new("`codegen` takes only --from DIR, the folder of fields.tsv and events.tsv."))
            }
        }
    }
}

/// Writes the tables of the condition language, and of the rules that Falco ships.
pub fn run(options: &Options) -> Result<()> {
    let into = workspace::root().join(DATA);
    write(&into.join("fields.txt"), &fields(&read(&options.from, "fields.tsv")?)?)?;
    write(&into.join("events.txt"), &events(&read(&options.from, "events.tsv")?)?)?;
    codegen_rules::run(&options.from)
}

fn read(folder: &Path, name: &str) -> Result<String> {
    let path = folder.join(name);
    fs::read_to_string(&path).map_err(|error| {
        Failure::new(format!("cannot read `{}` ({error}): name its folder with --from.", path.display()))
    })
}

fn write(path: &Path, content: &str) -> Result<()> {
    fs::write(path, content)
        .map_err(|error| Failure::new(format!("cannot write `{}` ({error}).", path.display())))?;
    println!("{}", path.display());
    Ok(())
}

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
fn fields(table: &str) -> Result<String> {
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
fn events(table: &str) -> Result<String> {
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
        assert_eq!(
            made,
            "@ any json\na.one port list index? deprecated\n@ syscall -\nb.arg string parameter\nb.two uint64 no-rhs\n"
        );
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
    fn the_tables_in_the_clone_are_made_of_the_facts() {
        let options = Options::parse(&[]).unwrap();
        if !options.from.exists() {
            println!("skipped: {} is not there", options.from.display());
            return;
        }
        let made = |name: &str| workspace::read(&format!("{DATA}/{name}")).unwrap();
        assert_eq!(fields(&read(&options.from, "fields.tsv").unwrap()).unwrap(), made("fields.txt"));
        assert_eq!(events(&read(&options.from, "events.tsv").unwrap()).unwrap(), made("events.txt"));
    }

    #[test]
    fn an_unknown_kind_of_argument_is_an_error() {
        let table = "name\ttype\targ\targ_kind\tlist\tevent_source\tdefined_in\tflags\nx.y\tstring\trequired\tmoon\tno\tany\tlibs\t\n";
        assert!(fields(table).is_err());
        assert!(fields("name\n").is_err());
    }
}
