//! Questions about the alerts of the report that is shown.

use analysis::redact::Wishes;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use super::Commands;
use crate::worker::protocol::{Question, Request, Topic};

/// How long a person has to pause while typing a query before it is looked at, in milliseconds.
const QUERY_PAUSE: u32 = 100;

/// The same for the rule lab, where more has to be read.
const DRAFT_PAUSE: u32 = 200;

/// What waits for a pause in typing.
#[derive(Debug, Clone, Copy)]
pub struct Pause {
    query: StoredValue<Option<Timeout>, LocalStorage>,
    draft: StoredValue<Option<Timeout>, LocalStorage>,
}

impl Default for Pause {
    fn default() -> Self {
        Self { query: StoredValue::new_local(None), draft: StoredValue::new_local(None) }
    }
}

impl Commands {
    /// The query was changed, with the cursor before this byte.
    pub fn query_changed(self, cursor: usize) {
        let then = move || {
            let query = self.state.desk().query().get_untracked();
            self.ask(Question::Complete { query, cursor });
            self.search(0);
        };
        self.pause.query.set_value(Some(Timeout::new(QUERY_PAUSE, then)));
    }

    /// Looks for alerts that fit the query, from one of those found on.
    pub fn search(self, offset: u64) {
        let query = self.state.desk().query().get_untracked();
        self.ask(Question::Search { query, offset });
    }

    /// Shows an alert whole, or no longer.
    pub fn toggle_details(self, record: u64) {
        let desk = self.state.desk();
        if desk.details().read_untracked().as_ref().is_some_and(|details| details.record == record) {
            desk.forget(Topic::Details);
        } else {
            self.ask(Question::Details { record });
        }
    }

    /// The text in the rule lab was changed.
    pub fn draft_changed(self) {
        self.pause.draft.set_value(Some(Timeout::new(DRAFT_PAUSE, move || self.try_draft())));
    }

    /// Tries the text in the rule lab.
    pub fn try_draft(self) {
        let desk = self.state.desk();
        desk.forget(Topic::Explain);
        let text = desk.draft().get_untracked();
        self.ask(Question::Try { text });
    }

    /// Explains what the text in the rule lab does to an alert, or no longer.
    pub fn toggle_explanation(self, record: u64) {
        let desk = self.state.desk();
        if desk.explanation().read_untracked().as_ref().is_some_and(|shown| shown.record == record) {
            desk.forget(Topic::Explain);
        } else {
            let text = desk.draft().get_untracked();
            self.ask(Question::Explain { text, record });
        }
    }

    /// Asks which tunings there are.
    pub fn benches(self) {
        self.ask(Question::Benches);
    }

    /// The text of the tuning that is edited was changed.
    pub fn bench_changed(self, id: String) {
        self.pause.draft.set_value(Some(Timeout::new(DRAFT_PAUSE, move || self.prove(id))));
    }

    /// Tries the text of a tuning.
    pub fn prove(self, id: String) {
        let text = self.state.desk().workbench().text(&id);
        self.ask(Question::Prove { id, text });
    }

    /// Makes the link to the alerts that are shown.
    pub fn share(self, redaction: Option<Wishes>, compact: bool, password: Option<String>) {
        self.state.desk().forget(Topic::Share);
        self.ask(Question::Share { redaction, compact, password });
    }

    fn ask(self, question: Question) {
        let shown = self.state.report().with_untracked(|shown| shown.as_ref().map(|shown| shown.epoch));
        let Some(epoch) = shown else { return };
        let number = self.state.desk().ask(question.topic());
        self.send(&Request::Ask { epoch, number, question }, Vec::new());
    }
}
