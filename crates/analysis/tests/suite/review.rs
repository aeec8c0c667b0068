//! What a person made of findings, beside alerts.

use analysis::review::{Mark, Opinion, Review};
use analysis::{Outcome, report};

use crate::files::{analyse_together as analyse, fixture};

const HOSTILE: &str = "`x` [y](javascript:1) <script>| \u{202e}\n# z";

/// The fixture reviewed: its first finding expected with a hostile note, its third to be investigated.
fn reviewed() -> (Outcome, String) {
    let outcome = analyse(&[("a.jsonl", &fixture("many.jsonl"))], usize::MAX);
    let insight = &outcome.report.insight;
    let mut review = Review::default();
    for (at, mark, note) in [(0, Mark::Expected, HOSTILE), (2, Mark::Investigate, "")] {
        let opinion = Opinion { mark, note: note.to_owned() };
        assert!(review.set(insight, &insight.groups[at].id, Some(opinion)));
    }
    let text = review.text();
    (outcome, text)
}

#[test]
fn marks_stand_at_their_findings_and_are_counted() {
    let (plain, text) = reviewed();
    let alerts = fixture("many.jsonl");
    let outcome = analyse(&[("a.jsonl", &alerts), ("review.toml", text.as_bytes())], usize::MAX);
    assert_eq!(outcome.report.files.len(), 1, "a review is no file of alerts");
    let markdown = report::markdown(&outcome.report);
    let findings = outcome.report.insight.groups.len();
    for said in [
        format!("**Review.** 2 of {findings} findings marked: 1 expected, 1 to be investigated."),
        "**Review.** Marked expected. The note: `` `x` [y](javascript:1) <script>| ⟨U+202E⟩⟨U+000A⟩# z ``"
            .to_owned(),
        "**Review.** Marked to be investigated.".to_owned(),
        "`review.toml`: 2 marked findings.".to_owned(),
    ] {
        assert!(markdown.contains(&said), "{said} is not in:\n{markdown}");
    }
    let page = report::page(&outcome.report);
    assert!(!page.contains("<script") && !page.contains("href=\"javascript"), "a note is text");
    let json: serde_json::Value = serde_json::from_str(&report::json(&outcome.report)).unwrap();
    assert_eq!(json["findings"][0]["review"]["mark"], "expected");
    assert_eq!(json["findings"][0]["review"]["note"], HOSTILE);
    assert!(json["findings"][1].get("review").is_none());
    assert_eq!(json["review_files"][0]["marks"], 2);
    assert!(!report::markdown(&plain.report).contains("**Review.**"));
}

#[test]
fn marks_that_change_afterwards_say_what_a_file_says() {
    let (plain, text) = reviewed();
    plain.report.review.borrow_mut().take("review.toml", text.as_bytes(), text.len() as u64);
    let alerts = fixture("many.jsonl");
    for size in [1, 7, usize::MAX] {
        let read = analyse(&[("a.jsonl", &alerts), ("review.toml", text.as_bytes())], size);
        assert_eq!(report::json(&plain.report), report::json(&read.report), "{size}");
        assert_eq!(report::markdown(&plain.report), report::markdown(&read.report), "{size}");
    }
}

#[test]
fn what_is_wrong_with_a_review_is_in_the_report() {
    let alerts = fixture("many.jsonl");
    let bad = b"# ours\n[review]\n0a1b2c3d4e5f = { mark = '`<b>`' }\n";
    let outcome = analyse(&[("a.jsonl", &alerts), ("bad.toml", bad)], usize::MAX);
    let markdown = report::markdown(&outcome.report);
    let said = "`bad.toml`: 0 marked findings; 1 problem, and what has one is not used:";
    assert!(markdown.contains(said), "{markdown}");
    assert!(markdown.contains("Line 3, `0a1b2c3d4e5f`, key `mark`: it is one of"), "{markdown}");
}
