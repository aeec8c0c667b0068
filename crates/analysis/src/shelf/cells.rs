//! Alerts as lines of a table whose columns a person chooses.

use serde::{Deserialize, Serialize};

use super::{Kept, Shelf};
use crate::alert::{Priority, Value};
use crate::limits;
use crate::report::escape::visible;

/// An alert as a table shows it: a text for each column, with characters that do not show spelt out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its record number, from 1.
    pub record: u64,
    /// A text for each column, cut to [`limits::CELL_SHOWN`] characters; empty where there is no value.
    pub cells: Vec<String>,
}

/// Where the alerts of each shape have their values for some columns.
#[derive(Debug)]
pub(crate) struct Columns<'a> {
    names: &'a [String],
    /// For each shape, the cell of each column.
    places: Vec<Vec<Option<usize>>>,
}

impl<'a> Columns<'a> {
    /// A column is `time`, `priority`, `rule`, `output`, a field, or another key of the alert itself.
    pub fn new(shelf: &Shelf, names: &'a [String]) -> Self {
        let own = |shape: &super::Shape, name: &str| {
            shape.own.iter().rposition(|key| key.eq_ignore_ascii_case(name))
        };
        let place = |shape: &super::Shape, name: &str| shape.column(name).or_else(|| own(shape, name));
        let places =
            shelf.shapes.iter().map(|shape| names.iter().map(|name| place(shape, name)).collect()).collect();
        Self { names, places }
    }

    pub(super) fn first_name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    /// The value that an alert has in a column.
    pub fn value<'s>(&self, of: &'s Shelf, alert: &Kept, column: usize) -> Option<&'s Value> {
        let place = self.places.get(alert.shape as usize)?.get(column).copied().flatten()?;
        of.cell(alert, place)
    }

    /// What an alert shows in a column, as it is written; empty where it has no value.
    pub fn text(&self, of: &Shelf, alert: &Kept, column: usize) -> String {
        match self.names.get(column).map_or("", String::as_str) {
            "time" => alert.time.map(|time| time.to_string()).unwrap_or_default(),
            "priority" => alert.priority.map(Priority::name).unwrap_or_default().to_owned(),
            "rule" => of.rule_of(alert).to_owned(),
            "output" => alert.output.to_string(),
            _ => match self.value(of, alert, column) {
                None | Some(Value::Null) => String::new(),
                Some(value) => value.text().into_owned(),
            },
        }
    }
}

impl Shelf {
    /// The alerts of these record numbers as lines of a table with these columns: `time`, `priority`, `rule`,
    /// `output`, names of fields, and other keys of alerts such as `hostname`.
    pub fn lines(&self, records: impl Iterator<Item = u64>, columns: &[String]) -> Vec<Line> {
        let places = Columns::new(self, columns);
        let shown = |text: String| match text.char_indices().nth(limits::CELL_SHOWN) {
            Some((end, _)) => format!("{}\u{2026}", visible(text.get(..end).unwrap_or_default())),
            None => visible(&text).into_owned(),
        };
        let line = |record: u64| {
            let alert = self.at(record)?;
            let cells = (0..columns.len()).map(|column| shown(places.text(self, alert, column))).collect();
            Some(Line { record, cells })
        };
        records.filter_map(line).collect()
    }

    /// What a table of these alerts can have for columns: keys of alerts, then fields, sorted.
    pub fn column_names(&self) -> Vec<String> {
        let mut own: Vec<&str> =
            self.shapes.iter().flat_map(|shape| &shape.own).map(String::as_str).collect();
        own.push("output");
        own.sort_unstable();
        own.dedup();
        own.into_iter().chain(self.field_names()).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::limits;
    use crate::shelf::tests::shelf;

    #[test]
    fn a_line_has_a_text_for_each_column() {
        let long = "x".repeat(limits::CELL_SHOWN + 1);
        let shelf = shelf(&[
            r#"{"Hostname":"n","priority":"notice","rule":"R","output":"o","tags":["t"],"output_fields":{"proc.name":"a\u202e","proc.tty":null}}"#,
            &format!(r#"{{"rule":"S","output":"{long}"}}"#),
        ]);
        let columns =
            ["priority", "rule", "hostname", "tags", "output", "proc.name", "proc.tty", "no.such", "time"]
                .map(str::to_owned);
        let lines = shelf.lines([1, 2, 9].into_iter(), &columns);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].cells[..5], ["Notice", "R", "n", r#"["t"]"#, "o"]);
        assert!(lines[0].cells[5].starts_with('a') && !lines[0].cells[5].contains('\u{202e}'));
        assert_eq!(lines[0].cells[6..], ["", "", ""]);
        assert_eq!(lines[1].cells[4].chars().count(), limits::CELL_SHOWN + 1, "cut, with an ellipsis");
        assert_eq!(
            shelf.column_names(),
            ["Hostname", "output", "priority", "rule", "tags", "proc.name", "proc.tty"]
        );
    }
}
