//! Why something is not offered under a heading, and what would be needed for it.

use std::collections::{BTreeMap, BTreeSet};

use super::case::{self, Case, Site};
use crate::knowledge::{self, Control, Sheet};
use crate::limits;
use crate::mitigation::{Heading, Plan};

/// Adds the reasons for these cases. They name rules, so one case of a rule speaks for all in places like its.
pub fn explain(cases: &[Case<'_>], plan: &mut Plan) {
    let mut seen = BTreeSet::new();
    let distinct = cases.iter().filter(|case| seen.insert((case.entry.rule, case.site)));
    let cases: Vec<Case<'_>> = distinct.copied().collect();
    for heading in Heading::ALL {
        let (mut without_file, mut untouched, mut unplaced) = (BTreeMap::new(), Vec::new(), Vec::new());
        for (urgency, case) in cases.iter().enumerate() {
            let controls =
                case.entry.controls.iter().filter_map(|name| Some((*name, knowledge::control(name)?)));
            let mut is_touched = false;
            for (directness, (name, control)) in controls.enumerate() {
                if self::heading(&control) != heading {
                    continue;
                }
                if !is_placed(heading, case, &control) {
                    continue;
                }
                is_touched = true;
                if !is_covered(case, name) {
                    let entry =
                        without_file.entry(name).or_insert((directness, urgency, control, Vec::new()));
                    (entry.0, entry.1) = (entry.0, entry.1).min((directness, urgency));
                    entry.3.push(*case);
                }
            }
            match (is_touched, heading, case.site) {
                (true, ..) | (_, Heading::Configuration, _) => {}
                (_, Heading::Container, Site::Host | Site::Unknown) => unplaced.push(*case),
                _ => untouched.push(*case),
            }
        }
        let mut reasons = Vec::new();
        reasons.extend(unplaced_reason(&unplaced));
        reasons.extend(untouched_reason(heading, &untouched));
        reasons.extend(without_file_reason(without_file.into_values().collect()));
        plan.withheld.extend(reasons.into_iter().map(|reason| (heading, reason)));
    }
}

fn heading(control: &Control) -> Heading {
    match control.group {
        "container" | "cluster" => Heading::Container,
        "host" => Heading::Host,
        _ => Heading::Configuration,
    }
}

/// Whether the control is set where the alerts of this case come from.
fn is_placed(heading: Heading, case: &Case<'_>, control: &Control) -> bool {
    match (heading, case.site) {
        (Heading::Container, Site::Service) => control.group == "cluster",
        (Heading::Container, Site::Container) => control.group == "container",
        (Heading::Container, Site::Host | Site::Unknown) => false,
        (Heading::Container, Site::Pod) | (Heading::Host | Heading::Configuration, _) => true,
    }
}

/// Whether a file, a setting or steps for this control are offered for this case.
fn is_covered(case: &Case<'_>, control: &str) -> bool {
    let names = |sheet: &Sheet| sheet.columns('k').any(|own| own == control);
    let in_workload = matches!(case.site, Site::Pod | Site::Container);
    let in_cluster = matches!(case.site, Site::Pod | Site::Service);
    match control {
        "network_egress" | "network_ingress" | "network_metadata" | "seccomp_default" => {
            case.site == Site::Pod
        }
        "pod_security" => in_cluster,
        // Whatever a policy looks at, it refuses such objects.
        "admission_policy" => {
            in_cluster && knowledge::policies().any(|sheet| case.directness(sheet).is_some())
        }
        _ if control.starts_with("seccomp_") => in_workload,
        _ => {
            knowledge::measures().any(|sheet| names(&sheet) && case.directness_in_place(sheet).is_some())
                || (in_workload
                    && knowledge::settings().any(|sheet| names(&sheet) && case.directness(sheet).is_some()))
                || (in_cluster
                    && knowledge::policies().any(|sheet| names(&sheet) && case.directness(sheet).is_some()))
        }
    }
}

fn unplaced_reason(cases: &[Case<'_>]) -> Vec<String> {
    let of = |site: Site| case::rules(cases.iter().filter(|case| case.site == site));
    let (host, unknown) = (of(Site::Host), of(Site::Unknown));
    let mut reasons = Vec::new();
    if !host.is_empty() {
        reasons.push(format!(
            "No container setting applies where the process ran directly on the host (`container.id` is `host`): {host}."
        ));
    }
    if !unknown.is_empty() {
        reasons.push(format!(
            "Not enough evidence for a container setting: the alerts do not name the container that the process ran in \
             (`container.id`). Rules: {unknown}."
        ));
    }
    reasons
}

fn untouched_reason(heading: Heading, cases: &[Case<'_>]) -> Option<String> {
    let rules = case::rules(cases.iter());
    let what = match heading {
        Heading::Configuration => return None,
        Heading::Container => "of a container or cluster",
        Heading::Host => "of a host",
    };
    (!rules.is_empty()).then(|| format!("No setting {what} touches what these rules see: {rules}."))
}

type WithoutFile<'a> = (usize, usize, Control, Vec<Case<'a>>);

fn without_file_reason(mut controls: Vec<WithoutFile<'_>>) -> Option<String> {
    if controls.is_empty() {
        return None;
    }
    controls.sort_by_key(|(directness, urgency, ..)| (*directness, *urgency));
    let more = controls.len().saturating_sub(limits::CONTROLS_NAMED);
    let named: Vec<String> = controls
        .iter()
        .take(limits::CONTROLS_NAMED)
        .map(|(_, _, control, cases)| {
            let rules = case::rules(cases.iter());
            let text = control.text.trim_end_matches('.');
            match control.evidence {
                "" => format!("{text} ({rules})."),
                evidence => format!("{text} ({rules}); it takes {evidence}."),
            }
        })
        .collect();
    let more = if more > 0 { format!(" And {more} more, less direct.") } else { String::new() };
    Some(format!("Not enough evidence for a file, though it helps: {}{more}", named.join(" ")))
}
