//! The search bar: a condition of Falco's language where the query is one, otherwise words.
//!
//! ```
//! use analysis::{Options, Session, search::{Reading, Search}};
//!
//! let mut session = Session::new(Options { keep_alerts: true, ..Options::default() });
//! session.open("input");
//! session.feed(br#"{"rule":"R","output":"o","output_fields":{"proc.name":"curl"}}"#);
//! let shelf = session.finish().shelf;
//!
//! let mut search = Search::new("proc.name = curl", &shelf);
//! assert_eq!(search.reading(), &Reading::Condition);
//! while search.advance(&shelf, 1000) {}
//! assert_eq!(search.window(&shelf, 0, 10, &[], true).total, 1);
//! ```

pub mod facets;
pub mod terms;

use condition::{Completion, Context, Expr, Filter, Slots, Truth, Wanted, compile};
use serde::{Deserialize, Serialize};

use crate::alert::Value;
use crate::diagnostic::Diagnostic;
use crate::insight::Insight;
use crate::limits;
use crate::report::escape::is_hidden;
use crate::shelf::{Line, Order, Shelf, Sorting, View, Word, words};
use terms::Term;

/// How a query was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reading {
    /// There is none: every alert.
    Everything,
    /// As a finding of the report.
    Finding,
    /// As terms alone, see [`terms`].
    Terms,
    /// As a condition.
    Condition,
    /// As words; where it looks like a condition, with what keeps it from being one.
    Words(Option<Diagnostic>),
}

/// A part of the results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// How the query was understood.
    pub reading: Reading,
    /// How many alerts were found.
    pub total: u64,
    /// How many a condition does not decide, because they lack a field.
    pub unknown: u64,
    /// How many were searched.
    pub searched: u64,
    /// How many more were loaded, but are not kept to be searched.
    pub beyond: u64,
    /// The place of the first row among those found, from 0.
    pub offset: u64,
    /// Whether all alerts were searched, and sorted where that was asked for.
    pub done: bool,
    /// The alerts, in the order that was asked for.
    pub rows: Vec<Line>,
}

/// A search under way.
#[derive(Debug)]
pub struct Search {
    query: String,
    reading: Reading,
    terms: Vec<Term>,
    way: Way,
    /// Places of alerts found so far, from 0.
    found: Vec<usize>,
    unknown: u64,
    next: usize,
    order: Option<Order>,
    sorting: Option<Sorting>,
}

#[derive(Debug)]
enum Way {
    Everything,
    Condition(Box<Filter>, Slots),
    Words(Vec<Word>),
}

impl Search {
    /// Reads a query without knowing what the report counts. What is longer than
    /// [`limits::QUESTION_BYTES`] is cut.
    pub fn new(query: &str, alerts: &Shelf) -> Self {
        Self::among(query, &Insight::default(), alerts)
    }

    /// Reads a query that may begin with [`terms`] for what the report counts.
    pub fn among(query: &str, insight: &Insight, alerts: &Shelf) -> Self {
        let longest = query.len().min(limits::QUESTION_BYTES);
        let query = (0..=longest).rev().find_map(|end| query.get(..end)).unwrap_or_default();
        let (terms, rest) = terms::split(query, insight);
        let (reading, way) = match read(rest, alerts) {
            (Reading::Everything, way) if insight.asked_for(query).is_some() => (Reading::Finding, way),
            (Reading::Everything, way) if !terms.is_empty() => (Reading::Terms, way),
            (reading, way) => (reading, way),
        };
        Self {
            query: query.to_owned(),
            reading,
            terms,
            way,
            found: Vec::new(),
            unknown: 0,
            next: 0,
            order: None,
            sorting: None,
        }
    }

    /// The order in which alerts are wanted; `None` for that of reading. What was found stays found.
    pub fn sort(&mut self, order: Option<Order>) {
        if self.order != order {
            self.order = order;
            self.sorting = None;
        }
    }

    /// What is searched for.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// How the query was understood.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Looks at the next alerts, at most `count`, or sorts on; whether there is more to do.
    pub fn advance(&mut self, alerts: &Shelf, count: usize) -> bool {
        if self.next >= alerts.len() {
            return self.sort_on(alerts, count);
        }
        let end = self.next.saturating_add(count).min(alerts.len());
        let fits = |at: &usize| self.terms.iter().all(|term| term.fits(alerts, *at));
        let places = (self.next..end).filter(fits);
        match &self.way {
            Way::Everything => self.found.extend(places),
            Way::Words(words) => {
                let has_all = |at: &usize| words.iter().all(|word| word.is_in(alerts, *at));
                self.found.extend(places.filter(has_all));
            }
            Way::Condition(filter, slots) => {
                let view = View::new(alerts, slots.names());
                for at in places {
                    match view.event(at).map_or(Truth::False, |event| filter.evaluate(&event)) {
                        Truth::True => self.found.push(at),
                        Truth::Unknown => self.unknown += 1,
                        Truth::False => {}
                    }
                }
            }
        }
        self.next = end;
        end < alerts.len() || self.order.is_some()
    }

    fn sort_on(&mut self, alerts: &Shelf, count: usize) -> bool {
        let Some(order) = &self.order else { return false };
        let found = &self.found;
        let sorting = self.sorting.get_or_insert_with(|| Sorting::new(order.clone(), found.clone()));
        sorting.advance(alerts, count)
    }

    /// The record numbers of what was found so far, in the order that was asked for as far as it is known.
    pub fn records(&self) -> impl Iterator<Item = u64> {
        let places = match (&self.sorting, &self.order) {
            (Some(sorting), _) => sorting.sorted(),
            (None, Some(_)) => &[],
            (None, None) => &self.found,
        };
        places.iter().map(|at| *at as u64 + 1)
    }

    /// A part of what was found so far, with these columns; see [`Shelf::lines`].
    pub fn window(
        &self,
        alerts: &Shelf,
        offset: u64,
        limit: usize,
        columns: &[String],
        done: bool,
    ) -> Window {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        Window {
            reading: self.reading.clone(),
            total: self.found.len() as u64,
            unknown: self.unknown,
            searched: self.next as u64,
            beyond: alerts.beyond(),
            offset,
            done,
            rows: alerts.lines(self.records().skip(start).take(limit), columns),
        }
    }
}

fn read(query: &str, shelf: &Shelf) -> (Reading, Way) {
    if query.trim().is_empty() {
        return (Reading::Everything, Way::Everything);
    }
    let mut slots = Slots::new();
    let why = match condition::parse(query) {
        Ok(expr) if expr.checks().is_empty() => None,
        Ok(expr) => match compile(&expr, &Context::any(), &mut slots) {
            Ok(filter) => return (Reading::Condition, Way::Condition(Box::new(filter), slots)),
            Err(problem) => names_a_field(&expr).then(|| Diagnostic::of_problem(query, &problem)),
        },
        Err(error) => begins_with_a_field(query).then(|| Diagnostic::of_syntax(query, &error)),
    };
    let words = words(query).map(|word| Word::new(word, shelf)).collect();
    (Reading::Words(why), Way::Words(words))
}

/// Whether a condition is meant: one of its fields looks like one.
fn names_a_field(expr: &Expr) -> bool {
    expr.fields().iter().any(|field| field.name.contains('.'))
}

/// Whether the first word is a field of Falco's.
fn begins_with_a_field(query: &str) -> bool {
    let is_part = |symbol: char| symbol.is_ascii_alphanumeric() || "._".contains(symbol);
    let query = query.trim_start_matches(|symbol: char| symbol.is_whitespace() || symbol == '(');
    let query = query.strip_prefix("not ").unwrap_or(query);
    let end = query.find(|symbol| !is_part(symbol)).unwrap_or(query.len());
    condition::tables::field(query.get(..end).unwrap_or_default()).is_some()
}

/// What can be typed next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// The first byte of what has been typed of it.
    pub start: u64,
    /// The byte after it; a choice takes the place of what is between.
    pub end: u64,
    /// At most [`limits::COMPLETIONS`].
    pub items: Vec<Choice>,
}

/// Something that can be typed next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What to write.
    pub text: String,
    /// What it is: a type, `operator`, or how many alerts have the value.
    pub detail: String,
}

/// What can stand at a byte of a query: fields that the alerts carry before others, and their values.
///
/// Nothing is offered for an empty query, nor where all that fits is typed already.
pub fn complete(query: &str, cursor: usize, shelf: &Shelf) -> Choices {
    let completion = condition::complete(query, cursor, &Context::any());
    let typed = completion.span.of(query).to_owned();
    let mut items = match &completion.wanted {
        Wanted::Value { field, .. } => values(field, &typed, shelf),
        _ => Vec::new(),
    };
    if !query.trim().is_empty() {
        items.extend(ranked(&completion, shelf));
    }
    items.retain(|item| item.text != typed);
    items.truncate(limits::COMPLETIONS);
    Choices { start: completion.span.start as u64, end: completion.span.end as u64, items }
}

/// Suggestions of the language; of fields, those first that alerts carry.
fn ranked(completion: &Completion, shelf: &Shelf) -> Vec<Choice> {
    let carried = shelf.field_names();
    let mut suggestions: Vec<_> = completion.suggestions.iter().collect();
    suggestions.sort_by_key(|suggestion| carried.binary_search(&suggestion.text.as_str()).is_err());
    let choice = |suggestion: &condition::Suggestion| Choice {
        text: suggestion.text.clone(),
        detail: suggestion.detail.to_owned(),
    };
    suggestions.into_iter().map(choice).collect()
}

/// Values of a field that contain what has been typed, the most frequent first.
fn values(field: &str, typed: &str, shelf: &Shelf) -> Vec<Choice> {
    let lower = typed.to_lowercase();
    let fits = |text: &str| text.to_lowercase().contains(&lower);
    let choice = |(value, count): (&Value, u64)| {
        let text = value.text();
        let is_scalar = !matches!(value, Value::Null | Value::List(_) | Value::Object(_));
        // What does not show could not be told from another value.
        let is_one = is_scalar && !text.is_empty() && !text.contains(is_hidden);
        let detail = format!("{count} {}", if count == 1 { "alert" } else { "alerts" });
        (is_one && fits(&text)).then(|| Choice { text: written(&text), detail })
    };
    shelf.values_of(field).into_iter().filter_map(choice).take(limits::COMPLETIONS).collect()
}

/// A value as a condition takes it, in quotes where it needs them.
pub(crate) fn written(text: &str) -> String {
    let bare = |symbol: char| symbol.is_alphanumeric() || "._/:@%+-[]*".contains(symbol);
    if text.chars().all(bare) { text.to_owned() } else { condition::quoted(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shelf::tests::shelf;

    fn alerts() -> Shelf {
        shelf(&[
            r#"{"rule":"Curl","output":"curl ran","output_fields":{"proc.name":"curl","k8s.ns.name":"web"}}"#,
            r#"{"rule":"Curl","output":"curl ran","output_fields":{"proc.name":"curl","k8s.ns.name":"kube-system"}}"#,
            r#"{"rule":"Shell","output":"a shell","output_fields":{"proc.name":"my sh"}}"#,
            r#"{"rule":"Curl","output":"curl ran","output_fields":{"proc.name":"curl"}}"#,
        ])
    }

    #[track_caller]
    fn check(query: &str, reading: &str, records: &[u64], unknown: u64) {
        let shelf = alerts();
        for step in [1, 3, 100] {
            let mut search = Search::new(query, &shelf);
            while search.advance(&shelf, step) {}
            let window = search.window(&shelf, 0, 10, &[], true);
            let found: Vec<u64> = window.rows.iter().map(|row| row.record).collect();
            let read = match &window.reading {
                Reading::Everything => "everything".to_owned(),
                Reading::Condition => "condition".to_owned(),
                Reading::Finding | Reading::Terms => "terms".to_owned(),
                Reading::Words(None) => "words".to_owned(),
                Reading::Words(Some(why)) => why.message.clone(),
            };
            assert_eq!((read.as_str(), found.as_slice()), (reading, records), "{query}");
            assert_eq!((window.unknown, window.total), (unknown, records.len() as u64), "{query}");
        }
    }

    #[test]
    fn conditions_and_words() {
        check("", "everything", &[1, 2, 3, 4], 0);
        check("proc.name = curl and k8s.ns.name != kube-system", "condition", &[1], 1);
        check("not proc.name = curl", "condition", &[3], 0);
        check("CURL web", "words", &[1], 0);
        check("rule:Curl", "terms", &[1, 2, 4], 0);
        check("rule:Curl namespace:web", "terms", &[1], 0);
        check("rule:Curl k8s.ns.name = web", "condition", &[1], 1);
        check("priority:none rule:Shell my", "words", &[3], 0);
        check("from:2025-01-01T00:00:00Z", "terms", &[], 0);
        check("curl", "words", &[1, 2, 4], 0);
        check("\"a shell\"", "words", &[3], 0);
        check("curl and web", "words", &[], 0);
    }

    #[test]
    fn a_condition_with_a_mistake_says_so() {
        check("proc.nmae = curl", "there is no field `proc.nmae`", &[], 0);
        check("proc.name = ", "a value is missing here", &[], 0);
        check("a = b", "words", &[], 0);
    }

    #[test]
    fn results_come_in_windows() {
        let shelf = alerts();
        let mut search = Search::new("", &shelf);
        assert!(search.advance(&shelf, 3) && !search.advance(&shelf, 3));
        let window = search.window(&shelf, 1, 2, &[], true);
        assert_eq!((window.total, window.offset, window.searched), (4, 1, 4));
        assert!(window.rows.iter().map(|row| row.record).eq([2, 3]));
        assert!(search.window(&shelf, 9, 2, &[], true).rows.is_empty());
    }

    #[test]
    fn results_are_sorted_and_sorted_anew() {
        let shelf = alerts();
        let order = |descending| Some(Order { by: "rule".to_owned(), descending });
        let mut search = Search::new("curl or shell", &shelf);
        for (query, order, expected) in [
            ("", order(true), [3, 1, 2, 4].as_slice()),
            ("", order(false), &[1, 2, 4, 3]),
            ("", None, &[1, 2, 3, 4]),
            ("not proc.name = x", order(true), &[3, 1, 2, 4]),
        ] {
            if search.query() != query {
                search = Search::new(query, &shelf);
            }
            search.sort(order);
            while search.advance(&shelf, 2) {}
            assert!(search.records().eq(expected.iter().copied()), "{query} {expected:?}");
        }
    }

    #[track_caller]
    fn offers(query: &str, expected: &[(&str, &str)]) {
        let choices = complete(query, query.len(), &alerts());
        let items: Vec<(&str, &str)> =
            choices.items.iter().map(|item| (item.text.as_str(), item.detail.as_str())).collect();
        assert_eq!(items.get(..expected.len()), Some(expected), "{query}");
        assert_eq!(choices.end, query.len() as u64);
    }

    #[test]
    fn fields_and_values_of_the_alerts_are_offered_first() {
        offers("k8s.ns", &[("k8s.ns.name", "text")]);
        offers("proc.name = ", &[("curl", "3 alerts"), ("\"my sh\"", "1 alert")]);
        offers("proc.name in (my", &[("\"my sh\"", "1 alert")]);
        offers("proc.name = curl and k8s.ns.name != K", &[("kube-system", "1 alert")]);
        assert!(complete("", 0, &alerts()).items.is_empty());
        assert!(complete("proc.name = curl", 16, &alerts()).items.is_empty());
        assert!(complete("", 0, &Shelf::default()).items.len() <= limits::COMPLETIONS);
    }
}
