//! What a rule file would have done to the loaded alerts, by the very text that is exported.

use condition::{Context, Filter, Slots, Truth, compile, parse};
use rules::Effect;

use super::cases::{Case, Wish, row};
use super::ground::Ground;
use super::overlay;
use super::term::Selector;
use crate::limits;
use crate::mitigation::Proof;

/// Other rules of Falco's that see the same events and come later, so that `rule_matching: first` keeps
/// them silent until the first is tuned.
const SHADOWED: [(&str, &[&str]); 9] = [
    (
        "Contact EC2 Instance Metadata Service From Container",
        &["Contact cloud metadata service from container"],
    ),
    ("Run Instances", &["Run Instances in Non-approved Region"]),
    ("Console Login Without MFA", &["Console Root Login Without MFA"]),
    ("GCP Bucket configured to be public", &["GCP Bucket permissions modified"]),
    ("Create Public Repository", &["Create Repository"]),
    ("Run shell untrusted", &["Reverse Shell from Web Server", "Web Server Spawned Shell"]),
    ("Netcat Remote Code Execution in Container", &["Launch Suspicious Network Tool in Container"]),
    ("Create Privileged Pod", &["Create HostNetwork Pod", "Create Sensitive Mount Pod"]),
    ("Disallowed K8s User", &["K8s Secret Get Successfully", "K8s Secret Get Unsuccessfully Tried"]),
];

/// What a file does to the cases of the rules that it changes; nothing where Falco does not load it.
pub fn of_file(content: &str, ground: &Ground, cases: &[&Case<'_>], wish: &Wish) -> Option<Proof> {
    let simulation = ground.simulate(content);
    if !simulation.loads() {
        return None;
    }
    let mut proof = Proof::default();
    let mut unwanted: Vec<(usize, u64)> = Vec::new();
    for case in cases {
        let event = row(case.portrait, simulation.fields());
        match simulation.judge(Some(&case.group.rule), &event) {
            Effect::Hidden if wish.wants(case.at) => {
                proof.hides.extend(&case.records);
                proof.hides_total += case.count;
            }
            Effect::Hidden => {
                unwanted.extend(case.records.iter().map(|record| (case.at, *record)));
                proof.also_hides_total += case.count;
            }
            Effect::Undecided => proof.undecided_total += case.count,
            Effect::Kept | Effect::Added | Effect::Silent => proof.keeps_total += case.count,
        }
        if let Some((_, next)) = SHADOWED.iter().find(|(rule, _)| *rule == case.group.rule) {
            proof.shadowed_by.extend(next.iter().map(|rule| (*rule).to_owned()));
        }
    }
    proof.hides.sort_unstable();
    proof.hides.truncate(limits::RECORDS_LISTED);
    // Findings come in the order of urgency.
    unwanted.sort_unstable();
    proof.also_hides = unwanted.into_iter().map(|(_, record)| record).take(limits::RECORDS_LISTED).collect();
    proof.shadowed_by.sort_unstable();
    proof.shadowed_by.dedup();
    Some(proof)
}

/// Whether a selector hides anything that is guarded, for certain or perhaps.
pub fn is_danger(selector: &Selector, cases: &[&Case<'_>], wish: &Wish) -> Option<bool> {
    let mut slots = Slots::new();
    let filter = filter(selector, cases, &mut slots)?;
    let hides = |case: &Case<'_>| filter.evaluate(&row(case.portrait, slots.names())) != Truth::False;
    Some(cases.iter().any(|case| wish.guards(case.at) && hides(case)))
}

fn filter(selector: &Selector, cases: &[&Case<'_>], slots: &mut Slots) -> Option<Filter> {
    let source = cases.first().and_then(|case| case.group.source.as_deref()).unwrap_or("syscall");
    let condition = parse(&overlay::condition(selector)).ok()?;
    compile(&condition, &Context::source(source), slots).ok()
}
