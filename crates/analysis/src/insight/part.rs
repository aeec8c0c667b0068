//! A group under way: its counts, and the alert that stands for it.

use std::collections::BTreeMap;

use super::fold::{add_up, count};
use super::key::Key;
use super::skim::Face;
use super::spread::Spreads;
use super::{Group, Verdict};
use crate::alert::{Alert, Timestamp};

/// A group under way.
#[derive(Debug)]
pub struct Part {
    pub count: u64,
    pub last: Option<Timestamp>,
    pub hosts: BTreeMap<String, u64>,
    pub spreads: Spreads,
    /// The earliest alert.
    pub example: Alert,
    /// The same one, for [`Skim`] of the fold that holds this part.
    pub face: Face,
    pub verdict: Verdict,
}

impl Part {
    pub fn of(alert: Alert, verdict: Verdict) -> Self {
        let hosts = alert.hostname().map(|host| (host.to_owned(), 1)).into_iter().collect();
        Self {
            count: 1,
            last: alert.time(),
            hosts,
            spreads: Spreads::default(),
            example: alert,
            face: Face::Unknown,
            verdict,
        }
    }

    pub fn add(&mut self, alert: Alert, verdict: Verdict) {
        self.spreads.add(&alert, &self.example, self.count);
        self.count += 1;
        self.last = self.last.max(alert.time());
        if let Some(host) = alert.hostname() {
            count(&mut self.hosts, host, 1);
        }
        if comes_before(&alert, &self.example) {
            self.example = alert;
            self.face = Face::Unknown;
            self.verdict = verdict;
        }
    }

    /// Takes another part's alerts of the same group.
    pub fn merge(&mut self, other: Self) {
        self.spreads.merge(other.spreads, (&self.example, self.count), (&other.example, other.count));
        self.count += other.count;
        self.last = self.last.max(other.last);
        add_up(&mut self.hosts, other.hosts);
        if comes_before(&other.example, &self.example) {
            self.example = other.example;
            self.face = Face::Unknown;
            self.verdict = other.verdict;
        }
    }

    pub fn seal(self, key: &Key, periods: usize) -> Group {
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
            first: self.example.time(),
            last: self.last,
            records: Vec::new(),
            periods: vec![0; periods],
            spreads: self.spreads.seal(),
            hosts: self.hosts,
            own: None,
            example: self.example,
        }
    }
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
