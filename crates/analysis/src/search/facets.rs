//! What the alerts that a search found have most often, each value with the term that narrows the search to it.

use serde::{Deserialize, Serialize};

use super::{Search, terms};
use crate::alert::Priority;
use crate::insight::{Class, Insight, overview::Count};
use crate::limits;
use crate::report::escape::visible;
use crate::shelf::{Counted, Shelf, Tally};

/// Titles, names of terms, and what is counted, in the order in which they are shown after verdict and priority.
const TALLIED: [(&str, &str, Counted); 6] = [
    ("Rule", "rule", Counted::Rule),
    ("Host", "host", Counted::Own("hostname")),
    ("Namespace", "namespace", Counted::Field("k8s.ns.name")),
    ("Image", "image", Counted::Field("container.image.repository")),
    ("Process", "process", Counted::Field("proc.name")),
    ("User", "user", Counted::Field("user.name")),
];

/// The values of a key or field among the alerts that were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    /// What it is.
    pub title: String,
    /// Its most frequent values, at most [`limits::FACET_VALUES`] and those that the query names; the query of each is
    /// the term for it.
    pub values: Vec<Count>,
    /// How many further values there are.
    pub more: u64,
}

/// Counts under way.
#[derive(Debug)]
pub struct Counting {
    tallies: Vec<Tally>,
    /// By the place in [`Priority::ALL`], then those without.
    priorities: Vec<u64>,
    /// By the place in [`Class::ALL`].
    classes: Vec<u64>,
    next: usize,
}

impl Counting {
    /// Nothing is counted yet.
    pub fn new(alerts: &Shelf) -> Self {
        Self {
            tallies: TALLIED.iter().map(|(_, _, what)| Tally::new(alerts, *what)).collect(),
            priorities: vec![0; Priority::ALL.len() + 1],
            classes: vec![0; Class::ALL.len()],
            next: 0,
        }
    }

    /// Counts the next alerts that were found, at most `count`; whether there are more.
    pub fn advance(&mut self, search: &Search, insight: &Insight, alerts: &Shelf, count: usize) -> bool {
        let end = self.next.saturating_add(count).min(search.found.len());
        for at in search.found.get(self.next..end).unwrap_or_default().iter().copied() {
            for tally in &mut self.tallies {
                tally.add(alerts, at);
            }
            let priority = alerts.priority(at as u64 + 1);
            let priority = Priority::ALL.iter().position(|one| Some(*one) == priority);
            add(&mut self.priorities, priority.unwrap_or(Priority::ALL.len()));
            let group = insight.sightings.get(at).and_then(|sighting| insight.groups.get(sighting.group?));
            let class = group.and_then(|group| Class::ALL.iter().position(|one| *one == group.verdict.class));
            add(&mut self.classes, class.unwrap_or(Class::ALL.len()));
        }
        self.next = end;
        end < search.found.len()
    }

    /// What was counted, for the search of this query. What has no value at all is left out.
    pub fn facets(&self, query: &str, alerts: &Shelf) -> Vec<Facet> {
        let classes = Class::ALL.iter().zip(&self.classes);
        let classes =
            classes.map(|(class, count)| (Some(terms::of_class(*class)), class.phrase().to_owned(), *count));
        let priorities = Priority::ALL.iter().copied().map(Some).chain([None]).zip(&self.priorities);
        let priorities = priorities.map(|(priority, count)| {
            let label = priority.map_or("none", Priority::name).to_owned();
            (Some(terms::of_priority(priority)), label, *count)
        });
        let mut facets = vec![
            facet(query, "Verdict", "verdict", classes.filter(|(_, _, count)| *count > 0)),
            facet(query, "Priority", "priority", priorities.filter(|(_, _, count)| *count > 0)),
        ];
        facets.extend(TALLIED.iter().zip(&self.tallies).map(|((title, name, _), tally)| {
            let texts = tally.texts(alerts).into_iter();
            facet(
                query,
                title,
                name,
                texts.map(|(text, count)| (terms::written(name, &text), text.into_owned(), count)),
            )
        }));
        facets.retain(|facet| !facet.values.is_empty());
        facets
    }
}

fn add(counts: &mut [u64], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}

/// The values, each as its term, label and count. One that no term can say is only counted.
fn facet(
    query: &str,
    title: &str,
    name: &str,
    counts: impl Iterator<Item = (Option<String>, String, u64)>,
) -> Facet {
    let (mut values, mut more) = (Vec::new(), 0);
    for (term, label, alerts) in counts {
        match term.filter(|_| values.len() < limits::FACET_VALUES) {
            Some(query) => values.push(Count { label: visible(&label).into_owned(), alerts, query }),
            None => more += 1,
        }
    }
    // What narrows the search can be taken out again, whatever was found.
    for (named, value, term) in terms::named(query) {
        if named == name && !values.iter().any(|count| count.query == term) {
            values.push(Count { label: visible(&value).into_owned(), alerts: 0, query: term });
        }
    }
    Facet { title: title.to_owned(), values, more }
}
