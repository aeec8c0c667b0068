//! Where the values of fields come from while a condition is evaluated.

use std::collections::BTreeMap;

/// Numbers for the fields that conditions read, so that an evaluation looks values up by index.
///
/// One set of slots serves any number of conditions; values are then laid out once for an event.
#[derive(Debug, Clone, Default)]
pub struct Slots {
    places: BTreeMap<String, usize>,
    names: Vec<String>,
}

impl Slots {
    /// No slots.
    pub fn new() -> Self {
        Self::default()
    }

    /// The slot of a field by the name that alerts use, brackets included; a new one for a new name.
    pub fn slot(&mut self, name: &str) -> usize {
        if let Some(slot) = self.places.get(name) {
            return *slot;
        }
        let slot = self.names.len();
        self.places.insert(name.to_owned(), slot);
        self.names.push(name.to_owned());
        slot
    }

    /// The slot of a field, if a condition reads it.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// The names of the fields, by slot.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

/// What is known about a field of an event.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Lookup<'a> {
    /// Nothing: the alert does not carry the field.
    #[default]
    Absent,
    /// The event has no such value: the alert carries the field as null.
    Null,
    /// The value.
    Value(Value<'a>),
}

/// A value as alerts carry it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that a signed one can hold.
    Int(i64),
    /// A larger whole number.
    Uint(u64),
    /// A number with a fraction or an exponent, as it is written.
    Decimal(&'a str),
    /// A text.
    Text(&'a str),
    /// Several values.
    List(&'a [Value<'a>]),
}

/// The fields of one event.
pub trait Source {
    /// What is known about the field of this slot.
    fn get(&self, slot: usize) -> Lookup<'_>;
}

impl Source for [Lookup<'_>] {
    fn get(&self, slot: usize) -> Lookup<'_> {
        self.get(slot).copied().unwrap_or_default()
    }
}

impl Source for Vec<Lookup<'_>> {
    fn get(&self, slot: usize) -> Lookup<'_> {
        self.as_slice().get(slot).copied().unwrap_or_default()
    }
}
