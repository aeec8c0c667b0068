//! The columns of the table of alerts, and how they are remembered.

/// A column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What it shows: `time`, `priority`, `rule`, `output`, a field, or another key of alerts.
    pub name: String,
    /// Its width in pixels.
    pub width: u32,
}

/// No column is narrower, in pixels.
const NARROWEST: u32 = 48;

/// No column is wider, in pixels.
const WIDEST: u32 = 2000;

/// A table has at most so many.
const MOST: usize = 40;

impl Column {
    /// A column of the width that its content usually has.
    pub fn new(name: &str) -> Self {
        let width = match name {
            "output" => 640,
            "rule" => 260,
            "time" => 190,
            "priority" => 100,
            _ => 150,
        };
        Self { name: name.to_owned(), width }
    }

    /// The columns to begin with.
    pub fn usual() -> Vec<Self> {
        ["time", "priority", "rule", "hostname", "output"].map(Self::new).to_vec()
    }

    /// The column, wider or narrower.
    pub fn widened(&mut self, by: i32) {
        self.width = self.width.saturating_add_signed(by).clamp(NARROWEST, WIDEST);
    }

    /// Columns as they are remembered: a line each.
    pub fn written(columns: &[Self]) -> String {
        columns.iter().map(|column| format!("{} {}\n", column.width, column.name)).collect()
    }

    /// Remembered columns; the usual ones where that is none.
    pub fn read(text: &str) -> Vec<Self> {
        let column = |line: &str| {
            let (width, name) = line.split_once(' ')?;
            let width = width.parse::<u32>().ok()?.clamp(NARROWEST, WIDEST);
            (!name.is_empty()).then(|| Self { name: name.to_owned(), width })
        };
        let columns: Vec<Self> = text.lines().filter_map(column).take(MOST).collect();
        if columns.is_empty() { Self::usual() } else { columns }
    }

    /// Shows a column, behind the others but before the output, or no longer; the last one stays.
    pub fn toggle(columns: &mut Vec<Self>, name: &str) {
        if let Some(at) = columns.iter().position(|column| column.name == name) {
            if columns.len() > 1 {
                columns.remove(at);
            }
        } else if columns.len() < MOST {
            let output = columns.iter().position(|column| column.name == "output");
            columns.insert(output.unwrap_or(columns.len()), Self::new(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_remembered() {
        let mut columns = Column::usual();
        Column::toggle(&mut columns, "proc.name");
        Column::toggle(&mut columns, "time");
        columns[0].widened(-1000);
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["priority", "rule", "hostname", "proc.name", "output"]);
        assert_eq!(columns[0].width, NARROWEST);
        assert_eq!(Column::read(&Column::written(&columns)), columns);
    }

    #[test]
    fn what_is_no_column_is_left_out() {
        for text in ["", "rule", "x rule\n", "12 \n", "\n\n"] {
            assert_eq!(Column::read(text), Column::usual(), "{text:?}");
        }
        assert_eq!(
            Column::read("9999999 rule\nx\n1 a b").iter().map(|c| c.width).collect::<Vec<_>>(),
            [2000, 48]
        );
        let mut last = vec![Column::new("rule")];
        Column::toggle(&mut last, "rule");
        assert_eq!(last.len(), 1);
    }
}
