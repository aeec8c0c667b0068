//! Fields of alerts as a source of values.

use condition::{Lookup, Slots, Value};
use serde_json::{Map, Value as Json};

/// The fields of an event that conditions read.
pub struct Event<'a> {
    fields: Vec<Option<&'a Json>>,
    lists: Vec<Vec<Value<'a>>>,
}

impl<'a> Event<'a> {
    pub fn new(fields: &'a Map<String, Json>, slots: &Slots) -> Self {
        let fields: Vec<Option<&Json>> = slots.names().iter().map(|name| fields.get(name)).collect();
        let lists = fields
            .iter()
            .map(|json| json.and_then(Json::as_array).into_iter().flatten().filter_map(scalar).collect())
            .collect();
        Self { fields, lists }
    }

    /// What is known about the field of every slot.
    pub fn row(&self) -> Vec<Lookup<'_>> {
        let both = self.fields.iter().zip(&self.lists);
        both.map(|(json, list)| match json {
            None => Lookup::Absent,
            Some(Json::Null) => Lookup::Null,
            Some(Json::Array(_)) => Lookup::Value(Value::List(list)),
            Some(one) => scalar(one).map_or(Lookup::Absent, Lookup::Value),
        })
        .collect()
    }
}

fn scalar(json: &Json) -> Option<Value<'_>> {
    match json {
        Json::Bool(flag) => Some(Value::Bool(*flag)),
        Json::String(text) => Some(Value::Text(text)),
        Json::Number(number) => number.as_i64().map(Value::Int).or_else(|| number.as_u64().map(Value::Uint)),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}
