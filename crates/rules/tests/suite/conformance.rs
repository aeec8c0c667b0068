//! The engine's verdicts on files, where they lie beside the project.

use std::collections::BTreeMap;
use std::path::Path;

use rules::{Engine, FileReport, Item, RuleFile, load};
use serde_json::Value;

#[test]
fn files_load_as_in_falco() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/validate/cases.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return;
    };
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for line in text.lines() {
        let case: Value = serde_json::from_str(&escaped_surrogates(line)).unwrap();
        count += 1;
        if let Some(difference) = differs(&case) {
            wrong.entry(case["group"].as_str().unwrap().to_owned()).or_default().push(difference);
        }
    }
    let total: usize = wrong.values().map(Vec::len).sum();
    for (group, differences) in &wrong {
        println!("{group}: {}", differences.len());
        for difference in differences.iter().take(3) {
            println!("    {difference}");
        }
    }
    assert_eq!(total, 0, "of {count} cases");
}

/// A byte that is no UTF-8 is written as a lone surrogate, which no Rust string holds.
fn escaped_surrogates(line: &str) -> String {
    line.replace("\\udc", "\\ufffd\\u00")
}

fn differs(case: &Value) -> Option<String> {
    let files: Vec<(String, String)> = case["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["name"].as_str().unwrap().to_owned(), file["text"].as_str().unwrap().to_owned()))
        .collect();
    let sources: Vec<RuleFile> =
        files.iter().map(|(name, text)| RuleFile { name, bytes: text.as_bytes() }).collect();
    let loaded = load(&sources, &Engine::falco_0_44());
    let report = loaded.files.last().unwrap();
    let (got, want) = (summary_of(report), summary(&case["result"]));
    (got != want).then(|| {
        format!(
            "{}: {:?}\n        want {want}\n        got  {got}",
            case["id"].as_str().unwrap(),
            files.last().unwrap().1
        )
    })
}

fn summary_of(report: &FileReport) -> String {
    let items = |items: &[Item]| -> Vec<String> {
        items.iter().map(|item| describe(item.code.name(), item.item_type, &item.item_name)).collect()
    };
    format!("{} {:?} {:?}", report.successful, items(&report.errors), items(&report.warnings))
}

fn summary(result: &Value) -> String {
    let items = |items: &Value| -> Vec<String> {
        let text = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
        let items = items.as_array().unwrap().iter();
        items
            .map(|item| describe(&text(item, "code"), &text(item, "item_type"), &text(item, "item_name")))
            .collect()
    };
    format!("{} {:?} {:?}", result["successful"], items(&result["errors"]), items(&result["warnings"]))
}

/// Where Falco died, it said nothing about where; we do.
fn describe(code: &str, item_type: &str, item_name: &str) -> String {
    if code.starts_with("ENGINE_") { code.to_owned() } else { format!("{code}/{item_type}/{item_name}") }
}
