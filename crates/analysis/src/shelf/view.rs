//! The alerts of a shelf as conditions see them.

use std::collections::BTreeMap;

use condition::{Lookup, Source};

use super::{Kept, Shelf};
use crate::alert::Value;

/// A shelf with the places of some fields.
pub(crate) struct View<'a> {
    shelf: &'a Shelf,
    /// For each shape, the cell of each slot.
    columns: Vec<Vec<Option<usize>>>,
    /// Lists among the values, by their place.
    lists: BTreeMap<u32, Vec<condition::Value<'a>>>,
}

/// An alert whose fields a condition may read.
pub(crate) struct Event<'a> {
    view: &'a View<'a>,
    alert: &'a Kept,
}

impl<'a> View<'a> {
    /// Looks for these fields, by slot.
    pub fn new(shelf: &'a Shelf, fields: &[String]) -> Self {
        let columns =
            shelf.shapes.iter().map(|shape| fields.iter().map(|field| shape.column(field)).collect());
        let lists = shelf.values.iter().zip(0..).filter_map(|(value, place)| match value {
            Value::List(items) => Some((place, items.iter().filter_map(scalar).collect())),
            _ => None,
        });
        Self { shelf, columns: columns.collect(), lists: lists.collect() }
    }

    /// The alert at a place, from 0.
    pub fn event(&self, at: usize) -> Option<Event<'_>> {
        self.shelf.alerts.get(at).map(|alert| Event { view: self, alert })
    }
}

impl Event<'_> {
    /// The rule that alerted.
    pub fn rule(&self) -> &str {
        self.view.shelf.rule_of(self.alert)
    }
}

impl Source for Event<'_> {
    fn get(&self, slot: usize) -> Lookup<'_> {
        let columns = self.view.columns.get(self.alert.shape as usize);
        let column = columns.and_then(|columns| columns.get(slot).copied().flatten());
        let Some(place) = column.and_then(|column| self.view.shelf.cells.get(self.alert.cells + column))
        else {
            return Lookup::Absent;
        };
        match self.view.shelf.values.get(*place as usize) {
            None | Some(Value::Object(_)) => Lookup::Absent,
            Some(Value::Null) => Lookup::Null,
            Some(Value::List(_)) => match self.view.lists.get(place) {
                Some(list) => Lookup::Value(condition::Value::List(list)),
                None => Lookup::Absent,
            },
            Some(one) => scalar(one).map_or(Lookup::Absent, Lookup::Value),
        }
    }
}

fn scalar(value: &Value) -> Option<condition::Value<'_>> {
    match value {
        Value::Bool(flag) => Some(condition::Value::Bool(*flag)),
        Value::Int(number) => Some(condition::Value::Int(*number)),
        Value::Uint(number) => Some(condition::Value::Uint(*number)),
        Value::Decimal(digits) => Some(condition::Value::Decimal(digits)),
        Value::String(text) => Some(condition::Value::Text(text)),
        Value::Null | Value::List(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use condition::{Lookup, Source, Value};

    use super::View;
    use crate::shelf::tests::shelf;

    #[test]
    fn absent_null_and_lists_differ() {
        let shelf = shelf(&[
            r#"{"rule":"R","output_fields":{"a":null,"b":["x",1],"c":{"d":1},"e":1.5}}"#,
            r#"{"rule":"S","output_fields":{"e":18446744073709551615}}"#,
        ]);
        let fields: Vec<String> = ["a", "b", "c", "e"].map(str::to_owned).to_vec();
        let view = View::new(&shelf, &fields);
        let first = view.event(0).unwrap();
        assert_eq!((first.rule(), first.get(0)), ("R", Lookup::Null));
        assert_eq!(first.get(1), Lookup::Value(Value::List(&[Value::Text("x"), Value::Int(1)])));
        assert_eq!((first.get(2), first.get(9)), (Lookup::Absent, Lookup::Absent));
        assert_eq!(first.get(3), Lookup::Value(Value::Decimal("1.5")));
        let second = view.event(1).unwrap();
        assert_eq!((second.get(0), second.get(3)), (Lookup::Absent, Lookup::Value(Value::Uint(u64::MAX))));
        assert!(view.event(2).is_none());
    }
}
