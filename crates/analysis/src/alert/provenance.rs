//! How an alert came to be read, where that bears on what it proves.
//!
//! The marks travel with the alert: its canonical JSON carries them in a key of our own, so that a
//! share link does not turn a recovered alert into one that Falco vouches for.
//!
//! ```json
//! {"rule":"R","hostname":"node-1","falco_report":{"marks":["recovered"],"filled":["hostname"]}}
//! ```

use super::value::{Object, Value};

/// The key that carries marks in canonical JSON. Whoever writes it into a log can only lower the trust
/// in that alert.
pub const KEY: &str = "falco_report";

/// Something to know about how an alert was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Found inside other text, where a process could have written it.
    Recovered,
    /// In Falco's text form: no rule name, and few fields.
    Text,
    /// Not valid JSON as it stood: line breaks or foreign bytes inside its texts.
    Repaired,
    /// The end is missing; only complete keys were taken.
    CutOff,
}

impl Mark {
    const ALL: [Self; 4] = [Self::Recovered, Self::Text, Self::Repaired, Self::CutOff];

    /// The mark as canonical JSON spells it; never renamed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::Text => "text",
            Self::Repaired => "repaired",
            Self::CutOff => "cut_off",
        }
    }

    /// The mark as the end of "This alert …".
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Recovered => {
                "was recovered from inside other text, where a process could have written it, and supports no benign reading"
            }
            Self::Text => "is in Falco's text form, which names no rule and leaves most fields out",
            Self::Repaired => {
                "was no valid JSON until line breaks or foreign bytes in its texts were removed"
            }
            Self::CutOff => "is cut off; only what stands before the cut was read",
        }
    }
}

/// A set of marks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks(u8);

impl Marks {
    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the mark is in the set.
    pub fn contains(self, mark: Mark) -> bool {
        self.0 & Self::from(mark).0 != 0
    }

    /// This set and the marks of another one.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        Self(self.0 | other.into().0)
    }

    /// The marks, in a fixed order.
    pub fn iter(self) -> impl Iterator<Item = Mark> {
        Mark::ALL.into_iter().filter(move |mark| self.contains(*mark))
    }
}

impl From<Mark> for Marks {
    fn from(mark: Mark) -> Self {
        Self(1 << mark as u8)
    }
}

/// The marks of one alert, and which of its values an envelope supplied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// What to know about how it was read.
    pub marks: Marks,
    /// Keys and fields that the alert lacked and its envelope had, in the order they were filled.
    pub filled: Vec<String>,
}

impl Provenance {
    /// Whether the alert was written the way Falco writes alerts, where nothing but Falco writes.
    pub fn is_plain(&self) -> bool {
        self.marks.is_empty() && self.filled.is_empty()
    }

    /// Adds what another reading noted.
    pub(super) fn add(&mut self, other: Self) {
        self.marks = self.marks.and(other.marks);
        self.filled.extend(other.filled);
    }

    /// What an earlier reading noted in canonical JSON. Unknown marks are left out.
    pub(super) fn of_value(value: &Value) -> Self {
        let Value::Object(noted) = value else { return Self::default() };
        let texts = |key| match noted.get(key) {
            Some(Value::List(items)) => items.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let names = texts("marks");
        let marks = Mark::ALL.into_iter().filter(|mark| names.contains(&mark.name()));
        Self {
            marks: marks.fold(Marks::default(), Marks::and),
            filled: texts("filled").into_iter().map(str::to_owned).collect(),
        }
    }

    pub(crate) fn to_value(&self) -> Value {
        let text = |text: &str| Value::String(text.to_owned());
        let mut noted = Object::default();
        if !self.marks.is_empty() {
            noted.push("marks", Value::List(self.marks.iter().map(|mark| text(mark.name())).collect()));
        }
        if !self.filled.is_empty() {
            noted.push("filled", Value::List(self.filled.iter().map(|name| text(name)).collect()));
        }
        Value::Object(noted)
    }
}
