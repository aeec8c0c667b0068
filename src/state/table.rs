//! The table of alerts without a browser: what of it is in view, and what is selected.

/// The height of a row in pixels; the style sheet's `--row` says the same.
pub const ROW: f64 = 32.0;

/// Browsers do not draw elements that are much taller, in pixels.
pub const TALLEST: f64 = 8_000_000.0;

/// Rows that are asked for at once.
pub const ROWS: u64 = 200;

/// Rows before those in view that are asked for with them.
const BEFORE: u64 = 80;

/// Rows in a row of a table that scrolls further than browsers can: the browser scrolls through an element
/// of at most [`TALLEST`], and every pixel of that stands for several of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scroll {
    /// How many rows there are.
    pub rows: u64,
    /// The height in which rows show, in pixels.
    pub height: f64,
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rows and pixels are far below 2^53 and never negative"
)]
impl Scroll {
    /// How tall the element is that the browser scrolls through, in pixels.
    pub fn tall(self) -> f64 {
        self.whole().min(TALLEST)
    }

    /// Whether a pixel of the browser's stands for more than one.
    pub fn is_scaled(self) -> bool {
        self.whole() > TALLEST
    }

    /// The place in the table, in its own pixels, where the browser scrolled to.
    pub fn place(self, scrolled: f64) -> f64 {
        self.within(scrolled * self.scale())
    }

    /// Where the browser has to scroll to for a place.
    pub fn scrolled(self, place: f64) -> f64 {
        self.within(place) / self.scale()
    }

    /// The nearest place that exists.
    pub fn within(self, place: f64) -> f64 {
        place.clamp(0.0, (self.whole() - self.height).max(0.0))
    }

    /// The first row that shows at a place, and how much of it is above the view, in pixels.
    pub fn first(self, place: f64) -> (u64, f64) {
        let row = (place / ROW).floor();
        (row as u64, place - row * ROW)
    }

    /// The place nearest to another at which a row shows whole.
    pub fn showing(self, row: u64, place: f64) -> f64 {
        let top = row as f64 * ROW;
        let last = (top + ROW - self.height).min(top);
        self.within(place.clamp(last, top))
    }

    /// How many rows show at once, parts of rows too.
    pub fn rows_in_view(self) -> u64 {
        (self.height / ROW).ceil().max(0.0) as u64 + 1
    }

    /// How many rows a page is.
    pub fn page(self) -> u64 {
        ((self.height / ROW).floor() as u64).max(1)
    }

    fn whole(self) -> f64 {
        self.rows as f64 * ROW
    }

    fn scale(self) -> f64 {
        let free = |tall: f64| (tall - self.height).max(1.0);
        if self.is_scaled() { free(self.whole()) / free(TALLEST) } else { 1.0 }
    }
}

/// The first row to ask for so that all rows from `first` on that show are there, with some on both
/// sides; `None` where what is loaded (from, how many) covers what shows.
pub fn wanted(first: u64, shown: u64, total: u64, loaded: Option<(u64, u64)>) -> Option<u64> {
    let end = (first + shown).min(total);
    let covers = |(from, count): (u64, u64)| from <= first && end <= from + count;
    if loaded.is_some_and(covers) { None } else { Some(first.saturating_sub(BEFORE)) }
}

/// Rows that are selected, as runs `start..end` in order that do not touch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    runs: Vec<(u64, u64)>,
}

impl Selection {
    /// Rows from one to another, in either direction.
    pub fn between(one: u64, other: u64) -> Self {
        Self { runs: vec![(one.min(other), one.max(other) + 1)] }
    }

    /// The runs, `start..end` each.
    pub fn runs(&self) -> &[(u64, u64)] {
        &self.runs
    }

    /// How many rows.
    pub fn len(&self) -> u64 {
        self.runs.iter().map(|(start, end)| end - start).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Whether a row is one of them.
    pub fn has(&self, row: u64) -> bool {
        self.runs.iter().any(|(start, end)| (*start..*end).contains(&row))
    }

    /// Selects a row, or no longer.
    pub fn toggle(&mut self, row: u64) {
        let (mut runs, is_in) = (Vec::new(), self.has(row));
        for (start, end) in self.runs.iter().copied() {
            if is_in && (start..end).contains(&row) {
                runs.extend([(start, row), (row + 1, end)].into_iter().filter(|(start, end)| start < end));
            } else {
                runs.push((start, end));
            }
        }
        if !is_in {
            let at = runs.iter().take_while(|(start, _)| *start < row).count();
            runs.insert(at, (row, row + 1));
        }
        self.runs = joined(runs);
    }
}

fn joined(runs: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    let mut out: Vec<(u64, u64)> = Vec::with_capacity(runs.len());
    for (start, end) in runs {
        match out.last_mut() {
            Some(last) if last.1 == start => last.1 = end,
            _ => out.push((start, end)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_a_million_can_be_reached() {
        let scroll = Scroll { rows: 1_000_000, height: 640.0 };
        assert!(scroll.is_scaled());
        assert!((scroll.tall() - TALLEST).abs() < 1.0);
        for row in [0, 1, 7, 499_999, 500_000, 999_979, 999_999] {
            let place = scroll.showing(row, 0.0);
            let (first, above) = scroll.first(place);
            assert!(first <= row && row < first + scroll.rows_in_view(), "{row} from {first}");
            assert!((0.0..ROW).contains(&above));
            assert!((scroll.place(scroll.scrolled(place)) - place).abs() < 0.01, "{row}: there and back");
        }
        assert_eq!(scroll.first(scroll.place(TALLEST - 640.0)).0, 999_980);
    }

    #[test]
    fn few_rows_scroll_as_browsers_do() {
        let scroll = Scroll { rows: 100, height: 320.0 };
        assert!(!scroll.is_scaled());
        assert_eq!((scroll.tall(), scroll.place(33.0), scroll.scrolled(33.0)), (3200.0, 33.0, 33.0));
        assert_eq!(scroll.first(33.0), (1, 1.0));
        for (row, from, to) in [(0, 100.0, 0.0), (5, 0.0, 0.0), (10, 0.0, 32.0), (99, 0.0, 2880.0)] {
            assert!((scroll.showing(row, from) - to).abs() < 0.01, "row {row}");
        }
        let none = Scroll { rows: 0, height: 320.0 };
        assert_eq!((none.tall(), none.place(50.0), none.showing(0, 0.0)), (0.0, 0.0, 0.0));
    }

    #[test]
    fn rows_are_asked_for_once_they_are_missing() {
        for (first, total, loaded, expected) in [
            (0, 1000, None, Some(0)),
            (0, 1000, Some((0, 200)), None),
            (180, 1000, Some((0, 200)), None),
            (181, 1000, Some((0, 200)), Some(101)),
            (90, 1000, Some((100, 200)), Some(10)),
            (990, 1000, Some((900, 100)), None),
        ] {
            assert_eq!(wanted(first, 20, total, loaded), expected, "{first} of {total}, {loaded:?}");
        }
    }

    #[test]
    fn rows_are_selected_one_by_one_and_in_runs() {
        let mut selection = Selection::between(7, 4);
        for (row, runs) in [
            (5, vec![(4, 5), (6, 8)]),
            (5, vec![(4, 8)]),
            (4, vec![(5, 8)]),
            (2, vec![(2, 3), (5, 8)]),
            (3, vec![(2, 4), (5, 8)]),
            (4, vec![(2, 8)]),
        ] {
            selection.toggle(row);
            assert_eq!(selection.runs(), runs, "after {row}");
        }
        assert_eq!((selection.len(), selection.has(7), selection.has(8)), (6, true, false));
    }
}
