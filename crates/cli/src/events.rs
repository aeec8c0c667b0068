//! Events and alerts as fields, for the verbs that decide conditions over them.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use analysis::alert::Alert;
use condition::{Lookup, Value};
use serde_json::{Map, Value as Json};

use crate::output::{self, Stop};

/// A file, or standard input for `-`.
pub fn read(path: &Path) -> Result<String, Stop> {
    if path.as_os_str() == "-" {
        let mut text = String::new();
        return match io::stdin().read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(Stop::Read(PathBuf::from("-"), error)),
        };
    }
    fs::read_to_string(path).map_err(|error| Stop::Read(path.to_owned(), error))
}

/// The lines of a text that hold something.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// An event, or the alert that it led to.
pub struct Event {
    /// The number by which results name it.
    pub number: u64,
    /// The rule that alerted.
    pub rule: Option<String>,
    /// What is known of it; a field that is missing is not known.
    pub fields: Map<String, Json>,
}

/// Events, in the order in which they were read.
pub struct Events {
    pub events: Vec<Event>,
    /// Lines that are none.
    other: u64,
}

impl Events {
    /// `{"event":N,"fields":{…}}` a line, or an alert a line; alerts are numbered from 1.
    pub fn read(text: &str) -> Self {
        let mut read = Self { events: Vec::new(), other: 0 };
        let mut alerts = 0;
        for line in lines(text) {
            let Ok(Json::Object(mut object)) = serde_json::from_str(line) else {
                read.other += 1;
                continue;
            };
            let number = object.get("event").and_then(Json::as_u64);
            let rule = object.get("rule").and_then(Json::as_str).map(str::to_owned);
            match (number, object.remove("fields"), object.remove("output_fields")) {
                (Some(number), Some(Json::Object(fields)), _) => {
                    read.events.push(Event { number, rule, fields });
                }
                (_, _, Some(Json::Object(fields))) => {
                    alerts += 1;
                    read.events.push(Event { number: alerts, rule, fields });
                }
                _ => read.other += 1,
            }
        }
        read
    }

    /// Alerts, numbered from 1.
    pub fn of_alerts<'a>(alerts: impl Iterator<Item = &'a Alert>) -> Self {
        let event = |(number, alert): (u64, &Alert)| {
            let object: Option<Map<String, Json>> = serde_json::from_str(&alert.json()).ok();
            let fields = object.and_then(|mut object| match object.remove("output_fields") {
                Some(Json::Object(fields)) => Some(fields),
                _ => None,
            });
            Event { number, rule: Some(alert.rule().to_owned()), fields: fields.unwrap_or_default() }
        };
        Self { events: (1..).zip(alerts).map(event).collect(), other: 0 }
    }

    /// Says how many lines were no events.
    pub fn complain(&self) {
        if self.other > 0 {
            let lines = if self.other == 1 { "line was" } else { "lines were" };
            output::complain(&format!("{} {lines} skipped: neither an event nor an alert", self.other));
        }
    }
}

/// The lists among the fields of an event, by slot.
pub struct Lists<'a>(Vec<Vec<Value<'a>>>);

impl<'a> Lists<'a> {
    pub fn of(fields: &'a Map<String, Json>, names: &[String]) -> Self {
        let list = |name: &String| match fields.get(name) {
            Some(Json::Array(elements)) => elements.iter().filter_map(scalar).collect(),
            _ => Vec::new(),
        };
        Self(names.iter().map(list).collect())
    }

    /// What conditions ask for, by slot.
    pub fn row<'b>(&'b self, fields: &'b Map<String, Json>, names: &[String]) -> Vec<Lookup<'b>> {
        let lookup = |(name, list): (&String, &'b Vec<Value<'a>>)| match fields.get(name) {
            None | Some(Json::Object(_)) => Lookup::Absent,
            Some(Json::Null) => Lookup::Null,
            Some(Json::Array(_)) => Lookup::Value(Value::List(list)),
            Some(one) => scalar(one).map_or(Lookup::Absent, Lookup::Value),
        };
        names.iter().zip(&self.0).map(lookup).collect()
    }
}

fn scalar(json: &Json) -> Option<Value<'_>> {
    match json {
        Json::Bool(flag) => Some(Value::Bool(*flag)),
        Json::String(text) => Some(Value::Text(text)),
        Json::Number(number) => {
            let unsigned = || number.as_u64().map(Value::Uint);
            // Falco's numbers with a fraction cannot be compared, only be there.
            number.as_i64().map(Value::Int).or_else(unsigned).or(Some(Value::Decimal("")))
        }
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}
