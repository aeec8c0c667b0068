//! Falco tuning for the rule "PTRACE attached to process".
//!
//! Facts: Falco's `falco_rules.yaml` (macro `known_ptrace_procs`, used by this rule alone).

use super::selector::{self, Selector};
use crate::insight::{Class, Group, Place};
use crate::mitigation::{File, Heading, Language, Mitigation, Plan, Proof};

/// The rule's name.
pub const RULE: &str = "PTRACE attached to process";

/// Adds what applies to these groups of the rule.
pub fn propose(groups: &[&Group], plan: &mut Plan) {
    plan.mitigations.push(fuller_output(groups.iter().map(|group| group.id.clone()).collect()));
    tuning(groups, plan);
}

/// The request, its result and the target are parameters of the event, but the shipped output prints
/// none of them.
fn fuller_output(basis: Vec<String>) -> Mitigation {
    let content = format!(
        "# Falco output for the rule \"{RULE}\", made by Falco Report.\n\
         # Appends to the shipped output. Load it after falco_rules.yaml; to roll back, remove this file and restart Falco.\n\
         - rule: {RULE}\n  output: \"| request=%evt.arg.request result=%evt.res target=%evt.arg.pid\"\n  \
         override:\n    output: append\n"
    );
    Mitigation {
        id: "ptrace-falco-output".to_owned(),
        kind: "falco_output_override",
        heading: Heading::Configuration,
        title: "Let Falco tell the request, its result and the target".into(),
        file: Some(File { name: "falco/ptrace_output.yaml".to_owned(), language: Language::Yaml, content }),
        effect: "Prevents nothing, and hides nothing: the next alert of this rule also says which request it was, whether the \
             kernel allowed it, and the name of the target process (its PID where Falco does not know the name), which is what this \
             alert leaves open."
            .to_owned(),
        table: Vec::new(),
        may_break: "Programs that parse the `output` text of this rule; the names in `output_fields` stay.".into(),
        apply: APPLY_FALCO.into(),
        roll_back: ROLL_BACK_FALCO.into(),
        afterwards: "Falco alerts as before, with three more fields.".into(),
        basis,
        proof: None,
    }
}

const APPLY_FALCO: &str = "Copy it to Falco's `rules.d` folder, or list it in `rules_files` after `falco_rules.yaml`; needs Falco \
     0.37 or later. Check it first with `falco -V falco_rules.yaml -V FILE`.";
const ROLL_BACK_FALCO: &str = "Remove the file and restart Falco.";

fn tuning(groups: &[&Group], plan: &mut Plan) {
    let mut withhold = |reason: &str| {
        let entry = (Heading::Configuration, reason.to_owned());
        if !plan.withheld.contains(&entry) {
            plan.withheld.push(entry);
        }
    };
    let (mut selectors, mut wanted): (Vec<Selector>, Vec<&Group>) = (Vec::new(), Vec::new());
    for group in groups {
        match group.verdict.class {
            Class::LikelyMalicious => {
                withhold(
                    "No tuning is offered for what is judged likely malicious: it would hide an attack.",
                );
                continue;
            }
            Class::TestActivity if groups.len() > 1 => {
                withhold(
                    "Test activity is left out of tuning: a rule that ignores the test can no longer be tested.",
                );
                continue;
            }
            _ => {}
        }
        let selector = match Selector::of(&group.actor) {
            Ok(selector) => selector,
            Err(missing) => {
                withhold(missing.reason());
                continue;
            }
        };
        let hides_attack = groups.iter().any(|other| {
            other.verdict.class == Class::LikelyMalicious && selector.matches(&other.actor) != Some(false)
        });
        if hides_attack {
            withhold(
                "No tuning is offered for a program and image that also raised an alert judged likely malicious.",
            );
            continue;
        }
        if !selectors.contains(&selector) {
            selectors.push(selector);
        }
        wanted.push(*group);
    }
    if selectors.is_empty() {
        return;
    }
    let proof = selector::prove(&selectors, &wanted, groups);
    let basis: Vec<String> = wanted.iter().map(|group| group.id.clone()).collect();
    let content = tuning_file(&selectors, &proof, &basis);
    plan.mitigations.push(Mitigation {
        id: "ptrace-falco-tuning".to_owned(),
        kind: "falco_macro_override",
        heading: Heading::Configuration,
        title: "Tune Falco: known tracers".into(),
        file: Some(File { name: "falco/known_ptrace_procs.yaml".to_owned(), language: Language::Yaml, content }),
        effect: format!(
            "Prevents nothing: it only silences the alert, so apply it only once you know that this tracing is expected. \
             It extends upstream's own hook, the macro `known_ptrace_procs`, by executable path together with {}. \
             To hide in it, an attacker would have to run a program at that very path {}, for example by \
             making the known program do the tracing.{}",
            places(&wanted, "the image", "the host"),
            places(&wanted, "in a container of that image", "on a host"),
            if wanted.iter().any(|group| group.verdict.class == Class::TestActivity) {
                " For a test it is better left out: a rule that ignores the test can no longer be tested."
            } else {
                ""
            },
        ),
        table: Vec::new(),
        may_break: "Nothing is blocked. Real attacks that look exactly like this would go unseen.".into(),
        apply: APPLY_FALCO.into(),
        roll_back: ROLL_BACK_FALCO.into(),
        afterwards: "Falco no longer alerts on what the proof lists as hidden.".into(),
        basis,
        proof: Some(proof),
    });
}

fn places(groups: &[&Group], image: &str, host: &str) -> String {
    let on_host = |group: &&Group| group.actor.place == Place::Host;
    match (groups.iter().any(on_host), groups.iter().all(on_host)) {
        (_, true) => host.to_owned(),
        (true, false) => format!("{image} or {host}"),
        (false, false) => image.to_owned(),
    }
}

/// The comments hold our words, counts and hashes, never an alert's value.
fn tuning_file(selectors: &[Selector], proof: &Proof, basis: &[String]) -> String {
    let conditions: String =
        selectors.iter().map(|selector| format!("    or {}\n", selector.condition())).collect();
    format!(
        "# Falco tuning for the rule \"{RULE}\", made by Falco Report.\n\
         # It extends upstream's macro known_ptrace_procs, which no other shipped rule uses.\n\
         # Proof over the loaded alerts of that rule: hides {hidden}, also hides {also} that were not meant,\n\
         # keeps {kept}, undecided {undecided}.\n\
         # Rests on: {basis}\n\
         # Load it after falco_rules.yaml. To roll back, remove this file and restart Falco.\n\
         - macro: known_ptrace_procs\n  condition: >\n{conditions}  override:\n    condition: append\n",
        hidden = proof.hides_total,
        also = proof.also_hides_total,
        kept = proof.keeps_total,
        undecided = proof.undecided_total,
        basis = basis.join(" "),
    )
}
