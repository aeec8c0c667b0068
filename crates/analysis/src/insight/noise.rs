//! Which groups make the volume, and what is left to read once they are tuned.
//!
//! Only what needs review or is likely benign can be noise: an attack is none however often it alerts, nor
//! is a test or a blind spot.

use std::collections::{BTreeMap, BTreeSet};

use super::timeline::Timeline;
use super::{Actor, Class, Group, Insight};
use crate::alert::Priority;
use crate::limits;

/// What the volume of a set is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Budget {
    /// All alerts.
    pub alerts: u64,
    /// Places of the loud groups, the costliest first: alerts weighed by priority.
    pub loud: Vec<usize>,
    /// Alerts of the loud groups.
    pub loud_alerts: u64,
    /// By priority, most severe first, then those without: alerts, groups, and alerts without the loud.
    pub by_priority: Vec<(Option<Priority>, Level)>,
    /// By rule, the costliest first.
    pub rules: Vec<Share>,
}

/// Volume at one priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Level {
    /// Alerts.
    pub alerts: u64,
    /// Groups.
    pub groups: u64,
    /// Alerts of groups that are not loud.
    pub quiet_alerts: u64,
}

/// A rule's part in the volume.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Share {
    /// The rule.
    pub rule: String,
    /// Its alerts.
    pub alerts: u64,
    /// Its groups.
    pub groups: u64,
    /// Different actors: program, image, namespace.
    pub actors: u64,
    /// Hosts with alerts of it.
    pub hosts: u64,
    /// Periods of the timeline in which it alerted.
    pub periods: u64,
    /// Alerts weighed by priority; see [`weight`].
    pub cost: u64,
}

/// What an alert of a priority costs whoever is paged: twice as much with every step from Notice up.
pub fn weight(priority: Option<Priority>) -> u64 {
    let number = priority.unwrap_or(Priority::Debug).number();
    1 << 6_usize.saturating_sub(number)
}

/// Whether a group alerts all the time, so that nothing it does is an event: it is loud enough, may be
/// noise, and shows in many periods of a set that is long enough to tell.
pub fn is_steady(group: &Group, timeline: &Timeline) -> bool {
    let periods = u32::try_from(group.periods.len()).unwrap_or(u32::MAX);
    let shown = u32::try_from(occupied(group.periods.iter())).unwrap_or_default();
    may_be_noise(group)
        && timeline.span >= limits::STEADY_SPAN
        && shown * 100 >= periods * limits::STEADY_PERCENT
}

fn may_be_noise(group: &Group) -> bool {
    matches!(group.verdict.class, Class::NeedsReview | Class::LikelyBenign)
        && group.count >= limits::LOUD_ALERTS
}

fn occupied<'a>(counts: impl Iterator<Item = &'a u64>) -> u64 {
    counts.filter(|count| **count > 0).count() as u64
}

/// The budget of a set.
pub fn budget(insight: &Insight) -> Budget {
    let alerts = insight.rules.values().sum();
    let groups = &insight.groups;
    let mut by_volume: Vec<usize> = (0..groups.len()).collect();
    by_volume.retain(|at| groups.get(*at).is_some_and(may_be_noise));
    let count = |at: &usize| groups.get(*at).map_or(0, |group| group.count);
    by_volume.sort_by_key(|at| (std::cmp::Reverse(count(at)), *at));
    let (mut loud, mut loud_alerts) = (Vec::new(), 0_u64);
    for at in by_volume {
        if loud_alerts * 100 >= alerts * limits::LOUD_PERCENT {
            break;
        }
        loud_alerts += count(&at);
        loud.push(at);
    }
    let cost = |at: &usize| groups.get(*at).map_or(0, |group| group.count * weight(group.priority));
    loud.sort_by_key(|at| (std::cmp::Reverse(cost(at)), *at));
    let by_priority = levels(groups, &loud);
    Budget { alerts, loud, loud_alerts, by_priority, rules: shares(groups) }
}

fn levels(groups: &[Group], loud: &[usize]) -> Vec<(Option<Priority>, Level)> {
    let mut levels: BTreeMap<(bool, Option<Priority>), Level> = BTreeMap::new();
    let mut quiet = vec![true; groups.len()];
    for at in loud {
        if let Some(entry) = quiet.get_mut(*at) {
            *entry = false;
        }
    }
    for (group, quiet) in groups.iter().zip(quiet) {
        let level = levels.entry((group.priority.is_none(), group.priority)).or_default();
        level.alerts += group.count;
        level.groups += 1;
        level.quiet_alerts += if quiet { group.count } else { 0 };
    }
    levels.into_iter().map(|((_, priority), level)| (priority, level)).collect()
}

fn shares(groups: &[Group]) -> Vec<Share> {
    struct Sum<'a> {
        share: Share,
        actors: BTreeSet<&'a Actor>,
        hosts: BTreeSet<&'a str>,
        periods: Vec<u64>,
    }
    let mut rules: BTreeMap<&str, Sum<'_>> = BTreeMap::new();
    for group in groups {
        let sum = rules.entry(&group.rule).or_insert_with(|| Sum {
            share: Share { rule: group.rule.clone(), ..Share::default() },
            actors: BTreeSet::new(),
            hosts: BTreeSet::new(),
            periods: vec![0; group.periods.len()],
        });
        sum.share.alerts += group.count;
        sum.share.groups += 1;
        sum.share.cost += group.count * weight(group.priority);
        sum.actors.insert(&group.actor);
        sum.hosts.extend(group.hosts.keys().map(String::as_str));
        for (sum, count) in sum.periods.iter_mut().zip(&group.periods) {
            *sum += count;
        }
    }
    let finish = |sum: Sum<'_>| Share {
        actors: sum.actors.len() as u64,
        hosts: sum.hosts.len() as u64,
        periods: occupied(sum.periods.iter()),
        ..sum.share
    };
    let mut shares: Vec<Share> = rules.into_values().map(finish).collect();
    shares.sort_by(|left, right| right.cost.cmp(&left.cost).then_with(|| left.rule.cmp(&right.rule)));
    shares
}

impl Budget {
    /// Alerts that are left to read.
    pub fn quiet_alerts(&self) -> u64 {
        self.alerts - self.loud_alerts
    }

    /// The loud groups' part of the volume, in tenths of a percent.
    pub fn loud_share(&self) -> u64 {
        permille(self.loud_alerts, self.alerts)
    }
}

/// A part of a whole in tenths of a percent, rounded down.
pub fn permille(part: u64, whole: u64) -> u64 {
    part.saturating_mul(1000).checked_div(whole).unwrap_or_default()
}
