//! What overlays hide, as decided by the engine, where its answers lie beside the project.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rules::{Effect, Engine, RuleFile, Simulation};
use serde_json::Value;

use super::events::judge;

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
            wrong
                .entry(group)
                .or_default()
                .push(format!("{} {}: {differences}", case["id"], case["overlay"]));
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
        let warned = simulation
            .files
            .iter()
            .flat_map(|file| &file.notes)
            .any(|note| note.code == rules::code::note::STOPS_AT_EVENT);
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
        let expected = match () {
            () if hidden.contains(&number) => Effect::Hidden,
            () if kept.contains(&number) => Effect::Kept,
            () if added.contains(&number) => Effect::Added,
            () => Effect::Silent,
        };
        match judge(&simulation, None, fields) {
            Effect::Undecided => *undecided += 1,
            found if found == expected => {}
            found => wrong.push(format!("{number} {found:?} instead of {expected:?}")),
        }
    }
    wrong.truncate(5);
    wrong.join(", ")
}
