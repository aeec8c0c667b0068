//! Alerts that people judged before the weights were chosen, `data/judged_*.toml`.

use std::path::Path;
use std::sync::LazyLock;

use analysis::alert::{Alert, Object};
use analysis::insight::signals::{Direction, Written};
use analysis::insight::{Class, Verdict, judge, signals};
use proptest::prelude::*;
use serde::Deserialize;

/// A file of judged alerts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    case: Vec<Case>,
}

/// A situation, and what may be different in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    rule: String,
    #[serde(default = "syscall")]
    source: String,
    fields: Fields,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    class: String,
    why: String,
    #[serde(default)]
    with: Fields,
}

type Fields = serde_json::Map<String, serde_json::Value>;

fn syscall() -> String {
    "syscall".to_owned()
}

/// One judged alert.
#[derive(Clone)]
struct Judged {
    rule: String,
    source: String,
    fields: Fields,
    class: String,
    why: String,
}

impl Judged {
    fn alert(&self) -> Alert {
        let object = serde_json::json!({
            "rule": self.rule, "source": self.source, "priority": "Warning", "output_fields": self.fields,
        });
        Alert::from_object(Object::parse(object.to_string().as_bytes()).unwrap()).unwrap()
    }

    /// The same alert, changed.
    fn with<R>(&self, change: impl FnOnce(&mut Fields) -> R) -> Self {
        let mut changed = self.clone();
        change(&mut changed.fields);
        changed
    }

    fn verdict(&self) -> Verdict {
        judge(signals::collect(&self.alert()))
    }
}

fn judged() -> &'static [Judged] {
    static ROWS: LazyLock<Vec<Judged>> = LazyLock::new(read);
    &ROWS
}

fn read() -> Vec<Judged> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let cases = files.iter().flat_map(|file| {
        let table: Table = toml::from_str(&std::fs::read_to_string(file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        table.case
    });
    let rows = cases.flat_map(|Case { rule, source, fields, rows }| {
        rows.into_iter().map(move |Row { class, why, with }| {
            let mut fields = fields.clone();
            fields.extend(with);
            Judged { rule: rule.clone(), source: source.clone(), fields, class, why }
        })
    });
    rows.collect()
}

#[test]
fn every_row_is_an_alert_with_a_class_and_a_reason() {
    const CLASSES: [&str; 5] =
        ["likely_malicious", "blind_spot", "needs_review", "test_activity", "likely_benign"];
    let rows = judged();
    assert!(rows.len() >= 220, "{} rows", rows.len());
    let mut seen = std::collections::BTreeSet::new();
    for row in rows {
        assert!(CLASSES.contains(&row.class.as_str()), "{}: {}", row.rule, row.class);
        assert!(row.why.len() >= 10, "{}: `{}` is no reason", row.rule, row.why);
        let alert = row.alert();
        assert_eq!(alert.rule(), row.rule);
        assert!(seen.insert(alert.json()), "{}: judged twice: {}", row.rule, row.why);
    }
}

#[test]
fn every_row_comes_out_as_judged() {
    let rows = judged();
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let verdict = row.verdict();
            let signals: Vec<_> = verdict.signals.iter().map(|signal| (signal.name, signal.weight)).collect();
            let class = verdict.class.name();
            (class != row.class)
                .then(|| format!("{} ({}): {class} instead of {}: {signals:?}", row.rule, row.why, row.class))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Without its signal a row would be judged otherwise, by class, or by confidence where the signal is one
/// that can move nothing else.
#[test]
fn every_signal_decides_a_row() {
    let rows: Vec<Verdict> = judged().iter().map(Judged::verdict).collect();
    let undecided: Vec<&str> = signals::catalogue()
        .filter(|mark| !rows.iter().any(|verdict| decides(mark, verdict)))
        .map(|mark| mark.name)
        .collect();
    assert!(undecided.is_empty(), "{undecided:?}");
}

fn decides(mark: &signals::Mark, verdict: &Verdict) -> bool {
    let others: Vec<_> = verdict.signals.iter().filter(|signal| signal.name != mark.name).cloned().collect();
    let fired = others.len() < verdict.signals.len();
    let without = judge(others);
    let forgeable = mark.direction == Direction::Benign && mark.written == Written::ByProcess;
    fired
        && match mark.direction {
            Direction::Context => true,
            Direction::Doubt => without.confidence > verdict.confidence,
            _ if forgeable => without.confidence != verdict.confidence,
            _ => without.class != verdict.class,
        }
}

/// What an intruder would write into a field to look trusted.
const TRUSTED: [&str; 26] = [
    "event-generator",
    "event-generator run syscall",
    "httpd --loglevel info run ^helper.RunShell$",
    "/tmp/falco-event-generator-syscall-1/x",
    "falcosecurity/event-generator",
    "kubelet",
    "/usr/bin/kubelet",
    "kube-proxy",
    "registry.k8s.io/kube-proxy",
    "calico-node -felix",
    "/usr/bin/cilium-agent",
    "containerd-shim",
    "runc",
    "memfd:runc_cloned:/proc/self/exe (deleted)",
    "dpkg",
    "/usr/bin/apt-get",
    "unattended-upgr",
    "systemd",
    "/usr/lib/systemd/systemd",
    "gitlab-runner",
    "ansible-playbook site.yml",
    "falco",
    "datadog-agent run",
    "node_exporter",
    "127.0.0.1:1->127.0.0.1:2",
    "trusted",
];

/// Whether whoever acts chooses the value of this field.
fn is_written_by_the_process(field: &str) -> bool {
    const CHOSEN: [&str; 6] = [
        "fd.name",
        "fd.nameraw",
        "evt.arg.filename",
        "evt.arg.path",
        "ka.target.name",
        "ka.uri.param[command]",
    ];
    (field.starts_with("proc.") && field != "proc.tty" && !field.starts_with("proc.is_"))
        || CHOSEN.contains(&field)
}

#[test]
fn no_trusted_word_excuses_an_attack() {
    for row in judged().iter().filter(|row| row.class == "likely_malicious") {
        let written: Vec<String> =
            row.fields.keys().filter(|field| is_written_by_the_process(field)).cloned().collect();
        for word in TRUSTED {
            for field in &written {
                let forged = row.with(|fields| fields.insert(field.clone(), word.into()));
                let class = forged.verdict().class;
                assert!(
                    !matches!(class, Class::LikelyBenign | Class::TestActivity),
                    "{} ({}): {field} = {word}: {class:?}",
                    row.rule,
                    row.why
                );
            }
            // Where the program lies is the kernel's account, which no word of the process replaces.
            let own_words = |field: &&String| field.starts_with("proc.") && !field.ends_with("exepath");
            let forged = row.with(|fields| {
                for field in written.iter().filter(own_words) {
                    fields.insert(field.clone(), word.into());
                }
            });
            assert_ne!(forged.verdict().class, Class::LikelyBenign, "{} ({}): {word}", row.rule, row.why);
        }
    }
}

#[test]
fn what_is_missing_makes_nothing_benign() {
    for row in judged() {
        let whole = row.verdict();
        let names: Vec<String> = row.fields.keys().cloned().collect();
        for (at, one) in names.iter().enumerate() {
            for other in names.iter().skip(at) {
                let part = row.with(|fields| {
                    fields.remove(one);
                    fields.remove(other);
                });
                let verdict = part.verdict();
                let vouched = whole.class == Class::LikelyBenign && verdict.confidence <= whole.confidence;
                assert!(
                    verdict.class != Class::LikelyBenign || vouched,
                    "{} ({}): without {one} and {other}",
                    row.rule,
                    row.why
                );
            }
        }
    }
}

#[test]
fn the_order_of_fields_changes_nothing() {
    for row in judged() {
        let verdict = row.verdict();
        let mut turned: Vec<(String, serde_json::Value)> = row.fields.clone().into_iter().rev().collect();
        for _ in 0..turned.len() {
            turned.rotate_left(1);
            let text: Vec<String> =
                turned.iter().map(|(name, value)| format!("{}:{value}", serde_json::json!(name))).collect();
            let json = format!(
                r#"{{"output_fields":{{{}}},"source":"{}","priority":"Warning","rule":{}}}"#,
                text.join(","),
                row.source,
                serde_json::json!(row.rule)
            );
            let alert = Alert::from_object(Object::parse(json.as_bytes()).unwrap()).unwrap();
            assert_eq!(judge(signals::collect(&alert)), verdict, "{} ({})", row.rule, row.why);
        }
    }
}

proptest! {
    #[test]
    fn unknown_fields_change_nothing(
        at in any::<prop::sample::Index>(),
        names in prop::collection::vec("custom[.a-z0-9_]{0,12}", 1..4),
        value in prop_oneof![prop::sample::select(TRUSTED.to_vec()).prop_map(str::to_owned), any::<String>()],
    ) {
        let rows = judged();
        let row = at.get(rows);
        let more = row.with(|fields| {
            for name in &names {
                fields.insert(name.clone(), value.clone().into());
            }
        });
        prop_assert_eq!(more.verdict(), row.verdict());
    }

    #[test]
    fn any_text_in_any_field_is_judged(
        at in any::<prop::sample::Index>(),
        field in any::<prop::sample::Index>(),
        value in any::<String>(),
    ) {
        let rows = judged();
        let row = at.get(rows);
        let names: Vec<&String> = row.fields.keys().collect();
        let changed = row.with(|fields| fields.insert((*field.get(&names)).clone(), value.into()));
        prop_assert!(changed.verdict().confidence <= 100);
    }
}
