//! A reading of tuning files that knows only `=`, `in` and `startswith`, written for the tests.

use std::collections::BTreeSet;

use analysis::alert::Alert;
use saphyr::{LoadableYamlNode, Yaml};

/// A comparison as it stands in a file: field, operator, operands without Falco's quotes.
pub type Term = (String, String, Vec<String>);

/// What a file selects, if it has the keys of a tuning and no other: the rule, if it names one, and rows of
/// comparisons.
pub fn selections(content: &str) -> Vec<(Option<String>, Vec<Term>)> {
    let documents = Yaml::load_from_str(content).unwrap();
    let [document] = documents.as_slice() else { panic!("one document: {content}") };
    let [item] = document.as_vec().unwrap().as_slice() else { panic!("one item: {content}") };
    let keys: Vec<&str> = item.as_mapping().unwrap().keys().map(|key| key.as_str().unwrap()).collect();
    if keys[0] == "macro" {
        assert_eq!(keys, ["macro", "condition", "override"]);
        let condition = item["condition"].as_str().unwrap();
        let mut rest = condition.trim_end();
        let mut rows = Vec::new();
        while !rest.is_empty() {
            let (row, after) = terms(rest.trim_start());
            rows.push((None, row));
            rest = after;
        }
        return rows;
    }
    assert!(
        matches!(keys.as_slice(), ["rule", "exceptions", "override"] | ["rule", "source", ..]),
        "{keys:?}"
    );
    let rule = item["rule"].as_str().unwrap().to_owned();
    let mut rows = Vec::new();
    for exception in item["exceptions"].as_vec().unwrap() {
        let texts =
            |key: &str| exception[key].as_vec().unwrap().iter().map(|text| text.as_str().unwrap().to_owned());
        for row in exception["values"].as_vec().unwrap() {
            let cells = row.as_vec().unwrap().iter().map(|cell| match cell.as_vec() {
                Some(items) => items.iter().map(|item| unquoted(item.as_str().unwrap()).0).collect(),
                None => vec![unquoted(cell.as_str().unwrap()).0],
            });
            let row = texts("fields")
                .zip(texts("comps"))
                .zip(cells)
                .map(|((field, comp), cell)| (field, comp, cell));
            rows.push((Some(rule.clone()), row.collect()));
        }
    }
    rows
}

/// `or (field operator operand and …)`, and what follows it.
fn terms(line: &str) -> (Vec<Term>, &str) {
    let mut rest = line.strip_prefix("or (").unwrap();
    let mut terms = Vec::new();
    loop {
        let (field, after) = rest.split_once(' ').unwrap();
        let (operator, after) = after.split_once(' ').unwrap();
        let mut operands = Vec::new();
        rest = after.strip_prefix('(').unwrap_or(after);
        loop {
            let (operand, after) = unquoted(rest);
            operands.push(operand);
            match after.strip_prefix(", ") {
                Some(next) => rest = next,
                None => break rest = after,
            }
        }
        if operator == "in" {
            rest = rest.strip_prefix(')').unwrap();
        }
        terms.push((field.to_owned(), operator.to_owned(), operands));
        match rest.strip_prefix(" and ") {
            Some(next) => rest = next,
            None => return (terms, rest.strip_prefix(')').unwrap()),
        }
    }
}

/// One operand by the rules of Falco's grammar, and what follows it.
fn unquoted(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|one: char| "()\"'=,".contains(one) || one.is_whitespace()).unwrap_or(text.len());
        let (bare, rest) = text.split_at(end);
        return (bare.to_owned(), rest);
    };
    let mut out = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (out, quoted.split_at(at + 1).1),
            '\\' => match characters.next().unwrap().1 {
                ' ' => out.push('\\'),
                escaped @ ('\\' | '"') => out.push(escaped),
                other => panic!("Falco knows no escape `\\{other}`"),
            },
            other => out.push(other),
        }
    }
    panic!("no closing quote in {text}")
}

/// The records that a file hides by the naive reading, among the alerts of these rules.
pub fn naive(content: &str, rules: &BTreeSet<&str>, alerts: &[Alert]) -> BTreeSet<u64> {
    let selections = selections(content);
    let holds = |alert: &Alert, (field, operator, operands): &Term| {
        let Some(text) = alert.field_text(field) else { return false };
        match operator.as_str() {
            "=" | "in" => operands.iter().any(|operand| operand == text),
            "startswith" => text.starts_with(operands[0].as_str()),
            other => panic!("no operator of ours: {other}"),
        }
    };
    let hides = |alert: &Alert| {
        selections.iter().any(|(rule, terms)| {
            let of_rule = rule.as_deref().map_or(rules.contains(alert.rule()), |rule| rule == alert.rule());
            of_rule && terms.iter().all(|term| holds(alert, term))
        })
    };
    (1..).zip(alerts).filter(|(_, alert)| hides(alert)).map(|(record, _)| record).collect()
}
