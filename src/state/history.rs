//! What the person did to the table and to findings, and the way back.

use analysis::{review::Opinion, shelf::Order};
use leptos::prelude::*;

use super::{columns::Column, table::Selection};

/// Steps that can be taken back.
const REMEMBERED: usize = 100;

/// How the table of alerts is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// What is searched for.
    pub query: String,
    /// What the alerts are sorted by.
    pub order: Option<Order>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows that are selected.
    pub selection: Selection,
}

impl Setup {
    /// What a person calls the difference from another setup.
    fn difference(&self, other: &Self) -> &'static str {
        if self.query != other.query {
            "the search"
        } else if self.order != other.order {
            "the order"
        } else if self.columns != other.columns {
            "the columns"
        } else {
            "the selection"
        }
    }
}

/// One step, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A finding, by its identifier, was marked or no longer.
    Mark(String, Option<Opinion>, Option<Opinion>),
    /// The table was set up otherwise.
    Table(Setup, Setup),
}

impl Step {
    fn name(&self) -> &'static str {
        match self {
            Self::Mark(..) => "the mark of a finding",
            Self::Table(before, after) => before.difference(after),
        }
    }

    /// Whether nothing but the query is another one.
    fn is_query(&self) -> bool {
        matches!(self, Self::Table(before, after)
            if before.query != after.query && before.order == after.order && before.columns == after.columns)
    }
}

/// The steps on both sides of now.
#[derive(Debug, Clone, Copy, Default)]
pub struct History {
    past: RwSignal<Vec<Step>>,
    future: RwSignal<Vec<Step>>,
    /// How the table was when that was last noted.
    setup: RwSignal<Option<Setup>>,
    /// Whether the query is being typed, so that further letters belong to the same step.
    typing: RwSignal<bool>,
    said: RwSignal<String>,
}

impl History {
    /// What was taken back or made again last, as a sentence.
    pub fn said(self) -> Signal<String> {
        self.said.into()
    }

    /// Something was done.
    pub fn push(self, step: Step) {
        self.typing.set(false);
        self.future.set(Vec::new());
        self.past.update(|past| {
            if past.len() >= REMEMBERED {
                past.remove(0);
            }
            past.push(step);
        });
    }

    /// The table is set up like this now; `typed` by letters in the search bar.
    pub fn note(self, now: Setup, typed: bool) {
        let Some(before) = self.setup.get_untracked() else { return self.setup.set(Some(now)) };
        if before == now {
            return;
        }
        self.setup.set(Some(now.clone()));
        let step = Step::Table(before, now.clone());
        let is_typing = typed && step.is_query();
        let goes_on = is_typing && self.typing.get_untracked();
        let joined = goes_on
            && self
                .past
                .try_update(|past| match past.last_mut() {
                    Some(Step::Table(_, after)) => {
                        *after = now;
                        true
                    }
                    _ => false,
                })
                .unwrap_or_default();
        if !joined {
            self.push(step);
        }
        self.typing.set(is_typing);
    }

    /// The step that is taken back, or made again.
    pub fn turn(self, again: bool) -> Option<Step> {
        let (from, to) = if again { (self.future, self.past) } else { (self.past, self.future) };
        let step = from.try_update(Vec::pop)??;
        self.typing.set(false);
        if let Step::Table(before, after) = &step {
            self.setup.set(Some(if again { after } else { before }.clone()));
        }
        let done = if again { "Made again" } else { "Taken back" };
        let left = from.read_untracked().len();
        self.said.set(format!("{done}: {}. {left} more.", step.name()));
        to.update(|to| to.push(step.clone()));
        Some(step)
    }

    /// There is another report.
    pub fn clear(self) {
        self.past.set(Vec::new());
        self.future.set(Vec::new());
        self.setup.set(None);
        self.said.set(String::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(query: &str, rows: u64) -> Setup {
        let selection = if rows > 0 { Selection::between(0, rows - 1) } else { Selection::default() };
        Setup { query: query.to_owned(), order: None, columns: Column::usual(), selection }
    }

    fn with(journey: impl FnOnce(History)) {
        let owner = Owner::new();
        owner.set();
        journey(History::default());
    }

    #[test]
    fn marks_and_the_table_have_one_history() {
        with(|history| {
            history.note(setup("", 0), false);
            history.note(setup("host:a", 0), false);
            let mark = Step::Mark("a".to_owned(), None, None);
            history.push(mark.clone());
            history.note(setup("host:a", 2), false);
            assert_eq!(history.turn(false), Some(Step::Table(setup("host:a", 0), setup("host:a", 2))));
            assert_eq!(history.said().get_untracked(), "Taken back: the selection. 2 more.");
            assert_eq!(history.turn(false), Some(mark.clone()));
            assert_eq!(history.turn(false), Some(Step::Table(setup("", 0), setup("host:a", 0))));
            assert_eq!(
                (history.said().get_untracked().as_str(), history.turn(false)),
                ("Taken back: the search. 0 more.", None)
            );
            history.note(setup("", 0), false);
            history.turn(true);
            assert_eq!(history.turn(true), Some(mark));
            history.note(setup("x", 0), false);
            assert_eq!(history.turn(true), None, "a new step ends what could be made again");
        });
    }

    #[test]
    fn letters_typed_one_after_another_are_one_step() {
        with(|history| {
            history.note(setup("", 0), false);
            for query in ["c", "cu", "curl"] {
                history.note(setup(query, 0), true);
            }
            history.note(setup("host:a curl", 0), false);
            history.note(setup("host:a curl x", 0), true);
            for (before, after) in [("host:a curl", "host:a curl x"), ("curl", "host:a curl"), ("", "curl")] {
                assert_eq!(history.turn(false), Some(Step::Table(setup(before, 0), setup(after, 0))));
            }
            assert_eq!(history.turn(false), None);
        });
    }

    #[test]
    fn only_so_many_steps_are_remembered() {
        with(|history| {
            for at in 0..=REMEMBERED as u64 + 5 {
                history.note(setup("", at), false);
            }
            assert!((0..REMEMBERED).all(|_| history.turn(false).is_some()) && history.turn(false).is_none());
        });
    }
}
