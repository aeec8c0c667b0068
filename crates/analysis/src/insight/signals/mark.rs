//! A signal as data, and the one matcher for all of them.

use std::borrow::Cow;

use super::{Cited, Direction, Signal, Written};
use crate::alert::{Alert, Value};

/// A signal that an alert may have.
#[derive(Debug)]
pub struct Mark {
    /// Its name, as the JSON report spells it.
    pub name: &'static str,
    /// Which reading it supports.
    pub direction: Direction,
    /// How strongly, 0 to 100.
    pub weight: i32,
    /// Who chose the values that it rests on.
    pub written: Written,
    /// All of these have to hold.
    when: &'static [When],
    /// What it means, a `{}` for each value that is cited.
    pub(super) sentence: &'static str,
}

/// What has to hold for a signal. Only a field with a value counts: `null`, `""` and `<NA>` are none.
///
/// A field's name may end in `*`: then it stands for every field that begins so. `rule` and `source`
/// are the alert's own.
#[derive(Debug)]
pub enum When {
    /// A value of these fields passes. The first that does is cited.
    Has(&'static [&'static str], Test),
    /// No value of these fields passes.
    Lacks(&'static [&'static str], Test),
    /// The alert is of one of these rules.
    Rule(&'static [&'static str]),
}

/// What a value has to be. A list passes if one of its items does.
#[derive(Debug, Clone, Copy)]
pub enum Test {
    /// Anything.
    Known,
    /// One of these.
    Is(&'static [&'static str]),
    /// Begins with one of these.
    Begins(&'static [&'static str]),
    /// Ends with one of these.
    Ends(&'static [&'static str]),
    /// Contains one of these.
    Contains(&'static [&'static str]),
    /// Equals the value of this field.
    Equals(&'static str),
    /// Whatever a table cannot say.
    Fits(fn(&str) -> bool),
}

type Conditions = &'static [When];

/// A signal for an attack.
pub const fn malice(
    name: &'static str,
    weight: i32,
    written: Written,
    when: Conditions,
    sentence: &'static str,
) -> Mark {
    Mark { name, direction: Direction::Malice, weight, written, when, sentence }
}

/// A signal for a test.
pub const fn test(
    name: &'static str,
    weight: i32,
    written: Written,
    when: Conditions,
    sentence: &'static str,
) -> Mark {
    Mark { name, direction: Direction::Test, weight, written, when, sentence }
}

/// A signal for ordinary work.
pub const fn benign(
    name: &'static str,
    weight: i32,
    written: Written,
    when: Conditions,
    sentence: &'static str,
) -> Mark {
    Mark { name, direction: Direction::Benign, weight, written, when, sentence }
}

/// What a reader wants to know and that decides nothing.
pub const fn context(name: &'static str, written: Written, when: Conditions, sentence: &'static str) -> Mark {
    Mark { name, direction: Direction::Context, weight: 0, written, when, sentence }
}

/// Something that would decide and that Falco does not tell.
pub const fn doubt(name: &'static str, weight: i32, when: Conditions, sentence: &'static str) -> Mark {
    Mark { name, direction: Direction::Doubt, weight, written: Written::ByService, when, sentence }
}

/// Falco's own word that it lost events.
pub const fn blindness(name: &'static str, when: Conditions, sentence: &'static str) -> Mark {
    let (direction, written) = (Direction::Blindness, Written::ByService);
    Mark { name, direction, weight: 100, written, when, sentence }
}

impl Test {
    /// Whether some integer may pass.
    pub fn may_pass_integers(self) -> bool {
        let is_part = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        match self {
            Self::Is(words) | Self::Begins(words) | Self::Ends(words) | Self::Contains(words) => {
                words.iter().any(is_part)
            }
            Self::Known | Self::Equals(_) | Self::Fits(_) => true,
        }
    }

    /// Whether a value by itself passes; one that is to equal another does not.
    pub fn passes(self, value: &Value) -> bool {
        let alone = Facts { rule: "", fields: Vec::new() };
        alone.accepted(value, self).is_some()
    }
}

impl Mark {
    /// What a value of this field may have to be.
    pub(super) fn tests_of(&self, field: &str) -> impl Iterator<Item = Test> {
        let names = move |name: &str| match name.strip_suffix('*') {
            None => name == field,
            Some(beginning) => field.starts_with(beginning),
        };
        self.when.iter().filter_map(move |when| match when {
            When::Has(fields, test) | When::Lacks(fields, test) => {
                fields.iter().any(|name| names(name)).then_some(*test)
            }
            When::Rule(_) => None,
        })
    }

    /// How many fields it cites.
    pub fn cites(&self) -> usize {
        self.when.iter().filter(|when| matches!(when, When::Has(..))).count()
    }

    /// The signal, if everything holds.
    pub fn fire(&self, facts: &Facts<'_>) -> Option<Signal> {
        let mut cited = Vec::new();
        for when in self.when {
            match when {
                When::Has(fields, wanted) => {
                    let (field, value) = facts.find(fields, *wanted)?;
                    cited.push(Cited { field: field.to_owned(), value: value.into_owned() });
                }
                When::Lacks(fields, wanted) if facts.find(fields, *wanted).is_some() => return None,
                When::Rule(rules) if !rules.contains(&facts.rule) => return None,
                When::Lacks(..) | When::Rule(..) => {}
            }
        }
        let Self { name, direction, weight, written, sentence, .. } = *self;
        Some(Signal { name, direction, weight, written, cited, sentence })
    }
}

/// An alert's fields, and its rule and source.
pub struct Facts<'a> {
    rule: &'a str,
    /// Backwards, so that of a repeated key the last is found first.
    fields: Vec<(&'a str, &'a Value)>,
}

impl<'a> Facts<'a> {
    /// The fields of one alert.
    pub fn of(alert: &'a Alert) -> Self {
        let own = |key| alert.object().get_in_any_case(key).map(|value| (key, value));
        let mut fields: Vec<_> = alert.fields().chain(own("rule")).chain(own("source")).collect();
        fields.reverse();
        Self { rule: alert.rule(), fields }
    }

    /// The first of these fields with a value that passes, and that value. Of the fields that begin alike
    /// the first by name is taken, since their order in the file must not matter.
    fn find(&self, fields: &[&str], wanted: Test) -> Option<(&'a str, Cow<'a, str>)> {
        fields.iter().find_map(|field| match field.strip_suffix('*') {
            None => {
                let (name, value) = self.named(field)?;
                Some((name, self.accepted(value, wanted)?))
            }
            Some(beginning) => {
                let alike = self.fields.iter().filter(|(name, _)| name.starts_with(beginning));
                let accepted = alike.filter_map(|(name, value)| Some((*name, self.accepted(value, wanted)?)));
                accepted.min_by_key(|(name, _)| *name)
            }
        })
    }

    fn named(&self, field: &str) -> Option<(&'a str, &'a Value)> {
        self.fields.iter().find(|(name, _)| *name == field).copied()
    }

    /// The text of a value that passes, or of the first item that does.
    fn accepted(&self, value: &'a Value, wanted: Test) -> Option<Cow<'a, str>> {
        let text = match value {
            Value::Null | Value::Object(_) => return None,
            Value::List(items) => return items.iter().find_map(|item| self.accepted(item, wanted)),
            value => value.text(),
        };
        let known = !text.is_empty() && text != "<NA>";
        (known && self.holds(&text, wanted)).then_some(text)
    }

    fn holds(&self, text: &str, wanted: Test) -> bool {
        match wanted {
            Test::Known => true,
            Test::Is(words) => words.contains(&text),
            Test::Begins(words) => words.iter().any(|word| text.starts_with(word)),
            Test::Ends(words) => words.iter().any(|word| text.ends_with(word)),
            Test::Contains(words) => words.iter().any(|word| text.contains(word)),
            Test::Equals(field) => self.named(field).is_some_and(|(_, value)| value.as_str() == Some(text)),
            Test::Fits(fits) => fits(text),
        }
    }
}
