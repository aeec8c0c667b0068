//! JSON as alerts carry it: key order kept, 64-bit integers exact, repeated keys kept.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

/// One value of an alert. `null`, `""`, `"<NA>"` and an absent key are four different things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Falco could not extract the field.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any integer that fits; event times in nanoseconds need all 64 bits.
    Int(i64),
    /// An integer above `i64::MAX`.
    Uint(u64),
    /// Any other number, with the digits it was written with.
    Decimal(String),
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
            Self::Decimal(digits) => match RawValue::from_string(digits.clone()) {
                Ok(raw) => raw.serialize(out),
                Err(_) => out.serialize_str(digits),
            },
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

impl Object {
    /// Reads one JSON object. Its depth is bounded by whoever cut it out of the input
    /// ([`crate::limits::RECORD_DEPTH`]).
    ///
    /// Values are first taken as raw text and then read by their first byte, so that a number which
    /// fits no integer keeps the digits it was written with.
    pub fn parse(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice::<RawObject<'_>>(json)?.read()
    }
}

/// An object whose values are still text.
struct RawObject<'a>(Vec<(String, &'a RawValue)>);

impl RawObject<'_> {
    fn read(self) -> Result<Object, serde_json::Error> {
        let entries = self.0.into_iter().map(|(name, raw)| Ok((name, value(raw.get())?)));
        entries.collect::<Result<_, _>>().map(Object)
    }
}

fn value(json: &str) -> Result<Value, serde_json::Error> {
    Ok(match json.bytes().next() {
        Some(b'{') => Value::Object(serde_json::from_str::<RawObject<'_>>(json)?.read()?),
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(json)?;
            Value::List(items.into_iter().map(|item| value(item.get())).collect::<Result<_, _>>()?)
        }
        Some(b'"') => Value::String(serde_json::from_str(json)?),
        Some(b't') => Value::Bool(true),
        Some(b'f') => Value::Bool(false),
        Some(b'n') => Value::Null,
        _ => number(json),
    })
}

fn number(text: &str) -> Value {
    let decimal = || Value::Decimal(text.to_owned());
    match text.parse() {
        Ok(0) if text.starts_with('-') => decimal(),
        Ok(number) => Value::Int(number),
        Err(_) => text.parse().map_or_else(|_| decimal(), Value::Uint),
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawObject<'a> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_map(RawVisitor(PhantomData))
    }
}

struct RawVisitor<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for RawVisitor<'a> {
    type Value = RawObject<'a>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut input: A) -> Result<RawObject<'a>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = input.next_entry()? {
            entries.push(entry);
        }
        Ok(RawObject(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn round_trip(json: &str) {
        let object = Object::parse(json.as_bytes()).unwrap();
        assert_eq!(Value::Object(object).json(), json);
    }

    #[test]
    fn keeps_order_repeats_and_every_digit() {
        round_trip(r#"{"b":1,"a":{"z":null,"y":[]},"b":2}"#);
        round_trip(r#"{"n":[9223372036854775807,-9223372036854775808,18446744073709551615,0.5]}"#);
        round_trip(r#"{"n":[99999999999999999999,1e400,-0,0.10000000000000000001,1E-7]}"#);
        round_trip(r#"{"s":["","<NA>",null,true,false,"\u0000\n"]}"#);
    }

    #[test]
    fn the_last_of_a_repeated_key_counts() {
        let object = Object::parse(br#"{"a":1,"a":2}"#).unwrap();
        assert_eq!(object.get("a"), Some(&Value::Int(2)));
        assert_eq!(object.len(), 2);
    }

    #[test]
    fn nanoseconds_stay_exact() {
        let object = Object::parse(br#"{"t":1735689753123456789}"#).unwrap();
        assert_eq!(object.get("t").unwrap().as_i64(), Some(1_735_689_753_123_456_789));
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        for json in [r#"{"a":tru}"#, r#"{"a":"\ud800"}"#, r#"{"a":01}"#, r#"{"a":1,}"#, "[1]", "{} x"] {
            assert!(Object::parse(json.as_bytes()).is_err(), "{json}");
        }
    }
}
