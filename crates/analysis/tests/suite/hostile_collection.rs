//! The collection of hostile values, `tests/hostile/values.jsonl`, through every output.

use crate::files::analyse;
use crate::hostile::{alert_with, check};
use crate::outputs::check_page_with_alerts;
use crate::saved_pages::check_again;
use std::collections::{BTreeMap, BTreeSet};

/// What each value is aimed at, and the value.
fn collection() -> Vec<(String, String)> {
    let text = include_str!("../../../../tests/hostile/values.jsonl");
    let read = |line: &str| {
        let line: BTreeMap<String, String> = serde_json::from_str(line).unwrap();
        (line["for"].clone(), line["value"].clone())
    };
    text.lines().map(read).collect()
}

#[test]
fn the_collection_is_large_and_repeats_nothing() {
    let collection = collection();
    let kinds: BTreeSet<&str> = collection.iter().map(|(kind, _)| kind.as_str()).collect();
    let expected =
        ["autolinks", "csv", "falco", "markdown", "markup", "shell", "terminal", "unicode", "yaml"];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(collection.iter().collect::<BTreeSet<_>>().len(), collection.len());
    assert!(collection.len() >= 300, "{}", collection.len());
}

#[test]
fn no_value_leaves_its_place() {
    for (_, value) in collection() {
        let line = alert_with(&[(); 6].map(|()| value.clone()));
        let outcome = analyse("input", line.as_bytes());
        check(&outcome.report);
        check_page_with_alerts(&outcome);
        check_again(&outcome);
    }
}

#[test]
fn no_two_values_together_leave_their_places() {
    let values: Vec<String> = collection().into_iter().map(|(_, value)| value).collect();
    for six in values.chunks_exact(6) {
        let six: &[String; 6] = six.try_into().unwrap();
        check(&analyse("input", alert_with(six).as_bytes()).report);
    }
}
