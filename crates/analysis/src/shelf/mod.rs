//! The loaded alerts, kept small, for questions that come after the report: searches and the lab.
//!
//! Alerts of one rule carry the same fields, and most of their values repeat. So an alert is a row of
//! numbers: its *shape* names the fields, each number is a value that all alerts share. A condition finds
//! the places of its fields once for each shape and then reads values by index.

mod cells;
mod export;
mod groups;
mod lineage;
mod meaning;
mod order;
mod portion;
mod pretty;
mod tally;
mod text;
mod view;

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Priority, Timestamp, Value, provenance};
use crate::limits;
use crate::report::escape::visible;
pub use cells::Line;
pub use groups::{Field, Group};
pub use lineage::Ancestor;
pub use order::Order;
pub(crate) use order::Sorting;
pub use portion::Portion;
pub(crate) use tally::{Counted, Tally};
pub(crate) use text::{Word, words};
pub(crate) use view::View;

/// Keys that are kept otherwise.
const APART: [&str; 2] = ["output", "output_fields"];

/// Alerts in reading order, at most [`limits::SHELF_BYTES`] of them.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    alerts: Vec<Kept>,
    /// The values of all alerts, one after the other, each as a place in `values`.
    cells: Vec<u32>,
    values: Vec<Value>,
    shapes: Vec<Shape>,
    /// Places of texts and shapes by their hash; of two with the same hash, one is found and one repeats.
    texts: HashMap<u64, u32>,
    known_shapes: HashMap<u64, u32>,
    bytes: usize,
    beyond: u64,
}

#[derive(Debug, Clone)]
struct Kept {
    time: Option<Timestamp>,
    priority: Option<Priority>,
    rule: u32,
    shape: u32,
    /// The place of the first cell.
    cells: usize,
    output: Box<str>,
}

/// What the alerts of a kind consist of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Shape {
    /// Keys of the alert itself, in file order.
    own: Vec<String>,
    /// Names of its `output_fields`, in file order.
    fields: Vec<String>,
    /// Where each key of [`APART`] stands: how many of its own keys are before it, and its place in the object.
    apart: [Option<(usize, usize)>; 2],
}

/// An alert as a list of results shows it, with characters that do not show spelt out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its record number, from 1.
    pub record: u64,
    /// Its time in UTC; empty if it has none.
    pub time: String,
    /// Its priority; empty if it has no valid one.
    pub priority: String,
    /// Its rule.
    pub rule: String,
    /// Its host; empty if it names none.
    pub host: String,
    /// Its output, cut to [`limits::VALUE_SHOWN`] characters.
    pub output: String,
}

impl Shelf {
    /// Takes the next alert in reading order.
    pub fn add(&mut self, alert: &Alert) {
        let noted = (!alert.provenance().is_plain()).then(|| alert.provenance().to_value());
        let noted = || noted.iter().map(|value| (provenance::KEY, value));
        let own = || alert.object().iter().filter(|(name, _)| !APART.contains(name)).chain(noted());
        let values = own().chain(alert.fields()).map(|(_, value)| value);
        let output = alert.output().unwrap_or_default();
        let place = |key: &str| {
            let place = alert.object().iter().position(|(name, _)| name == key)?;
            let before = alert.object().iter().take(place);
            Some((before.filter(|(name, _)| !APART.contains(name)).count(), place))
        };
        self.keep(alert.time(), alert.priority(), alert.rule(), output, values, || Shape {
            own: own().map(|(name, _)| name.to_owned()).collect(),
            fields: alert.fields().map(|(name, _)| name.to_owned()).collect(),
            apart: APART.map(place),
        });
    }

    fn keep<'a>(
        &mut self,
        time: Option<Timestamp>,
        priority: Option<Priority>,
        rule: &str,
        output: &str,
        values: impl Iterator<Item = &'a Value>,
        shape: impl Fn() -> Shape,
    ) {
        if self.is_full() {
            self.beyond += 1;
            return;
        }
        let cells = self.cells.len();
        for value in values {
            let place = self.value(value);
            self.cells.push(place);
        }
        let kept = Kept {
            time,
            priority,
            rule: self.text(rule),
            shape: self.shape(shape()),
            cells,
            output: output.into(),
        };
        self.bytes += size_of::<Kept>() + kept.output.len() + (self.cells.len() - cells) * size_of::<u32>();
        self.alerts.push(kept);
    }

    /// Whether further alerts are only counted.
    pub fn is_full(&self) -> bool {
        self.beyond > 0 || self.bytes >= limits::SHELF_BYTES
    }

    /// Counts alerts that are not kept.
    pub fn pass(&mut self, alerts: u64) {
        self.beyond += alerts;
    }

    /// How many alerts there are to ask about.
    pub fn len(&self) -> usize {
        self.alerts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.alerts.is_empty()
    }

    /// How many more were loaded, but not kept.
    pub fn beyond(&self) -> u64 {
        self.beyond
    }

    /// The alert of a record number.
    pub fn row(&self, record: u64) -> Option<Row> {
        let alert = self.at(record)?;
        let host = self.own(alert, "hostname").map(|value| visible(&value.text()).into_owned());
        Some(Row {
            record,
            time: alert.time.map(|time| time.to_string()).unwrap_or_default(),
            priority: alert.priority.map(Priority::name).unwrap_or_default().to_owned(),
            rule: visible(self.rule_of(alert)).into_owned(),
            host: host.unwrap_or_default(),
            output: visible(&alert.output).into_owned(),
        })
    }

    /// Everything that an alert consists of, its output apart: own keys, then fields, in file order.
    /// Values are JSON where they are no texts, with characters that do not show spelt out.
    pub fn details(&self, record: u64) -> Vec<(String, String)> {
        let Some(alert) = self.at(record) else { return Vec::new() };
        let Some(shape) = self.shape_of(alert) else { return Vec::new() };
        let names = shape.own.iter().chain(&shape.fields);
        let detail = |(at, name): (usize, &String)| {
            let value = self.cell(alert, at).map(|value| visible(&value.text()).into_owned());
            (visible(name).into_owned(), value.unwrap_or_default())
        };
        names.enumerate().map(detail).collect()
    }

    /// The rule of an alert, as it is written.
    pub(crate) fn rule(&self, record: u64) -> Option<&str> {
        self.at(record).map(|alert| self.rule_of(alert))
    }

    /// The time of an alert, if it has one.
    pub(crate) fn time(&self, record: u64) -> Option<Timestamp> {
        self.at(record)?.time
    }

    /// The priority of an alert, if it has a valid one.
    pub(crate) fn priority(&self, record: u64) -> Option<Priority> {
        self.at(record)?.priority
    }

    /// The value of an alert's own key, as text.
    pub(crate) fn own_text(&self, record: u64, key: &str) -> Option<Cow<'_, str>> {
        self.own(self.at(record)?, key).map(Value::text)
    }

    /// The value of an alert's field, as text; nothing for null.
    pub(crate) fn field_text(&self, record: u64, name: &str) -> Option<Cow<'_, str>> {
        let alert = self.at(record)?;
        let value = self.cell(alert, self.shape_of(alert)?.column(name)?)?;
        (*value != Value::Null).then(|| value.text())
    }

    /// The rules of the alerts, each once, those of early alerts first.
    pub(crate) fn rules(&self) -> Vec<&str> {
        let mut rules: Vec<u32> = Vec::new();
        for alert in &self.alerts {
            if !rules.contains(&alert.rule) {
                rules.push(alert.rule);
            }
        }
        rules.into_iter().filter_map(|rule| self.values.get(rule as usize)?.as_str()).collect()
    }

    /// The names of the fields that alerts carry, sorted.
    pub(crate) fn field_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.shapes.iter().flat_map(|shape| &shape.fields).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The values of a field and how many alerts have each, the most frequent first.
    pub(crate) fn values_of(&self, field: &str) -> Vec<(&Value, u64)> {
        let columns: Vec<Option<usize>> = self.shapes.iter().map(|shape| shape.column(field)).collect();
        let mut counts: HashMap<u32, u64> = HashMap::new();
        for alert in &self.alerts {
            let column = columns.get(alert.shape as usize).copied().flatten();
            if let Some(place) = column.and_then(|column| self.cells.get(alert.cells + column)) {
                *counts.entry(*place).or_default() += 1;
            }
        }
        let mut counts: Vec<(u32, u64)> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|(place, count)| (std::cmp::Reverse(*count), *place));
        let value = |(place, count): (u32, u64)| Some((self.values.get(place as usize)?, count));
        counts.into_iter().filter_map(value).collect()
    }

    fn at(&self, record: u64) -> Option<&Kept> {
        self.alerts.get(usize::try_from(record.checked_sub(1)?).ok()?)
    }

    fn shape_of(&self, alert: &Kept) -> Option<&Shape> {
        self.shapes.get(alert.shape as usize)
    }

    fn rule_of(&self, alert: &Kept) -> &str {
        self.values.get(alert.rule as usize).and_then(Value::as_str).unwrap_or_default()
    }

    fn own(&self, alert: &Kept, key: &str) -> Option<&Value> {
        let own = &self.shape_of(alert)?.own;
        let at = own.iter().rposition(|name| name.eq_ignore_ascii_case(key))?;
        self.cell(alert, at)
    }

    fn cell(&self, alert: &Kept, at: usize) -> Option<&Value> {
        self.values.get(*self.cells.get(alert.cells + at)? as usize)
    }

    fn value(&mut self, value: &Value) -> u32 {
        match value {
            Value::String(text) => self.text(text),
            // Half of all values of some alerts are null; one of them is enough.
            Value::Null => match self.values.first() {
                Some(Value::Null) => 0,
                _ => self.push(Value::Null),
            },
            other => self.push(other.clone()),
        }
    }

    fn text(&mut self, text: &str) -> u32 {
        let hash = hash(text);
        if let Some(place) = self.texts.get(&hash)
            && self.values.get(*place as usize).and_then(Value::as_str) == Some(text)
        {
            return *place;
        }
        let place = self.push(Value::String(text.to_owned()));
        self.texts.insert(hash, place);
        place
    }

    fn push(&mut self, value: Value) -> u32 {
        let text = value.as_str().map_or(0, str::len);
        self.bytes += size_of::<Value>() + text;
        let place = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(value);
        place
    }

    fn shape(&mut self, shape: Shape) -> u32 {
        let hash = hash(&shape);
        if let Some(place) = self.known_shapes.get(&hash)
            && self.shapes.get(*place as usize) == Some(&shape)
        {
            return *place;
        }
        let names = shape.own.iter().chain(&shape.fields);
        self.bytes += names.map(|name| name.len() + size_of::<String>()).sum::<usize>();
        let place = u32::try_from(self.shapes.len()).unwrap_or(u32::MAX);
        self.shapes.push(shape);
        self.known_shapes.insert(hash, place);
        place
    }
}

impl Shape {
    /// How many cells an alert has.
    fn len(&self) -> usize {
        self.own.len() + self.fields.len()
    }

    /// The cell of a field; of a repeated one the last, as in [`Alert::field`].
    fn column(&self, field: &str) -> Option<usize> {
        Some(self.own.len() + self.fields.iter().rposition(|name| name == field)?)
    }
}

fn hash(of: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::alert::Object;

    /// A shelf of alerts, each a line of JSON.
    pub fn shelf(lines: &[&str]) -> Shelf {
        let mut shelf = Shelf::default();
        for line in lines {
            shelf.add(&Alert::from_object(Object::parse(line.as_bytes()).unwrap()).unwrap());
        }
        shelf
    }

    const FIRST: &str = r#"{"hostname":"node-1","output":"o1","priority":"Warning","rule":"R","time":"2025-01-01T00:00:00Z",
        "output_fields":{"proc.name":"sh","proc.pid":7,"proc.tty":null,"proc.name":"bash"}}"#;

    #[test]
    fn an_alert_comes_back_as_it_was() {
        let shelf = shelf(&[FIRST, r#"{"rule":"S","output":"o2"}"#]);
        let row = shelf.row(1).unwrap();
        assert_eq!((row.record, row.time.as_str()), (1, "2025-01-01T00:00:00.000000000Z"));
        assert_eq!((row.priority.as_str(), row.rule.as_str()), ("Warning", "R"));
        assert_eq!((row.host.as_str(), row.output.as_str()), ("node-1", "o1"));
        let details = shelf.details(1);
        let details: Vec<(&str, &str)> =
            details.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(details[..2], [("hostname", "node-1"), ("priority", "Warning")]);
        assert_eq!(
            details[4..],
            [("proc.name", "sh"), ("proc.pid", "7"), ("proc.tty", "null"), ("proc.name", "bash")]
        );
        assert_eq!(shelf.row(2).unwrap().host, "");
        assert_eq!((shelf.row(0), shelf.row(3)), (None, None));
        assert_eq!(shelf.rules(), ["R", "S"]);
    }

    #[test]
    fn what_does_not_show_is_spelt_out() {
        let shelf = shelf(&[
            "{\"rule\":\"R\u{202e}\",\"output\":\"o\u{200b}\",\"output_fields\":{\"a\u{202e}\":\"\u{2066}\"}}",
        ]);
        let row = shelf.row(1).unwrap();
        let shown = [row.rule, row.output, format!("{:?}", shelf.details(1))].concat();
        assert!(!shown.contains(['\u{202e}', '\u{200b}', '\u{2066}']), "{shown}");
        assert_eq!(shelf.rule(1), Some("R\u{202e}"));
    }

    #[test]
    fn values_are_kept_once_and_counted() {
        let other = FIRST.replace("bash", "zsh");
        let shelf = shelf(&[FIRST, &other, FIRST]);
        assert_eq!((shelf.shapes.len(), shelf.len()), (1, 3));
        assert_eq!(shelf.values.iter().filter(|value| value.as_str() == Some("node-1")).count(), 1);
        let values: Vec<(&str, u64)> = shelf
            .values_of("proc.name")
            .into_iter()
            .filter_map(|(value, count)| Some((value.as_str()?, count)))
            .collect();
        assert_eq!(values, [("bash", 2), ("zsh", 1)]);
        assert_eq!(shelf.field_names(), ["proc.name", "proc.pid", "proc.tty"]);
    }

    #[test]
    fn alerts_beyond_the_limit_are_counted() {
        let mut shelf = Shelf { bytes: limits::SHELF_BYTES - 1, ..Shelf::default() };
        for _ in 0..3 {
            shelf.add(&Alert::from_object(Object::parse(FIRST.as_bytes()).unwrap()).unwrap());
        }
        assert_eq!((shelf.len(), shelf.beyond()), (1, 2));
    }
}
