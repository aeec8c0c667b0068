//! Agreement with decisions of the real engine, where they lie beside the project.

use std::path::{Path, PathBuf};

use condition::{Context, Effect, Slots, Truth, check_all, compile, parse};
use serde_json::Value as Json;

use crate::alerts::row;

/// The lines of a file of decisions, or nothing where it is not there.
fn lines(name: &str) -> Vec<Json> {
    let path: PathBuf =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/evaluate").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not there", path.display());
        return Vec::new();
    };
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Evaluates every condition of a file over every event of another. Answers the number of evaluations and
/// of unknown ones.
fn agree(conditions: &str, events: &str, may_be_unknown: impl Fn(&Json) -> bool) -> (usize, usize) {
    let events = lines(events);
    let (mut evaluations, mut unknown) = (0, 0);
    let mut wrong = Vec::new();
    for case in lines(conditions) {
        let text = case["condition"].as_str().unwrap();
        let matches: Vec<u64> = case["matches"].as_array().unwrap().iter().filter_map(Json::as_u64).collect();
        let parsed = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let mut slots = Slots::new();
        let filter = compile(&parsed, &Context::source("syscall"), &mut slots)
            .unwrap_or_else(|problem| panic!("{text}: {}", problem.falco));
        for event in &events {
            let number = event["event"].as_u64().unwrap();
            let row = row(event["fields"].as_object().unwrap(), &slots);
            let truth = filter.evaluate(&row);
            assert_eq!(filter.explain(&row).truth, truth);
            evaluations += 1;
            let expected = matches.contains(&number);
            match truth {
                Truth::Unknown if may_be_unknown(&case) => unknown += 1,
                truth if truth == expected.into() => {}
                truth => wrong.push(format!("{text} on {number}: {truth:?}, Falco {expected}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong, such as {:#?}", wrong.len(), &wrong[..wrong.len().min(40)]);
    (evaluations, unknown)
}

#[test]
fn every_decision_is_the_engines() {
    let (evaluations, unknown) =
        agree("conditions.jsonl", "events.jsonl", |case| case["decidable"] == Json::Bool(false));
    println!("{evaluations} evaluations, {unknown} unknown");
}

#[test]
fn values_that_alerts_do_not_show_are_unknown() {
    let (evaluations, unknown) = agree("conditions_lossy.jsonl", "events_lossy.jsonl", |_| true);
    println!("{evaluations} evaluations, {unknown} unknown");
}

#[test]
fn what_ends_falco_is_flagged() {
    for case in lines("runtime_errors.jsonl") {
        let text = case["condition"].as_str().unwrap();
        let filter = compile(&parse(text).unwrap(), &Context::source("syscall"), &mut Slots::new()).unwrap();
        let fatal = filter.fatal().unwrap_or_else(|| panic!("{text} is not flagged"));
        assert_eq!(fatal.falco, case["message"].as_str().unwrap(), "{text}");
        assert!(matches!(fatal.effect, Effect::ExitsOnEvent | Effect::CrashesOnEvent));
    }
}

#[test]
fn what_does_not_end_falco_is_not_flagged() {
    for case in lines("conditions.jsonl") {
        let text = case["condition"].as_str().unwrap();
        let problems = check_all(&parse(text).unwrap(), &Context::source("syscall"));
        if problems.iter().any(|problem| problem.effect.is_fatal()) {
            println!("{text}");
        }
    }
}
