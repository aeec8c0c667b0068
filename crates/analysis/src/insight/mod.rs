//! Folds alerts into groups: alerts of one rule that did the same thing, with one verdict. The report
//! calls each a finding.
//!
//! A group is told apart by its rule, priority and source, by what acted where (program, image,
//! namespace), and by the signals of its verdict. So its verdict and every fact that a mitigation
//! selects by hold for each of its alerts, and counting groups is counting alerts. Parts of a value that
//! change each time, such as temporary names, are taken out first ([`fingerprint`]).
//!
//! [`Fold`] takes alerts in any order, and in parts that merge. Over the sealed groups, [`noise`] says
//! which of them make the volume, [`incidents`] which alerts belong together, [`timeline`] when, and
//! [`coverage`] which ATT&CK techniques; [`diff`] compares two sets.

pub mod coverage;
pub mod diff;
pub mod fingerprint;
mod fold;
pub mod incidents;
mod key;
pub mod links;
pub mod noise;
mod order;
pub mod overview;
mod part;
mod portion;
pub mod portrait;
mod siblings;
pub mod signals;
mod skim;
pub mod spread;
pub mod timeline;
mod verdict;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::alert::{Alert, Priority, Timestamp, Value};
use crate::knowledge::{self, Entry};
pub use fold::{Fold, Sighting};
use incidents::Incidents;
pub use portion::Portion;
use portrait::Portrait;
pub use siblings::Siblings;
use spread::Spread;
use timeline::Timeline;
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
        Self::of_value(alert.field("container.id"))
    }

    /// From the value of `container.id`.
    fn of_value(id: Option<&Value>) -> Self {
        match id {
            None => Self::Absent,
            Some(Value::Null) => Self::Null,
            Some(Value::String(id)) if id == "host" => Self::Host,
            Some(_) => Self::Container,
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
    /// Values that differ only in parts that change each time; see [`fingerprint::pattern`].
    Like(String),
}

impl Held {
    fn of(alert: &Alert, field: &str) -> Self {
        match alert.field(field) {
            None => Self::Absent,
            Some(Value::Null) => Self::Null,
            Some(value) => {
                let text = value.text();
                match fingerprint::pattern(&text) {
                    pattern if pattern == text => Self::Text(text.into_owned()),
                    pattern => Self::Like(pattern.into_owned()),
                }
            }
        }
    }

    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Absent => ("absent", ""),
            Self::Null => ("null", ""),
            Self::Text(text) => ("text", text),
            Self::Like(pattern) => ("like", pattern),
        }
    }

    /// The value, if all alerts have the same, and it is one that identifies anything.
    pub fn known(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.is_empty() && text != "<NA>" => Some(text),
            _ => None,
        }
    }

    /// Falco's `field = value`: unknown where the field is absent or differs from alert to alert, false
    /// where it is null.
    pub fn equals(&self, value: &str) -> Option<bool> {
        match self {
            Self::Absent => None,
            Self::Text(text) => Some(text == value),
            Self::Like(pattern) if fingerprint::pattern(value) == *pattern => None,
            Self::Null | Self::Like(_) => Some(false),
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

    /// Every part that is a field, for hashing.
    fn held(&self) -> [(&'static str, &str); 4] {
        [&self.executable, &self.process, &self.image, &self.namespace].map(Held::parts)
    }
}

/// Alerts of one rule that did the same thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// A hash of what tells this group apart.
    pub id: String,
    /// A hash of rule, source and actor: the same for the same thing in another set, whatever its verdict.
    pub fingerprint: String,
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
    /// Record numbers, from 1, at most [`crate::limits::RECORDS_LISTED`]; [`Insight::members`] has all.
    pub records: Vec<u64>,
    /// Alerts in each period of the timeline.
    pub periods: Vec<u64>,
    /// The fields in which the alerts differ.
    pub spreads: Vec<Spread>,
    /// How many alerts each host had.
    pub hosts: BTreeMap<String, u64>,
    /// The user's own knowledge of the rule, packed; see [`Group::entry`].
    pub own: Option<Arc<str>>,
    /// The earliest of the alerts, so that the order of the lines does not matter; the report quotes it.
    pub example: Alert,
}

impl Group {
    /// What is known about the rule: by the user if there is anything, else by us.
    pub fn entry(&self) -> Option<Entry<'_>> {
        match &self.own {
            Some(lines) => Some(knowledge::unpacked(&self.rule, lines)),
            None => knowledge::entry(&self.rule).cloned(),
        }
    }

    /// Every how many seconds it alerted, on average from its first to its last alert.
    pub fn every(&self) -> Option<u64> {
        let span = self.last?.seconds().abs_diff(self.first?.seconds());
        span.checked_div(self.count.saturating_sub(1))
    }
}

/// The groups, in the order in which they are to be read, and the counts over all alerts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Insight {
    /// Most urgent first: by class; within a class what is part of an incident before what is not, and what
    /// alerts all the time last.
    pub groups: Vec<Group>,
    /// Alerts of groups beyond [`crate::limits::GROUPS`]; counted, not judged.
    pub beyond: u64,
    /// Time of the earliest alert.
    pub first: Option<Timestamp>,
    /// Time of the latest alert.
    pub last: Option<Timestamp>,
    /// Alerts by rule.
    pub rules: BTreeMap<String, u64>,
    /// Alerts by host.
    pub hosts: BTreeMap<String, u64>,
    /// Alerts by time and priority.
    pub timeline: Timeline,
    /// Which alerts belong together.
    pub incidents: Incidents,
    /// What alerts can be tuned by, each once.
    pub portraits: Vec<Portrait>,
    /// Every alert in reading order: the one at place 0 is record 1.
    pub sightings: Vec<Sighting>,
}

/// What a query begins with that asks for the alerts of a finding, by its identifier.
pub const FINDING_QUERY: &str = "finding:";

impl Insight {
    /// The place of the group that a query such as `finding:1f3a` asks for.
    pub fn asked_for(&self, query: &str) -> Option<usize> {
        let id = query.trim().strip_prefix(FINDING_QUERY)?;
        self.groups.iter().position(|group| group.id == id)
    }

    /// The record numbers of all alerts of a group.
    pub fn members(&self, group: usize) -> impl Iterator<Item = u64> {
        let numbered = (1..).zip(&self.sightings);
        numbered.filter(move |(_, sighting)| sighting.group == Some(group)).map(|(record, _)| record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Object;
    use crate::ingest;

    fn fold(lines: &[&str]) -> Insight {
        let mut fold = Fold::default();
        for (offset, line) in (0..).zip(lines) {
            let alert = Alert::from_object(Object::parse(line.as_bytes()).unwrap()).unwrap();
            fold.add(alert, ingest::Place { file: (0, 0), offset });
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
    fn an_alert_has_siblings_in_reading_order() {
        let insight = fold(&[LATE, OTHER, EARLY, LATE]);
        let told =
            |record: u64| insight.siblings(record).map(|one| (one.place, one.count, one.previous, one.next));
        assert_eq!(told(1), Some((1, 3, None, Some(3))));
        assert_eq!(told(3), Some((2, 3, Some(1), Some(4))));
        assert_eq!(told(4), Some((3, 3, Some(3), None)));
        assert_eq!(told(2), Some((1, 1, None, None)));
        assert_eq!((told(0), told(5)), (None, None));
        assert_eq!(insight.siblings(1).unwrap().finding, insight.siblings(4).unwrap().finding);
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
            insight.sightings.clear();
            insight
        };
        assert_eq!(unnumbered(&[LATE, OTHER, EARLY]), unnumbered(&[EARLY, LATE, OTHER]));
    }
}
