//! How many alerts have each value of a key or field.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use super::Shelf;
use crate::alert::Value;

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Counted {
    /// The rule.
    Rule,
    /// An own key of alerts.
    Own(&'static str),
    /// A field.
    Field(&'static str),
}

/// Counts under way.
#[derive(Debug)]
pub(crate) struct Tally {
    what: Counted,
    /// For each shape, the cell that is counted.
    columns: Vec<Option<usize>>,
    /// By the place of the value.
    counts: HashMap<u32, u64>,
}

impl Tally {
    /// Nothing is counted yet.
    pub fn new(shelf: &Shelf, what: Counted) -> Self {
        let column = |shape: &super::Shape| match what {
            Counted::Rule => None,
            Counted::Own(key) => shape.own.iter().rposition(|name| name.eq_ignore_ascii_case(key)),
            Counted::Field(field) => shape.column(field),
        };
        Self { what, columns: shelf.shapes.iter().map(column).collect(), counts: HashMap::new() }
    }

    /// Counts the alert at a place, from 0.
    pub fn add(&mut self, alerts: &Shelf, at: usize) {
        let Some(alert) = alerts.alerts.get(at) else { return };
        let place = if let Counted::Rule = self.what {
            Some(alert.rule)
        } else {
            let column = self.columns.get(alert.shape as usize).copied().flatten();
            column.and_then(|column| alerts.cells.get(alert.cells + column).copied())
        };
        if let Some(place) = place {
            *self.counts.entry(place).or_default() += 1;
        }
    }

    /// Each text with its count, the most frequent first. Null is no value.
    pub fn texts<'a>(&self, alerts: &'a Shelf) -> Vec<(Cow<'a, str>, u64)> {
        let text = |(place, count): (&u32, &u64)| {
            let value = alerts.values.get(*place as usize).filter(|value| **value != Value::Null)?;
            Some((value.text(), *count))
        };
        let mut texts: Vec<(Cow<'_, str>, u64)> = self.counts.iter().filter_map(text).collect();
        // Numbers, and texts whose hashes are the same, stand at several places.
        texts.sort_unstable();
        texts.dedup_by(|later, earlier| {
            let is_same = later.0 == earlier.0;
            earlier.1 += if is_same { later.1 } else { 0 };
            is_same
        });
        texts.sort_by_key(|(_, count)| Reverse(*count));
        texts
    }
}
