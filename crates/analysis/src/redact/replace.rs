//! Puts pseudonyms in the place of what was found.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::{Hit, Search, is_structure};
use crate::alert::{Alert, Object, Value};

/// A way in which a value may be written.
#[derive(Debug, Clone)]
struct Spelling {
    text: String,
    hit: usize,
    /// Only where no letter or digit touches it.
    whole: bool,
}

/// Replaces what a search found, wherever it stands.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    hits: Vec<Hit>,
    /// By their first two bytes, the longest first.
    spellings: BTreeMap<[u8; 2], Vec<Spelling>>,
}

/// Below this, a secret is replaced only as a word of its own, in bytes.
const LONG: usize = 6;

impl Redactor {
    /// For all that was found.
    pub fn new(search: Search) -> Self {
        let hits = search.hits;
        let mut spellings: BTreeMap<[u8; 2], Vec<Spelling>> = BTreeMap::new();
        for (number, hit) in hits.iter().enumerate() {
            let whole = hit.kind.is_name() || hit.value.len() < LONG;
            let mut texts = vec![hit.value.clone()];
            if !whole {
                texts.extend(encoded(&hit.value).into_iter().filter(|text| *text != hit.value));
            }
            for text in texts {
                if let Some(first) = text.as_bytes().first_chunk::<2>() {
                    spellings.entry(*first).or_default().push(Spelling { text, hit: number, whole });
                }
            }
        }
        for same in spellings.values_mut() {
            same.sort_by(|left, right| right.text.len().cmp(&left.text.len()).then(left.hit.cmp(&right.hit)));
        }
        Self { hits, spellings }
    }

    /// Whether a pseudonym stands in a text.
    pub fn stands_in(&self, text: &str) -> bool {
        super::has_pseudonym(text) || self.hits.iter().any(|hit| text.contains(&hit.pseudonym))
    }

    /// What is replaced, in order of appearance.
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// A text without what was found.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let (mut out, mut copied, mut at) = (String::new(), 0, 0);
        let bytes = text.as_bytes();
        while let Some(pair) = bytes.get(at..).and_then(<[u8]>::first_chunk::<2>) {
            let found = self.spellings.get(pair).and_then(|same| {
                let rest = text.get(at..)?;
                same.iter().find(|spelling| {
                    rest.starts_with(&spelling.text)
                        && (!spelling.whole || stands_alone(bytes, at, &spelling.text))
                })
            });
            match found.and_then(|spelling| Some((spelling, self.hits.get(spelling.hit)?))) {
                Some((spelling, hit)) => {
                    out.push_str(text.get(copied..at).unwrap_or_default());
                    out.push_str(&hit.pseudonym);
                    at += spelling.text.len();
                    copied = at;
                }
                None => at += 1,
            }
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Cow::Owned(out)
    }

    /// An alert without what was found, and the keys and fields in which something was.
    pub fn alert(&self, alert: &Alert) -> (Alert, Vec<String>) {
        let mut touched = Vec::new();
        let object = self.object(alert.object(), &mut touched);
        let redacted = Alert::read(object, alert.provenance().clone()).unwrap_or_else(|_| alert.clone());
        (redacted, touched)
    }

    fn object(&self, object: &Object, touched: &mut Vec<String>) -> Object {
        let entry = |(key, value): (&str, &Value)| {
            if is_structure(key, value) {
                return (key.to_owned(), value.clone());
            }
            // The name of a field that Falco defines is no text in which somebody is named.
            let name = if is_field_name(key) { Cow::Borrowed(key) } else { self.text(key) };
            (name.clone().into_owned(), self.value(&name, value, touched))
        };
        object.iter().map(entry).collect()
    }

    fn value(&self, name: &str, value: &Value, touched: &mut Vec<String>) -> Value {
        match value {
            Value::String(text) => {
                let redacted = self.text(text);
                if redacted != *text {
                    touched.push(name.to_owned());
                }
                Value::String(redacted.into_owned())
            }
            Value::List(items) => {
                Value::List(items.iter().map(|item| self.value(name, item, touched)).collect())
            }
            Value::Object(object) => Value::Object(self.object(object, touched)),
            other => other.clone(),
        }
    }
}

fn is_field_name(key: &str) -> bool {
    let part = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'[' | b']');
    key.len() < 64 && key.bytes().all(part) && (key.contains('.') || TOP_KEYS.contains(&key))
}

/// Keys of an alert that are no names of fields.
const TOP_KEYS: [&str; 11] = [
    "falco_report",
    "hostname",
    "message",
    "output",
    "output_fields",
    "priority",
    "rule",
    "source",
    "tags",
    "time",
    "uuid",
];

fn stands_alone(bytes: &[u8], at: usize, text: &str) -> bool {
    let word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 128);
    let before = at.checked_sub(1).and_then(|at| bytes.get(at));
    !word(before) && !word(bytes.get(at + text.len()))
}

/// A value as it may stand in addresses, in JSON inside of texts, and in base64.
fn encoded(value: &str) -> [String; 3] {
    let mut percent = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            percent.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(percent, "%{byte:02X}");
        }
    }
    let json = serde_json::to_string(value).unwrap_or_default();
    let json = json.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned();
    [percent, json, STANDARD_NO_PAD.encode(value)]
}
