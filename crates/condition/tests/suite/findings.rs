//! What is said about conditions: reasons for an answer, problems with their place and their hint.

use condition::{Context, Effect, Lookup, Slots, Span, Truth, Value, check_all, compile, parse, shown};

/// The parts that decide, with their answers, for an event of texts.
#[track_caller]
fn decides(text: &str, fields: &[(&str, &str)], expected: &[(&str, Truth)]) {
    let mut slots = Slots::new();
    let filter = compile(&parse(text).unwrap(), &Context::source("syscall"), &mut slots).unwrap();
    let value = |name: &String| fields.iter().find(|(field, _)| field == name);
    let row: Vec<Lookup> = slots
        .names()
        .iter()
        .map(|name| value(name).map_or(Lookup::Absent, |(_, text)| Lookup::Value(Value::Text(text))))
        .collect();
    let trace = filter.explain(&row);
    let parts: Vec<(&str, Truth)> =
        trace.deciding().iter().map(|part| (part.text.as_str(), part.truth)).collect();
    assert_eq!(parts, expected);
    for part in trace.deciding() {
        for (name, lookup) in part.values(&slots, &row) {
            let expected = value(&name.to_owned())
                .map_or("not in the alert".to_owned(), |(_, text)| format!("\"{text}\""));
            assert_eq!(shown(lookup), expected);
        }
    }
}

#[test]
fn the_parts_that_decide_are_named() {
    let text = "proc.name = a and (proc.pname = b or not user.name = c)";
    decides(text, &[("proc.name", "x")], &[("proc.name = a", Truth::False)]);
    decides(
        text,
        &[("proc.name", "a"), ("proc.pname", "y"), ("user.name", "c")],
        &[("proc.pname = b", Truth::False), ("user.name = c", Truth::True)],
    );
    decides(
        text,
        &[("proc.name", "a"), ("proc.pname", "b"), ("user.name", "c")],
        &[("proc.name = a", Truth::True), ("proc.pname = b", Truth::True)],
    );
    decides(text, &[("proc.name", "a"), ("user.name", "c")], &[("proc.pname = b", Truth::Unknown)]);
}

#[test]
fn values_are_shown_as_they_are_known() {
    assert_eq!(shown(Lookup::Null), "null");
    assert_eq!(shown(Lookup::Value(Value::Int(-1))), "-1");
    assert_eq!(shown(Lookup::Value(Value::Uint(u64::MAX))), "18446744073709551615");
    assert_eq!(shown(Lookup::Value(Value::Decimal("0.5"))), "0.5");
    assert_eq!(shown(Lookup::Value(Value::Bool(true))), "true");
    assert_eq!(shown(Lookup::Value(Value::List(&[Value::Text("a b"), Value::Int(1)]))), "(\"a b\", 1)");
}

/// The problems of a condition, each with the text at its place.
fn problems(text: &str) -> Vec<(Effect, String, Option<String>)> {
    let problems = check_all(&parse(text).unwrap(), &Context::source("syscall"));
    problems
        .into_iter()
        .map(|problem| (problem.effect, problem.span.of(text).to_owned(), problem.hint))
        .collect()
}

#[track_caller]
fn finds(text: &str, effect: Effect, place: &str, hint: &str) {
    let problems = problems(text);
    let is_meant = |(found, at, said): &(Effect, String, Option<String>)| {
        *found == effect && at == place && said.as_deref().unwrap_or_default().contains(hint)
    };
    assert!(problems.iter().any(is_meant), "{text}: {problems:?}");
}

#[test]
fn one_run_finds_everything() {
    let text = "proc.nmae = a and proc.pid = x or evt.type in (open, openn) and fd.sip = 10";
    let places: Vec<String> = problems(text).into_iter().map(|(_, place, _)| place).collect();
    assert_eq!(places, ["proc.nmae", "x", "openn", "10"]);
}

#[test]
fn names_are_corrected() {
    finds("proc.nmae = a", Effect::UnknownFilter, "proc.nmae", "`proc.name`");
    finds("container.image.repositry = a", Effect::UnknownFilter, "container.image.repositry", "repository`");
    finds("evt.type = opneat", Effect::UnknownFilter, "opneat", "`openat`");
    finds("evt.arg.flgas = a", Effect::Refused, "evt.arg.flgas", "`evt.arg.flags`");
    finds("k8s.pod.label.app = a", Effect::Refused, "k8s.pod.label.app", "`k8s.pod.label[app]`");
    finds("proc.pid contains 1", Effect::Refused, "proc.pid contains 1", "`=`");
    finds("fd.types = file", Effect::Refused, "fd.types = file", "intersects");
}

#[test]
fn a_field_of_a_plugin_that_is_not_there_is_named_as_such() {
    let condition = parse("container.id != host").unwrap();
    let without = Context::source("syscall").without_plugin("container");
    let problems = check_all(&condition, &without);
    assert_eq!(
        problems[0].message,
        "`container.id` is a field of the plugin `container`, which this rule does not have"
    );
    assert!(check_all(&condition, &without.with_plugin("container")).is_empty());
    assert!(check_all(&parse("ka.verb = get").unwrap(), &Context::source("k8s_audit")).is_empty());
    assert!(check_all(&parse("ka.verb = get and container.id = host").unwrap(), &Context::any()).is_empty());
}

#[test]
fn falco_warns_and_so_do_we() {
    finds("proc.name = proc.pname", Effect::Warning, "proc.pname", "`val(proc.pname)`");
    finds(
        "proc.name = \"tolower(proc.pname)\"",
        Effect::Warning,
        "\"tolower(proc.pname)\"",
        "without quotes",
    );
    finds("fd.name regex /etc/.*", Effect::Warning, "/etc/.*", "`startswith`");
    finds("evt.type = open and evt.dir = <", Effect::Deprecated, "evt.dir", "remove");
    let audit = check_all(&parse("ka.user.name = \"<NA>\"").unwrap(), &Context::source("k8s_audit"));
    assert_eq!(audit[0].effect, Effect::UnsafeNaCheck);
    assert!(problems("fd.name regex \"/etc/(passwd|shadow)\"").is_empty());
    assert!(problems("proc.name = a.out").is_empty());
}

#[test]
fn checks_that_do_not_do_what_they_seem_to_are_named() {
    let surprises = [
        ("fd.ip in (10.0.0.1)", "fd.ip in (10.0.0.1)", "fd.sip in"),
        ("proc.apid in (1)", "proc.apid in (1)", "`=`"),
        ("fd.net intersects (10.0.0.0/8)", "fd.net intersects (10.0.0.0/8)", "fd.snet in"),
        ("proc.aname != sshd", "proc.aname != sshd", "not"),
        ("proc.aname = anyof (sshd, su)", "proc.aname = anyof (sshd, su)", "one check for each"),
        ("fd.snet = anyof (10.0.0.0/8)", "fd.snet = anyof (10.0.0.0/8)", "`in (…)`"),
        ("proc.name in ()", "proc.name in ()", "name values"),
        ("proc.name in (\"\\q\")", "proc.name in (\"\\q\")", "name values"),
        ("proc.cmdline contains \"\"", "proc.cmdline contains \"\"", "`exists`"),
        ("fd.name pmatch (/etc, /)", "/", "longer path"),
        ("proc.tty = -1", "-1", "not negative"),
        ("not concat(proc.name, \"x\") = y", "concat(proc.name, \"x\") = y", "field behind the literal"),
        ("proc.name in tolower(proc.pname)", "proc.name in tolower(proc.pname)", "`=`"),
    ];
    for (text, place, hint) in surprises {
        finds(text, Effect::Surprise, place, hint);
    }
}

#[test]
fn conditions_that_end_falco_are_named() {
    finds("evt.type = val(proc.name)", Effect::ExitsOnLoad, "evt.type = val(proc.name)", "names of events");
    finds("fd.port intersects (1)", Effect::ExitsOnEvent, "fd.port intersects (1)", "fd.port in");
    finds("fd.net in ()", Effect::CrashesOnEvent, "fd.net in ()", "remove");
    finds("container", Effect::UndefinedMacro, "container", "define");
}

#[test]
fn places_survive_brackets_and_escapes() {
    let text = "  not ( proc.args[0] = \"a\\\"b\" )  and\tm ";
    let condition = parse(text).unwrap();
    assert_eq!(condition.span.of(text), "not ( proc.args[0] = \"a\\\"b\" )  and\tm");
    assert_eq!(condition.fields()[0].span.of(text), "proc.args[0]");
    assert_eq!(condition.macros(), [("m", Span::new(text.len() - 2, text.len() - 1))]);
    let error = parse("proc.name = \"a\\qb\"").unwrap_err();
    assert_eq!(error.span.of("proc.name = \"a\\qb\""), "\\q");
}
