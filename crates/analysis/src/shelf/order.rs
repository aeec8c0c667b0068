//! Alerts in another order than they were read in, a slice of work at a time.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Kept, Shelf, cells::Columns};
use crate::alert::Value;
use crate::limits;

/// What alerts are sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// A column, as [`Shelf::line`] names them.
    pub by: String,
    /// Whether the greatest comes first. Alerts without a value come last either way.
    pub descending: bool,
}

/// Alerts being sorted: first a look at all of them for those that come first, then a merge sort, which
/// can rest after every comparison.
#[derive(Debug)]
pub(crate) struct Sorting {
    order: Order,
    /// Places of alerts, in runs of `width` that are in order.
    items: Vec<usize>,
    merged: Vec<usize>,
    width: usize,
    /// Where the pair of runs begins that is being merged, and how far each of the two is.
    start: usize,
    left: usize,
    right: usize,
    first: Vec<usize>,
    looked_at: usize,
}

impl Sorting {
    /// Sorts these places; equal ones stay as they are.
    pub fn new(order: Order, items: Vec<usize>) -> Self {
        let merged = Vec::with_capacity(items.len());
        Self { order, items, merged, width: 1, start: 0, left: 0, right: 1, first: Vec::new(), looked_at: 0 }
    }

    /// Makes at most so many comparisons, more or less; whether there is more to do.
    pub fn advance(&mut self, alerts: &Shelf, count: usize) -> bool {
        let by = [self.order.by.clone()];
        let columns = Columns::new(alerts, &by);
        let descending = self.order.descending;
        let is_before =
            |one: usize, other: usize| compare(alerts, &columns, one, other, descending) == Ordering::Less;
        for _ in 0..count {
            if self.looked_at < self.items.len() {
                self.look_at_next(is_before);
            } else if self.width < self.items.len() {
                self.merge_next(is_before);
            } else {
                return false;
            }
        }
        true
    }

    fn look_at_next(&mut self, is_before: impl Fn(usize, usize) -> bool) {
        let Some(item) = self.items.get(self.looked_at).copied() else { return };
        self.looked_at += 1;
        let is_full = self.first.len() >= limits::FIRST_SORTED;
        if is_full && self.first.last().is_some_and(|last| !is_before(item, *last)) {
            return;
        }
        let at = self.first.partition_point(|before| !is_before(item, *before));
        self.first.insert(at, item);
        self.first.truncate(limits::FIRST_SORTED);
    }

    fn merge_next(&mut self, is_before: impl Fn(usize, usize) -> bool) {
        let middle = self.start + self.width;
        let end = (middle + self.width).min(self.items.len());
        let left = self.items.get(self.left).filter(|_| self.left < middle);
        let right = self.items.get(self.right).filter(|_| self.right < end);
        match (left, right) {
            (Some(left), Some(right)) if is_before(*right, *left) => {
                self.merged.push(*right);
                self.right += 1;
            }
            (Some(left), _) => {
                self.merged.push(*left);
                self.left += 1;
            }
            (None, Some(right)) => {
                self.merged.push(*right);
                self.right += 1;
            }
            (None, None) => {
                let is_round_over = end >= self.items.len();
                if is_round_over {
                    std::mem::swap(&mut self.items, &mut self.merged);
                    self.merged.clear();
                    self.width *= 2;
                }
                self.start = if is_round_over { 0 } else { end };
                self.left = self.start;
                self.right = self.start + self.width;
            }
        }
    }

    /// The places that come first, once all were looked at; all of them once they are sorted.
    pub fn sorted(&self) -> &[usize] {
        if self.width >= self.items.len() {
            &self.items
        } else if self.looked_at >= self.items.len() {
            &self.first
        } else {
            &[]
        }
    }
}

fn compare(shelf: &Shelf, columns: &Columns, one: usize, other: usize, descending: bool) -> Ordering {
    let (Some(one), Some(other)) = (shelf.alerts.get(one), shelf.alerts.get(other)) else {
        return Ordering::Equal;
    };
    let direction = |ordering: Ordering| if descending { ordering.reverse() } else { ordering };
    match (key(shelf, columns, one), key(shelf, columns, other)) {
        (Some(one), Some(other)) => direction(by_key(&one, &other)),
        (one, other) => other.is_some().cmp(&one.is_some()),
    }
}

enum Key<'a> {
    Number(i128),
    Text(&'a str),
    Other(&'a Value),
}

fn key<'a>(shelf: &'a Shelf, columns: &Columns, alert: &'a Kept) -> Option<Key<'a>> {
    match columns.first_name() {
        "time" => return alert.time.map(|time| Key::Number(time.nanoseconds())),
        "priority" => return alert.priority.map(|priority| Key::Number(priority as i128)),
        "output" => return Some(Key::Text(&alert.output)),
        "rule" => return Some(Key::Text(shelf.rule_of(alert))),
        _ => {}
    }
    match columns.value(shelf, alert, 0)? {
        Value::Null => None,
        Value::Int(number) => Some(Key::Number(i128::from(*number))),
        Value::Uint(number) => Some(Key::Number(i128::from(*number))),
        Value::String(text) => Some(Key::Text(text)),
        other => Some(Key::Other(other)),
    }
}

/// Numbers come before texts, and what is neither comes last, as it is written.
fn by_key(one: &Key, other: &Key) -> Ordering {
    match (one, other) {
        (Key::Number(one), Key::Number(other)) => one.cmp(other),
        (Key::Text(one), Key::Text(other)) => one.cmp(other),
        (Key::Other(one), Key::Other(other)) => one.json().cmp(&other.json()),
        (Key::Number(_), _) | (Key::Text(_), Key::Other(_)) => Ordering::Less,
        (Key::Text(_) | Key::Other(_), _) => Ordering::Greater,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shelf::tests::shelf;

    #[track_caller]
    fn sorts(by: &str, descending: bool, expected: &[usize]) {
        let shelf = shelf(&[
            r#"{"rule":"B","output":"1","priority":"Notice","time":"2025-01-03T00:00:00Z","hostname":"b","output_fields":{"proc.pid":10,"x":"b"}}"#,
            r#"{"rule":"A","output":"2","priority":"Critical","time":"2025-01-01T00:00:00Z","output_fields":{"proc.pid":9}}"#,
            r#"{"rule":"C","output":"3","priority":"Notice","hostname":"a","output_fields":{"proc.pid":null,"x":7}}"#,
            r#"{"rule":"A","output":"4","time":"2025-01-02T00:00:00Z","output_fields":{"proc.pid":100,"x":"a"}}"#,
            r#"{"rule":"D","output":"5","output_fields":{"proc.pid":9,"x":1.5}}"#,
        ]);
        for count in [1, 2, 1000] {
            let mut sorting = Sorting::new(Order { by: by.to_owned(), descending }, (0..5).collect());
            while sorting.advance(&shelf, count) {}
            assert_eq!(sorting.sorted(), expected, "{by}, {count} at a time");
            assert_eq!(sorting.first, expected, "{by}: those that come first");
        }
    }

    #[test]
    fn alerts_are_sorted_by_what_a_column_shows() {
        sorts("time", false, &[1, 3, 0, 2, 4]);
        sorts("time", true, &[0, 3, 1, 2, 4]);
        sorts("priority", false, &[1, 0, 2, 3, 4]);
        sorts("rule", true, &[4, 2, 0, 1, 3]);
        sorts("hostname", false, &[2, 0, 1, 3, 4]);
        sorts("proc.pid", false, &[1, 4, 0, 3, 2]);
        sorts("proc.pid", true, &[3, 0, 1, 4, 2]);
        sorts("x", false, &[2, 3, 0, 4, 1]);
        sorts("no.such", false, &[0, 1, 2, 3, 4]);
    }

    #[test]
    fn few_and_none_are_sorted_at_once() {
        let shelf = shelf(&[r#"{"rule":"R","output":"o"}"#]);
        for items in [vec![], vec![0]] {
            let mut sorting = Sorting::new(Order { by: "rule".to_owned(), descending: false }, items.clone());
            while sorting.advance(&shelf, 10) {}
            assert_eq!(sorting.sorted(), items);
        }
    }
}
