use super::*;
use crate::rule_files::Source;
use crate::shelf::tests::shelf;

fn alerts() -> Shelf {
    shelf(&[
        r#"{"rule":"PTRACE attached to process","output_fields":{"proc.name":"agent","user.name":"root"}}"#,
        r#"{"rule":"PTRACE attached to process","output_fields":{"proc.name":"gdb","user.name":"root"}}"#,
        r#"{"rule":"Mine","output_fields":{"proc.name":"agent"}}"#,
        r#"{"rule":"Mine","output_fields":{"user.name":null}}"#,
    ])
}

/// No rule files.
fn none() -> Base {
    Base::new(&[])
}

fn findings(text: &str, base: &Base) -> Findings {
    let shelf = alerts();
    let mut trial = Trial::new(text, &shelf, base);
    while trial.advance(&shelf, 3) {}
    trial.findings()
}

/// Hits, misses and undecided alerts.
#[track_caller]
fn check(text: &str, kind: Kind, expected: [&[u64]; 3]) {
    let findings = findings(text, &none());
    assert_eq!(findings.kind, kind, "{text}");
    let Some(effect) = findings.effect else { panic!("{text}: {:?}", findings.diagnostics) };
    let parts = [&effect.hits, &effect.misses, &effect.undecided].map(|part| part.records.as_slice());
    assert_eq!(parts, expected, "{text}");
    assert_eq!(effect.hits.count, expected[0].len() as u64);
}

#[test]
fn conditions_hold_or_do_not() {
    check("proc.name = agent", Kind::Condition, [&[1, 3], &[2], &[4]]);
    check("\n proc.name = agent\n and user.name = root\n", Kind::Condition, [&[1], &[2, 4], &[3]]);
}

#[test]
fn overlays_hide_or_keep() {
    let exception = "- rule: Mine\n  exceptions:\n    - name: e\n      fields: [proc.name]\n      comps: [=]\n      values: [[agent]]\n  override: {exceptions: append}\n";
    check(exception, Kind::Overlay, [&[3], &[1, 2], &[4]]);
    let off = "- rule: Mine\n  enabled: false\n  override: {enabled: replace}\n";
    check(off, Kind::Overlay, [&[3, 4], &[1, 2], &[]]);
    let hook =
        "- macro: known_ptrace_procs\n  condition: or (proc.name = agent)\n  override: {condition: append}\n";
    check(hook, Kind::Overlay, [&[1], &[2, 3, 4], &[]]);
}

#[test]
fn an_exception_alone_is_tried_under_every_rule() {
    let expected: [&[u64]; 3] = [&[1, 3], &[2], &[4]];
    let text = "- name: e\n  fields: [proc.name]\n  comps: [=]\n  values: [[agent]]\n";
    check(text, Kind::Exception, expected);
    check(&format!("exceptions:\n{text}"), Kind::Exception, expected);
    check(&text.replace("- n", "    - n").replace("\n  ", "\n      "), Kind::Exception, expected);
}

#[track_caller]
fn complains(text: &str, code: &str, line: u64, column: u64, marked: &str) {
    let findings = findings(text, &none());
    let Some(first) = findings.diagnostics.first() else { panic!("nothing is wrong with {text}") };
    assert_eq!((first.code.as_str(), first.line, first.column), (code, line, column), "{first:?}");
    let span = usize::try_from(first.start).unwrap()..usize::try_from(first.end).unwrap();
    assert!(text.get(span).unwrap().starts_with(marked), "{first:?}");
    assert_eq!(findings.effect.is_none(), first.level == Level::Error);
}

#[test]
fn mistakes_have_a_place() {
    complains("proc.name = a and\n  proc.nmae = b", "LOAD_ERR_COMPILE_CONDITION", 2, 3, "proc.nmae");
    complains("proc.name = a b", "LOAD_ERR_COMPILE_CONDITION", 1, 15, "b");
    complains("spawned_process", "LOAD_ERR_VALIDATE", 1, 1, "spawned_process");
    let rule = "- rule: Mine\n  condition: and proc.nmae = b\n  override: {condition: append}\n";
    complains(rule, "LOAD_ERR_COMPILE_CONDITION", 2, 18, "proc.nmae");
    let exception = "- name: e\n  fields: [proc.nmae]\n  comps: [=]\n  values: [[agent]]\n";
    complains(exception, "LOAD_ERR_VALIDATE", 2, 12, "proc.nmae");
}

#[test]
fn nothing_and_too_much() {
    assert_eq!(findings("  # only a comment\n", &none()).kind, Kind::Nothing);
    let long = findings(&"x".repeat(limits::QUESTION_BYTES + 1), &none());
    assert_eq!(long.diagnostics[0].code, "TEXT_TOO_LONG");
    assert_eq!(long.effect, None);
}

fn base() -> Base {
    let text = "- list: agents\n  items: [agent]\n- macro: by_agent\n  condition: proc.name in (agents)\n- rule: Mine\n  desc: d\n  condition: not user.name exists\n  output: x\n  priority: INFO\n";
    Base::new(&[Source { name: "mine.yaml".to_owned(), bytes: text.into(), size: text.len() as u64 }])
}

#[test]
fn macros_and_lists_of_the_rule_files_are_known() {
    let found = findings("by_agent and user.name = root or proc.name in (agents)", &base());
    assert_eq!(found.diagnostics, []);
    let effect = found.effect.unwrap();
    assert!(effect.with_rule_files);
    assert_eq!(effect.hits.records, [1, 3]);
    assert!(
        !findings("proc.name = agent", &base()).effect.unwrap().with_rule_files,
        "it names nothing of theirs"
    );
    let overlay = "- macro: by_agent\n  condition: or proc.name = gdb\n  override: {condition: append}\n";
    assert!(findings(overlay, &base()).effect.unwrap().with_rule_files);
    let hook =
        "- macro: known_ptrace_procs\n  condition: or (proc.name = agent)\n  override: {condition: append}\n";
    let effect = findings(hook, &base()).effect.unwrap();
    assert!(!effect.with_rule_files, "the files do not define the hook");
    assert_eq!(effect.hits.records, [1]);
}

/// Each step as `DEPTH ANSWER TEXT`.
#[track_caller]
fn explains(text: &str, record: u64, expected: &[&str]) {
    let explanation = explain(text, record, &alerts(), &none());
    let step = |step: &Step| format!("{} {} {}", step.depth, step.answer.name(), step.text);
    let steps: Vec<String> = explanation.steps.iter().map(step).collect();
    assert_eq!(steps, expected);
}

#[test]
fn an_explanation_goes_from_the_whole_to_its_checks() {
    explains(
        "proc.name = agent and not user.name = root",
        1,
        &[
            "0 false proc.name = agent and not user.name = root",
            "1 true proc.name = agent",
            "1 false not user.name = root",
            "2 true user.name = root",
        ],
    );
    explains("user.name = root", 3, &["0 unknown user.name = root"]);
    let values = &explain("user.name = root", 4, &alerts(), &none()).steps[0].values;
    assert_eq!(values.as_slice(), [("user.name".to_owned(), "null".to_owned())]);
    explains("proc.name = agent", 9, &[]);
}

#[test]
fn overlays_are_explained_by_what_they_say_about_the_rule() {
    let hook =
        "- macro: known_ptrace_procs\n  condition: or (proc.name = agent)\n  override: {condition: append}\n";
    explains(hook, 2, &["0 false known_ptrace_procs", "1 false proc.name = agent"]);
    explains(hook, 3, &[]);
    let list = "- list: known_ptrace_binaries\n  items: [agent]\n  override: {items: append}\n";
    explains(list, 1, &["0 true known_ptrace_binaries", "1 true proc.name in (agent)"]);
    let exception = "- name: e\n  fields: [proc.name]\n  comps: [=]\n  values: [[agent]]\n";
    explains(exception, 3, &["0 true exception e", "1 true proc.name = agent"]);
}
