//! Compares two sets of alerts: what is new, gone, louder or quieter.
//!
//! The same thing is known again by its fingerprint (rule, source, program, image, namespace), whatever its
//! verdict in either set. Sets of different length are compared by rate, where both are long enough to
//! have one; else by count.

use std::collections::BTreeMap;

use super::{Group, Insight};
use crate::limits;

/// What became of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only in the second set.
    New,
    /// At least twice as often in the second, and not by chance.
    Louder,
    /// At most half as often in the second, and not by chance.
    Quieter,
    /// Only in the first set.
    Gone,
}

impl Change {
    /// In the order of a comparison.
    pub const ALL: [Self; 4] = [Self::New, Self::Louder, Self::Quieter, Self::Gone];

    /// The change as the JSON comparison spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Louder => "louder",
            Self::Quieter => "quieter",
            Self::Gone => "gone",
        }
    }
}

/// A fingerprint in two sets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Changed<'a> {
    /// What became of it.
    pub change: Change,
    /// A group that stands for it: the most urgent one of the second set, else of the first.
    pub group: &'a Group,
    /// Its alerts in the first set.
    pub before: u64,
    /// Its alerts in the second set.
    pub after: u64,
}

/// Two sets compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff<'a> {
    /// By change, then urgency.
    pub changes: Vec<Changed<'a>>,
    /// How many fingerprints are in both, and changed little.
    pub steady: u64,
    /// Whether rates were compared, and not counts.
    pub by_rate: bool,
}

/// Compares two sets.
pub fn compare<'a>(before: &'a Insight, after: &'a Insight) -> Diff<'a> {
    let mut known: BTreeMap<&str, (usize, Changed<'a>)> = BTreeMap::new();
    let ranked = after
        .groups
        .iter()
        .map(|group| (group, true))
        .chain(before.groups.iter().map(|group| (group, false)));
    for (rank, (group, is_after)) in ranked.enumerate() {
        let first = Changed { change: Change::New, group, before: 0, after: 0 };
        let (_, changed) = known.entry(&group.fingerprint).or_insert((rank, first));
        *if is_after { &mut changed.after } else { &mut changed.before } += group.count;
    }
    let spans = (before.timeline.span, after.timeline.span);
    let by_rate = spans.0.min(spans.1) >= limits::STEADY_SPAN;
    let spans = if by_rate { spans } else { (1, 1) };
    let mut steady = 0;
    let mut changes: Vec<(usize, Changed<'a>)> = Vec::new();
    for (rank, mut changed) in known.into_values() {
        match change(changed.before, changed.after, spans) {
            Some(change) => {
                changed.change = change;
                changes.push((rank, changed));
            }
            None => steady += 1,
        }
    }
    changes.sort_by_key(|(rank, changed)| (changed.change, *rank));
    Diff { changes: changes.into_iter().map(|(_, changed)| changed).collect(), steady, by_rate }
}

/// Twice or half the rate; a difference that a few more or fewer alerts would make is none.
fn change(before: u64, after: u64, (span_before, span_after): (u64, u64)) -> Option<Change> {
    match (before, after) {
        (0, _) => return Some(Change::New),
        (_, 0) => return Some(Change::Gone),
        _ => {}
    }
    // Each count over the other's span, so that both are of one length.
    let then = u128::from(before) * u128::from(span_after);
    let now = u128::from(after) * u128::from(span_before);
    let enough = before.max(after) >= limits::CHANGE_ALERTS;
    match (now >= then * 2, then >= now * 2) {
        (true, _) if enough => Some(Change::Louder),
        (_, true) if enough => Some(Change::Quieter),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_compared_over_the_same_time() {
        let hour = (3600, 3600);
        assert_eq!(change(0, 1, hour), Some(Change::New));
        assert_eq!(change(1, 0, hour), Some(Change::Gone));
        assert_eq!(change(10, 20, hour), Some(Change::Louder));
        assert_eq!(change(20, 10, hour), Some(Change::Quieter));
        assert_eq!(change(10, 19, hour), None);
        assert_eq!(change(1, 3, hour), None, "too few to tell");
        assert_eq!(change(10, 20, (3600, 7200)), None, "twice as many in twice the time");
        assert_eq!(change(10, 10, (3600, 7200)), Some(Change::Quieter));
    }
}
