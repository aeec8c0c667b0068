//! Events as JSON, for conditions.

use condition::{Lookup, Value as Held};
use rules::{Effect, Simulation};
use serde_json::{Map, Value};

/// What an overlay does to an event with these fields.
pub fn judge(simulation: &Simulation, rule: Option<&str>, fields: &Map<String, Value>) -> Effect {
    let names = simulation.fields();
    let lists: Vec<Vec<Held>> = names.iter().map(|name| list(fields.get(name))).collect();
    let values: Vec<Lookup> =
        names.iter().zip(&lists).map(|(name, list)| lookup(fields.get(name), list)).collect();
    simulation.judge(rule, &values)
}

fn list(value: Option<&Value>) -> Vec<Held<'_>> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(held).collect()
}

fn lookup<'a>(value: Option<&'a Value>, list: &'a [Held<'a>]) -> Lookup<'a> {
    match value {
        None => Lookup::Absent,
        Some(Value::Null) => Lookup::Null,
        Some(Value::Array(_)) => Lookup::Value(Held::List(list)),
        Some(value) => held(value).map_or(Lookup::Absent, Lookup::Value),
    }
}

fn held(value: &Value) -> Option<Held<'_>> {
    match value {
        Value::Bool(value) => Some(Held::Bool(*value)),
        Value::Number(number) => number.as_i64().map(Held::Int).or_else(|| number.as_u64().map(Held::Uint)),
        Value::String(text) => Some(Held::Text(text)),
        _ => None,
    }
}
