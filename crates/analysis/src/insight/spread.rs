//! Which fields differ among the alerts of a group, and what values they take.
//!
//! Every field that never differs is in the group's example. Of one that does, the values with the
//! smallest checksums are kept, each with its exact count: the same ones whatever the order of alerts and
//! however they were shared out, because what is among the smallest of all was among the smallest of
//! every part. Checksums mix, so the values kept are a fair sample.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::fingerprint::pattern_in;
use crate::alert::{Alert, Value};
use crate::checksum::CRC32;
use crate::limits;

/// A field that differs among the alerts of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// The field; `hostname` for the alert's own key.
    pub field: String,
    /// Values by count, most frequent first; nothing stands for alerts without the field. Parts that
    /// change each time are taken out, except from names that identify something.
    pub values: Vec<(Option<String>, u64)>,
    /// Whether there are more values than those.
    pub more: bool,
}

/// Fields that differ by their nature and tell nothing apart.
const ALWAYS_DIFFERENT: [&str; 9] = [
    "evt.time",
    "evt.rawtime",
    "evt.time.iso8601",
    "evt.datetime",
    "evt.num",
    "proc.pid",
    "proc.ppid",
    "thread.tid",
    "proc.vpid",
];

/// The alert's own key, which is no field.
pub(super) const HOST: &str = "hostname";

/// Fields whose values are names of something, so that their changing parts count.
const NAMES: [&str; 5] = [HOST, "k8s.pod.name", "container.id", "container.name", "fd.sip"];

/// Whether a field differs by its nature, so that its values are not counted.
pub(super) fn always_differs(field: &str) -> bool {
    ALWAYS_DIFFERENT.contains(&field)
}

/// Whether the changing parts of a field's values count.
pub(super) fn is_name(field: &str) -> bool {
    NAMES.contains(&field)
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    checksum: u32,
    value: Option<String>,
    count: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Tally {
    field: String,
    /// Ascending by checksum, then value; at most [`limits::VALUES_KEPT`].
    kept: Vec<Kept>,
    more: bool,
}

/// The differing fields of a group under way; also those that only differ in their changing parts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Spreads {
    tallies: Vec<Tally>,
    /// Room for a value while it is looked up.
    #[serde(skip)]
    room: String,
}

impl Spreads {
    /// Counts the next alert of a group that holds `before` alerts so far, all of which agree with
    /// `example` in the fields not kept here.
    pub fn add(&mut self, alert: &Alert, example: &Alert, before: u64) {
        let fields: Vec<(&str, &Value)> = alert.fields().collect();
        for tally in &mut self.tallies {
            let value = match fields.iter().rev().find(|(name, _)| *name == tally.field) {
                Some((_, value)) => Some(value.text()),
                None => field(alert, &tally.field),
            };
            tally.add_raw(value, 1, &mut self.room);
        }
        for name in differing(alert, example) {
            self.begin(name, alert, example, before);
        }
    }

    /// How many fields are kept.
    pub(super) fn len(&self) -> usize {
        self.tallies.len()
    }

    /// Where a field is kept, until parts merge.
    pub(super) fn position(&self, field: &str) -> Option<usize> {
        self.tallies.iter().position(|tally| tally.field == field)
    }

    /// Counts a value of the field at a place, by its checksum and without what changes each time.
    pub(super) fn count(&mut self, at: usize, value: Option<(u32, &str)>) {
        let Some(tally) = self.tallies.get_mut(at) else { return };
        let (checksum, value) = value.map_or((0, None), |(checksum, value)| (checksum, Some(value)));
        tally.add_known(checksum, value, 1);
    }

    fn begin(&mut self, name: &str, alert: &Alert, example: &Alert, before: u64) {
        if always_differs(name) || self.tallies.iter().any(|tally| tally.field == name) {
            return;
        }
        let mut tally = Tally { field: name.to_owned(), kept: Vec::new(), more: false };
        tally.add_raw(field(example, name), before, &mut self.room);
        tally.add_raw(field(alert, name), 1, &mut self.room);
        self.tallies.push(tally);
    }

    /// Adds another part of the same group. Each part's example stands for the fields that it does not
    /// keep; the counts are those of all its alerts.
    pub fn merge(&mut self, other: Self, ours: (&Alert, u64), theirs: (&Alert, u64)) {
        for tally in &mut self.tallies {
            if !other.tallies.iter().any(|other| other.field == tally.field) {
                tally.add_raw(field(theirs.0, &tally.field), theirs.1, &mut self.room);
            }
        }
        for tally in other.tallies {
            let there = self.tallies.iter_mut().find(|own| own.field == tally.field);
            if let Some(own) = there {
                own.more |= tally.more;
                for kept in tally.kept {
                    own.add(kept.value.as_deref(), kept.count);
                }
            } else {
                let mut tally = tally;
                tally.add_raw(field(ours.0, &tally.field), ours.1, &mut self.room);
                self.tallies.push(tally);
            }
        }
        for name in differing(theirs.0, ours.0) {
            self.begin_with(name, ours, theirs);
        }
    }

    fn begin_with(&mut self, name: &str, ours: (&Alert, u64), theirs: (&Alert, u64)) {
        let len = self.tallies.len();
        self.begin(name, theirs.0, ours.0, ours.1);
        if let Some(tally) = self.tallies.get_mut(len) {
            tally.add_raw(field(theirs.0, name), theirs.1 - 1, &mut self.room);
        }
    }

    /// The result, by field.
    pub fn seal(self) -> Vec<Spread> {
        let differing = self.tallies.into_iter().filter(|tally| tally.kept.len() > 1);
        let mut spreads: Vec<Spread> = differing.map(Tally::seal).collect();
        spreads.sort_by(|left, right| left.field.cmp(&right.field));
        spreads
    }
}

impl Tally {
    fn add_raw(&mut self, value: Option<Cow<'_, str>>, count: u64, room: &mut String) {
        match value {
            Some(value) if !is_name(&self.field) => {
                self.add(Some(pattern_in(room, &value)), count);
            }
            value => self.add(value.as_deref(), count),
        }
    }

    fn add(&mut self, value: Option<&str>, count: u64) {
        if count == 0 {
            return;
        }
        // Most fields differ in their changing parts only.
        if let Some(only) = self.kept.first_mut().filter(|only| only.value.as_deref() == value) {
            only.count += count;
            return;
        }
        let checksum = value.map_or(0, |value| CRC32.checksum(value.as_bytes()));
        self.add_known(checksum, value, count);
    }

    fn add_known(&mut self, checksum: u32, value: Option<&str>, count: u64) {
        let key = (checksum, value);
        let at = self.kept.partition_point(|kept| (kept.checksum, kept.value.as_deref()) < key);
        if let Some(kept) = self.kept.get_mut(at).filter(|kept| (kept.checksum, kept.value.as_deref()) == key)
        {
            kept.count += count;
            return;
        }
        if at < limits::VALUES_KEPT {
            let value = value.map(str::to_owned);
            self.kept.insert(at, Kept { checksum, value, count });
        } else {
            self.more = true;
        }
        if self.kept.len() > limits::VALUES_KEPT {
            self.kept.truncate(limits::VALUES_KEPT);
            self.more = true;
        }
    }

    fn seal(mut self) -> Spread {
        self.kept
            .sort_by(|left, right| right.count.cmp(&left.count).then_with(|| left.value.cmp(&right.value)));
        let values = self.kept.into_iter().map(|kept| (kept.value, kept.count)).collect();
        Spread { field: self.field, values, more: self.more }
    }
}

/// The fields in which two alerts differ. Alerts of one rule have the same fields in the same order, as a
/// rule, and are compared side by side.
fn differing<'a>(alert: &'a Alert, example: &'a Alert) -> Vec<&'a str> {
    let mut differing = Vec::new();
    let (mut own, mut its) = (alert.fields(), example.fields());
    let alike = loop {
        match (own.next(), its.next()) {
            (None, None) => break true,
            (Some((name, value)), Some((its_name, its_value))) if name == its_name => {
                if value != its_value && !always_differs(name) {
                    differing.push(name);
                }
            }
            _ => break false,
        }
    };
    if !alike {
        let names = alert.fields().chain(example.fields()).map(|(name, _)| name);
        differing = names.filter(|name| alert.field(name) != example.field(name)).collect();
    }
    if alert.hostname() != example.hostname() {
        differing.push(HOST);
    }
    differing
}

fn field<'a>(alert: &'a Alert, name: &str) -> Option<Cow<'a, str>> {
    if name == HOST {
        return alert.hostname().map(Cow::Borrowed);
    }
    alert.field(name).map(Value::text)
}
