//! Folds alerts into groups, in parts that merge.
//!
//! A part is the same for the same alerts in any order, and parts merge in any order: sums add up, extremes
//! are extremes of extremes, and the bound on groups keeps the smallest keys, of which no part can have
//! dropped one that belongs to the smallest of all.

use std::collections::BTreeMap;
use std::ops::Range;

use foldhash::HashMap;
use serde::{Deserialize, Serialize};

use super::incidents::{self, Linked};
use super::key::{Key, write_key};
use super::links;
use super::order;
use super::part::Part;
use super::portrait::Gallery;
use super::skim::{Face, Skim};
use super::timeline::Timeline;
use super::{Class, Group, Insight, Verdict, judge, signals};
use crate::alert::{Alert, Timestamp};
use crate::ingest::{self, Skimmed};
use crate::knowledge::own::Own;
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
    /// Its portrait's place in [`Insight::portraits`].
    pub portrait: u32,
}

/// An alert while the set is under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) place: ingest::Place,
    pub(super) time: Option<Timestamp>,
    pub(super) slot: u32,
    pub(super) portrait: u32,
    /// Where its links end in [`Fold::links`]; they begin where those of the one before end.
    pub(super) links: u32,
}

/// Counts over all alerts, and the groups under way.
#[derive(Debug, Default)]
pub struct Fold {
    /// The groups by key, each with its place in `parts`.
    pub(super) slots: BTreeMap<Key, u32>,
    /// Nothing where a group was dropped for more urgent ones.
    pub(super) parts: Vec<Option<Box<Part>>>,
    /// Where the group of an alert is, by the bytes of its key: nearly every alert is of a known group.
    index: HashMap<Vec<u8>, u32>,
    pub(super) seen: Vec<Seen>,
    pub(super) links: Vec<u32>,
    /// Every text that links, once, and the number it goes by in `links`.
    pub(super) values: HashMap<String, u32>,
    pub(super) gallery: Gallery,
    pub(super) beyond: Beyond,
    skim: Skim,
    /// Room for a key and for a text while they are looked up.
    key: Vec<u8>,
    text: String,
}

/// Counts of alerts whose groups were dropped.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Beyond {
    rules: BTreeMap<String, u64>,
    hosts: BTreeMap<String, u64>,
}

/// The slot of alerts whose group was dropped at once.
const BEYOND: u32 = u32::MAX;

impl Fold {
    /// Takes an alert.
    pub fn add(&mut self, alert: Alert, place: ingest::Place) {
        let time = alert.time();
        let (values, text, links) = (&mut self.values, &mut self.text, &mut self.links);
        links::collect(&alert, |kind, within, value| {
            links::write(text, kind, within, value);
            links.push(number(values, text));
        });
        let links = short_number(self.links.len());
        let portrait = self.gallery.number(&alert);
        let slot = self.group(alert);
        if slot != BEYOND {
            self.skim.learn(place, slot);
        }
        self.seen.push(Seen { place, time, slot, portrait, links });
    }

    /// Takes an alert from the line that is its JSON, without reading it in full, if that makes no difference;
    /// what there is to note about its time. To be followed by [`Fold::add`] of the same alert where it is
    /// refused.
    pub fn skim(&mut self, line: &[u8], place: ingest::Place) -> Option<Skimmed> {
        let looked = self.skim.look(line, place)?;
        let part = self.parts.get_mut(looked.slot as usize)?.as_mut()?;
        // The earliest alert is the example, which is held as a whole.
        if part.example.time().is_none_or(|first| first >= looked.time)
            || !self.skim.agrees(line, looked, &part.example, &mut part.face, &part.spreads)
        {
            return None;
        }
        self.skim.count(looked, &part.face, &mut part.spreads);
        part.count += 1;
        part.last = part.last.max(Some(looked.time));
        if let Some(host) = self.skim.host() {
            count(&mut part.hosts, host, 1);
        }
        let (values, text, links) = (&mut self.values, &mut self.text, &mut self.links);
        self.skim.links(line, looked, |kind, within, value| {
            links::write(text, kind, within, value);
            links.push(number(values, text));
        });
        let links = short_number(self.links.len());
        let portrait = self.skim.portrait(looked, &mut self.gallery);
        self.seen.push(Seen { place, time: Some(looked.time), slot: looked.slot, portrait, links });
        Some(Skimmed { time_note: looked.note })
    }

    /// The slot of the group that takes the alert.
    fn group(&mut self, alert: Alert) -> u32 {
        let verdict = judge(signals::collect(&alert));
        write_key(&mut self.key, &alert, &verdict);
        let slot = if let Some(slot) = self.index.get(&self.key) {
            *slot
        } else {
            let key = Key::of(&alert, &verdict);
            let Some(slot) = self.slots.get(&key).copied() else { return self.begin(key, alert, verdict) };
            self.index.insert(self.key.clone(), slot);
            slot
        };
        match self.parts.get_mut(slot as usize) {
            Some(Some(part)) => part.add(alert, verdict),
            _ => self.beyond.add(alert.rule(), alert.hostname()),
        }
        slot
    }

    fn begin(&mut self, key: Key, alert: Alert, verdict: Verdict) -> u32 {
        let is_full = self.slots.len() >= limits::GROUPS;
        if is_full && self.slots.last_key_value().is_some_and(|(last, _)| *last < key) {
            self.beyond.add(alert.rule(), alert.hostname());
            return BEYOND;
        }
        let slot = short_number(self.parts.len());
        self.index.insert(self.key.clone(), slot);
        self.slots.insert(key, slot);
        self.parts.push(Some(Box::new(Part::of(alert, verdict))));
        self.bound();
        slot
    }

    /// Drops the least urgent groups beyond the bound.
    fn bound(&mut self) {
        while self.slots.len() > limits::GROUPS
            && let Some((key, slot)) = self.slots.pop_last()
        {
            if let Some(part) = self.parts.get_mut(slot as usize).and_then(Option::take) {
                self.beyond.take(&key.rule, *part);
            }
        }
        if self.index.len() > limits::GROUPS * 2 {
            self.index.retain(|_, slot| self.parts.get(*slot as usize).is_some_and(Option::is_some));
        }
    }

    /// Adds another part. The order of merging does not matter.
    pub fn merge(&mut self, mut other: Self) {
        for (into, from) in
            [(&mut self.beyond.rules, other.beyond.rules), (&mut self.beyond.hosts, other.beyond.hosts)]
        {
            add_up(into, from);
        }
        let mut slots: Vec<u32> = vec![BEYOND; other.parts.len()];
        for (key, old) in other.slots {
            let Some(part) = other.parts.get_mut(old as usize).and_then(Option::take) else { continue };
            let next = short_number(self.parts.len());
            let slot = *self.slots.entry(key).or_insert(next);
            match self.parts.get_mut(slot as usize) {
                Some(Some(own)) => own.merge(*part),
                _ => self.parts.push(Some(Box::new(Part { face: Face::Unknown, ..*part }))),
            }
            if let Some(entry) = slots.get_mut(old as usize) {
                *entry = slot;
            }
        }
        self.bound();
        let mut values: Vec<u32> = vec![0; other.values.len()];
        #[expect(clippy::iter_over_hash_type, reason = "numbers are labels, never shown nor sorted by")]
        for (text, old) in other.values {
            if let Some(entry) = values.get_mut(old as usize) {
                *entry = number(&mut self.values, &text);
            }
        }
        let portraits = self.gallery.merge(&other.gallery);
        let before = short_number(self.links.len());
        self.links.extend(other.links.iter().filter_map(|old| values.get(*old as usize)));
        self.seen.extend(other.seen.into_iter().map(|seen| Seen {
            slot: slots.get(seen.slot as usize).copied().unwrap_or(BEYOND),
            portrait: portraits.get(seen.portrait as usize).copied().unwrap_or_default(),
            links: seen.links.saturating_add(before),
            ..seen
        }));
    }

    /// The result; its groups in the order in which they are to be read.
    pub fn seal(self) -> Insight {
        self.seal_knowing(&Own::default())
    }

    /// As [`Fold::seal`], with what the user knows.
    pub fn seal_knowing(self, own: &Own) -> Insight {
        let times = || self.seen.iter().filter_map(|seen| seen.time);
        let (first, last) = (times().min(), times().max());
        let mut timeline = Timeline::over(first, last);
        let (mut rules, mut hosts) = (self.beyond.rules, self.beyond.hosts);
        let (mut groups, places) =
            sealed_groups(self.slots, self.parts, timeline.len(), self.seen.len() as u64, own);
        for group in &groups {
            count(&mut rules, &group.rule, group.count);
            add_up(&mut hosts, group.hosts.clone());
        }
        let kept: u64 = groups.iter().map(|group| group.count).sum();
        let beyond = self.seen.len() as u64 - kept;
        let (portraits, portrait_places) = self.gallery.seal();
        let (seen, linked) = in_reading_order(self.seen, self.links, self.values);
        let sighting = |seen: Seen| {
            let group = places.get(seen.slot as usize).copied().flatten();
            let portrait = portrait_places.get(seen.portrait as usize).copied().unwrap_or_default();
            Sighting { place: seen.place, time: seen.time, group, portrait }
        };
        let mut sightings: Vec<Sighting> = seen.into_iter().map(sighting).collect();
        for (record, sighting) in (1..).zip(&sightings) {
            let Some(group) = sighting.group.and_then(|group| groups.get_mut(group)) else { continue };
            if group.records.len() < limits::RECORDS_LISTED {
                group.records.push(record);
            }
            let period = sighting.time.and_then(|time| timeline.add(time, group.priority));
            if let Some(count) = period.and_then(|period| group.periods.get_mut(period)) {
                *count += 1;
            }
        }
        let mut incidents = incidents::find(&groups, &sightings, &timeline, &linked);
        let groups = order::to_be_read(groups, &mut sightings, &mut incidents, &timeline);
        Insight { groups, beyond, first, last, rules, hosts, timeline, incidents, portraits, sightings }
    }
}

impl Beyond {
    fn add(&mut self, rule: &str, host: Option<&str>) {
        count(&mut self.rules, rule, 1);
        if let Some(host) = host {
            count(&mut self.hosts, host, 1);
        }
    }

    fn take(&mut self, rule: &str, part: Part) {
        count(&mut self.rules, rule, part.count);
        add_up(&mut self.hosts, part.hosts);
    }
}

/// The groups in order of urgency, before it is known what belongs together, and the place of each slot's
/// group among them. What only the whole set shows is added to each verdict; a group and its id rest on what
/// its alerts show by themselves.
fn sealed_groups(
    slots: BTreeMap<Key, u32>,
    mut parts: Vec<Option<Box<Part>>>,
    periods: usize,
    alerts: u64,
    own: &Own,
) -> (Vec<Group>, Vec<Option<usize>>) {
    let mut places = vec![None; parts.len()];
    let mut seal = |(key, slot): (Key, u32)| {
        let part = parts.get_mut(slot as usize).and_then(Option::take)?;
        Some((slot, part.seal(&key, periods)))
    };
    let mut groups: Vec<(u32, Group)> = slots.into_iter().filter_map(&mut seal).collect();
    let lost_events = groups.iter().any(|(_, group)| group.verdict.class == Class::BlindSpot);
    let set = signals::Set { alerts, lost_events };
    for (_, group) in &mut groups {
        let mut signals = std::mem::take(&mut group.verdict.signals);
        // That events were lost is what such a finding says itself.
        let lost_events = lost_events && group.verdict.class != Class::BlindSpot;
        let set = signals::Set { lost_events, ..set };
        signals.extend(signals::of_set(set, group.count, &group.hosts));
        let image = group.actor.image.known().filter(|_| !group.forgeable);
        signals
            .extend(image.and_then(|image| signals::of_known_image(own.knows(image, &group.rule)?, image)));
        group.own = own.entry(&group.rule);
        group.verdict = judge(signals);
    }
    groups.sort_by(|(_, left), (_, right)| order::urgency(left).cmp(&order::urgency(right)));
    for (at, (slot, _)) in groups.iter().enumerate() {
        if let Some(place) = places.get_mut(*slot as usize) {
            *place = Some(at);
        }
    }
    (groups.into_iter().map(|(_, group)| group).collect(), places)
}

/// The alerts by place, and the links of each.
fn in_reading_order(
    mut seen: Vec<Seen>,
    links: Vec<u32>,
    numbered: HashMap<String, u32>,
) -> (Vec<Seen>, Linked) {
    let mut start = 0;
    let range = |seen: &Seen| {
        let range = start..seen.links as usize;
        start = range.end;
        range
    };
    let mut ranges: Vec<Range<usize>> = seen.iter().map(range).collect();
    // Whoever reads in order, as most do, needs no room for sorting.
    if !seen.is_sorted_by_key(|seen| seen.place) {
        let mut pairs: Vec<(Seen, Range<usize>)> = seen.into_iter().zip(ranges).collect();
        pairs.sort_unstable_by_key(|(seen, _)| seen.place);
        (seen, ranges) = pairs.into_iter().unzip();
    }
    let mut values: Vec<String> = vec![String::new(); numbered.len()];
    #[expect(clippy::iter_over_hash_type, reason = "each text goes to the place of its number")]
    for (text, number) in numbered {
        if let Some(place) = values.get_mut(number as usize) {
            *place = text;
        }
    }
    (seen, Linked { values, links, ranges })
}

/// The number that a linking text goes by.
fn number(values: &mut HashMap<String, u32>, text: &str) -> u32 {
    if let Some(number) = values.get(text) {
        return *number;
    }
    let next = short_number(values.len());
    values.insert(text.to_owned(), next);
    next
}

/// There are fewer than four billion of anything that is held in memory here.
pub(super) fn short_number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(super) fn add_up(into: &mut BTreeMap<String, u64>, from: BTreeMap<String, u64>) {
    for (name, alerts) in from {
        count(into, &name, alerts);
    }
}

pub(super) fn count(counts: &mut BTreeMap<String, u64>, name: &str, alerts: u64) {
    if let Some(count) = counts.get_mut(name) {
        *count += alerts;
    } else {
        counts.insert(name.to_owned(), alerts);
    }
}
