//! Preventive controls: offered where the entry of a rule names them and nowhere else, in forms that their
//! readers take.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use analysis::mitigation::{Heading, Language, Mitigation};
use analysis::report::Report;
use cel::{Context, Program, Value as Cel};
use knowledge::{Files, Folder};
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::{Value, json};

use crate::files::analyse;

fn folder() -> Folder {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge");
    Folder::read(&Files::read(&path).unwrap()).unwrap()
}

/// Where alerts come from, and the fields that say so.
const PLACES: [(&str, &[(&str, &str)]); 4] = [
    ("host", &[("container.id", "host")]),
    (
        "container",
        &[("container.id", "0123456789ab"), ("container.image.repository", "registry.example/web")],
    ),
    (
        "pod",
        &[
            ("container.id", "0123456789ab"),
            ("container.image.repository", "registry.example/web"),
            ("k8s.ns.name", "shop"),
            ("k8s.pod.name", "web-0"),
            ("k8s.pod.labels", "app:web,pod-template-hash:6c9d7f4b8"),
        ],
    ),
    ("unknown", &[]),
];

fn alert(rule: &str, source: &str, fields: &[(&str, &str)]) -> String {
    let mut all: BTreeMap<&str, Value> = fields.iter().map(|(name, value)| (*name, json!(value))).collect();
    if source == "syscall" {
        all.extend([
            ("fd.name", json!("10.244.0.7:41000->203.0.113.5:4444")),
            ("fd.lport", json!(41000)),
            ("fd.rport", json!(4444)),
            ("evt.type", json!("connect")),
            ("proc.name", json!("prog")),
            ("proc.exepath", json!("/opt/prog")),
        ]);
    } else {
        all.insert("ka.target.namespace", json!("shop"));
    }
    json!({
        "rule": rule, "priority": "Warning", "source": source, "output": "x", "time": "2026-01-01T00:00:00Z",
        "output_fields": all,
    })
    .to_string()
}

/// A report of one alert of every rule, in every place; the rules by the id of their group.
fn everything(place: &str) -> (Report, BTreeMap<String, String>) {
    let fields = PLACES.iter().find(|(name, _)| *name == place).unwrap().1;
    let folder = folder();
    let lines: Vec<String> = folder
        .families
        .iter()
        .flat_map(|family| family.rules.iter().map(|rule| alert(&rule.name, &family.source, fields)))
        .collect();
    let report = analyse("x", lines.join("\n").as_bytes()).report;
    let rules = report.insight.groups.iter().map(|group| (group.id.clone(), group.rule.clone())).collect();
    (report, rules)
}

/// The controls that a mitigation is for.
fn controls(folder: &Folder, mitigation: &Mitigation) -> BTreeSet<String> {
    let all = &folder.measures;
    let settings = || all.settings.values().map(|setting| setting.control.clone());
    let starting =
        |start: &str| folder.controls.keys().filter(|name| name.starts_with(start)).cloned().collect();
    match mitigation.id.as_str() {
        "network-policy" | "cilium-network-policy" => starting("network_"),
        "seccomp-profile" => starting("seccomp_"),
        "workload-patch" | "compose-override" => {
            settings().chain(starting("seccomp_") as BTreeSet<String>).collect()
        }
        "pod-security" => BTreeSet::from(["pod_security".to_owned()]),
        "admission-policies" | "kyverno-policies" => {
            all.policies.values().flat_map(|policy| policy.controls.clone()).collect()
        }
        id => all.measures[id].controls.iter().cloned().collect(),
    }
}

fn preventive(report: &Report) -> impl Iterator<Item = &Mitigation> {
    report.plan.mitigations.iter().filter(|one| {
        one.heading != Heading::Configuration || one.kind == "platform" || one.kind == "falco_configuration"
    })
}

#[test]
fn nothing_is_offered_that_the_entry_does_not_name() {
    let folder = folder();
    let mut offered = BTreeSet::new();
    for (place, _) in PLACES {
        let (report, rules) = everything(place);
        for mitigation in preventive(&report) {
            let controls = controls(&folder, mitigation);
            assert!(!mitigation.basis.is_empty(), "{}", mitigation.id);
            for group in &mitigation.basis {
                let entry = folder.rule(&rules[group]).unwrap();
                let named = entry.controls.iter().any(|control| controls.contains(control));
                assert!(named, "{} in {place} for `{}`", mitigation.id, entry.name);
                offered.insert((mitigation.id.clone(), entry.name.clone()));
            }
        }
    }
    let pair = |id: &str, rule: &str| offered.contains(&(id.to_owned(), rule.to_owned()));
    let outbound = "Unexpected outbound connection destination";
    for (id, rule, expected) in [
        ("network-policy", "PTRACE attached to process", false),
        ("network-policy", "Write below etc", false),
        ("network-policy", outbound, true),
        ("network-policy", "Contact cloud metadata service from container", true),
        ("yama", outbound, false),
        ("yama", "PTRACE anti-debug attempt", false),
        ("yama", "PTRACE attached to process", true),
        ("seccomp-profile", "Run shell untrusted", false),
        ("seccomp-profile", "PTRACE anti-debug attempt", true),
        ("memfd_noexec", "Drop and execute new binary in container", false),
        ("memfd_noexec", "Fileless execution via memfd_create", true),
        ("pod-security", "Terminal shell in container", false),
        ("pod-security", "Create Privileged Pod", true),
        ("protected_hardlinks", "Create Symlink Over Sensitive Files", false),
        ("modules_disabled", "BPF Program Not Profiled", false),
        ("scp_cloudtrail", "Run Instances", false),
        ("scp_cloudtrail", "CloudTrail Logging Disabled", true),
        ("okta_sign_on", "Creating a new OKTA user account", false),
    ] {
        assert_eq!(pair(id, rule), expected, "{id} for `{rule}`");
    }
}

#[test]
fn each_place_gets_what_can_be_set_there() {
    for (place, kinds) in [
        ("host", ["sysctl"].as_slice()),
        ("unknown", &["sysctl"]),
        ("container", &["docker_compose", "seccomp_profile", "sysctl"]),
        ("pod", &["kubernetes_security_context", "kubernetes_network_policy", "seccomp_profile", "sysctl"]),
    ] {
        let rules = ["PTRACE attached to process", "Unexpected outbound connection destination"];
        let fields = PLACES.iter().find(|(name, _)| *name == place).unwrap().1;
        let lines: Vec<String> = rules.iter().map(|rule| alert(rule, "syscall", fields)).collect();
        let report = analyse("x", lines.join("\n").as_bytes()).report;
        let offered: BTreeSet<&str> = preventive(&report).map(|one| one.kind).collect();
        for kind in [
            "docker_compose",
            "seccomp_profile",
            "sysctl",
            "kubernetes_security_context",
            "kubernetes_network_policy",
        ] {
            assert_eq!(offered.contains(kind), kinds.contains(&kind), "{kind} in {place}");
        }
        let said = |heading: Heading| report.plan.withheld.iter().any(|(own, _)| *own == heading);
        assert_eq!(said(Heading::Container), place != "pod", "{place}");
    }
}

#[test]
fn every_file_is_read_by_a_parser_of_its_language() {
    let mut names = BTreeSet::new();
    for (place, _) in PLACES {
        let (report, _) = everything(place);
        for file in report.plan.files() {
            match file.language {
                Language::Yaml => drop(Yaml::load_from_str(&file.content).unwrap()),
                Language::Json => drop(serde_json::from_str::<Value>(&file.content).unwrap()),
                Language::Conf => assert!(file.content.lines().all(|line| !line.starts_with(' '))),
            }
            names.insert(file.name.clone());
        }
    }
    for file in
        folder().measures.measures.values().map(|measure| &measure.file).filter(|file| !file.is_empty())
    {
        assert!(names.contains(file), "{file} is never offered");
    }
}

/// `kubernetes-validate` of `PyPI`, which carries the official schemas.
fn validator() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/python/bin/kubernetes-validate");
    let candidates = [own, PathBuf::from("kubernetes-validate")];
    let found = candidates.into_iter().find(|path| Command::new(path).arg("--version").output().is_ok());
    if found.is_none() {
        println!("skipped: no `kubernetes-validate` (pip install kubernetes-validate)");
    }
    found
}

/// Kinds that are defined outside of Kubernetes, or read by its programs and not by its API.
const WITHOUT_SCHEMA: [&str; 6] = [
    "kubernetes/cilium-network-policy.yaml",
    "kubernetes/tetragon-ptrace.yaml",
    "kubernetes/kyverno-policies.yaml",
    "kubernetes/audit-policy.yaml",
    "kubernetes/authentication.yaml",
    "kubernetes/workload.patch.yaml",
];

#[test]
fn kubernetes_objects_follow_the_official_schemas() {
    let Some(validator) = validator() else { return };
    let (report, _) = everything("pod");
    let folder = tempfile::tempdir().unwrap();
    let mut checked = 0;
    let mut check = |name: &str, content: &str| {
        for (at, document) in content.split("---\n").enumerate() {
            let path = folder.path().join(format!("{at}-{}", name.replace('/', "-")));
            std::fs::write(&path, document).unwrap();
            let output = Command::new(&validator).arg("--strict").arg(&path).output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(
                output.status.success(),
                "{name}: {said}{}\n{document}",
                String::from_utf8_lossy(&output.stderr)
            );
            checked += 1;
        }
    };
    for file in report.plan.files().into_iter().filter(|file| file.name.starts_with("kubernetes/")) {
        if !WITHOUT_SCHEMA.contains(&file.name.as_str()) {
            check(&file.name, &file.content);
        }
    }
    // The patch, on a Deployment that has nothing of its own.
    let patch =
        report.plan.files().into_iter().find(|file| file.name == "kubernetes/workload.patch.yaml").unwrap();
    let spec = patch.content.split_once("    spec:\n").unwrap().1.replace(
        "        - name: REPLACE-WITH-CONTAINER-NAME\n",
        "        - name: app\n          image: registry.example/app:1\n",
    );
    check(
        &patch.name,
        &format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app\nspec:\n  selector:\n    matchLabels:\n      app: app\n  \
             template:\n    metadata:\n      labels:\n        app: app\n    spec:\n{spec}"
        ),
    );
    assert!(checked > 25, "{checked}");
}

/// Whether a policy admits a request.
fn admits(name: &str, object: &Value, old: &Value, user: &Value) -> bool {
    let folder = folder();
    let policy = &folder.measures.policies[name];
    let mut context = Context::default();
    context.add_variable("object", object.clone()).unwrap();
    context.add_variable("oldObject", old.clone()).unwrap();
    context.add_variable("request", json!({"userInfo": user})).unwrap();
    context.add_variable("REPLACE_WITH_REGISTRY", "registry.example/").unwrap();
    context.add_variable("REPLACE_WITH_GROUP", "on-call").unwrap();
    let mut variables: std::collections::HashMap<String, Cel> = std::collections::HashMap::new();
    for (variable, expression) in &policy.variables {
        let value = Program::compile(expression).unwrap().execute(&context).unwrap();
        variables.insert(variable.clone(), value);
    }
    context.add_variable_from_value("variables", variables);
    match Program::compile(&policy.expression).unwrap().execute(&context) {
        Ok(Cel::Bool(admitted)) => admitted,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn policies_refuse_what_they_must_and_admit_the_rest() {
    let pod = |spec: Value| json!({"metadata": {"name": "x"}, "spec": spec});
    let container = |context: Value| {
        pod(json!({"containers": [{"name": "a", "image": "registry.example/a", "securityContext": context}]}))
    };
    let plain = pod(json!({"containers": [{"name": "a", "image": "registry.example/a"}]}));
    let role = |verbs: Value, resources: Value| json!({"metadata": {"name": "r"}, "rules": [{"verbs": verbs, "resources": resources}]});
    let beside = |key: &str| {
        pod(json!({
            "containers": [{"name": "a", "image": "registry.example/a"}],
            key: [{"name": "b", "image": "evil.example/b", "securityContext": {"privileged": true}}],
        }))
    };
    let somebody = json!({"username": "maria", "groups": ["system:authenticated"]});
    let cases: Vec<(&str, Value, bool)> = vec![
        ("no-privileged-containers", plain.clone(), true),
        ("no-privileged-containers", container(json!({})), true),
        ("no-privileged-containers", container(json!({"privileged": false})), true),
        ("no-privileged-containers", container(json!({"privileged": true})), false),
        ("no-privileged-containers", beside("initContainers"), false),
        ("no-privileged-containers", beside("ephemeralContainers"), false),
        ("no-host-paths", plain.clone(), true),
        ("no-host-paths", pod(json!({"volumes": [{"name": "v", "emptyDir": {}}]})), true),
        (
            "no-host-paths",
            pod(
                json!({"volumes": [{"name": "v", "emptyDir": {}}, {"name": "h", "hostPath": {"path": "/"}}]}),
            ),
            false,
        ),
        ("no-host-namespaces", plain.clone(), true),
        ("no-host-namespaces", pod(json!({"hostPID": false})), true),
        ("no-host-namespaces", pod(json!({"hostPID": true})), false),
        ("no-host-namespaces", pod(json!({"hostIPC": true})), false),
        ("no-host-namespaces", pod(json!({"hostNetwork": true})), false),
        ("default-capabilities", plain.clone(), true),
        ("default-capabilities", container(json!({"capabilities": {"drop": ["ALL"]}})), true),
        ("default-capabilities", container(json!({"capabilities": {"add": ["NET_BIND_SERVICE"]}})), true),
        ("default-capabilities", container(json!({"capabilities": {"add": ["CHOWN", "SYS_ADMIN"]}})), false),
        ("default-capabilities", container(json!({"capabilities": {"add": ["ALL"]}})), false),
        ("known-registries", plain, true),
        ("known-registries", beside("initContainers"), false),
        ("known-registries", beside("ephemeralContainers"), false),
        ("exec-for-few", json!({}), false),
        ("no-cluster-admin-bindings", json!({"roleRef": {"name": "view"}}), true),
        ("no-cluster-admin-bindings", json!({"roleRef": {"name": "cluster-admin"}}), false),
        ("no-wildcard-roles", role(json!(["get"]), json!(["pods"])), true),
        ("no-wildcard-roles", role(json!(["*"]), json!(["pods"])), false),
        ("no-wildcard-roles", role(json!(["get"]), json!(["*"])), false),
        ("no-wildcard-roles", json!({"rules": null}), true),
        ("no-wildcard-roles", json!({"rules": [{"verbs": ["get"], "nonResourceURLs": ["/metrics"]}]}), true),
        ("no-exec-roles", role(json!(["create"]), json!(["pods"])), true),
        ("no-exec-roles", role(json!(["create"]), json!(["pods/exec"])), false),
        ("no-exec-roles", role(json!(["create"]), json!(["pods/*"])), false),
        ("ingress-with-tls", json!({"spec": {"tls": [{"hosts": ["a"]}]}}), true),
        ("ingress-with-tls", json!({"spec": {"tls": []}}), false),
        ("ingress-with-tls", json!({"spec": {}}), false),
        ("no-node-ports", json!({"spec": {}}), true),
        ("no-node-ports", json!({"spec": {"type": "ClusterIP"}}), true),
        ("no-node-ports", json!({"spec": {"type": "NodePort"}}), false),
        ("no-credentials-in-config-maps", json!({}), true),
        ("no-credentials-in-config-maps", json!({"data": {"colour": "blue"}}), true),
        ("no-credentials-in-config-maps", json!({"data": {"a": "b", "c": "aws_access_key_id = x"}}), false),
    ];
    let mut seen = BTreeSet::from(["system-roles-stay".to_owned()]);
    for (name, object, expected) in cases {
        assert_eq!(admits(name, &object, &json!(null), &somebody), expected, "{name}: {object}");
        seen.insert(name.to_owned());
    }
    assert!(seen.iter().eq(folder().measures.policies.keys()), "every policy has cases");
    let (own, theirs) = (json!({"metadata": {"name": "team"}}), json!({"metadata": {"name": "system:node"}}));
    assert!(admits("system-roles-stay", &json!(null), &own, &somebody));
    assert!(!admits("system-roles-stay", &json!(null), &theirs, &somebody));
    assert!(admits("system-roles-stay", &json!(null), &theirs, &json!({"username": "system:apiserver"})));
    let on_call = json!({"username": "maria", "groups": ["on-call"]});
    assert!(admits("exec-for-few", &json!({}), &json!(null), &on_call));
    let root = json!({"username": "root", "groups": ["system:masters"]});
    assert!(admits(
        "no-cluster-admin-bindings",
        &json!({"roleRef": {"name": "cluster-admin"}}),
        &json!(null),
        &root
    ));
}

#[test]
fn values_of_alerts_stand_in_objects_only_as_names() {
    let hostile = [
        "shop\n  evil: x",
        "shop\"",
        "shop: x",
        "*a",
        "&a",
        "!!str x",
        "{}",
        "shop #",
        "SHOP",
        "shop\u{85}evil",
        "$(reboot)",
        "REPLACE-WITH-NAMESPACE\"\n---\nkind: Secret",
    ];
    for value in hostile {
        let fields = [
            ("container.id", "0123456789ab"),
            ("k8s.ns.name", value),
            ("k8s.pod.name", value),
            ("k8s.pod.labels", value),
        ];
        let lines: Vec<String> =
            ["Unexpected outbound connection destination", "Launch Privileged Container"]
                .iter()
                .map(|rule| alert(rule, "syscall", &fields))
                .collect();
        let report = analyse("x", lines.join("\n").as_bytes()).report;
        let files: BTreeMap<&str, &str> =
            report.plan.files().into_iter().map(|file| (file.name.as_str(), file.content.as_str())).collect();
        for (name, placeholder) in [
            ("kubernetes/network-policy.yaml", "namespace: \"REPLACE-WITH-NAMESPACE\""),
            ("kubernetes/cilium-network-policy.yaml", "app: \"REPLACE WITH LABEL\""),
            ("kubernetes/pod-security.yaml", "name: \"REPLACE-WITH-NAMESPACE\""),
            ("kubernetes/admission-policies.yaml", "operator: NotIn"),
        ] {
            let content = files[name];
            assert!(content.contains(placeholder), "{name} with {value:?}:\n{content}");
            assert!(!content.contains("evil") && !content.contains("Secret"), "{name} with {value:?}");
        }
    }
}
