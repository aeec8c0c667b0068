//! What overlays hide, as decided by the engine, where its answers lie beside the project.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use condition::{Lookup, Value as Held};
use rules::{Effect, Engine, RuleFile, Simulation};
use serde_json::Value;

fn conformance(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance").join(name)
}

#[test]
fn overlays_hide_what_they_hide_in_falco() {
    let (Ok(cases), Ok(events)) = (
        std::fs::read_to_string(conformance("exceptions/cases.jsonl")),
        std::fs::read_to_string(conformance("evaluate/events.jsonl")),
    ) else {
        eprintln!("skipped: {} is not there", conformance("exceptions").display());
        return;
    };
    let events: Vec<Value> = events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut count, mut undecided) = (0, 0);
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        count += 1;
        let differences = differences(&case, &events, &mut undecided);
        if !differences.is_empty() {
            let group = case["group"].as_str().unwrap().to_owned();
            wrong.entry(group).or_default().push(format!("{} {}: {differences}", case["id"], case["overlay"]));
        }
    }
    for (group, differences) in &wrong {
        println!("{group}: {}\n    {}", differences.len(), differences.first().unwrap());
    }
    println!("{count} cases, {undecided} events undecided");
    assert_eq!(wrong.values().map(Vec::len).sum::<usize>(), 0, "of {count} cases");
}

fn differences(case: &Value, events: &[Value], undecided: &mut usize) -> String {
    let file = |key: &'static str| RuleFile { name: key, bytes: case[key].as_str().unwrap().as_bytes() };
    let simulation = Simulation::new(&[file("base")], &[file("overlay")], &Engine::falco_0_44());
    if simulation.loads() != case["loads"].as_bool().unwrap() {
        return format!("loads {}, {:?}", simulation.loads(), simulation.files.last().unwrap().errors);
    }
    if !simulation.loads() {
        return String::new();
    }
    if case.get("runtime_error").is_some_and(|error| !error.is_null()) {
        let warned = simulation.files.iter().flat_map(|file| &file.notes).any(|note| {
            note.code == rules::code::note::STOPS_AT_EVENT
        });
        return if warned { String::new() } else { "stops Falco without a note".to_owned() };
    }
    let numbers = |key: &str| -> BTreeSet<u64> {
        case[key].as_array().into_iter().flatten().filter_map(Value::as_u64).collect()
    };
    let (hidden, kept, added) = (numbers("suppressed"), numbers("kept"), numbers("added"));
    let mut wrong = Vec::new();
    for event in events {
        let number = event["event"].as_u64().unwrap();
        let fields = event["fields"].as_object().unwrap();
        let lists: Vec<Vec<Held>> = simulation.fields().iter().map(|name| list(fields.get(name))).collect();
        let values: Vec<Lookup> = simulation
            .fields()
            .iter()
            .zip(&lists)
            .map(|(name, list)| lookup(fields.get(name), list))
            .collect();
        let expected = match () {
            () if hidden.contains(&number) => Effect::Hidden,
            () if kept.contains(&number) => Effect::Kept,
            () if added.contains(&number) => Effect::Added,
            () => Effect::Silent,
        };
        match simulation.judge(None, &values) {
            Effect::Undecided => {
                *undecided += 1;
                if std::env::var_os("SHOW").is_some() { println!("UNDECIDED {} {number} {expected:?} {}", case["id"], case["overlay"]); }
            }
            found if found == expected => {}
            found => wrong.push(format!("{number} {found:?} instead of {expected:?}")),
        }
    }
    wrong.truncate(5);
    wrong.join(", ")
}

fn list(value: Option<&Value>) -> Vec<Held<'_>> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(held).collect()
}

fn lookup<'a>(value: Option<&'a Value>, list: &'a [Held<'a>]) -> Lookup<'a> {
    match value {
        None => Lookup::Absent,
        Some(Value::Null) => Lookup::Null,
        Some(Value::Array(_)) => Lookup::Value(Held::List(list)),
        Some(value) => held(value).map_or(Lookup::Absent, Lookup::Value),
    }
}

fn held(value: &Value) -> Option<Held<'_>> {
    match value {
        Value::Bool(value) => Some(Held::Bool(*value)),
        Value::Number(number) => number.as_i64().map(Held::Int).or_else(|| number.as_u64().map(Held::Uint)),
        Value::String(text) => Some(Held::Text(text)),
        _ => None,
    }
}
