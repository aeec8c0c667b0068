//! What only the whole loaded set shows. Such a signal was written by nobody, and anyone can make alerts, so
//! it moves a confidence and never a class.

use std::collections::BTreeMap;

use super::{Cited, Direction, Signal, Written};
use crate::knowledge::own::Known;

/// Sets smaller than this say nothing about what is rare.
const ALERTS_ENOUGH: u64 = 100;

/// A finding is rare if it has at most one alert in this many.
const RARE: u64 = 100;

/// A finding is everywhere from this many hosts on.
const HOSTS_ENOUGH: usize = 5;

/// Counts over the loaded set.
#[derive(Debug, Clone, Copy)]
pub struct Set {
    /// All alerts.
    pub alerts: u64,
    /// Whether Falco says that it lost events.
    pub lost_events: bool,
}

/// What the set says about a finding with this many alerts, so many on each host.
pub fn of_set(set: Set, count: u64, hosts: &BTreeMap<String, u64>) -> Vec<Signal> {
    let fewest = hosts.values().min().copied().unwrap_or_default();
    let most = hosts.values().max().copied().unwrap_or_default();
    let rare = set.alerts >= ALERTS_ENOUGH && count.saturating_mul(RARE) <= set.alerts;
    let everywhere = hosts.len() >= HOSTS_ENOUGH && most <= fewest.saturating_mul(2);
    let signals = [
        (
            rare,
            signal(
                "rare_in_set",
                Direction::Malice,
                "the finding has at most one in a hundred of the loaded alerts",
            ),
        ),
        (
            everywhere,
            signal(
                "same_on_many_hosts",
                Direction::Benign,
                "the finding is about as frequent on each of five hosts or more",
            ),
        ),
        (
            set.lost_events,
            signal(
                "set_lost_events",
                Direction::Doubt,
                "Falco lost events in the loaded set, so what would decide may be missing",
            ),
        ),
    ];
    signals.into_iter().filter_map(|(holds, signal)| holds.then_some(signal)).collect()
}

/// What the user says about an image: that it is theirs, or that the rule is part of its work, which the
/// deployer of such an image vouches for.
pub fn of_known_image(known: Known, image: &str) -> Option<Signal> {
    let (name, weight, sentence) = match known {
        Known::Image => ("image_you_know", 20, "{} is among the images that your own files know"),
        Known::ForRule => {
            ("image_you_expect", 50, "{} trips this rule as part of its work, by your own files")
        }
    };
    let cited = vec![Cited { field: "container.image.repository".to_owned(), value: image.to_owned() }];
    let (direction, written) = (Direction::Benign, Written::ByDeployer);
    Some(Signal { name, direction, weight, written, cited, sentence })
}

fn signal(name: &'static str, direction: Direction, sentence: &'static str) -> Signal {
    Signal { name, direction, weight: 10, written: Written::ByCounting, cited: Vec::new(), sentence }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(alerts: u64, count: u64, hosts: &[u64], lost_events: bool, expected: &[&str]) {
        let hosts = hosts.iter().enumerate().map(|(at, count)| (format!("host-{at}"), *count)).collect();
        let signals = of_set(Set { alerts, lost_events }, count, &hosts);
        assert_eq!(signals.iter().map(|signal| signal.name).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn rare_is_relative_to_a_set_that_is_large_enough() {
        check(99, 0, &[], false, &[]);
        check(100, 1, &[1], false, &["rare_in_set"]);
        check(100, 2, &[2], false, &[]);
        check(1000, 10, &[10], false, &["rare_in_set"]);
    }

    #[test]
    fn everywhere_is_even() {
        check(50, 10, &[2, 2, 2, 2, 2], false, &["same_on_many_hosts"]);
        check(50, 13, &[4, 2, 2, 2, 3], false, &["same_on_many_hosts"]);
        check(50, 14, &[5, 2, 2, 2, 3], false, &[]);
        check(50, 8, &[2, 2, 2, 2], false, &[]);
    }

    #[test]
    fn lost_events_touch_every_finding() {
        check(2, 2, &[2], true, &["set_lost_events"]);
    }
}
