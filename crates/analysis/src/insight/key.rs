//! What tells groups apart, and the names that groups go by.

use std::cmp::Reverse;

use sha2::{Digest, Sha256};

use super::fingerprint::pattern;
use super::{Actor, Class, Place, Verdict};
use crate::alert::{Alert, Priority, Value};

/// What tells groups apart, most urgent first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) class: Class,
    pub(super) malice: Reverse<i32>,
    /// Without a priority, last.
    pub(super) priority: Priority,
    pub(super) has_priority: bool,
    pub(super) confidence: Reverse<u8>,
    pub(super) rule: String,
    pub(super) source: Option<String>,
    pub(super) actor: Actor,
    pub(super) forgeable: bool,
    pub(super) signals: Vec<&'static str>,
}

impl Key {
    pub(super) fn of(alert: &Alert, verdict: &Verdict) -> Self {
        Self {
            class: verdict.class,
            malice: Reverse(verdict.malice()),
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
    pub(super) fn id(&self) -> String {
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
    pub(super) fn fingerprint(&self) -> String {
        let parts =
            serde_json::to_vec(&(&self.rule, &self.source, self.actor.held(), self.actor.place.is_host()));
        short(Sha256::new_with_prefix(parts.unwrap_or_default()))
    }
}

/// The parts of a [`Key`] as bytes, each text after its length, so that no two keys have the same.
pub(super) fn write_key(out: &mut Vec<u8>, alert: &Alert, verdict: &Verdict) {
    fn text(out: &mut Vec<u8>, text: &str) {
        out.extend_from_slice(&(text.len() as u64).to_le_bytes());
        out.extend_from_slice(text.as_bytes());
    }
    out.clear();
    out.extend_from_slice(&[
        verdict.class as u8,
        verdict.confidence,
        alert.priority().map_or(u8::MAX, |priority| priority as u8),
        u8::from(alert.is_forgeable()),
    ]);
    text(out, alert.rule());
    match alert.source() {
        Some(source) => text(out, source),
        None => out.push(0),
    }
    let mut fields = [None; 5];
    for (name, value) in alert.fields() {
        let place = match name {
            "proc.exepath" => 0,
            "proc.name" => 1,
            "container.image.repository" => 2,
            "k8s.ns.name" => 3,
            "container.id" => 4,
            _ => continue,
        };
        if let Some(field) = fields.get_mut(place) {
            *field = Some(value);
        }
    }
    let [named @ .., container] = fields;
    for field in named {
        match field {
            None => out.push(0),
            Some(Value::Null) => out.push(1),
            Some(value) => {
                out.push(2);
                text(out, &pattern(&value.text()));
            }
        }
    }
    out.push(Place::of_value(container) as u8);
    for signal in &verdict.signals {
        text(out, signal.name);
    }
}

/// The first 12 hex digits.
fn short(digest: Sha256) -> String {
    digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
