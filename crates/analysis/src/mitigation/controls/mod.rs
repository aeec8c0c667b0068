//! Preventive controls: what stops or limits a behaviour, whether or not Falco is there.
//!
//! The entry of a rule names its controls, the most direct first, and that list is the table of what may be
//! offered: nothing else ever is. What serves several findings is offered once, citing all of them.

mod admission;
mod case;
mod measure;
mod names;
mod network;
mod seccomp;
mod withheld;
mod workload;

use super::Plan;
use crate::insight::{Class, Group};
use case::{Case, Offer};

/// Adds what applies to these groups, none of which a process could have written: the most direct first.
pub fn propose(groups: &[&Group], plan: &mut Plan) {
    let cases: Vec<Case<'_>> = groups.iter().filter_map(|group| Case::of(group)).collect();
    let mut offers: Vec<Offer> = Vec::new();
    measure::propose(&cases, &mut offers);
    workload::propose(&cases, &mut offers);
    network::propose(groups, &cases, &mut offers);
    admission::propose(&cases, &mut offers);
    offers.sort_by(|left, right| {
        left.rank.cmp(&right.rank).then_with(|| left.mitigation.id.cmp(&right.mitigation.id))
    });
    plan.mitigations.extend(offers.into_iter().map(|offer| offer.mitigation));
    withheld::explain(&cases, plan);
    let is_ordinary = |group: &&&Group| group.verdict.class == Class::LikelyBenign;
    if groups.iter().any(|group| is_ordinary(&group)) {
        for heading in [super::Heading::Container, super::Heading::Host] {
            plan.withheld.push((heading, ORDINARY.to_owned()));
        }
    }
}

const ORDINARY: &str =
    "Nothing is offered against what is judged likely benign: it would break ordinary work.";
