//! Alerts as files for other programs.

use super::{Kept, Shape, Shelf, cells::Columns};
use crate::alert::Value;

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

impl Shelf {
    /// The heading of a table with these columns, as a line of CSV (RFC 4180).
    pub fn csv_heading(columns: &[String]) -> String {
        csv(std::iter::once("record").chain(columns.iter().map(String::as_str)))
    }

    /// Alerts as lines of CSV: the record number and each column, every cell in quotes. A cell that a
    /// spreadsheet would take for a formula begins with an apostrophe.
    pub fn csv_lines(&self, records: impl Iterator<Item = u64>, columns: &[String]) -> String {
        let places = Columns::new(self, columns);
        let mut out = String::new();
        for (record, alert) in records.filter_map(|record| Some((record, self.at(record)?))) {
            let cells: Vec<String> = std::iter::once(record.to_string())
                .chain((0..columns.len()).map(|column| places.text(self, alert, column)))
                .collect();
            out.push_str(&csv(cells.iter().map(String::as_str)));
        }
        out
    }

    /// Alerts as lines of canonical JSON, with what there is to note about how they were read.
    pub fn json_lines(&self, records: impl Iterator<Item = u64>) -> String {
        let mut out = String::new();
        for alert in records.filter_map(|record| self.at(record)) {
            let Some(shape) = self.shape_of(alert) else { continue };
            self.json(alert, shape, &mut out);
            out.push('\n');
        }
        out
    }

    fn json(&self, alert: &Kept, shape: &Shape, out: &mut String) {
        let pair = |at: usize, name: &str| {
            format!("{}:{}", quoted(name), self.cell(alert, at).unwrap_or(&Value::Null).json())
        };
        let fields = || {
            let fields = (shape.own.len()..).zip(&shape.fields).map(|(at, name)| pair(at, name));
            format!("\"output_fields\":{{{}}}", fields.collect::<Vec<_>>().join(","))
        };
        let [output_at, fields_at] = shape.apart;
        let mut members = Vec::new();
        for at in 0..=shape.own.len() {
            let mut apart = [(output_at, 0), (fields_at, 1)]
                .map(|(place, kind)| place.filter(|place| place.0 == at).map(|place| (place, kind)));
            apart.sort_unstable();
            for (_, kind) in apart.into_iter().flatten() {
                members.push(if kind == 0 {
                    format!("\"output\":{}", quoted(&alert.output))
                } else {
                    fields()
                });
            }
            members.extend(shape.own.get(at).map(|name| pair(at, name)));
        }
        out.push('{');
        out.push_str(&members.join(","));
        out.push('}');
    }
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).json()
}

fn csv<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for cell in cells {
        if !line.is_empty() {
            line.push(',');
        }
        line.push('"');
        if cell.starts_with(FORMULA) {
            line.push('\'');
        }
        line.push_str(&cell.replace('"', "\"\""));
        line.push('"');
    }
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use crate::alert::{Alert, Object};
    use crate::shelf::{Shelf, tests::shelf};

    #[test]
    fn no_cell_of_a_csv_is_a_formula_or_ends_early() {
        for (value, cell) in [
            ("plain", "\"plain\""),
            ("a,b\nc\"d", "\"a,b\nc\"\"d\""),
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("\",=1", "\"\"\",=1\""),
            ("", "\"\""),
        ] {
            let alert = serde_json::json!({"rule": "R", "output": "o", "output_fields": {"v": value}});
            let shelf = shelf(&[&alert.to_string()]);
            let columns = ["v".to_owned(), "rule".to_owned()];
            assert_eq!(shelf.csv_lines([1, 2].into_iter(), &columns), format!("\"1\",{cell},\"R\"\r\n"));
        }
        assert_eq!(Shelf::csv_heading(&["=x".to_owned()]), "\"record\",\"'=x\"\r\n");
    }

    #[test]
    fn json_lines_are_the_alerts_as_they_were() {
        for line in [
            r#"{"hostname":"n","output":"o \"x\"","output_fields":{"proc.name":"a\u202e","n":-1,"d":1.50,"l":["x",null],"proc.name":"b"},"priority":"Notice","rule":"R","time":"2025-01-01T00:00:00Z","tags":[]}"#,
            r#"{"output_fields":{},"output":"o","rule":"R"}"#,
            r#"{"rule":"R","output":"o"}"#,
            r#"{"rule":"R","priority":"Error"}"#,
            r#"{"rule":"R","output":"o","falco_report":{"marks":["recovered"],"filled":["hostname"]}}"#,
        ] {
            let alert = Alert::from_object(Object::parse(line.as_bytes()).unwrap()).unwrap();
            assert_eq!(shelf(&[line]).json_lines([1, 7].into_iter()), format!("{}\n", alert.json()));
        }
    }
}
