//! Questions about the alerts of the report that is shown.

use analysis::{redact::Wishes, review::Opinion, search::terms};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use super::Commands;
use crate::{
    platform::{download, storage},
    state::{Column, Step, Tab},
    worker::protocol::{Format, Question, Request, Task, Topic},
};

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
            self.state.desk().other_rows();
            self.state.desk().note_setup(true);
            self.search(0);
        };
        self.pause.query.set_value(Some(Timeout::new(QUERY_PAUSE, then)));
    }

    /// Looks for alerts that fit the query, from one of those found on.
    pub fn search(self, offset: u64) {
        self.state.desk().note_setup(false);
        let query = self.state.desk().query().get_untracked();
        let order = self.state.desk().order().get_untracked();
        let columns = self.column_names();
        self.ask(Question::Search { query: query.clone(), order, offset, columns });
        if offset == 0 && self.state.desk().narrowing().get_untracked() {
            self.ask(Question::Facets { query });
        }
    }

    /// Shows what the alerts that were found have most often, or no longer.
    pub fn narrow(self, is_shown: bool) {
        self.state.desk().narrowing().set(is_shown);
        if is_shown {
            let query = self.state.desk().query().get_untracked();
            self.ask(Question::Facets { query });
        }
    }

    /// Narrows the search by a term, or no longer.
    pub fn toggle_term(self, term: &str) {
        let query = self.state.desk().query();
        query.update(|query| *query = terms::toggled(query, term));
        self.state.desk().other_rows();
        self.search(0);
    }

    /// Asks which columns the table can have.
    pub fn ask_for_columns(self) {
        self.ask(Question::Columns);
    }

    /// Sorts by a column, the other way round, or no longer.
    pub fn sort_by(self, column: &str) {
        self.state.desk().sort_by(column);
        self.search(0);
    }

    /// Saves the rows that are selected, or all that were found.
    pub fn save_rows(self, format: Format) {
        let runs = self.state.desk().selection().with_untracked(|selection| selection.runs().to_vec());
        self.state.export(format);
        self.ask(Question::Save { format, runs, columns: self.column_names() });
    }

    fn column_names(self) -> Vec<String> {
        let columns = self.state.desk().columns().get_untracked();
        columns.into_iter().map(|column| column.name).collect()
    }

    /// Shows an alert whole.
    pub fn show_details(self, record: u64) {
        self.ask(Question::Details { record });
    }

    /// Shows the alerts that a query finds.
    pub fn show_alerts(self, query: String) {
        self.state.desk().query().set(query);
        self.state.desk().other_rows();
        self.search(0);
        self.state.desk().show(Tab::Alerts);
    }

    /// Shows one alert whole among the alerts that a query finds.
    pub fn show_alert(self, query: String, record: u64) {
        self.show_alerts(query);
        self.show_details(record);
    }

    /// Looks at the set, with the histogram over a span.
    pub fn look(self, span: Option<(String, String)>) {
        self.ask(Question::Overview { span });
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
        self.pause.draft.set_value(Some(Timeout::new(DRAFT_PAUSE, move || self.prove(&id))));
    }

    /// Tries the text of a tuning.
    pub fn prove(self, id: &str) {
        let change = untrack(|| self.state.desk().workbench().change(id));
        self.ask(Question::Prove(change));
    }

    /// Takes in the review that was kept on an earlier visit.
    pub fn remember_review(self) {
        let kept = storage::get(storage::Key::Review).unwrap_or_default();
        self.ask(Question::Review { kept, changes: Vec::new() });
    }

    /// Marks a finding, or no longer.
    pub fn mark(self, id: String, opinion: Option<Opinion>) {
        let desk = self.state.desk();
        let before = desk.review().change(&id, opinion.clone());
        desk.history().push(Step::Mark(id.clone(), before, opinion.clone()));
        self.tell_mark(id, opinion);
    }

    /// Takes the last step back, or makes it again.
    pub fn undo(self, again: bool) {
        let desk = self.state.desk();
        match desk.history().turn(again) {
            Some(Step::Mark(id, before, after)) => {
                let opinion = if again { after } else { before };
                desk.review().change(&id, opinion.clone());
                self.tell_mark(id, opinion);
            }
            Some(Step::Table(before, after)) => {
                desk.set_up(if again { after } else { before });
                storage::set(storage::Key::Columns, &Column::written(&desk.columns().read_untracked()));
                desk.show(Tab::Alerts);
                self.search(0);
            }
            None => {}
        }
    }

    fn tell_mark(self, id: String, opinion: Option<Opinion>) {
        self.ask(Question::Review { kept: String::new(), changes: vec![(id, opinion)] });
    }

    /// Saves the review as a file.
    pub fn save_review(self) {
        let known = self.state.desk().review().known().get_untracked();
        download::save("falco-review.toml", "application/toml", known.text.as_bytes());
    }

    /// Makes the link to the alerts that are shown.
    pub fn share(self, redaction: Option<Wishes>, compact: bool, password: Option<String>) {
        self.state.desk().forget(Topic::Share);
        self.ask(Question::Share { redaction, compact, password });
    }

    /// Asks what would have a pseudonym in a file that is saved.
    pub fn look_for_hits(self, wishes: Wishes) {
        let number = self.state.desk().ask(Topic::Hits);
        self.beside_shown(Task::Hits { wishes }, number);
    }

    /// Saves the report with pseudonyms.
    pub fn export_redacted(self, format: Format, wishes: Wishes) {
        self.state.export(format);
        self.beside_shown(Task::Save { format, wishes }, 0);
    }

    /// Has something done with the files that the report was made from.
    fn beside_shown(self, task: Task, number: u32) {
        if let Some(source) = self.shown.get_value() {
            self.beside_report(task, number, source.files);
        }
    }

    fn ask(self, question: Question) {
        let shown = self.state.report().with_untracked(|shown| shown.as_ref().map(|shown| shown.epoch));
        let Some(epoch) = shown else { return };
        let number = self.state.desk().ask(question.topic());
        self.send(&Request::Ask { epoch, number, question }, Vec::new());
    }
}
