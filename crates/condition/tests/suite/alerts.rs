//! Fields of alerts as a source of values.

use condition::{Lookup, Slots, Value};
use serde_json::{Map, Value as Json};

/// What the fields of an alert hold for every slot. Lists stay out: their elements need a place to live.
pub fn row<'a>(fields: &'a Map<String, Json>, slots: &Slots) -> Vec<Lookup<'a>> {
    slots.names().iter().map(|name| fields.get(name).map_or(Lookup::Absent, lookup)).collect()
}

fn lookup(json: &Json) -> Lookup<'_> {
    match json {
        Json::Null => Lookup::Null,
        Json::Bool(flag) => Lookup::Value(Value::Bool(*flag)),
        Json::String(text) => Lookup::Value(Value::Text(text)),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Lookup::Value(Value::Int(number)),
            (None, Some(number)) => Lookup::Value(Value::Uint(number)),
            (None, None) => Lookup::Absent,
        },
        Json::Array(_) | Json::Object(_) => Lookup::Absent,
    }
}
