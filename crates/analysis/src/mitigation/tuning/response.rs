//! What is left where tuning does not fit: a response to an attack, routing by priority, and, last, a rule
//! that speaks more quietly.
//!
//! Sources: Falco Talon, `internal/rules/rules.go` and `actionners/`; Falcosidekick's `config.go`
//! (`minimumpriority` of every output); Falco's `override` of `priority`.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{APPLY, ROLL_BACK};
use super::literal::single_quoted;
use super::overlay::rule_slug;
use crate::alert::Priority;
use crate::insight::{Class, Group, Insight, noise};
use crate::limits;
use crate::mitigation::{File, Heading, Language, Mitigation, Plan};

/// Adds what fits these findings; of rules without tuning those are given that say too little.
pub fn propose(insight: &Insight, speechless: &BTreeMap<&str, Vec<&Group>>, plan: &mut Plan) {
    let sound: Vec<&Group> = insight.groups.iter().filter(|group| !group.forgeable).collect();
    plan.mitigations.extend(isolation(&sound));
    plan.mitigations.extend(routing(insight, &sound));
    for (rule, groups) in speechless {
        plan.mitigations.extend(lowered(rule, groups, insight));
    }
}

fn ids<'a>(groups: impl IntoIterator<Item = &'a &'a Group>) -> Vec<String> {
    groups.into_iter().map(|group| group.id.clone()).collect()
}

/// Network isolation of the pod by Falco Talon, which keeps the evidence that ending it would destroy.
fn isolation(groups: &[&Group]) -> Option<Mitigation> {
    let is_name = |name: &str| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let attacks: Vec<&Group> = groups
        .iter()
        .copied()
        .filter(|group| group.verdict.class == Class::LikelyMalicious)
        .filter(|group| rules::shipped_source(&group.rule) == Some("syscall"))
        .filter(|group| group.example.field_text("k8s.pod.name").is_some_and(|name| !name.is_empty()))
        .filter(|group| group.example.field_text("k8s.ns.name").is_some_and(is_name))
        .collect();
    let matched: BTreeSet<(&str, &str)> = attacks
        .iter()
        .filter_map(|group| Some((group.rule.as_str(), group.example.field_text("k8s.ns.name")?)))
        .collect();
    if matched.is_empty() {
        return None;
    }
    let mut content =
        "# Falco Talon rules by Falco Report: cut a pod off the network when it alerts again.\n\
         # Needs Falcosidekick or Falco to send alerts to Falco Talon.\n\
         - action: Cut the pod off\n  actionner: kubernetes:networkpolicy\n"
            .to_owned();
    for (at, (rule, namespace)) in matched.iter().take(limits::BASIS_NAMED).enumerate() {
        let namespace = single_quoted(&format!("k8s.ns.name={namespace}"));
        content.extend([
            format!("- rule: Respond to an attack {}\n  match:\n", at + 1),
            format!("    rules:\n      - {}\n", single_quoted(rule)),
            format!("    output_fields:\n      - {namespace}\n"),
            "  actions:\n    - action: Cut the pod off\n".to_owned(),
        ]);
    }
    Some(Mitigation {
        id: "falco-talon-isolation".to_owned(),
        kind: "falco_talon_rule",
        heading: Heading::Configuration,
        title: "Respond: let Falco Talon cut the pod off the network".into(),
        file: Some(File { name: "falco-talon/isolate.yaml".to_owned(), language: Language::Yaml, content }),
        effect: "A response and no prevention: it acts after the alert, on every later alert of these rules in these namespaces. \
             Falco Talon writes a NetworkPolicy for the pod, which stops its outgoing connections and keeps it running, so that its \
             memory and files can still be examined."
            .to_owned(),
        table: Vec::new(),
        may_break: "Every workload of these namespaces that raises one of these alerts loses its network, a false alarm included. It needs a \
             network plugin that enforces NetworkPolicy."
            .into(),
        apply: "Add it to the `rules_files` of Falco Talon.".into(),
        roll_back: "Remove the file, restart Falco Talon, and delete the NetworkPolicy that it made.".into(),
        afterwards: "Falco alerts as before.".into(),
        basis: ids(&attacks),
        proof: None,
    })
}

/// The least priority that reaches people, where everything that is loud is below everything that is not
/// ordinary.
fn routing(insight: &Insight, groups: &[&Group]) -> Option<Mitigation> {
    let budget = noise::budget(insight);
    let loud: Vec<&Group> = budget.loud.iter().filter_map(|at| insight.groups.get(*at)).collect();
    let loudest = loud.iter().map(|group| group.priority).min()??;
    let attacks = groups.iter().filter(|group| group.verdict.class == Class::LikelyMalicious);
    let attacks: Option<Vec<Priority>> = attacks.map(|group| group.priority).collect();
    let floor = attacks?.into_iter().max().unwrap_or(Priority::Warning);
    let is_apart = floor.number() < loudest.number();
    if !is_apart || budget.loud_alerts * 2 < budget.alerts {
        return None;
    }
    let name = floor.name().to_ascii_lowercase();
    let content = format!(
        "# Values for Falco's Helm chart by Falco Report: what reaches people by Falcosidekick.\n\
         # Put the outputs that page somebody in the place of slack; leave those that store as they are.\n\
         falcosidekick:\n  config:\n    slack:\n      minimumpriority: {name}\n"
    );
    Some(Mitigation {
        id: "falcosidekick-routing".to_owned(),
        kind: "falco_sidekick_routing",
        heading: Heading::Configuration,
        title: "Route by priority: what is loud goes to the store only".into(),
        file: Some(File {
            name: "helm/falcosidekick-values.yaml".to_owned(),
            language: Language::Yaml,
            content,
        }),
        effect: format!(
            "Prevents nothing and hides nothing from where alerts are kept. Of {} loaded alerts the loud findings make {}, all of a lower \
             priority than `{name}`, and no finding judged likely malicious is.",
            budget.alerts, budget.loud_alerts
        ),
        table: Vec::new(),
        may_break: "An attack that only raises alerts of lower priority pages nobody.".into(),
        apply: "Use it as a values file of the chart, `helm upgrade --reuse-values -f FILE`.".into(),
        roll_back: "Set `minimumpriority` to what it was; empty means everything.".into(),
        afterwards: "Falco alerts as before; people see fewer of them.".into(),
        basis: ids(&loud),
        proof: None,
    })
}

/// The last resort for a rule that only makes noise and says too little to be tuned.
fn lowered(rule: &str, groups: &[&Group], insight: &Insight) -> Option<Mitigation> {
    let of_rule: Vec<&Group> = insight.groups.iter().filter(|group| group.rule == rule).collect();
    let alerts: u64 = of_rule.iter().map(|group| group.count).sum();
    let ordinary = |group: &&Group| matches!(group.verdict.class, Class::NeedsReview | Class::LikelyBenign);
    if alerts < limits::LOUD_ALERTS || !of_rule.iter().all(ordinary) || rules::shipped_source(rule).is_none()
    {
        return None;
    }
    let content = format!(
        "# The last resort, by Falco Report: lowers a whole rule to the priority DEBUG.\n\
         # Try the fuller output first. Load it after Falco's own rule files.\n\
         # To roll back, remove this file and restart Falco.\n\
         - rule: {}\n  priority: DEBUG\n  override:\n    priority: replace\n",
        single_quoted(rule)
    );
    Some(Mitigation {
        id: format!("falco-lowered-{}", rule_slug(rule)),
        kind: "falco_priority_override",
        heading: Heading::Configuration,
        title: format!("Last resort: lower the whole rule {rule}").into(),
        file: Some(File {
            name: format!("falco-last-resort/{}.yaml", rule_slug(rule)),
            language: Language::Yaml,
            content,
        }),
        effect: format!(
            "Hides every alert of the rule from whatever leaves out the lowest priority: all {alerts} loaded ones, and every real attack that \
             this rule would have shown. Its alerts say too little to hide only the expected ones. To switch the rule off loses even the record."
        ),
        table: Vec::new(),
        may_break: "Nothing is blocked. What only this rule sees goes unseen.".into(),
        apply: APPLY.into(),
        roll_back: ROLL_BACK.into(),
        afterwards: "Falco still alerts, with the lowest priority.".into(),
        basis: ids(groups),
        proof: None,
    })
}
