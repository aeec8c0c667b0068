//! The loaded alerts as a proof counts them: by finding and portrait.

use std::collections::BTreeMap;

use condition::{Lookup, Value};

use crate::insight::portrait::Portrait;
use crate::insight::{Class, Group, Held, Insight};
use crate::limits;

/// The malice from which what needs review is nothing to be tuned away in bulk: as much keeps a finding
/// from being judged benign.
const SUSPICIOUS: i32 = 20;

/// Alerts of one finding with one portrait; tuning hides all of them or none.
#[derive(Debug)]
pub struct Case<'a> {
    /// The place of the finding in the report's order, the most urgent first.
    pub at: usize,
    /// The finding.
    pub group: &'a Group,
    /// What the alerts say.
    pub portrait: &'a Portrait,
    /// How many alerts.
    pub count: u64,
    /// Their first record numbers, at most [`limits::RECORDS_LISTED`].
    pub records: Vec<u64>,
}

/// The cases of each rule, in the order of findings.
pub fn by_rule(insight: &Insight) -> BTreeMap<&str, Vec<Case<'_>>> {
    let mut cases: BTreeMap<(usize, u32), (u64, Vec<u64>)> = BTreeMap::new();
    for (record, sighting) in (1..).zip(&insight.sightings) {
        let Some(group) = sighting.group else { continue };
        let (count, records) = cases.entry((group, sighting.portrait)).or_default();
        *count += 1;
        if records.len() < limits::RECORDS_LISTED {
            records.push(record);
        }
    }
    let mut rules: BTreeMap<&str, Vec<Case<'_>>> = BTreeMap::new();
    for ((at, portrait), (count, records)) in cases {
        let (Some(group), Some(portrait)) =
            (insight.groups.get(at), insight.portraits.get(portrait as usize))
        else {
            continue;
        };
        rules.entry(&group.rule).or_default().push(Case { at, group, portrait, count, records });
    }
    rules
}

/// What is to be hidden, and what must not be.
pub struct Wish {
    /// By the place of the finding: whether it is to be hidden.
    pub wanted: Vec<bool>,
    /// By the place of the finding: whether nothing may be proposed that hides it.
    pub guarded: Vec<bool>,
}

impl Wish {
    /// Everything that looks like ordinary work; or the findings of these ids, whatever they are.
    pub fn new(insight: &Insight, select: &[String], insist: bool) -> Self {
        let mut linked = vec![false; insight.groups.len()];
        for step in insight.incidents.listed.iter().flat_map(|incident| &incident.steps) {
            if let Some(entry) = linked.get_mut(step.group) {
                *entry = true;
            }
        }
        let sound = insight.groups.iter().filter(|group| !group.forgeable).count();
        let (mut wanted, mut guarded) = (Vec::new(), Vec::new());
        for (group, linked) in insight.groups.iter().zip(linked) {
            let is_malicious = group.verdict.class == Class::LikelyMalicious;
            let suspicious = group.verdict.malice() >= SUSPICIOUS;
            let is_ordinary = match group.verdict.class {
                Class::LikelyBenign => true,
                Class::NeedsReview => !suspicious && !linked,
                Class::TestActivity => sound == 1,
                Class::LikelyMalicious | Class::BlindSpot => false,
            };
            if select.is_empty() {
                wanted.push(is_ordinary && !group.forgeable);
                guarded.push(!group.forgeable && (is_malicious || suspicious || linked));
            } else {
                let chosen = select.contains(&group.id) && !group.forgeable;
                wanted.push(chosen && (insist || !is_malicious));
                guarded.push(is_malicious && !insist && !group.forgeable);
            }
        }
        Self { wanted, guarded }
    }

    /// Whether the finding at a place is to be hidden.
    pub fn wants(&self, at: usize) -> bool {
        self.wanted.get(at).copied().unwrap_or_default()
    }

    /// Whether nothing may hide the finding at a place.
    pub fn guards(&self, at: usize) -> bool {
        self.guarded.get(at).copied().unwrap_or_default()
    }
}

/// The values of some fields, by slot. What changes each time equals no value that tuning names, so its
/// pattern stands for it.
pub fn row<'a>(portrait: &'a Portrait, fields: &[String]) -> Vec<Lookup<'a>> {
    let lookup = |name: &String| match portrait.get(name) {
        Held::Absent => Lookup::Absent,
        Held::Null => Lookup::Null,
        Held::Text(text) | Held::Like(text) => Lookup::Value(Value::Text(text)),
    };
    fields.iter().map(lookup).collect()
}
