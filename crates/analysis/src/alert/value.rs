//! JSON as alerts carry it: key order kept, 64-bit integers exact, repeated keys kept.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// One value of an alert. `null`, `""`, `"<NA>"` and an absent key are four different things.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Falco could not extract the field.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any integer that fits; event times in nanoseconds need all 64 bits.
    Int(i64),
    /// An integer above `i64::MAX`.
    Uint(u64),
    /// A number with a fraction, or one that fits no 64-bit integer.
    Float(f64),
    /// Text.
    String(String),
    /// A list, as plugin fields have.
    List(Vec<Value>),
    /// A nested object.
    Object(Object),
}

impl Value {
    /// The text of a string value; nothing for every other type.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// An integer that fits `i64`.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The value as a person reads it: strings bare, everything else as JSON.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::String(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.json()),
        }
    }

    /// The value as compact JSON.
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// An object whose keys stay in the order of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object(Vec<(String, Value)>);

impl Object {
    /// The value of a key: the last one, should a key repeat.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value of a key, else of one that differs in case only, which Go programs such as
    /// Falcosidekick take for the same.
    pub fn get_in_any_case(&self, key: &str) -> Option<&Value> {
        let similar =
            || self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value);
        self.get(key).or_else(similar)
    }

    /// Keys and values in file order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Number of entries, repeated keys included.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => out.serialize_unit(),
            Self::Bool(value) => out.serialize_bool(*value),
            Self::Int(value) => out.serialize_i64(*value),
            Self::Uint(value) => out.serialize_u64(*value),
            Self::Float(value) => out.serialize_f64(*value),
            Self::String(value) => out.serialize_str(value),
            Self::List(items) => out.collect_seq(items),
            Self::Object(object) => object.serialize(out),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(ValueVisitor)
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_map(ObjectVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or(Value::Uint(value), Value::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut input: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = input.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, input: A) -> Result<Value, A::Error> {
        ObjectVisitor.visit_map(input).map(Value::Object)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut input: A) -> Result<Object, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = input.next_entry()? {
            entries.push(entry);
        }
        Ok(Object(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn round_trip(json: &str) {
        let value: Value = serde_json::from_str(json).unwrap();
        assert_eq!(value.json(), json);
    }

    #[test]
    fn keeps_order_repeats_and_every_integer() {
        round_trip(r#"{"b":1,"a":{"z":null,"y":[]},"b":2}"#);
        round_trip("[9223372036854775807,-9223372036854775808,18446744073709551615,0.5]");
        round_trip(r#"["","<NA>",null,true,"\u0000\n"]"#);
    }

    #[test]
    fn the_last_of_a_repeated_key_counts() {
        let object: Object = serde_json::from_str(r#"{"a":1,"a":2}"#).unwrap();
        assert_eq!(object.get("a"), Some(&Value::Int(2)));
        assert_eq!(object.len(), 2);
    }

    #[test]
    fn nanoseconds_stay_exact() {
        let value: Value = serde_json::from_str("1735689753123456789").unwrap();
        assert_eq!(value.as_i64(), Some(1_735_689_753_123_456_789));
    }
}
