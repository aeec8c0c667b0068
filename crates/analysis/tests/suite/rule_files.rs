//! Rule files beside alerts.

use analysis::{Options, Outcome, Session, report};

use crate::files::fixture;

const RULES: &str = include_str!("../../../../tests/rules/payment_rules.yaml");

/// The analysis of files in pieces of a size.
fn analyse(files: &[(&str, &[u8])], size: usize) -> Outcome {
    let mut session = Session::new(Options { keep_alerts: true, ..Options::default() });
    for (name, bytes) in files {
        session.open(name);
        for chunk in bytes.chunks(size) {
            session.feed(chunk);
        }
        session.close();
    }
    session.finish()
}

#[test]
fn a_rule_file_enters_the_report() {
    let alerts = fixture("custom_rule.json");
    let outcome = analyse(&[("alerts.json", &alerts), ("payment_rules.yaml", RULES.as_bytes())], usize::MAX);
    assert_eq!(outcome.report.files.len(), 1, "a rule file is no file of alerts");
    insta::assert_snapshot!("with a rule file", report::markdown(&outcome.report));
    let json: serde_json::Value = serde_json::from_str(&report::json(&outcome.report)).unwrap();
    let file = &json["rule_files"][0];
    assert_eq!((&file["name"], &file["rules"]), (&"payment_rules.yaml".into(), &2.into()));
    assert_eq!(file["errors"][0]["line"], 22);
}

#[test]
fn chunks_and_the_order_of_files_do_not_matter() {
    let alerts = fixture("many.jsonl");
    let whole = analyse(&[("a.jsonl", &alerts), ("payment_rules.yaml", RULES.as_bytes())], usize::MAX);
    for size in [1, 7, 4096] {
        let pieces = analyse(&[("payment_rules.yaml", RULES.as_bytes()), ("a.jsonl", &alerts)], size);
        assert_eq!(pieces.report, whole.report, "chunks of {size}");
        assert_eq!(pieces.rule_files, whole.rule_files, "chunks of {size}");
    }
}

#[test]
fn alerts_are_kept_only_on_request() {
    let alerts = fixture("many.jsonl");
    let kept = analyse(&[("a.jsonl", &alerts)], usize::MAX);
    assert_eq!(kept.shelf.len() as u64, kept.report.total.alerts);
    let mut session = Session::new(Options::default());
    session.open("a.jsonl");
    session.feed(&alerts);
    let outcome = session.finish();
    assert!(outcome.shelf.is_empty() && outcome.report == kept.report);
}

#[test]
fn a_rule_file_alone_is_a_report_too() {
    let outcome = analyse(&[("payment_rules.yaml", RULES.as_bytes())], usize::MAX);
    assert!(outcome.report.recognised && outcome.report.files.is_empty());
    assert!(report::markdown(&outcome.report).contains("### Rule files"));
}

/// Record numbers are those of the report: by them an answer names alerts.
#[test]
fn the_shelf_counts_as_the_report_does() {
    let outcome = analyse(&[("many.jsonl", &fixture("many.jsonl"))], usize::MAX);
    for group in &outcome.report.insight.groups {
        for record in &group.records {
            assert_eq!(outcome.shelf.row(*record).unwrap().rule, group.rule);
        }
    }
}
