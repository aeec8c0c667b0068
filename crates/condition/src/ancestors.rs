//! Ancestor fields without an index: a check of one holds where it holds for any ancestor.
//!
//! An alert carries the ancestors by level, or all of them in one text, parent first, with blanks between
//! them. Names may hold blanks themselves, so where a text could be cut in several ways every way counts:
//! the answer is known only if it is the same for all.

use std::borrow::Cow;

use crate::datum::Datum;
use crate::eval::Seen;
use crate::program::{Ancestors, Test};
use crate::source::{Lookup, Source, Value};
use crate::truth::Truth;

/// Most places at which a text is cut; beyond, the answer is unknown.
const MOST_PLACES: usize = 48;

/// Levels that are looked up one by one.
pub(crate) const LEVELS: usize = 10;

/// Whether any ancestor satisfies the test.
pub(crate) fn check<S: Source + ?Sized>(ancestors: &Ancestors, test: &Test, event: &S) -> Truth {
    let whole = match ancestors.joined.map_or(Lookup::Absent, |slot| event.get(slot)) {
        Lookup::Null => return Truth::False,
        Lookup::Value(Value::Text(joined)) => Some(joined),
        Lookup::Value(_) | Lookup::Absent => None,
    };
    if whole.is_some() && matches!(test, Test::Exists) {
        return Truth::True;
    }
    // What the levels tell; `rest` is the text behind those from the parent upward without a gap.
    let mut any = Truth::False;
    let mut rest: Option<&str> = whole.filter(|joined| !joined.contains('\u{fffd}'));
    let mut has_gap = false;
    for (index, level) in ancestors.levels.iter().enumerate() {
        let seen = match level.read(event) {
            Seen::Unknown if index == 0 => ancestors.parent.read(event),
            seen => seen,
        };
        match &seen {
            Seen::Null if !has_gap => return any,
            Seen::Null | Seen::Unknown => {
                has_gap = true;
                continue;
            }
            _ => any = any.or(test.holds_for(&seen, event)),
        }
        if any == Truth::True {
            return any;
        }
        if !has_gap {
            match rest.map(|joined| without(joined, &seen)) {
                Some(Some("")) => return any,
                Some(Some(behind)) => rest = behind.strip_prefix(' '),
                Some(None) | None => rest = None,
            }
        }
    }
    match rest {
        Some(rest) => any.or(any_way_to_cut(rest, ancestors.longest, test, event)),
        None => Truth::Unknown,
    }
}

/// The text behind the value of one level.
fn without<'a>(joined: &'a str, seen: &Seen<'_>) -> Option<&'a str> {
    let Seen::One(Datum::Text(value)) = seen else { return None };
    joined.strip_prefix(std::str::from_utf8(value.as_ref()).ok()?)
}

/// Whether some piece satisfies the test, over all ways to cut the text at blanks.
fn any_way_to_cut<S: Source + ?Sized>(joined: &str, longest: Option<usize>, test: &Test, event: &S) -> Truth {
    // A place is the number of blanks before it; the last one is the end of the text.
    let mut starts = [0; MOST_PLACES];
    let mut end = 1;
    for (offset, _) in joined.match_indices(' ') {
        let Some(start) = starts.get_mut(end) else { return Truth::Unknown };
        *start = offset + 1;
        end += 1;
    }
    // For each place: the answer if the text before it did not hold it, over all ways to cut the rest.
    let mut answers = [Truth::False; MOST_PLACES + 1];
    for from in (0..end).rev() {
        let start = starts.get(from).copied().unwrap_or_default();
        let mut all_ways: Option<Truth> = None;
        for next in from + 1..=end {
            let stop = match starts.get(next) {
                Some(start) if next < end => start - 1,
                _ => joined.len(),
            };
            let Some(piece) = joined.as_bytes().get(start..stop) else { continue };
            if longest.is_some_and(|longest| piece.len() > longest) {
                break;
            }
            let held = test.holds(&Datum::Text(Cow::Borrowed(piece)), event);
            let way = held.or(answers.get(next).copied().unwrap_or(Truth::Unknown));
            all_ways = match all_ways {
                None => Some(way),
                Some(other) if other == way => Some(way),
                Some(_) => Some(Truth::Unknown),
            };
        }
        if let Some(answer) = answers.get_mut(from) {
            // A piece that is longer than any name cannot be cut: the text is not what it seems.
            *answer = all_ways.unwrap_or(Truth::Unknown);
        }
    }
    answers.first().copied().unwrap_or(Truth::Unknown)
}
