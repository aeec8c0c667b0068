//! What a rule does not print, though the next alert could not be judged or tuned without it.

use std::collections::BTreeMap;

use super::file::{APPLY, CURRENT, OWN_RULES, ROLL_BACK};
use super::literal::single_quoted;
use super::overlay::{Via, rule_slug};
use crate::insight::{Group, Insight};
use crate::mitigation::{File, Heading, Language, Mitigation, Plan};

/// The fields that say who acted, where and on what, by event source, each with the word before it.
const IDENTITY: [(&str, &[(&str, &str)]); 6] = [
    (
        "syscall",
        &[
            ("exe", "proc.exepath"),
            ("parent_exe", "proc.pexepath"),
            ("container", "container.id"),
            ("image", "container.image.repository"),
            ("namespace", "k8s.ns.name"),
        ],
    ),
    (
        "k8s_audit",
        &[
            ("user", "ka.user.name"),
            ("verb", "ka.verb"),
            ("resource", "ka.target.resource"),
            ("namespace", "ka.target.namespace"),
            ("name", "ka.target.name"),
        ],
    ),
    ("aws_cloudtrail", &[("user", "ct.user"), ("call", "ct.name"), ("region", "ct.region")]),
    ("okta", &[("actor", "okta.actor.name"), ("target", "okta.target.user.name")]),
    ("github", &[("user", "github.user"), ("org", "github.org"), ("repo", "github.repo.name")]),
    ("gcp_auditlog", &[("user", "gcp.user"), ("method", "gcp.methodName"), ("project", "gcp.projectId")]),
];

/// The request, its result and the target are parameters of the event, but the shipped output prints none
/// of them.
const PTRACE: (&str, [(&str, &str); 3]) = (
    "PTRACE attached to process",
    [("request", "evt.arg.request"), ("result", "evt.res"), ("target", "evt.arg.pid")],
);

/// Adds a fuller output for rules whose alerts say too little: of these, because they cannot be tuned.
pub fn propose(insight: &Insight, speechless: &BTreeMap<&str, Vec<&Group>>, plan: &mut Plan) {
    let mut wanted = speechless.clone();
    let traces: Vec<&Group> =
        insight.groups.iter().filter(|group| group.rule == PTRACE.0 && !group.forgeable).collect();
    if !traces.is_empty() {
        wanted.insert(PTRACE.0, traces);
    }
    for (rule, groups) in wanted {
        plan.mitigations.extend(fuller_output(rule, &groups));
    }
}

fn fuller_output(rule: &str, groups: &[&Group]) -> Option<Mitigation> {
    let source = groups.first()?.source.as_deref().unwrap_or("syscall");
    let via = Via::of(rule, Some(source), &rules::Standing::default())?;
    let (_, fields) = IDENTITY.iter().find(|(name, _)| *name == source)?;
    let is_printed = |field: &str| groups.iter().any(|group| group.example.field(field).is_some());
    let special = if rule == PTRACE.0 { PTRACE.1.as_slice() } else { &[] };
    let missing: Vec<&(&str, &str)> =
        special.iter().chain(*fields).filter(|(_, field)| !is_printed(field)).collect();
    if missing.is_empty() {
        return None;
    }
    let words: Vec<String> = missing.iter().map(|(word, field)| format!("{word}=%{field}")).collect();
    let is_shipped = rules::shipped_source(rule).is_some();
    let own_source = match via {
        Via::Rule(_, Some(source)) => format!("  source: {}\n", single_quoted(source)),
        _ => String::new(),
    };
    let content = format!(
        "# Falco output by Falco Report: appends to what the rule prints, hides nothing.\n\
         # Load it after the file that defines the rule.\n\
         # To roll back, remove this file and restart Falco.\n\
         - rule: {}\n{own_source}  output: '| {}'\n  override:\n    output: append\n",
        single_quoted(rule),
        words.join(" "),
    );
    let slug = rule_slug(rule);
    let folder = if is_shipped { CURRENT } else { OWN_RULES };
    let listed: Vec<String> = missing.iter().map(|(_, field)| format!("`{field}`")).collect();
    let mut effect = format!(
        "Prevents nothing, and hides nothing: the next alerts of this rule also print {}. Without them it stays open who acted, where or on what.",
        listed.join(", "),
    );
    if !special.is_empty() {
        effect.push_str(
            " The target of a trace is printed by name, or by its number where Falco does not know the name.",
        );
    }
    Some(Mitigation {
        id: format!("falco-output-{slug}"),
        kind: "falco_output_override",
        heading: Heading::Configuration,
        title: if is_shipped {
            format!("Let Falco print more: {rule}").into()
        } else {
            "Let Falco print more: a rule that Falco does not ship".into()
        },
        file: Some(File { name: format!("{folder}output_{slug}.yaml"), language: Language::Yaml, content }),
        effect,
        table: Vec::new(),
        may_break: "Programs that parse the `output` text of this rule; the names in `output_fields` stay."
            .into(),
        apply: APPLY.into(),
        roll_back: ROLL_BACK.into(),
        afterwards: "Falco alerts as before, with more fields.".into(),
        basis: groups.iter().map(|group| group.id.clone()).collect(),
        proof: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falco_knows_every_field() {
        let fields = IDENTITY.iter().map(|(source, fields)| (*source, *fields));
        for (source, fields) in fields.chain([("syscall", PTRACE.1.as_slice())]) {
            let output: Vec<String> = fields.iter().map(|(word, field)| format!("{word}=%{field}")).collect();
            let item = format!(
                "- rule: R\n  desc: d\n  source: {source}\n  condition: evt.num > 0\n  output: '{}'\n  priority: INFO\n  warn_evttypes: false\n",
                output.join(" ")
            );
            let file = rules::RuleFile { name: "r", bytes: item.as_bytes() };
            let loaded = rules::load(&[file], &crate::rule_files::engine());
            assert!(loaded.loads(), "{source}: {:?}", loaded.files[0].errors);
        }
    }
}
