//! A part of a shelf, to be sent to another worker.

use serde::{Deserialize, Serialize};

use super::{Shape, Shelf};
use crate::alert::{Object, Priority, Timestamp, Value};

/// See [`Shelf::into_portion`].
#[derive(Debug, Serialize, Deserialize)]
pub struct Portion {
    alerts: Vec<Sent>,
    cells: Vec<u32>,
    values: Vec<SentValue>,
    shapes: Vec<Shape>,
    beyond: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Sent {
    time: Option<i128>,
    /// Its place among [`Priority::ALL`].
    priority: Option<u8>,
    rule: u32,
    shape: u32,
    output: Box<str>,
}

/// A [`Value`], whose own way to serialise is JSON.
#[derive(Debug, Serialize, Deserialize)]
enum SentValue {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Decimal(String),
    Text(String),
    /// A list or an object, as JSON under the key `v`.
    Nested(String),
}

impl Shelf {
    /// The alerts, to be sent.
    pub fn into_portion(self) -> Portion {
        let sent = |alert: super::Kept| Sent {
            time: alert.time.map(Timestamp::nanoseconds),
            priority: alert.priority.map(|priority| priority as u8),
            rule: alert.rule,
            shape: alert.shape,
            output: alert.output,
        };
        Portion {
            alerts: self.alerts.into_iter().map(sent).collect(),
            cells: self.cells,
            values: self.values.into_iter().map(SentValue::of).collect(),
            shapes: self.shapes,
            beyond: self.beyond,
        }
    }

    /// Takes the alerts that come after these, as if they were added one by one.
    pub fn append(&mut self, portion: Portion) {
        let Portion { alerts, cells, values, shapes, beyond } = portion;
        let values: Vec<Value> = values.into_iter().map(SentValue::into_value).collect();
        let mut cells = cells.as_slice();
        for alert in alerts {
            let Some(shape) = shapes.get(alert.shape as usize) else { continue };
            let (own, rest) = cells.split_at_checked(shape.len()).unwrap_or_default();
            cells = rest;
            let rule = values.get(alert.rule as usize).and_then(Value::as_str).unwrap_or_default();
            let time = alert.time.and_then(Timestamp::from_all_nanoseconds);
            let priority = alert.priority.and_then(|place| Priority::ALL.get(usize::from(place)).copied());
            let own = own.iter().filter_map(|place| values.get(*place as usize));
            self.keep(time, priority, rule, &alert.output, own, || shape.clone());
        }
        self.beyond += beyond;
    }
}

impl SentValue {
    fn of(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(flag),
            Value::Int(number) => Self::Int(number),
            Value::Uint(number) => Self::Uint(number),
            Value::Decimal(digits) => Self::Decimal(digits),
            Value::String(text) => Self::Text(text),
            Value::List(_) | Value::Object(_) => Self::Nested(format!("{{\"v\":{}}}", value.json())),
        }
    }

    fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(flag),
            Self::Int(number) => Value::Int(number),
            Self::Uint(number) => Value::Uint(number),
            Self::Decimal(digits) => Value::Decimal(digits),
            Self::Text(text) => Value::String(text),
            Self::Nested(json) => {
                let object = Object::parse(json.as_bytes()).ok();
                object.and_then(|mut object| object.remove("v")).unwrap_or(Value::Null)
            }
        }
    }
}
