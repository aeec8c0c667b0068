//! The order in which groups are to be read: by class; within a class what is part of an incident first
//! and what alerts all the time last; then by weight of malice, priority, confidence,
//! rule and time.

use std::cmp::Reverse;

use super::incidents::Incidents;
use super::timeline::Timeline;
use super::{Group, Sighting, noise};
use crate::alert::Priority;

/// The order that one group's own alerts give.
pub(super) fn urgency(group: &Group) -> impl Ord {
    let priority = group.priority.unwrap_or(Priority::Debug);
    let malice = Reverse(group.verdict.malice());
    let confidence = Reverse(group.verdict.confidence);
    (group.verdict.class, malice, priority, confidence, &group.rule, group.first, &group.id)
}

/// Puts groups that are in order of [`urgency`] into the order in which they are to be read, and says so
/// to everything that names their places.
pub(super) fn to_be_read(
    groups: Vec<Group>,
    sightings: &mut [Sighting],
    incidents: &mut Incidents,
    timeline: &Timeline,
) -> Vec<Group> {
    let mut linked = vec![false; groups.len()];
    for step in incidents.listed.iter().flat_map(|incident| &incident.steps) {
        if let Some(entry) = linked.get_mut(step.group) {
            *entry = true;
        }
    }
    let numbered = groups.into_iter().zip(linked).enumerate();
    let mut ordered: Vec<(usize, bool, Group)> =
        numbered.map(|(at, (group, linked))| (at, linked, group)).collect();
    ordered.sort_by_key(|(at, linked, group)| {
        (group.verdict.class, !linked, noise::is_steady(group, timeline), *at)
    });
    let mut places = vec![0; ordered.len()];
    for (place, (at, ..)) in ordered.iter().enumerate() {
        if let Some(entry) = places.get_mut(*at) {
            *entry = place;
        }
    }
    let moved = |group: usize| places.get(group).copied().unwrap_or(group);
    for sighting in sightings {
        sighting.group = sighting.group.map(moved);
    }
    for step in incidents.listed.iter_mut().flat_map(|incident| &mut incident.steps) {
        step.group = moved(step.group);
    }
    ordered.into_iter().map(|(.., group)| group).collect()
}
