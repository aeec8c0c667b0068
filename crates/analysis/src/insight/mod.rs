//! Folds alerts into groups: alerts of one rule that did the same thing, with one verdict. The report
//! calls each a finding.
//!
//! A group is told apart by its rule, priority and source, by what acted where (program, image,
//! namespace), and by the signals of its verdict. So its verdict and every fact that a mitigation
//! selects by hold for each of its alerts, and counting groups is counting alerts.

pub mod signals;
mod verdict;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::alert::{Alert, Priority, Timestamp, Value};
use crate::limits;
pub use verdict::{Class, Verdict, judge};

/// What acted, and where; the parts that stay the same when the same thing happens again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Actor {
    /// `proc.exepath`.
    pub executable: Held,
    /// `proc.name`.
    pub process: Held,
    /// `container.image.repository`.
    pub image: Held,
    /// Where it ran, by `container.id`.
    pub place: Place,
    /// `k8s.ns.name`.
    pub namespace: Held,
}

/// Where a process ran. A container's own id changes with every start, so it is not part of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// `container.id` is not in the alert.
    Absent,
    /// `container.id` is null: Falco did not know.
    Null,
    /// Directly on the host.
    Host,
    /// In a container.
    Container,
}

impl Place {
    fn of(alert: &Alert) -> Self {
        match Held::of(alert, "container.id") {
            Held::Absent => Self::Absent,
            Held::Null => Self::Null,
            Held::Text(id) if id == "host" => Self::Host,
            Held::Text(_) => Self::Container,
        }
    }

    /// Falco's `container.id = host`: unknown where the field is absent, false where it is null.
    pub fn is_host(self) -> Option<bool> {
        match self {
            Self::Absent => None,
            Self::Null | Self::Container => Some(false),
            Self::Host => Some(true),
        }
    }
}

/// A field as a group holds it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// Not in the alert, so its value is unknown.
    Absent,
    /// `null`: Falco could not extract it, and every comparison with it is false.
    Null,
    /// A value.
    Text(String),
}

impl Held {
    fn of(alert: &Alert, field: &str) -> Self {
        match alert.field(field) {
            None => Self::Absent,
            Some(Value::Null) => Self::Null,
            Some(value) => Self::Text(value.text().into_owned()),
        }
    }

    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Absent => ("absent", ""),
            Self::Null => ("null", ""),
            Self::Text(text) => ("text", text),
        }
    }

    /// The value, if it is one that identifies anything.
    pub fn known(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.is_empty() && text != "<NA>" => Some(text),
            _ => None,
        }
    }

    /// Falco's `field = value`: unknown where the field is absent, false where it is null.
    pub fn equals(&self, value: &str) -> Option<bool> {
        match self {
            Self::Absent => None,
            Self::Null => Some(false),
            Self::Text(text) => Some(text == value),
        }
    }
}

impl Actor {
    fn of(alert: &Alert) -> Self {
        Self {
            executable: Held::of(alert, "proc.exepath"),
            process: Held::of(alert, "proc.name"),
            image: Held::of(alert, "container.image.repository"),
            place: Place::of(alert),
            namespace: Held::of(alert, "k8s.ns.name"),
        }
    }
}

/// Alerts of one rule that did the same thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// A hash of what tells this group apart.
    pub id: String,
    /// The rule's name.
    pub rule: String,
    /// Its priority, if the alerts have a valid one.
    pub priority: Option<Priority>,
    /// The event source, if the alerts name one.
    pub source: Option<String>,
    /// What acted, and where.
    pub actor: Actor,
    /// Whether a process could have written these alerts, so that they support no benign reading, no
    /// tuning and no proof.
    pub forgeable: bool,
    /// What we take it for.
    pub verdict: Verdict,
    /// How many alerts.
    pub count: u64,
    /// Time of the earliest alert that has one.
    pub first: Option<Timestamp>,
    /// Time of the latest alert that has one.
    pub last: Option<Timestamp>,
    /// Record numbers, from 1, at most [`limits::RECORDS_LISTED`].
    pub records: Vec<u64>,
    /// How many alerts each host had.
    pub hosts: BTreeMap<String, u64>,
    /// The earliest of the alerts, so that the order of the lines does not matter; the report quotes it.
    pub example: Alert,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rule: String,
    priority: Option<Priority>,
    source: Option<String>,
    actor: Actor,
    forgeable: bool,
    class: Class,
    confidence: u8,
    signals: Vec<&'static str>,
}

/// Counts over all alerts, and the groups under way.
#[derive(Debug, Default)]
pub struct Fold {
    groups: BTreeMap<Key, Group>,
    alerts: u64,
    beyond: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    rules: BTreeMap<String, u64>,
    hosts: BTreeMap<String, u64>,
}

/// The groups, most urgent first, and the counts over all alerts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Insight {
    /// Most urgent first.
    pub groups: Vec<Group>,
    /// Alerts that would have made more than [`limits::GROUPS`]; counted, not judged.
    pub beyond: u64,
    /// Time of the earliest alert.
    pub first: Option<Timestamp>,
    /// Time of the latest alert.
    pub last: Option<Timestamp>,
    /// Alerts by rule.
    pub rules: BTreeMap<String, u64>,
    /// Alerts by host.
    pub hosts: BTreeMap<String, u64>,
}

impl Fold {
    /// Takes the next alert in reading order.
    pub fn add(&mut self, alert: Alert) {
        self.alerts += 1;
        let record = self.alerts;
        let time = alert.time();
        stretch(&mut self.first, &mut self.last, time);
        count(&mut self.rules, alert.rule());
        if let Some(host) = alert.hostname() {
            count(&mut self.hosts, host);
        }
        let verdict = judge(signals::collect(&alert));
        let key = Key {
            rule: alert.rule().to_owned(),
            priority: alert.priority(),
            source: alert.source().map(str::to_owned),
            actor: Actor::of(&alert),
            forgeable: alert.is_forgeable(),
            class: verdict.class,
            confidence: verdict.confidence,
            signals: verdict.signals.iter().map(|signal| signal.name).collect(),
        };
        if let Some(group) = self.groups.get_mut(&key) {
            group.count += 1;
            stretch(&mut group.first, &mut group.last, time);
            if group.records.len() < limits::RECORDS_LISTED {
                group.records.push(record);
            }
            if let Some(host) = alert.hostname() {
                count(&mut group.hosts, host);
            }
            if comes_before(&alert, &group.example) {
                group.example = alert;
                group.verdict = verdict;
            }
        } else if self.groups.len() < limits::GROUPS {
            let hosts = alert.hostname().map(|host| (host.to_owned(), 1)).into_iter().collect();
            let group = Group {
                id: key.id(),
                rule: key.rule.clone(),
                priority: key.priority,
                source: key.source.clone(),
                actor: key.actor.clone(),
                forgeable: key.forgeable,
                verdict,
                count: 1,
                first: time,
                last: time,
                records: vec![record],
                hosts,
                example: alert,
            };
            self.groups.insert(key, group);
        } else {
            self.beyond += 1;
        }
    }

    /// The result, in order of urgency: by class, weight of malice, priority, confidence, rule, then time.
    ///
    /// What only the whole set shows is added to each verdict here; a group and its id rest on what its
    /// alerts show by themselves.
    pub fn seal(self) -> Insight {
        let lost_events = self.groups.values().any(|group| group.verdict.class == Class::BlindSpot);
        let set = signals::Set { alerts: self.alerts, lost_events };
        let mut groups: Vec<Group> = self.groups.into_values().collect();
        for group in &mut groups {
            let mut signals = std::mem::take(&mut group.verdict.signals);
            signals.extend(signals::of_set(set, group.count, &group.hosts));
            group.verdict = judge(signals);
        }
        groups.sort_by(|left, right| urgency(left).cmp(&urgency(right)));
        Insight {
            groups,
            beyond: self.beyond,
            first: self.first,
            last: self.last,
            rules: self.rules,
            hosts: self.hosts,
        }
    }
}

fn urgency(group: &Group) -> impl Ord {
    let priority = group.priority.unwrap_or(Priority::Debug);
    let malice = std::cmp::Reverse(group.verdict.malice());
    let confidence = std::cmp::Reverse(group.verdict.confidence);
    (group.verdict.class, malice, priority, confidence, &group.rule, group.first, &group.id)
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

impl Key {
    /// The first 12 hex digits of a SHA-256 over every part.
    fn id(&self) -> String {
        let priority = self.priority.map(Priority::name);
        let Actor { executable, process, image, place, namespace } = &self.actor;
        let held = [executable, process, image, namespace].map(Held::parts);
        let verdict = (self.class.name(), self.confidence, &self.signals);
        let parts = serde_json::to_vec(&(&self.rule, priority, &self.source, held, place.is_host(), verdict));
        let mut digest = Sha256::new_with_prefix(parts.unwrap_or_default());
        if self.forgeable {
            digest.update("forgeable");
        }
        digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

fn stretch(first: &mut Option<Timestamp>, last: &mut Option<Timestamp>, time: Option<Timestamp>) {
    *first = first.iter().copied().chain(time).min();
    *last = last.iter().copied().chain(time).max();
}

fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
    if let Some(count) = counts.get_mut(name) {
        *count += 1;
    } else {
        counts.insert(name.to_owned(), 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Object;

    fn fold(lines: &[&str]) -> Insight {
        let mut fold = Fold::default();
        for line in lines {
            fold.add(Alert::from_object(Object::parse(line.as_bytes()).unwrap()).unwrap());
        }
        fold.seal()
    }

    const EARLY: &str =
        r#"{"rule":"R","time":"2025-01-01T00:00:00Z","hostname":"a","output_fields":{"proc.exepath":"/x"}}"#;
    const LATE: &str =
        r#"{"rule":"R","time":"2025-01-02T00:00:00Z","hostname":"b","output_fields":{"proc.exepath":"/x"}}"#;
    const OTHER: &str =
        r#"{"rule":"R","time":"2025-01-01T12:00:00Z","output_fields":{"proc.exepath":"/tmp/y"}}"#;

    #[test]
    fn the_same_program_under_one_rule_is_one_group() {
        let insight = fold(&[LATE, OTHER, EARLY]);
        let [first, second] = insight.groups.as_slice() else { panic!("two groups") };
        let mut counts = [(first.count, first.records.as_slice()), (second.count, second.records.as_slice())];
        counts.sort_unstable();
        assert_eq!(counts, [(1, [2].as_slice()), (2, [1, 3].as_slice())]);
        assert_eq!(insight.rules, BTreeMap::from([("R".to_owned(), 3)]));
        assert_eq!(insight.first.unwrap().to_string(), "2025-01-01T00:00:00.000000000Z");
    }

    #[test]
    fn alerts_that_a_process_could_have_written_are_apart() {
        const RECOVERED: &str = r#"{"rule":"R","time":"2025-01-01T00:00:00Z","hostname":"a","output_fields":{"proc.exepath":"/x"},"falco_report":{"marks":["recovered"]}}"#;
        let insight = fold(&[EARLY, RECOVERED]);
        let [first, second] = insight.groups.as_slice() else { panic!("two groups") };
        assert_ne!(first.forgeable, second.forgeable);
        assert_ne!(first.id, second.id);
    }

    #[test]
    fn what_the_set_shows_moves_confidence_and_neither_class_nor_id() {
        const DROP: &str =
            r#"{"rule":"Falco internal: syscall event drop","source":"internal","output":"x"}"#;
        let alone = fold(&[OTHER]).groups.remove(0);
        let mut lines = vec![EARLY; 120];
        lines.extend([OTHER, DROP]);
        let among = fold(&lines).groups.into_iter().find(|group| group.id == alone.id).unwrap();
        let names =
            |group: &Group| group.verdict.signals.iter().map(|signal| signal.name).collect::<Vec<_>>();
        assert_eq!(names(&alone), ["runs_from_temporary_folder"]);
        assert_eq!(names(&among), ["runs_from_temporary_folder", "rare_in_set", "set_lost_events"]);
        assert_eq!((alone.verdict.class, among.verdict.class), (Class::NeedsReview, Class::NeedsReview));
        assert_eq!((alone.verdict.confidence, among.verdict.confidence), (45, 25));
    }

    #[test]
    fn more_signs_of_an_attack_are_more_urgent_than_the_rules_priority() {
        let grave = r#"{"rule":"R","priority":"Critical","output_fields":{"proc.exepath":"/x"}}"#;
        let odd = r#"{"rule":"S","priority":"Notice","output_fields":{"proc.exepath":"/tmp/x"}}"#;
        let rules: Vec<String> = fold(&[grave, odd]).groups.into_iter().map(|group| group.rule).collect();
        assert_eq!(rules, ["S", "R"]);
    }

    #[test]
    fn the_order_of_lines_changes_only_record_numbers() {
        let unnumbered = |lines: &[&str]| {
            let mut insight = fold(lines);
            for group in &mut insight.groups {
                group.records.clear();
            }
            insight
        };
        assert_eq!(unnumbered(&[LATE, OTHER, EARLY]), unnumbered(&[EARLY, LATE, OTHER]));
    }
}
