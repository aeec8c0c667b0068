//! A user's own knowledge beside alerts.

use analysis::insight::Class;
use analysis::{Options, Session, report};

use crate::files::{analyse_together as analyse, fixture};

const MINE: &str = r#"
# What the payment team knows.
[[rule]]
name = "Payment key read"
action = "read the key that signs payments"
target = [{ field = "fd.name", words = "file" }]
behaviour = "A program other than the signer opened the key."
ordinary = ["The key is rotated on the first of a month."]
attack = [{ technique = "T1552.001", tactic = "credential-access" }]
tells = [{ fields = ["proc.name"], text = "`rotate-keys` fits." }]
steps = [{ text = "Call the payment team.", command = "grep <<proc.name>> /srv/runbook" }]

[[image]]
name = "registry.example/pay"
rules = ["Payment key read"]
"#;

#[test]
fn an_entry_of_the_users_explains_the_rule_and_an_image_vouches_for_it() {
    let alerts = fixture("many.jsonl");
    let alone = analyse(&[("a.jsonl", &alerts)], usize::MAX).report;
    let told = analyse(&[("a.jsonl", &alerts), ("mine.toml", MINE.as_bytes())], usize::MAX).report;
    let class = |report: &report::Report| {
        let groups = &report.insight.groups;
        groups.iter().find(|group| group.rule == "Payment key read").unwrap().verdict.class
    };
    assert_eq!((class(&alone), class(&told)), (Class::NeedsReview, Class::LikelyBenign));
    assert_eq!(told.files.len(), 1, "a file of knowledge is no file of alerts");
    let markdown = report::markdown(&told);
    for said in [
        "read the key that signs payments (file `/run/secrets/pay.key`)",
        "**What the rule sees.** A program other than the signer opened the key.",
        "`proc.name` is `cat`. `rotate-keys` fits.",
        "**T1552.001** Credentials In Files, tactic Credential Access",
        "grep cat /srv/runbook",
        "`registry.example/pay` trips this rule as part of its work, by your own files (set by the deployer)",
        "and 1 file of your own.",
        "`mine.toml`: 1 entry and 1 known image in use.",
    ] {
        assert!(markdown.contains(said), "{said} is not in:\n{markdown}");
    }
    let json: serde_json::Value = serde_json::from_str(&report::json(&told)).unwrap();
    assert_eq!(json["knowledge_files"][0]["entries"], 1);
    assert!(!report::json(&alone).contains("knowledge_files"));
}

#[test]
fn chunks_the_place_among_the_files_and_handing_it_over_make_no_difference() {
    let alerts = fixture("many.jsonl");
    let whole = analyse(&[("a.jsonl", &alerts), ("mine.toml", MINE.as_bytes())], usize::MAX).report;
    for size in [1, 7, 4096] {
        let pieces = analyse(&[("mine.toml", MINE.as_bytes()), ("a.jsonl", &alerts)], size).report;
        assert_eq!(pieces, whole, "chunks of {size}");
    }
    let mut session = Session::new(Options::default());
    session.knowledge("mine.toml", MINE.as_bytes());
    session.open("a.jsonl");
    session.feed(&alerts);
    assert_eq!(session.finish().report, whole);
}

#[test]
fn what_is_wrong_is_in_the_report_and_nothing_else_of_it() {
    let broken = MINE.replace("action =", "acton =");
    let alerts = fixture("many.jsonl");
    let report = analyse(&[("a.jsonl", &alerts), ("mine.toml", broken.as_bytes())], usize::MAX).report;
    let markdown = report::markdown(&report);
    assert!(markdown.contains("- Line 3, `Payment key read`, key `action`: it is needed."), "{markdown}");
    assert!(markdown.contains("key `acton`: there is no such key."));
    assert!(!markdown.contains("read the key that signs payments"));
}

/// Text of a user's file is shown as text: it never becomes markup or a row of its own.
#[test]
fn a_users_words_are_no_markup() {
    let hostile = MINE.replace("Call the payment team.", "<img src=x> [a](http://b) |x| **y**");
    let alerts = fixture("many.jsonl");
    let report = analyse(&[("a.jsonl", &alerts), ("mine.toml", hostile.as_bytes())], usize::MAX).report;
    let page = report::page(&report);
    assert!(page.contains("&lt;img src=x&gt; [a](http://b) |x| **y**"), "{page}");
    assert!(!page.contains("<img"));
}

#[test]
fn the_example_in_the_readme_is_sound() {
    let readme = include_str!("../../knowledge/README.md").split("## Your own knowledge").nth(1).unwrap();
    let example = readme.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let mut session = Session::new(Options::default());
    session.knowledge("readme.toml", example.as_bytes());
    let own = session.finish().report.own;
    assert_eq!((own.files[0].entries, own.files[0].images, own.files[0].problems.len()), (1, 1, 0));
}
