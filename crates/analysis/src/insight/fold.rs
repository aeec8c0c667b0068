//! Folds alerts into groups, in parts that merge.
//!
//! A part is the same for the same alerts in any order, and parts merge in any order: sums add up, extremes
//! are extremes of extremes, and the bound on groups keeps the smallest keys, of which no part can have
//! dropped one that belongs to the smallest of all.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::incidents::{self, Linked};
use super::links::{self, Kind};
use super::spread::Spreads;
use super::timeline::Timeline;
use super::{Actor, Class, Group, Insight, Verdict, judge};
use crate::alert::{Alert, Priority, Timestamp};
use crate::ingest;
use crate::limits;

/// An alert as the set remembers it: where it lies, when it was, what it is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// Where to read it again.
    pub place: ingest::Place,
    /// When it was, if it says.
    pub time: Option<Timestamp>,
    /// Its group's place in [`Insight::groups`]; nothing beyond [`limits::GROUPS`].
    pub group: Option<usize>,
}

/// What tells groups apart, most urgent first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    class: Class,
    /// Without a priority, last.
    priority: Priority,
    has_priority: bool,
    confidence: Reverse<u8>,
    rule: String,
    source: Option<String>,
    actor: Actor,
    forgeable: bool,
    signals: Vec<&'static str>,
}

/// A group under way.
#[derive(Debug)]
struct Part {
    slot: u32,
    count: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    hosts: BTreeMap<String, u64>,
    spreads: Spreads,
    example: Alert,
    verdict: Verdict,
}

/// An alert while the set is under way.
#[derive(Debug, Clone, Copy)]
struct Seen {
    place: ingest::Place,
    time: Option<Timestamp>,
    slot: u32,
    /// Where its links end in [`Fold::links`]; they begin where those of the one before end.
    links: u32,
}

/// Counts over all alerts, and the groups under way.
#[derive(Debug, Default)]
pub struct Fold {
    groups: BTreeMap<Key, Part>,
    slots: u32,
    seen: Vec<Seen>,
    links: Vec<u32>,
    /// Every value that links, once, and the number it goes by in `links`.
    values: HashMap<(Kind, Box<str>), u32>,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    rules: BTreeMap<String, u64>,
    hosts: BTreeMap<String, u64>,
}

/// The slot of alerts whose group is beyond the bound.
const BEYOND: u32 = u32::MAX;

impl Fold {
    /// Takes an alert.
    pub fn add(&mut self, alert: Alert, place: ingest::Place) {
        let time = alert.time();
        stretch(&mut self.first, &mut self.last, time);
        count(&mut self.rules, alert.rule(), 1);
        if let Some(host) = alert.hostname() {
            count(&mut self.hosts, host, 1);
        }
        let (values, links) = (&mut self.values, &mut self.links);
        links::collect(&alert, |kind, within, value| links.push(number(values, kind, within, value)));
        let slot = self.group(alert);
        let links = u32::try_from(self.links.len()).unwrap_or(u32::MAX);
        self.seen.push(Seen { place, time, slot, links });
    }

    /// The slot of the group that takes the alert.
    fn group(&mut self, alert: Alert) -> u32 {
        let verdict = judge(&alert);
        let key = Key::of(&alert, &verdict);
        if let Some(part) = self.groups.get_mut(&key) {
            part.add(alert, verdict);
            return part.slot;
        }
        if self.groups.len() >= limits::GROUPS
            && self.groups.last_key_value().is_some_and(|(last, _)| *last < key)
        {
            return BEYOND;
        }
        let slot = self.slots;
        self.slots += 1;
        self.groups.insert(key, Part::of(alert, verdict, slot));
        self.bound();
        slot
    }

    fn bound(&mut self) {
        while self.groups.len() > limits::GROUPS {
            self.groups.pop_last();
        }
    }

    /// Adds another part. The order of merging does not matter.
    pub fn merge(&mut self, other: Self) {
        for time in [other.first, other.last] {
            stretch(&mut self.first, &mut self.last, time);
        }
        for (into, from) in [(&mut self.rules, other.rules), (&mut self.hosts, other.hosts)] {
            for (name, alerts) in from {
                count(into, &name, alerts);
            }
        }
        let mut slots: Vec<u32> = vec![BEYOND; other.slots as usize];
        for (key, part) in other.groups {
            let at = part.slot as usize;
            let slot = if let Some(own) = self.groups.get_mut(&key) {
                own.merge(part)
            } else {
                let slot = self.slots;
                self.slots += 1;
                self.groups.insert(key, Part { slot, ..part });
                slot
            };
            if let Some(entry) = slots.get_mut(at) {
                *entry = slot;
            }
        }
        self.bound();
        let mut values: Vec<u32> = vec![0; other.values.len()];
        // Only the numbers that values go by depend on this order, and no result shows them.
        #[expect(clippy::iter_over_hash_type, reason = "numbers are labels, never shown nor sorted by")]
        for ((kind, value), old) in other.values {
            let next = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
            let new = *self.values.entry((kind, value)).or_insert(next);
            if let Some(entry) = values.get_mut(old as usize) {
                *entry = new;
            }
        }
        let before = u32::try_from(self.links.len()).unwrap_or(u32::MAX);
        self.links.extend(other.links.iter().filter_map(|old| values.get(*old as usize)));
        self.seen.extend(other.seen.into_iter().map(|seen| Seen {
            slot: slots.get(seen.slot as usize).copied().unwrap_or(BEYOND),
            links: seen.links.saturating_add(before),
            ..seen
        }));
    }

    /// The result, in order of urgency: by class, priority, confidence, rule, then time.
    pub fn seal(self) -> Insight {
        let mut timeline = Timeline::over(self.first, self.last);
        let (mut groups, places) = sealed_groups(self.groups, self.slots, timeline.len());
        let kept: u64 = groups.iter().map(|group| group.count).sum();
        let beyond = self.seen.len() as u64 - kept;
        let (seen, linked) = in_reading_order(self.seen, self.links, self.values);
        let mut sightings = Vec::with_capacity(seen.len());
        for (record, seen) in (1..).zip(seen) {
            let group = places.get(seen.slot as usize).copied().flatten();
            sightings.push(Sighting { place: seen.place, time: seen.time, group });
            let Some(group) = group.and_then(|group| groups.get_mut(group)) else { continue };
            if group.records.len() < limits::RECORDS_LISTED {
                group.records.push(record);
            }
            let period = seen.time.and_then(|time| timeline.add(time, group.priority));
            if let Some(count) = period.and_then(|period| group.periods.get_mut(period)) {
                *count += 1;
            }
        }
        let incidents = incidents::find(&groups, &sightings, &timeline, &linked);
        Insight {
            groups,
            beyond,
            first: self.first,
            last: self.last,
            rules: self.rules,
            hosts: self.hosts,
            timeline,
            incidents,
            sightings,
        }
    }
}

/// The groups in order of urgency, and the place of each slot's group among them.
fn sealed_groups(parts: BTreeMap<Key, Part>, slots: u32, periods: usize) -> (Vec<Group>, Vec<Option<usize>>) {
    let sealed = parts.into_iter().map(|(key, part)| (part.slot, part.seal(&key, periods)));
    let mut groups: Vec<(u32, Group)> = sealed.collect();
    groups.sort_by(|(_, left), (_, right)| urgency(left).cmp(&urgency(right)));
    let mut places = vec![None; slots as usize];
    for (at, (slot, _)) in groups.iter().enumerate() {
        if let Some(place) = places.get_mut(*slot as usize) {
            *place = Some(at);
        }
    }
    (groups.into_iter().map(|(_, group)| group).collect(), places)
}

/// The alerts by place, and the links of each.
fn in_reading_order(
    seen: Vec<Seen>,
    links: Vec<u32>,
    numbered: HashMap<(Kind, Box<str>), u32>,
) -> (Vec<Seen>, Linked) {
    let mut start = 0;
    let mut seen: Vec<(Seen, Range<usize>)> = seen
        .into_iter()
        .map(|seen| {
            let range = start..seen.links as usize;
            start = range.end;
            (seen, range)
        })
        .collect();
    seen.sort_unstable_by_key(|(seen, _)| seen.place);
    let mut values: Vec<(Kind, Box<str>)> = vec![(Kind::Host, Box::default()); numbered.len()];
    #[expect(clippy::iter_over_hash_type, reason = "each value goes to the place of its number")]
    for (value, number) in numbered {
        if let Some(place) = values.get_mut(number as usize) {
            *place = value;
        }
    }
    let (seen, ranges) = seen.into_iter().unzip();
    (seen, Linked { values, links, ranges })
}

impl Key {
    fn of(alert: &Alert, verdict: &Verdict) -> Self {
        Self {
            class: verdict.class,
            priority: alert.priority().unwrap_or(Priority::Debug),
            has_priority: alert.priority().is_some(),
            confidence: Reverse(verdict.confidence),
            rule: alert.rule().to_owned(),
            source: alert.source().map(str::to_owned),
            actor: Actor::of(alert),
            forgeable: alert.is_forgeable(),
            signals: verdict.signals.iter().map(|signal| signal.name).collect(),
        }
    }

    /// A hash over every part.
    fn id(&self) -> String {
        let priority = self.has_priority.then(|| self.priority.name());
        let Actor { place, .. } = &self.actor;
        let verdict = (self.class.name(), self.confidence.0, &self.signals);
        let held = self.actor.held();
        let parts = serde_json::to_vec(&(&self.rule, priority, &self.source, held, place.is_host(), verdict));
        let mut digest = Sha256::new_with_prefix(parts.unwrap_or_default());
        if self.forgeable {
            digest.update("forgeable");
        }
        short(digest)
    }

    /// A hash over what happened, without what we take it for.
    fn fingerprint(&self) -> String {
        let parts =
            serde_json::to_vec(&(&self.rule, &self.source, self.actor.held(), self.actor.place.is_host()));
        short(Sha256::new_with_prefix(parts.unwrap_or_default()))
    }
}

impl Part {
    fn of(alert: Alert, verdict: Verdict, slot: u32) -> Self {
        let time = alert.time();
        let hosts = alert.hostname().map(|host| (host.to_owned(), 1)).into_iter().collect();
        let spreads = Spreads::default();
        Self { slot, count: 1, first: time, last: time, hosts, spreads, example: alert, verdict }
    }

    fn add(&mut self, alert: Alert, verdict: Verdict) {
        self.spreads.add(&alert, &self.example, self.count);
        self.count += 1;
        stretch(&mut self.first, &mut self.last, alert.time());
        if let Some(host) = alert.hostname() {
            count(&mut self.hosts, host, 1);
        }
        if comes_before(&alert, &self.example) {
            self.example = alert;
            self.verdict = verdict;
        }
    }

    /// Takes another part's alerts of the same group, and answers its slot here.
    fn merge(&mut self, other: Self) -> u32 {
        self.spreads.merge(other.spreads, (&self.example, self.count), (&other.example, other.count));
        self.count += other.count;
        for time in [other.first, other.last] {
            stretch(&mut self.first, &mut self.last, time);
        }
        for (host, alerts) in other.hosts {
            count(&mut self.hosts, &host, alerts);
        }
        if comes_before(&other.example, &self.example) {
            self.example = other.example;
            self.verdict = other.verdict;
        }
        self.slot
    }

    fn seal(self, key: &Key, periods: usize) -> Group {
        Group {
            id: key.id(),
            fingerprint: key.fingerprint(),
            rule: key.rule.clone(),
            priority: key.has_priority.then_some(key.priority),
            source: key.source.clone(),
            actor: key.actor.clone(),
            forgeable: key.forgeable,
            verdict: self.verdict,
            count: self.count,
            first: self.first,
            last: self.last,
            records: Vec::new(),
            periods: vec![0; periods],
            spreads: self.spreads.seal(),
            hosts: self.hosts,
            example: self.example,
        }
    }
}

fn urgency(group: &Group) -> impl Ord {
    let priority = group.priority.unwrap_or(Priority::Debug);
    let confidence = Reverse(group.verdict.confidence);
    (group.verdict.class, priority, confidence, &group.rule, group.first, &group.id)
}

/// A total order of alerts that does not depend on where they stood: by time, then by content.
fn comes_before(alert: &Alert, other: &Alert) -> bool {
    match (alert.time(), other.time()) {
        (Some(time), Some(other)) if time != other => time < other,
        (Some(_), None) => true,
        (None, Some(_)) => false,
        _ => alert.json() < other.json(),
    }
}

/// The first 12 hex digits.
fn short(digest: Sha256) -> String {
    digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The number that a linking value goes by.
fn number(values: &mut HashMap<(Kind, Box<str>), u32>, kind: Kind, within: &str, value: &str) -> u32 {
    let next = u32::try_from(values.len()).unwrap_or(u32::MAX);
    let value = if within.is_empty() { value.into() } else { format!("{within}\0{value}").into_boxed_str() };
    *values.entry((kind, value)).or_insert(next)
}

fn stretch(first: &mut Option<Timestamp>, last: &mut Option<Timestamp>, time: Option<Timestamp>) {
    *first = first.iter().copied().chain(time).min();
    *last = last.iter().copied().chain(time).max();
}

fn count(counts: &mut BTreeMap<String, u64>, name: &str, alerts: u64) {
    if let Some(count) = counts.get_mut(name) {
        *count += alerts;
    } else {
        counts.insert(name.to_owned(), alerts);
    }
}
