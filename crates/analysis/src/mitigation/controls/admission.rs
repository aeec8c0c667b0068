//! What the API server is to refuse: Pod Security labels on namespaces, and admission policies in CEL.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write;

use super::case::{Case, Offer, Served, Site};
use super::names::{self, NAMESPACE_PLACEHOLDER};
use crate::knowledge::{self, Sheet};
use crate::limits;
use crate::mitigation::{File, Heading, Language, Mitigation};

/// Adds what acts on these cases.
pub fn propose(cases: &[Case<'_>], offers: &mut Vec<Offer>) {
    let in_cluster: Vec<Case<'_>> =
        cases.iter().filter(|case| matches!(case.site, Site::Pod | Site::Service)).copied().collect();
    let labelled = Served::of(&in_cluster, &|case| case.directness_of("pod_security"));
    if !labelled.is_empty() {
        offers.push(Offer { rank: labelled.rank, mitigation: pod_security(&labelled) });
    }
    let mut served = Served::none();
    let mut policies = Vec::new();
    for sheet in knowledge::policies() {
        let one = Served::of(&in_cluster, &|case| case.directness(sheet));
        if !one.is_empty() {
            served.add(&one);
            policies.push((sheet, one));
        }
    }
    if policies.is_empty() {
        return;
    }
    let admission = admission(&policies, &served);
    let for_kyverno: Vec<&(Sheet, Served<'_>)> =
        policies.iter().filter(|(sheet, _)| sheet.columns('l').next().is_some()).collect();
    if !for_kyverno.is_empty() {
        // The same again for those who have Kyverno, so after everything else.
        offers.push(Offer { rank: (usize::MAX, 1), mitigation: kyverno(&admission, &for_kyverno) });
    }
    offers.push(Offer { rank: served.rank, mitigation: admission });
}

/// The namespaces that the alerts name, as Kubernetes takes them.
fn namespaces(served: &Served<'_>) -> BTreeSet<String> {
    let fields = ["k8s.ns.name", "ka.target.namespace"];
    let mut found = BTreeSet::new();
    for case in &served.cases {
        for field in fields {
            let spread = case.group.spreads.iter().filter(|spread| spread.field == field);
            let values = spread.flat_map(|spread| &spread.values).filter_map(|(value, _)| value.as_deref());
            let values = values.chain(case.group.example.field_text(field));
            found.extend(values.filter_map(names::namespace).map(str::to_owned));
        }
    }
    while found.len() > limits::NAMESPACES_NAMED {
        found.pop_last();
    }
    found
}

/// Rules that only the stricter level bears on.
const RESTRICTED: [&str; 1] = ["Container Run as Root User"];

fn pod_security(served: &Served<'_>) -> Mitigation {
    let strict = served.cases.iter().any(|case| RESTRICTED.contains(&case.entry.rule));
    let level = if strict { "restricted" } else { "baseline" };
    let mut content =
        String::from("# Made by Falco Report. Labels are added to the namespace; others stay.\n");
    let mut names = namespaces(served);
    if names.is_empty() {
        names.insert(NAMESPACE_PLACEHOLDER.to_owned());
    }
    for (at, name) in names.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(
            content,
            "{}apiVersion: v1\nkind: Namespace\nmetadata:\n  name: \"{name}\"\n  labels:\n    pod-security.kubernetes.io/enforce: \
             {level}\n    pod-security.kubernetes.io/enforce-version: latest\n    pod-security.kubernetes.io/warn: restricted\n    \
             pod-security.kubernetes.io/audit: restricted\n",
            if at > 0 { "---\n" } else { "" }
        );
    }
    let effect = if strict {
        "New pods in the namespace must run as a user other than root, drop all capabilities, gain no privileges and have a seccomp \
         profile; privileged containers, the host's namespaces and `hostPath` volumes are refused."
    } else {
        "New pods in the namespace may not be privileged, share the host's namespaces or ports, mount `hostPath` volumes or add \
         capabilities beyond the default set. `baseline` neither asks for a user other than root nor takes `NET_RAW` away."
    };
    Mitigation {
        id: "pod-security".to_owned(),
        kind: "kubernetes_pod_security",
        heading: Heading::Container,
        title: format!("Enforce Pod Security {level} on the namespace").into(),
        file: Some(yaml("kubernetes/pod-security.yaml", content)),
        effect: format!("{effect} Running pods stay; users and namespaces that the cluster exempts are not bound."),
        table: Vec::new(),
        may_break: "Network, storage and security agents need their own namespace without it. A Deployment that breaks the rules is still \
             admitted, and its pods are refused."
            .into(),
        apply: "See first what would be refused: `kubectl apply --dry-run=server -f kubernetes/pod-security.yaml` warns about pods that \
             run. Then without `--dry-run`."
            .into(),
        roll_back: "`kubectl label namespace NAMESPACE pod-security.kubernetes.io/enforce-`.".into(),
        afterwards: "Rules over running containers fall silent once none such runs; rules over the audit log still alert on requests that \
             are refused, unless they test the decision."
            .into(),
        basis: served.basis(),
        proof: None,
    }
}

fn name(sheet: Sheet) -> String {
    format!("falco-report-{}", sheet.name)
}

fn admission(policies: &[(Sheet, Served<'_>)], served: &Served<'_>) -> Mitigation {
    let mut table = vec![["policy", "what it says to whom it refuses", "for"].map(Cow::from).to_vec()];
    let mut content = String::from(
        "# Made by Falco Report. Each policy takes effect through its binding; Warn instead of Deny only tells.\n",
    );
    let mut placeholder = false;
    for (at, (sheet, one)) in policies.iter().enumerate() {
        table.push(vec![format!("`{}`", name(*sheet)).into(), sheet.one('e').into(), one.rules().into()]);
        placeholder |= sheet.one('x').contains("REPLACE_WITH");
        content.push_str(if at > 0 { "---\n" } else { "" });
        policy_and_binding(&mut content, *sheet, &namespaces(one));
    }
    let apply = "`kubectl apply --dry-run=server -f kubernetes/admission-policies.yaml`, then without `--dry-run`; first with `Warn` in \
         place of `Deny`, to see who would be refused.";
    let apply = if placeholder {
        format!("Put your own value, in single quotes, for each `REPLACE_WITH_…`: as it is, the API server refuses the policy. Then {apply}").into()
    } else {
        apply.into()
    };
    Mitigation {
        id: "admission-policies".to_owned(),
        kind: "kubernetes_admission_policy",
        heading: Heading::Container,
        title: "Refuse such objects at admission".into(),
        file: Some(yaml("kubernetes/admission-policies.yaml", content)),
        effect: "The API server refuses new objects that do what the alerts show, in the namespaces that the alerts name where they name \
             one; objects without a namespace are refused in any case. What exists stays. Needs Kubernetes 1.30."
            .to_owned(),
        table,
        may_break: "Agents and operators that need such objects: leave their namespaces out of the binding.".into(),
        apply,
        roll_back: "`kubectl delete -f kubernetes/admission-policies.yaml`.".into(),
        afterwards: "Rules over running containers fall silent once none such runs; rules over the audit log still alert on requests that \
             are refused, unless they test the decision."
            .into(),
        basis: served.basis(),
        proof: None,
    }
}

fn list<'t>(items: impl Iterator<Item = &'t str>) -> String {
    let items: Vec<String> = items.map(|item| format!("\"{item}\"")).collect();
    format!("[{}]", items.join(", "))
}

fn policy_and_binding(out: &mut String, sheet: Sheet, namespaces: &BTreeSet<String>) {
    let name = name(sheet);
    let mut matched = sheet.one('b').split('\t');
    let mut next = || matched.next().unwrap_or_default();
    let (group, resources, operations) = (next(), next().split(','), next().split(','));
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata:\n  name: {name}\nspec:\n  \
         failurePolicy: Fail\n  matchConstraints:\n    resourceRules:\n      - apiGroups: [\"{group}\"]\n        apiVersions: [\"v1\"]\n        \
         operations: {}\n        resources: {}\n",
        list(operations),
        list(resources)
    );
    expressions(out, sheet, "  ", "validations");
    let _ = write!(
        out,
        "---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata:\n  name: {name}\nspec:\n  \
         policyName: {name}\n  validationActions: [Deny]\n  matchResources:\n    namespaceSelector:\n      matchExpressions:\n        \
         - key: kubernetes.io/metadata.name\n          "
    );
    let _ = if namespaces.is_empty() {
        writeln!(out, "operator: NotIn\n          values: [\"kube-system\"]")
    } else {
        writeln!(out, "operator: In\n          values: {}", list(namespaces.iter().map(String::as_str)))
    };
}

/// The variables and the check, below `indent`.
fn expressions(out: &mut String, sheet: Sheet, indent: &str, key: &str) {
    for (at, variable) in sheet.all('v').enumerate() {
        let (name, expression) = variable.split_once('\t').unwrap_or_default();
        if at == 0 {
            let _ = writeln!(out, "{indent}variables:");
        }
        let _ =
            write!(out, "{indent}  - name: {name}\n{indent}    expression: >-\n{indent}      {expression}\n");
    }
    let _ = write!(
        out,
        "{indent}{key}:\n{indent}  - expression: >-\n{indent}      {}\n{indent}    message: \"{}\"\n",
        sheet.one('x'),
        sheet.one('e')
    );
}

fn kyverno(admission: &Mitigation, policies: &[&(Sheet, Served<'_>)]) -> Mitigation {
    let mut content = String::from("# Made by Falco Report. Audit instead of Enforce only reports.\n");
    for (at, (sheet, one)) in policies.iter().enumerate() {
        let operations = sheet.one('b').rsplit('\t').next().unwrap_or_default().split(',');
        let _ = write!(
            content,
            "{}apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: {name}\nspec:\n  background: false\n  rules:\n    \
             - name: {rule}\n      match:\n        any:\n          - resources:\n              kinds: {}\n              operations: {}\n",
            if at > 0 { "---\n" } else { "" },
            list(sheet.columns('l')),
            list(operations),
            name = name(*sheet),
            rule = sheet.name,
        );
        let namespaces = namespaces(one);
        let is_namespaced = !sheet.one('b').starts_with("rbac.");
        if is_namespaced && !namespaces.is_empty() {
            let _ = writeln!(
                content,
                "              namespaces: {}",
                list(namespaces.iter().map(String::as_str))
            );
        }
        content.push_str("      validate:\n        failureAction: Enforce\n        cel:\n");
        expressions(&mut content, *sheet, "          ", "expressions");
    }
    Mitigation {
        id: "kyverno-policies".to_owned(),
        kind: "kyverno_policy",
        title: "The same as Kyverno policies".into(),
        file: Some(yaml("kubernetes/kyverno-policies.yaml", content)),
        effect: "For clusters with Kyverno 1.13 or later, instead of the file above; not schema-checked."
            .to_owned(),
        table: Vec::new(),
        apply:
            "`kubectl apply -f kubernetes/kyverno-policies.yaml`, first with `Audit` in place of `Enforce`."
                .into(),
        roll_back: "`kubectl delete -f kubernetes/kyverno-policies.yaml`.".into(),
        ..admission.clone()
    }
}

fn yaml(name: &str, content: String) -> File {
    File { name: name.to_owned(), language: Language::Yaml, content }
}
