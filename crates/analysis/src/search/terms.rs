//! Terms before a query: `priority:Notice from:2025-01-01T00:00:00Z proc.name = curl`.
//!
//! A term names what the report counts (a finding, a tactic, a priority, a span of time …), so that every
//! number of it can be searched for. Values with blanks or quotes are written as JSON texts. What only looks
//! like a term, by an unknown name or a value that cannot be, is left to the rest of the query.

use crate::alert::{Priority, Timestamp};
use crate::insight::coverage::{self, TACTICS};
use crate::insight::noise::Budget;
use crate::insight::{Class, FINDING_QUERY, Insight, noise};
use crate::report::escape::is_hidden;
use crate::shelf::Shelf;

/// The value of `priority:` for alerts without a valid one.
const NO_PRIORITY: &str = "none";

/// Every name of a term.
const NAMES: [&str; 14] = [
    "rule",
    "priority",
    "from",
    "to",
    "host",
    "namespace",
    "process",
    "user",
    "verdict",
    "image",
    "finding",
    "volume",
    "attack",
    "incident",
];

/// What an alert has to be.
#[derive(Debug)]
pub(super) enum Term {
    /// One of these, by place.
    Among(Vec<bool>),
    /// Of this rule.
    Rule(String),
    /// Of this priority, or of none.
    Priority(Option<Priority>),
    /// Of a time that is not earlier.
    From(Timestamp),
    /// Of an earlier time.
    To(Timestamp),
    /// With this value of an own key.
    Own(&'static str, String),
    /// With this value of a field.
    Field(&'static str, String),
}

impl Term {
    /// Whether the alert at a place, from 0, is so.
    pub fn fits(&self, alerts: &Shelf, at: usize) -> bool {
        let record = at as u64 + 1;
        match self {
            Self::Among(places) => places.get(at).copied().unwrap_or_default(),
            Self::Rule(rule) => alerts.rule(record) == Some(rule),
            Self::Priority(priority) => alerts.priority(record) == *priority,
            Self::From(from) => alerts.time(record).is_some_and(|time| time >= *from),
            Self::To(to) => alerts.time(record).is_some_and(|time| time < *to),
            Self::Own(key, value) => alerts.own_text(record, key).is_some_and(|text| text == *value),
            Self::Field(name, value) => alerts.field_text(record, name).is_some_and(|text| text == *value),
        }
    }
}

/// The terms that a query begins with, and the rest of it.
pub(super) fn split<'a>(query: &'a str, insight: &Insight) -> (Vec<Term>, &'a str) {
    let (mut terms, mut rest) = (Vec::new(), query.trim_start());
    while let Some((term, after)) = next(rest, insight) {
        terms.push(term);
        rest = after.trim_start();
    }
    (terms, rest)
}

fn next<'a>(text: &'a str, insight: &Insight) -> Option<(Term, &'a str)> {
    let (name, rest) = text.split_once(':')?;
    let (value, rest) = value(rest)?;
    Some((term(name, value, insight)?, rest))
}

/// A JSON text, or everything up to a blank.
fn value(text: &str) -> Option<(String, &str)> {
    if !text.starts_with('"') {
        let (value, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
        return (!value.is_empty()).then(|| (value.to_owned(), rest));
    }
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, symbol)| {
        let is_end = *symbol == '"' && !escaped;
        escaped = *symbol == '\\' && !escaped;
        is_end
    });
    let (value, rest) = text.split_at(end?.0 + 1);
    Some((serde_json::from_str(value).ok()?, rest))
}

fn term(name: &str, value: String, insight: &Insight) -> Option<Term> {
    Some(match name {
        "rule" => Term::Rule(value),
        "priority" if value == NO_PRIORITY => Term::Priority(None),
        "priority" => Term::Priority(Some(
            Priority::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(&value))?,
        )),
        "from" => Term::From(Timestamp::parse(&value)?),
        "to" => Term::To(Timestamp::parse(&value)?),
        "host" => Term::Own("hostname", value),
        "namespace" => Term::Field("k8s.ns.name", value),
        "process" => Term::Field("proc.name", value),
        "user" => Term::Field("user.name", value),
        "verdict" => {
            let class = Class::ALL.into_iter().find(|class| class.name() == value)?;
            of_groups(insight, |at| insight.groups.get(at).is_some_and(|group| group.verdict.class == class))
        }
        "image" => Term::Field("container.image.repository", value),
        "finding" => of_groups(insight, |at| insight.groups.get(at).is_some_and(|group| group.id == value)),
        "volume" => {
            let Budget { loud, .. } = noise::budget(insight);
            let wanted = match value.as_str() {
                "loud" => true,
                "quiet" => false,
                _ => return None,
            };
            of_groups(insight, |at| loud.contains(&at) == wanted)
        }
        "attack" => {
            let matrix = coverage::matrix(&insight.groups);
            let (tactic, technique) = value.split_once('/')?;
            let place = TACTICS.iter().position(|(short, _)| *short == tactic).unwrap_or(TACTICS.len());
            let cell = matrix.get(&(place, technique.to_owned()))?;
            of_groups(insight, |at| cell.groups.contains(&at))
        }
        "incident" => {
            let incident = insight.incidents.listed.iter().find(|incident| incident.id == value)?;
            let mut places = vec![false; insight.sightings.len()];
            for record in &incident.records {
                let at = usize::try_from(record.checked_sub(1)?).ok()?;
                *places.get_mut(at)? = true;
            }
            Term::Among(places)
        }
        _ => return None,
    })
}

/// The alerts of the groups that are wanted. Alerts beyond the bound on groups belong to none.
fn of_groups(insight: &Insight, wanted: impl Fn(usize) -> bool) -> Term {
    let groups: Vec<bool> = (0..insight.groups.len()).map(wanted).collect();
    let is_wanted = |group: Option<usize>| group.and_then(|at| groups.get(at)).copied().unwrap_or_default();
    Term::Among(insight.sightings.iter().map(|sighting| is_wanted(sighting.group)).collect())
}

/// A term as it is written; none for a value whose characters do not all show.
pub fn written(name: &str, value: &str) -> Option<String> {
    if value.is_empty() || value.contains(is_hidden) {
        return None;
    }
    let is_plain = !value.starts_with('"') && !value.contains(char::is_whitespace);
    let value = if is_plain { value.to_owned() } else { serde_json::to_string(value).ok()? };
    Some(format!("{name}:{value}"))
}

/// What a query begins with that is written as terms are: the name, the value and the term of each.
pub fn named(query: &str) -> Vec<(&str, String, String)> {
    parted(query).0
}

/// The query with a term, or without it where it has it.
pub fn toggled(query: &str, term: &str) -> String {
    let (named, rest) = parted(query);
    let had = named.iter().any(|(_, _, one)| one == term);
    let others = named.into_iter().map(|(_, _, one)| one).filter(|one| one != term);
    let mut parts: Vec<String> = others.collect();
    parts.extend((!had).then(|| term.to_owned()));
    parts.extend((!rest.is_empty()).then(|| rest.to_owned()));
    parts.join(" ")
}

fn parted(query: &str) -> (Vec<(&str, String, String)>, &str) {
    let (mut named, mut rest) = (Vec::new(), query.trim_start());
    while let Some((name, after)) = rest.split_once(':').filter(|(name, _)| NAMES.contains(name)) {
        let Some((value, after)) = value(after) else { break };
        let Some(term) = written(name, &value) else { break };
        named.push((name, value, term));
        rest = after.trim_start();
    }
    (named, rest)
}

/// The term for a class of verdicts.
pub fn of_class(class: Class) -> String {
    format!("verdict:{}", class.name())
}

/// The term for a priority.
pub fn of_priority(priority: Option<Priority>) -> String {
    format!("priority:{}", priority.map_or(NO_PRIORITY, Priority::name))
}

/// The term for a finding.
pub fn of_finding(id: &str) -> String {
    format!("{FINDING_QUERY}{id}")
}

/// The terms for a span of time, its end left out.
pub fn of_span(from: Timestamp, to: Timestamp) -> String {
    format!("from:{} to:{}", from.to_the_second(), to.to_the_second())
}

/// The term for a cell of the ATT&CK matrix; a tactic by its place in [`TACTICS`].
pub fn of_cell(tactic: usize, technique: &str) -> String {
    format!("attack:{}/{technique}", TACTICS.get(tactic).map_or("unknown", |(short, _)| short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, terms: usize, rest: &str) {
        let (found, left) = split(query, &Insight::default());
        assert_eq!((found.len(), left), (terms, rest), "{query}");
    }

    #[test]
    fn terms_come_first_and_what_only_looks_like_one_is_left() {
        check("", 0, "");
        check("priority:notice proc.name = curl", 1, "proc.name = curl");
        check("from:2025-01-01T00:00:00Z  to:2025-01-02T00:00:00Z", 2, "");
        check(r#"rule:"Write below \"etc\"" host:a x"#, 2, "x");
        check("priority:loud x", 0, "priority:loud x");
        check("from:yesterday", 0, "from:yesterday");
        check("rule:\"open", 0, "rule:\"open");
        check("rule: x", 0, "rule: x");
        check("fd.name = a:b", 0, "fd.name = a:b");
    }

    #[test]
    fn a_term_is_put_in_and_taken_out() {
        for (query, term, expected) in [
            ("", "rule:R", "rule:R"),
            ("rule:R", "rule:R", ""),
            ("proc.name = sh", "host:a", "host:a proc.name = sh"),
            ("host:a  proc.name = sh", "host:a", "proc.name = sh"),
            ("host:a rule:\"A b\" x", "host:c", "host:a rule:\"A b\" host:c x"),
            ("host:a rule:\"A b\" x", "rule:\"A b\"", "host:a x"),
            ("rule:\"R\"", "rule:R", ""),
            ("x host:a", "host:a", "host:a x host:a"),
            ("http://x host:a", "host:a", "host:a http://x host:a"),
        ] {
            assert_eq!(toggled(query, term), expected, "{query} and {term}");
        }
    }

    #[test]
    fn every_name_is_that_of_a_term() {
        for name in NAMES {
            let is_one = ["notice", "2025-01-01T00:00:00Z", "x", "needs_review", "loud"]
                .iter()
                .any(|value| term(name, (*value).to_owned(), &Insight::default()).is_some());
            // An incident or a cell of the matrix has to be there.
            assert!(is_one || ["attack", "incident"].contains(&name), "{name}");
        }
    }

    #[test]
    fn a_written_term_is_read_as_it_was() {
        for text in ["R", "Write below etc", "\"q\" \\", "a:b", "é"] {
            let query = written("rule", text).unwrap();
            let (terms, rest) = split(&query, &Insight::default());
            let [Term::Rule(read)] = terms.as_slice() else { panic!("{query}") };
            assert_eq!((read.as_str(), rest), (text, ""));
        }
        assert_eq!((written("rule", "a\u{202e}b"), written("rule", "")), (None, None));
    }
}
