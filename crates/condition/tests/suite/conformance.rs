//! Agreement with decisions of the real engine, where they lie beside the project.

use std::path::{Path, PathBuf};

use condition::{Context, Effect, Slots, Truth, check_all, compile, parse};
use serde_json::Value as Json;

use crate::alerts::Event;

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
        assert_eq!(parse(&parsed.to_string()).unwrap().without_spans(), parsed.without_spans(), "{text}");
        let mut slots = Slots::new();
        let filter = compile(&parsed, &Context::source("syscall"), &mut slots)
            .unwrap_or_else(|problem| panic!("{text}: {}", problem.falco));
        for event in &events {
            let number = event["event"].as_u64().unwrap();
            let values = Event::new(event["fields"].as_object().unwrap(), &slots);
            let row = values.row();
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
    let events = lines("events.jsonl");
    for case in lines("runtime_errors.jsonl") {
        let text = case["condition"].as_str().unwrap();
        let mut slots = Slots::new();
        let filter = compile(&parse(text).unwrap(), &Context::source("syscall"), &mut slots).unwrap();
        let end = events.iter().find_map(|event| {
            let values = Event::new(event["fields"].as_object().unwrap(), &slots);
            filter.ends_falco(&values.row())
        });
        let end = end.unwrap_or_else(|| panic!("{text} is not flagged"));
        assert_eq!(end.falco, case["message"].as_str().unwrap(), "{text}");
        assert!(matches!(end.effect, Effect::ExitsOnEvent | Effect::CrashesOnEvent));
    }
}

#[test]
fn what_does_not_end_falco_is_not_said_to() {
    let events = lines("events.jsonl");
    for case in lines("conditions.jsonl") {
        let text = case["condition"].as_str().unwrap();
        let mut slots = Slots::new();
        let filter = compile(&parse(text).unwrap(), &Context::source("syscall"), &mut slots).unwrap();
        if filter.fatal().is_none() {
            continue;
        }
        for event in &events {
            let values = Event::new(event["fields"].as_object().unwrap(), &slots);
            assert_eq!(filter.ends_falco(&values.row()), None, "{text} on {}", event["event"]);
        }
    }
}

/// The condition of a file that holds one rule, written on one line in double quotes.
fn only_condition(text: &str) -> Option<String> {
    let has_more = ["- macro:", "- list:", "override", "append", "exceptions", "required"];
    if has_more.iter().any(|word| text.contains(word)) || text.matches("- rule:").count() != 1 {
        return None;
    }
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix("condition: "))?;
    serde_json::from_str(line).ok().filter(|condition: &String| !condition.is_empty())
}

#[test]
fn rules_are_refused_with_the_engines_words() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for case in lines("../validate/cases.jsonl") {
        let files = case["files"].as_array().unwrap();
        let ([file], true) = (files.as_slice(), case["group"].as_str().unwrap().starts_with("cond/")) else {
            continue;
        };
        let yaml = file["text"].as_str().unwrap();
        let Some(text) = only_condition(yaml) else { continue };
        let skips = yaml.contains("skip-if-unknown-filter: true");
        let result = &case["result"];
        let said = |kind: &str| -> Vec<(String, String)> {
            let items = result[kind].as_array().unwrap().iter();
            items
                .map(|item| (item["code"].as_str().unwrap().into(), item["message"].as_str().unwrap().into()))
                .collect()
        };
        let mut errors = Vec::new();
        let mut warnings: Vec<(String, String)> = Vec::new();
        match parse(&text) {
            Err(error) => {
                errors.push(("LOAD_ERR_COMPILE_CONDITION".to_owned(), error.falco_message()));
                // Falco counts from the quote, over the text without its escapes.
                let start = yaml.find("condition: ").unwrap() + "condition: ".len();
                let offset = result["errors"][0]["position"]["offset"].as_u64().unwrap();
                let place = start as u64 + error.falco_offset as u64;
                if offset != place {
                    wrong.push(format!("{text:?}: at {place}, Falco {offset}"));
                }
            }
            Ok(condition) => {
                let problems = check_all(&condition, &Context::source("syscall"));
                let first = problems.iter().find(|problem| !problem.effect.loads());
                errors.extend(first.map(|problem| (problem.effect.code().to_owned(), problem.falco.clone())));
                let warns = |effect| matches!(effect, Effect::Warning | Effect::Deprecated);
                warnings = problems
                    .iter()
                    .filter(|problem| warns(problem.effect))
                    .map(|problem| (problem.effect.code().to_owned(), problem.falco.clone()))
                    .collect();
                let is_wide = condition::event_types(&condition).is_too_wide();
                if is_wide && !yaml.contains("warn_evttypes: false") {
                    let message =
                        "Rule matches too many evt.type values. This has a significant performance penalty.";
                    warnings.push(("LOAD_NO_EVTTYPE".into(), message.into()));
                }
            }
        }
        compared += 1;
        let expected = said("errors");
        let skipped = expected.is_empty() && skips && !errors.is_empty();
        if skipped {
            continue;
        }
        if errors != expected {
            wrong.push(format!("{text:?}: {errors:?}, Falco {expected:?}"));
        } else if errors.is_empty() {
            let mut expected = said("warnings");
            expected.sort();
            warnings.sort();
            if warnings != expected {
                wrong.push(format!("{text:?}: {warnings:?}, Falco {expected:?}"));
            }
        }
    }
    println!("{compared} compared");
    assert!(wrong.is_empty(), "{} wrong, such as {:#?}", wrong.len(), &wrong[..wrong.len().min(60)]);
}
