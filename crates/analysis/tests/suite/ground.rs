//! Tuning where the user's rule files lie beside the alerts: hooks stand where those rules name them, and
//! the proof is what the rules come to with the overlay behind them.

use analysis::lab::{Base, Part, Trial};
use analysis::rule_files::Source;
use analysis::{Options, Outcome, Session};
use condition::{Lookup, Value};
use rules::{Effect, Engine, RuleFile, Simulation};

use crate::files::shared;

const RULE: &str = "Read sensitive file untrusted";
const HOOK: &str = "user_known_read_sensitive_files_activities";
/// Two programs in one image; the second is the user's own exception.
const PROGRAMS: [&str; 2] = ["/usr/bin/agent", "/usr/bin/backup"];

fn alert(program: &str) -> String {
    format!(
        r#"{{"rule":"{RULE}","priority":"Warning","source":"syscall","output_fields":{{"proc.exepath":"{program}","container.image.repository":"registry.example/agent","k8s.ns.name":"platform","fd.name":"/etc/shadow","evt.type":"openat"}}}}"#
    )
}

fn rule_file(condition: &str) -> String {
    format!(
        "- macro: never_true\n  condition: (evt.num=0)\n- macro: {HOOK}\n  condition: (never_true)\n\
         - rule: {RULE}\n  desc: d\n  condition: {condition}\n  output: o\n  priority: WARNING\n"
    )
}

fn outcome(rules: &str) -> Outcome {
    let mut session = Session::new(Options::default());
    session.rules("mine.yaml", rules.as_bytes());
    session.open("input");
    session.feed(PROGRAMS.map(alert).join("\n").as_bytes());
    session.finish()
}

/// What the exported file extends: `macro` or `rule`; nothing where none is.
fn exported(outcome: &Outcome) -> Option<(&str, &str)> {
    let mitigations = outcome.report.plan.mitigations.iter();
    let file = mitigations.filter(|one| one.proof.is_some()).find_map(|one| one.file.as_ref())?;
    let item = file.content.lines().find_map(|line| line.strip_prefix("- "))?;
    Some((item.split_once(':')?.0, &file.content))
}

#[track_caller]
fn check(condition: &str, kind: &str) {
    let rules = rule_file(condition);
    let outcome = outcome(&rules);
    let (exported, content) = exported(&outcome).unwrap_or_else(|| panic!("{:?}", outcome.report.plan));
    assert_eq!(exported, kind, "{content}");
    let [base, overlay] = [("mine", rules.as_str()), ("tuning", content)]
        .map(|(name, text)| RuleFile { name, bytes: text.as_bytes() });
    let simulation = Simulation::new(&[base], &[overlay], &Engine::falco_0_44().with_all_plugins());
    let found: Vec<_> = simulation.files.iter().flat_map(|file| &file.errors).collect();
    assert!(found.is_empty(), "{found:?}");
    // That no rule names the hook, which was so before.
    let warnings: Vec<_> = simulation.warnings().collect();
    assert!(warnings.iter().all(|item| item.item_name == HOOK), "{warnings:?}");
    let proofs = outcome.report.plan.mitigations.iter().filter_map(|one| one.proof.as_ref());
    let stated: u64 = proofs.map(|proof| proof.hides_total).sum();
    let hidden = PROGRAMS.iter().filter(|program| {
        let value = |name: &String| match name.as_str() {
            "proc.exepath" => Lookup::Value(Value::Text(program)),
            "container.image.repository" => Lookup::Value(Value::Text("registry.example/agent")),
            "k8s.ns.name" => Lookup::Value(Value::Text("platform")),
            "fd.name" => Lookup::Value(Value::Text("/etc/shadow")),
            "evt.type" => Lookup::Value(Value::Text("openat")),
            _ => Lookup::Absent,
        };
        let event: Vec<Lookup<'_>> = simulation.fields().iter().map(value).collect();
        simulation.judge(Some(RULE), &event) == Effect::Hidden
    });
    assert_eq!((stated, hidden.count()), (2, 2), "{content}");
}

#[test]
fn a_hook_is_filled_where_the_loaded_rule_has_it() {
    check(&format!("evt.type = openat and not {HOOK}"), "macro");
    check("evt.type = openat", "rule");
    check(&format!("evt.type = openat and (proc.name = x or not {HOOK})"), "rule");
    check(&format!("evt.type = openat and not ({HOOK} or proc.name = x)"), "macro");
}

#[test]
fn a_rule_file_that_falco_does_not_load_changes_nothing() {
    let broken = outcome(&rule_file("evt.type = openat and ("));
    assert_eq!(exported(&broken).map(|(kind, _)| kind), Some("macro"));
}

/// Overlays that were written for the engine's own events, tried as the workbench tries them: what is
/// hidden was suppressed by Falco, what still alerts was not. Undecided is what the fields do not decide.
#[test]
fn the_proof_of_an_edited_text_is_what_the_engine_did() {
    let Some(folder) = shared("conformance") else { return };
    let lines = |name: &str| -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let events = lines("evaluate/events.jsonl");
    let mut session = Session::new(Options { keep_alerts: true, ..Options::default() });
    session.open("events");
    for event in &events {
        let alert = serde_json::json!({
            "rule": "Target", "priority": "Debug", "output": event["event"], "output_fields": event["fields"],
        });
        session.feed(format!("{alert}\n").as_bytes());
    }
    let shelf = session.finish().shelf;
    let numbers = |value: &serde_json::Value| -> Vec<u64> {
        value.as_array().into_iter().flatten().filter_map(serde_json::Value::as_u64).collect()
    };
    let (mut decided, mut undecided) = (0_u64, 0_u64);
    for case in lines("exceptions/cases.jsonl") {
        if case["loads"] != true || case.get("runtime_error").is_some() || case.get("added").is_some() {
            continue;
        }
        let text = case["base"].as_str().unwrap();
        let bytes = text.as_bytes().to_vec();
        let base = Base::new(&[Source { name: "base".into(), size: bytes.len() as u64, bytes }]);
        let mut trial = Trial::new(case["overlay"].as_str().unwrap(), &shelf, &base);
        while trial.advance(&shelf, usize::MAX) {}
        let Some(effect) = trial.findings().effect else { continue };
        let of = |part: &Part| -> Vec<u64> {
            let at = |record: &u64| events[usize::try_from(*record).unwrap() - 1]["event"].as_u64().unwrap();
            part.records.iter().map(at).collect()
        };
        let (hidden, kept) = (of(&effect.hits), of(&effect.misses));
        for event in numbers(&case["suppressed"]) {
            assert!(!kept.contains(&event), "{} {event}", case["id"]);
            if hidden.contains(&event) { decided += 1 } else { undecided += 1 }
        }
        for event in numbers(&case["kept"]) {
            assert!(!hidden.contains(&event), "{} {event}", case["id"]);
            if kept.contains(&event) { decided += 1 } else { undecided += 1 }
        }
    }
    println!("{decided} verdicts of the engine are stated, {undecided} are left open");
    assert!(decided > 9 * undecided, "{decided} decided, {undecided} not");
}
