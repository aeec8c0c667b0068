//! Our own decisions: what holds for which event, and what is refused with which words.

use condition::{Context, Slots, Truth, check_all, compile, parse};
use serde_json::{Map, Value as Json};

use crate::alerts::Event;

/// Lines that are neither blank nor a comment.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[test]
fn conditions_hold_for_their_events() {
    let mut fields: Map<String, Json> = Map::new();
    let mut wrong = Vec::new();
    let mut cases = 0;
    for line in lines(include_str!("../cases/evaluate.txt")) {
        if line.starts_with('{') {
            fields = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            continue;
        }
        let (answer, text) = line.split_once(' ').unwrap();
        let expected = match answer {
            "T" => Truth::True,
            "F" => Truth::False,
            "?" => Truth::Unknown,
            _ => panic!("{line}"),
        };
        let condition = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let mut slots = Slots::new();
        let filter = compile(&condition, &Context::source("syscall"), &mut slots)
            .unwrap_or_else(|problem| panic!("{text}: {}", problem.falco));
        let event = Event::new(&fields, &slots);
        let row = event.row();
        let truth = filter.evaluate(&row);
        cases += 1;
        if truth != expected {
            wrong.push(format!("{text}: {truth:?}, not {expected:?}"));
        }
        assert_eq!(filter.explain(&row).truth, truth, "{text}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(cases >= 300, "{cases} cases");
}

#[test]
fn conditions_are_refused_in_falcos_words() {
    let mut wrong = Vec::new();
    for line in lines(include_str!("../cases/refuse.txt")) {
        let (text, expected) = line.split_once(" => ").unwrap();
        let (falco, message) = match parse(text) {
            Err(error) => (error.falco_message(), error.to_string()),
            Ok(condition) => {
                let problems = check_all(&condition, &Context::source("syscall"));
                match problems.into_iter().find(|problem| !problem.effect.loads()) {
                    Some(problem) => (problem.falco, problem.message),
                    None => ("loads".to_owned(), "loads".to_owned()),
                }
            }
        };
        if !falco.starts_with(expected) {
            wrong.push(format!("{text}: {falco}"));
        }
        assert!(!message.is_empty() && !message.ends_with('.'), "{text}: {message}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
