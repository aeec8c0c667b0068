//! JSON as alerts carry it: key order kept, 64-bit integers exact, repeated keys kept.

use std::borrow::Cow;

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

    /// Adds an entry at the end.
    pub fn push(&mut self, name: &str, value: Value) {
        self.0.push((name.to_owned(), value));
    }

    /// Takes a key out, all of its values, and answers the last one.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let mut removed = None;
        self.0.retain_mut(|(name, value)| {
            let taken = name == key;
            if taken {
                removed = Some(std::mem::replace(value, Value::Null));
            }
            !taken
        });
        removed
    }

    /// The object under a key.
    pub fn object(&self, key: &str) -> Option<&Self> {
        match self.get(key) {
            Some(Value::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// The text under a key, if it is not empty.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str().filter(|text| !text.is_empty())
    }

    /// The same entries with nested objects spread over dotted names: `{"proc":{"name":"sh"}}` becomes
    /// `{"proc.name":"sh"}`.
    #[must_use]
    pub fn flattened(&self) -> Self {
        let mut flat = Self::default();
        self.flatten_into("", &mut flat);
        flat
    }

    fn flatten_into(&self, prefix: &str, flat: &mut Self) {
        for (name, value) in self.iter() {
            let name = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
            match value {
                Value::Object(nested) => nested.flatten_into(&name, flat),
                other => flat.0.push((name, other.clone())),
            }
        }
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

impl FromIterator<(String, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_a_repeated_key_counts() {
        let mut object = Object::parse(br#"{"a":1,"a":2}"#).unwrap();
        assert_eq!(object.get("a"), Some(&Value::Int(2)));
        assert_eq!(object.len(), 2);
        assert_eq!(object.remove("a"), Some(Value::Int(2)));
        assert!(object.is_empty());
    }

    #[test]
    fn nested_objects_become_dotted_names() {
        let object =
            Object::parse(br#"{"proc":{"name":"sh","aname[2]":null},"evt.type":"x","e":{}}"#).unwrap();
        let flat = Value::Object(object.flattened()).json();
        assert_eq!(flat, r#"{"proc.name":"sh","proc.aname[2]":null,"evt.type":"x"}"#);
    }
}
