//! Reads JSON that is not quite JSON: wrapped, torn, cut off, or with foreign bytes in it.
//!
//! Mending adds nothing: what is read stood there, in this order. What was done is marked.

use std::borrow::Cow;

use super::line::text;
use crate::alert::{Mark, Marks, Object, ParseError};

/// An object, and what had to be done to read it.
pub type Mended = (Object, Marks);

/// Keys that an alert may begin with.
const FIRST_KEYS: [&[u8]; 9] = [
    b"hostname\":",
    b"output\":",
    b"uuid\":",
    b"time\":",
    b"rule\":",
    b"priority\":",
    b"message\":",
    b"source\":",
    b"output_fields\":",
];

/// How often a torn text is searched for the beginning of another alert.
const BEGINNINGS: usize = 64;

/// Reads an object, without line ends and foreign bytes where it is none with them.
pub fn object(json: &[u8]) -> Result<Mended, ParseError> {
    let error = match Object::parse(json) {
        Ok(object) => return Ok((object, Marks::default())),
        Err(error) => error,
    };
    if !matches!(error, ParseError::Json(_)) {
        return Err(error);
    }
    let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let joined: Cow<'_, [u8]> = if json.iter().any(is_line_end) {
        json.iter().copied().filter(|byte| !is_line_end(byte)).collect()
    } else {
        json.into()
    };
    let text = String::from_utf8_lossy(&joined);
    let is_other = text.len() != json.len() || matches!(text, Cow::Owned(_));
    match is_other.then(|| Object::parse(text.as_bytes())) {
        Some(Ok(object)) => Ok((object, Mark::Repaired.into())),
        _ => Err(error),
    }
}

/// The alert that a text quotes or that tore it, and where it begins: the first object, not at the start,
/// that begins like an alert and can be read to its end.
pub fn quoted(text: &[u8]) -> Option<(usize, Object)> {
    let end = memchr::memrchr(b'}', text)? + 1;
    let text = text.get(..end)?;
    let beginnings = memchr::memmem::find_iter(text, b"{\"").filter(|at| *at > 0);
    beginnings
        .filter(|at| {
            text.get(at + 2..).is_some_and(|rest| FIRST_KEYS.iter().any(|key| rest.starts_with(key)))
        })
        .take(BEGINNINGS)
        .find_map(|at| Some((at, prefix_object(text.get(at..)?)?)))
}

/// The object at the start of a text.
fn prefix_object(text: &[u8]) -> Option<Object> {
    let valid = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(text.get(..error.valid_up_to())?).ok()?,
    };
    let mut values = serde_json::Deserializer::from_str(valid).into_iter::<serde::de::IgnoredAny>();
    values.next()?.ok()?;
    Object::parse(text.get(..values.byte_offset())?).ok()
}

/// The complete keys of an object whose end is missing.
pub fn before_cut(json: &[u8]) -> Option<Object> {
    let mut open = Vec::new();
    let mut last = None;
    let (mut in_string, mut escaped) = (false, false);
    for (at, byte) in json.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' => {
                open.pop();
            }
            b',' => last = Some((at, open.clone())),
            _ => {}
        }
    }
    let (at, open) = last?;
    let mut whole = json.get(..at)?.to_vec();
    whole.extend(open.iter().rev());
    Object::parse(&whole).ok()
}

/// What is certain of an alert that is cut off before its rule: its complete keys, and its output as far
/// as it goes, which says as much as an alert in text form.
pub fn output_before_cut(json: &[u8]) -> Option<Object> {
    let mut alert = before_cut(json).unwrap_or_default();
    let output = alert.text("output").map(str::to_owned).or_else(|| cut_output(json))?;
    for (key, value) in text::alert(output.as_bytes())?.iter() {
        if alert.get(key).is_none() {
            alert.push(key, value.clone());
        }
    }
    Some(alert)
}

/// As much of `output` as there is.
fn cut_output(json: &[u8]) -> Option<String> {
    const KEY: &[u8] = b"\"output\":\"";
    /// An escape such as `\u003c`.
    const LONGEST_ESCAPE: usize = 6;
    let at = memchr::memmem::find(json, KEY)? + KEY.len();
    let text = json.get(at..)?;
    let mut escaped = false;
    let end = text.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    let text = text.get(..end.unwrap_or(text.len()))?;
    (0..=LONGEST_ESCAPE).find_map(|cut| {
        let whole = std::str::from_utf8(text.get(..text.len().checked_sub(cut)?)?).ok()?;
        serde_json::from_str(&format!("\"{whole}\"")).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Value;

    #[track_caller]
    fn check(input: &[u8], expected: &str, marks: &[Mark]) {
        let (object, marked) = object(input).unwrap();
        assert_eq!(Value::Object(object).json(), expected);
        assert_eq!(marked.iter().collect::<Vec<_>>(), marks);
    }

    #[test]
    fn line_ends_and_foreign_bytes_inside_texts() {
        check(b"{\"a\":\n1}", r#"{"a":1}"#, &[]);
        check(b"{\"a\":\"x\r\ny\"}", r#"{"a":"xy"}"#, &[Mark::Repaired]);
        check(b"{\"a\":1\n2}", r#"{"a":12}"#, &[Mark::Repaired]);
        check(b"{\"a\":\"\xE9\"}", "{\"a\":\"\u{FFFD}\"}", &[Mark::Repaired]);
        assert!(object(b"{\"a\":\"x\" \"b\":1}").is_err());
    }

    #[test]
    fn an_alert_in_another_ones_text() {
        let (at, object) = quoted(br#"{"output":"opened file{"rule":"R","output":"x"} more"#).unwrap();
        assert_eq!(at, 22);
        assert_eq!(object.text("rule"), Some("R"));
        assert_eq!(quoted(br#"{"rule":"R","output":"x"}"#), None);
        assert_eq!(quoted(br#"x {"a":{"b":1}}"#), None);
    }

    #[test]
    fn complete_keys_before_a_cut() {
        let cut = |json: &str| before_cut(json.as_bytes()).map(|object| Value::Object(object).json());
        assert_eq!(cut(r#"{"a":"1,","b":{"c":1,"d":"x"#).as_deref(), Some(r#"{"a":"1,","b":{"c":1}}"#));
        assert_eq!(cut(r#"{"a":["#), None);
    }

    #[test]
    fn an_output_that_is_cut_off() {
        let check = |json: &str, expected: Option<&str>| {
            let told = output_before_cut(json.as_bytes()).map(|told| Value::Object(told).json());
            assert_eq!(told.as_deref(), expected, "{json}");
        };
        check(
            r#"{"hostname":"n","output":"10:00:00.000000000: Notice A \"sh\u00"#,
            Some(r#"{"hostname":"n","priority":"Notice","output":"10:00:00.000000000: Notice A \"sh"}"#),
        );
        check(
            r#"{"output":"10:00:00.000000000: Notice x","output_fields":{"a":1},"ru"#,
            Some(r#"{"output":"10:00:00.000000000: Notice x","output_fields":{"a":1},"priority":"Notice"}"#),
        );
        check(
            r#"{"output":"10:00:00.000000000: Notice x","prio"#,
            Some(r#"{"output":"10:00:00.000000000: Notice x","priority":"Notice"}"#),
        );
        check(r#"{"output":"10:00:00.0000"#, None);
        check(r#"{"a":"#, None);
    }
}
