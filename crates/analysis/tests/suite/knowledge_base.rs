//! The knowledge base against what Falco ships: nothing missing, nothing that cannot be printed.

use std::collections::BTreeSet;
use std::path::PathBuf;

use analysis::knowledge::{self as embedded, Entry};
use analysis::report;
use knowledge::{Facts, Files, Folder, Origin, Shipped, StepOrName};
use serde_json::{Map, Value, json};

use crate::files::{analyse, shared};

/// The compressed knowledge base must stay below this, in bytes; it is part of the module as it is.
const EMBEDDED_AT_MOST: usize = 86_500;

fn data(name: &str) -> String {
    std::fs::read_to_string(root().join("data").join(name)).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn facts() -> Facts {
    Facts::parse(&data("rules.tsv"), &data("attack.tsv"))
}

fn folder() -> Folder {
    Folder::read(&Files::read(&root().join("knowledge")).unwrap()).unwrap()
}

#[test]
fn every_shipped_rule_has_an_entry() {
    let facts = facts();
    let has_entry = |rule: &str| embedded::entry(rule).is_some_and(|entry| entry.rule == rule);
    let missing: Vec<_> = facts.rules.keys().filter(|rule| !has_entry(rule)).collect();
    assert!(missing.is_empty(), "no entry: {missing:#?}");
    assert!(facts.rules.len() > 240);
}

#[test]
fn what_is_embedded_is_what_the_files_say() {
    let folder = folder();
    let mut compared = 0;
    for family in &folder.families {
        for rule in &family.rules {
            let entry = embedded::entry(&rule.name).unwrap();
            assert_eq!((entry.rule, entry.source), (rule.name.as_str(), family.source.as_str()));
            assert_eq!(entry.action, rule.action);
            assert_eq!(entry.actor, rule.actor.as_deref().unwrap_or_default());
            assert_eq!(entry.actor_name, rule.actor_name.as_deref().unwrap_or_default());
            assert_eq!(entry.behaviour, rule.behaviour);
            assert_eq!(entry.result, rule.result.as_deref().unwrap_or_default());
            assert_eq!(entry.attackers, rule.attackers);
            assert_eq!(entry.ordinary, rule.ordinary);
            assert_eq!(entry.hook, rule.hook.as_deref().unwrap_or_default());
            assert_eq!(entry.controls, rule.controls);
            let target = rule.target.iter().map(|one| (one.field.as_str(), one.words.as_str()));
            assert_eq!(entry.target, target.collect::<Vec<_>>());
            let attack = rule.attack.iter().map(|one| (one.technique.as_str(), one.tactic.as_str()));
            let embedded = entry.attack.iter().map(|one| (one.technique, one.tactic));
            assert!(embedded.eq(attack), "{}", rule.name);
            assert!(entry.attack.iter().all(|one| !one.name.is_empty()), "{}", rule.name);
            let why = rule.contradicted.iter().map(|one| (one.tag.as_str(), one.why.as_str()));
            assert_eq!(entry.contradicted, why.collect::<Vec<_>>());
            assert_eq!(entry.tells.len(), rule.tells.len());
            for (tell, written) in entry.tells.iter().zip(&rule.tells) {
                assert_eq!((&tell.fields, tell.text), (&as_strs(&written.fields), written.text.as_str()));
            }
            assert_eq!(entry.unknown.len(), rule.unknown.len());
            for (unknown, written) in entry.unknown.iter().zip(&rule.unknown) {
                let unless = written.unless.as_deref().unwrap_or_default();
                assert_eq!((unknown.text, unknown.unless), (written.text.as_str(), unless));
            }
            assert_eq!(steps_of(entry), steps_written(&folder, &rule.steps), "{}", rule.name);
            for former in &rule.formerly {
                assert!(embedded::successors(former).any(|rule| rule == entry.rule), "{former}");
            }
            compared += 1;
        }
    }
    assert!(compared > 0);
}

fn as_strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn steps_of<'a>(entry: &'a Entry<'a>) -> Vec<[&'a str; 5]> {
    entry.steps.iter().map(|step| [step.text, step.command, step.unless, step.place, step.only_for]).collect()
}

fn steps_written<'a>(folder: &'a Folder, steps: &'a [StepOrName]) -> Vec<[&'a str; 5]> {
    let whole = steps.iter().flat_map(|step| match step {
        StepOrName::Step(step) => std::slice::from_ref(step),
        StepOrName::Name(name) => folder.steps[name].as_slice(),
    });
    let columns = whole.map(|step| {
        [
            step.text.as_str(),
            step.command.as_deref().unwrap_or_default(),
            step.unless.as_deref().unwrap_or_default(),
            step.place.map(knowledge::Place::name).unwrap_or_default(),
            step.only_for.map(knowledge::Class::name).unwrap_or_default(),
        ]
    });
    columns.collect()
}

/// An alert of a rule as Falco prints it: every field of its output and no other.
fn alert(rule: &str, shipped: &Shipped, origin: Origin) -> Value {
    let mut fields = Map::new();
    for field in &shipped.fields {
        fields.insert(field.clone(), value(field));
    }
    if shipped.source == "syscall" {
        let of = |host: Value, pod: Value, container: Value| match origin {
            Origin::Host => host,
            Origin::Pod => pod,
            Origin::Container | Origin::Log => container,
        };
        let null = Value::Null;
        fields.insert("container.id".into(), of(json!("host"), json!("3f1c0d9a7b42"), json!("3f1c0d9a7b42")));
        fields.insert("container.name".into(), of(json!("host"), json!("api"), null.clone()));
        let image = of(json!(""), json!("registry.example/api"), null.clone());
        fields.insert("container.image.repository".into(), image);
        fields.insert("container.image.tag".into(), of(json!(""), json!("7"), null.clone()));
        fields.insert("k8s.pod.name".into(), of(null.clone(), json!("api-0"), null.clone()));
        fields.insert("k8s.ns.name".into(), of(null.clone(), json!("shop"), null));
    }
    fields.insert("evt.time".into(), json!(1_767_348_000_000_000_000_i64));
    json!({
        "hostname": "node-7", "output": "12:00:00.000000000: an alert", "output_fields": fields,
        "priority": shipped.priority, "rule": rule, "source": shipped.source, "tags": shipped.tags,
        "time": "2026-01-02T10:00:00.000000000Z"
    })
}

/// A value of the field's type that none of our own words contain.
fn value(field: &str) -> Value {
    match field {
        "proc.exepath" | "proc.pexepath" => json!("/opt/zq/zq"),
        "proc.tty" | "user.uid" | "evt.arg.uid" | "group.gid" | "fd.lport" | "fd.rport" | "fd.sport" => {
            json!(0)
        }
        "user.loginuid" => json!(-1),
        _ if field.starts_with("ka.req.") => json!(["zq"]),
        _ => json!("zq"),
    }
}

#[test]
fn every_entry_can_be_printed_from_what_falco_prints() {
    let facts = facts();
    let mut printed = 0;
    for (rule, shipped) in &facts.rules {
        let Some(entry) = embedded::entry(rule) else { continue };
        for origin in &shipped.origins {
            let bytes = alert(rule, shipped, *origin).to_string();
            let outcome = analyse("alert.json", bytes.as_bytes());
            let markdown = report::markdown(&outcome.report);
            let context = format!("{rule}, {origin:?}:\n{markdown}");
            assert!(!markdown.contains("<<") && !markdown.contains("\\<\\<"), "{context}");
            assert!(!markdown.contains("no entry for the rule"), "{context}");
            assert!(markdown.contains("What attackers use it for"), "{context}");
            assert!(markdown.contains("What tells them apart"), "{context}");
            let plain = plain_words(&markdown);
            for text in [entry.action, entry.behaviour].into_iter().chain(entry.ordinary.iter().copied()) {
                assert!(plain.contains(&plain_words(text)), "{text} is not in {context}");
            }
            let next = markdown.split("## Next Steps").nth(1).unwrap().split("## Appendix").next().unwrap();
            assert!(next.contains("```sh"), "no command in {context}");
            printed += 1;
        }
    }
    assert!(printed >= 3);
}

/// The letters and digits of a text, whatever was escaped or marked up in it.
fn plain_words(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).collect()
}

#[test]
fn every_entry_can_be_printed_from_an_alert_without_fields() {
    let facts = facts();
    for (rule, shipped) in facts.rules.iter().filter(|(rule, _)| embedded::entry(rule).is_some()) {
        let mut alert = alert(rule, shipped, Origin::Container);
        alert["output_fields"] = json!({});
        let markdown = report::markdown(&analyse("alert.json", alert.to_string().as_bytes()).report);
        assert!(!markdown.contains("<<"), "{rule}:\n{markdown}");
        assert!(markdown.contains("## Next Steps\n\n1. "), "{rule}:\n{markdown}");
    }
}

/// Steps that the report also gives without an entry.
const STEPS_OF_THE_REPORT: [&str; 4] = ["test_run", "pod_yaml", "container_inspect", "package_owner"];

#[test]
fn every_shared_step_and_control_is_used() {
    let folder = folder();
    let rules: Vec<_> = folder.families.iter().flat_map(|family| &family.rules).collect();
    let steps: BTreeSet<&str> = rules
        .iter()
        .flat_map(|rule| &rule.steps)
        .filter_map(|step| match step {
            StepOrName::Name(name) => Some(name.as_str()),
            StepOrName::Step(_) => None,
        })
        .chain(STEPS_OF_THE_REPORT)
        .collect();
    assert!(folder.steps.keys().map(String::as_str).eq(steps));
    let controls: BTreeSet<&String> = rules.iter().flat_map(|rule| &rule.controls).collect();
    assert!(folder.controls.keys().eq(controls));
}

#[test]
fn the_embedded_text_fits_the_first_load() {
    let packed = knowledge::pack(&folder(), &facts());
    let (text, compressed) = (packed.text().len(), knowledge::compress(&packed.text()).unwrap().len());
    println!("{text} bytes, {compressed} compressed");
    assert!(compressed <= EMBEDDED_AT_MOST, "{compressed}");
}

/// Our words are ours: no run of words is taken from the shipped files.
#[test]
fn nothing_is_copied_from_the_shipped_rules() {
    let Some(rules) = shared("rules") else { return };
    let mut theirs = BTreeSet::new();
    for path in std::fs::read_dir(rules).unwrap().map(|entry| entry.unwrap().path()) {
        runs(&std::fs::read_to_string(path).unwrap(), |run| {
            theirs.insert(run);
        });
    }
    assert!(theirs.len() > 10_000);
    let (folder, facts) = (folder(), facts());
    for text in prose(&folder) {
        runs(&without_names(text, &facts), |run| {
            assert!(!theirs.contains(&run), "`{run}` is upstream's, in: {text}");
        });
    }
}

/// Whatever is ours to word; names of rules, hooks and fields are upstream's.
fn prose(folder: &Folder) -> Vec<&str> {
    let mut texts: Vec<&str> = folder.controls.values().map(|control| control.text.as_str()).collect();
    let rules = || folder.families.iter().flat_map(|family| &family.rules);
    let own = rules().flat_map(|rule| &rule.steps).filter_map(|step| match step {
        StepOrName::Step(step) => Some(step),
        StepOrName::Name(_) => None,
    });
    for step in folder.steps.values().flatten().chain(own) {
        texts.extend([step.text.as_str(), step.command.as_deref().unwrap_or_default()]);
    }
    for rule in rules() {
        texts.extend([rule.action.as_str(), &rule.behaviour, rule.result.as_deref().unwrap_or_default()]);
        texts.extend(rule.attackers.iter().chain(&rule.ordinary).map(String::as_str));
        texts.extend(rule.contradicted.iter().map(|one| one.why.as_str()));
        texts.extend(rule.tells.iter().map(|tell| tell.text.as_str()));
        texts.extend(rule.unknown.iter().map(|one| one.text.as_str()));
    }
    texts
}

/// A text without placeholders, and without the names of rules that it quotes.
fn without_names(text: &str, facts: &Facts) -> String {
    let mut parts = text.split("<<");
    let mut plain = parts.next().unwrap().to_owned();
    plain.extend(parts.map(|part| part.split_once(">>").unwrap().1));
    let quoted = plain.split('`').enumerate();
    let kept = quoted.filter(|(at, part)| at % 2 == 0 || !facts.rules.contains_key(*part));
    kept.map(|(_, part)| part).collect::<Vec<_>>().join("`")
}

/// Every run of this many words.
const RUN: usize = 8;

fn runs(text: &str, mut each: impl FnMut(String)) {
    let words: Vec<String> = text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.windows(RUN).for_each(|run| each(run.join(" ")));
}

#[test]
fn the_example_in_the_readme_is_an_entry() {
    let readme = std::fs::read_to_string(root().join("knowledge/README.md")).unwrap();
    let example = readme.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let mut files = Files::read(&root().join("knowledge")).unwrap();
    files.0.retain(|path, _| !path.contains('/'));
    files.0.insert("syscall/example.toml".to_owned(), example.to_owned());
    assert_eq!(knowledge::check(&Folder::read(&files).unwrap(), &facts()), []);
}
