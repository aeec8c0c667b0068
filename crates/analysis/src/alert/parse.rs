//! Reads JSON into [`Object`]s, within bounds, without losing a digit.
//!
//! Nearly every alert holds texts, integers, `true`, `false` and `null` only, and is read in one pass. A
//! number that fits no 64-bit integer, such as a counter's fraction, keeps the digits it was written
//! with: then the record is read a second time, from raw text.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::value::{Object, Value};
use crate::limits;

/// Why a text is no object that we read.
#[derive(Debug)]
pub enum ParseError {
    /// Not JSON, or no object.
    Json(serde_json::Error),
    /// Nested deeper than [`limits::RECORD_DEPTH`].
    TooDeep,
    /// More keys than [`limits::RECORD_FIELDS`].
    TooManyFields,
}

impl Object {
    /// Reads one JSON object.
    pub fn parse(json: &[u8]) -> Result<Self, ParseError> {
        match read(json)? {
            Value::Object(object) => Ok(object),
            _ => Err(ParseError::Json(de::Error::custom("expected an object"))),
        }
    }
}

impl Value {
    /// Reads one JSON value.
    pub fn parse(json: &[u8]) -> Result<Self, ParseError> {
        read(json)
    }
}

fn read(json: &[u8]) -> Result<Value, ParseError> {
    // One check of the whole text costs less than one of every string in it.
    let json = std::str::from_utf8(json)
        .map_err(|error| ParseError::Json(de::Error::custom(format_args!("invalid text: {error}"))))?;
    let reading = Reading::default();
    let mut input = serde_json::Deserializer::from_str(json);
    let value = Seed { reading: &reading, depth: 0 }.deserialize(&mut input);
    let value = value.and_then(|value| input.end().map(|()| value));
    match (reading.fault.get(), value) {
        (Some(Fault::TooDeep), _) => Err(ParseError::TooDeep),
        (Some(Fault::TooManyFields), _) => Err(ParseError::TooManyFields),
        (None, Ok(value)) if !reading.has_decimals.get() => Ok(value),
        (None, Err(error)) if !is_out_of_range(&error) => Err(ParseError::Json(error)),
        (None, _) => {
            let raw: &RawValue = serde_json::from_str(json).map_err(ParseError::Json)?;
            exact(raw.get()).map_err(ParseError::Json)
        }
    }
}

#[derive(Debug, Default)]
struct Reading {
    has_decimals: Cell<bool>,
    fields: Cell<usize>,
    fault: Cell<Option<Fault>>,
}

#[derive(Debug, Clone, Copy)]
enum Fault {
    TooDeep,
    TooManyFields,
}

impl Reading {
    fn refuse<E: de::Error>(&self, fault: Fault) -> E {
        self.fault.set(Some(fault));
        E::custom("over a limit")
    }
}

#[derive(Clone, Copy)]
struct Seed<'r> {
    reading: &'r Reading,
    /// Objects and lists around the value.
    depth: usize,
}

impl Seed<'_> {
    fn inner<E: de::Error>(self) -> Result<Self, E> {
        if self.depth >= limits::RECORD_DEPTH {
            return Err(self.reading.refuse(Fault::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Value, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
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

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        self.reading.has_decimals.set(true);
        Ok(Value::Null)
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut input: A) -> Result<Value, A::Error> {
        let seed = self.inner()?;
        let mut items = Vec::new();
        while let Some(item) = input.next_element_seed(seed)? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut input: A) -> Result<Value, A::Error> {
        let seed = self.inner()?;
        let mut entries = Vec::with_capacity(16);
        while let Some(name) = input.next_key::<String>()? {
            let fields = self.reading.fields.get() + 1;
            self.reading.fields.set(fields);
            if fields > limits::RECORD_FIELDS {
                return Err(self.reading.refuse(Fault::TooManyFields));
            }
            entries.push((name, input.next_value_seed(seed)?));
        }
        Ok(Value::Object(entries.into_iter().collect()))
    }
}

/// Whether a number is JSON, but no floating-point number: `1e400`.
fn is_out_of_range(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("number out of range")
}

/// A value that is known to be JSON within bounds, with the digits of its numbers.
fn exact(json: &str) -> Result<Value, serde_json::Error> {
    Ok(match json.bytes().next() {
        Some(b'{') => {
            let RawObject(entries) = serde_json::from_str(json)?;
            let entries = entries.into_iter().map(|(name, raw)| Ok((name, exact(raw.get())?)));
            Value::Object(entries.collect::<Result<_, serde_json::Error>>()?)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(json)?;
            Value::List(items.into_iter().map(|item| exact(item.get())).collect::<Result<_, _>>()?)
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

/// An object whose values are still text.
struct RawObject<'a>(Vec<(String, &'a RawValue)>);

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
    fn nanoseconds_stay_exact() {
        let object = Object::parse(br#"{"t":1735689753123456789}"#).unwrap();
        assert_eq!(object.get("t").unwrap().as_i64(), Some(1_735_689_753_123_456_789));
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        for json in [r#"{"a":tru}"#, r#"{"a":"\ud800"}"#, r#"{"a":01}"#, r#"{"a":1,}"#, "[1]", "{} x", "1.5"]
        {
            assert!(matches!(Object::parse(json.as_bytes()), Err(ParseError::Json(_))), "{json}");
        }
    }

    #[test]
    fn bounds() {
        let deep = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(Object::parse(deep(limits::RECORD_DEPTH - 1).as_bytes()).is_ok());
        let refused = Object::parse(deep(limits::RECORD_DEPTH).as_bytes());
        assert!(matches!(refused, Err(ParseError::TooDeep)));
        let wide = format!("{{{}\"z\":0}}", "\"a\":0,".repeat(limits::RECORD_FIELDS));
        assert!(matches!(Object::parse(wide.as_bytes()), Err(ParseError::TooManyFields)));
    }
}
