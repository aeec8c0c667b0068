//! What the page asks about the alerts of the report, and what it was told.
//!
//! Every question has a number. An answer counts only if its question is the last one of its topic, so a
//! slow answer never replaces a newer one.

use analysis::{
    insight::overview::Overview,
    lab::Explanation,
    redact::Hit,
    search::{Choices, Window, facets::Facet},
    share::View,
    shelf::Order,
};
use leptos::prelude::*;

use super::{
    columns::Column,
    history::{History, Setup},
    review::Review,
    table::Selection,
    workbench::Workbench,
};
use crate::worker::protocol::{Answer, Compared, Details, Shared, Topic, Tried};

/// The views of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tab {
    /// The report itself.
    #[default]
    Report,
    /// Its alerts at one look.
    Overview,
    /// Its alerts, to be searched.
    Alerts,
    /// The rule lab.
    Lab,
    /// The tunings, to be chosen and edited.
    Mitigations,
    /// The comparison with a second set.
    Compare,
}

impl Tab {
    /// In the order of the tabs.
    pub const ALL: [Self; 6] =
        [Self::Overview, Self::Report, Self::Alerts, Self::Mitigations, Self::Lab, Self::Compare];

    /// Its name for style sheets and tests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Overview => "overview",
            Self::Alerts => "alerts",
            Self::Mitigations => "mitigations",
            Self::Lab => "lab",
            Self::Compare => "compare",
        }
    }

    /// Its name for a person.
    pub fn title(self) -> &'static str {
        match self {
            Self::Report => "Report",
            Self::Overview => "Overview",
            Self::Alerts => "Alerts",
            Self::Mitigations => "Mitigations",
            Self::Lab => "Rule lab",
            Self::Compare => "Compare",
        }
    }
}

/// The facts of the views beside the report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Desk {
    tab: RwSignal<Tab>,
    query: RwSignal<String>,
    found: RwSignal<Option<Window>>,
    /// A search was asked for, and nothing of it is known.
    searching: RwSignal<bool>,
    pub(super) order: RwSignal<Option<Order>>,
    columns: RwSignal<Vec<Column>>,
    known_columns: RwSignal<Vec<String>>,
    selection: RwSignal<Selection>,
    /// The row that keys act on.
    active: RwSignal<u64>,
    facets: RwSignal<Vec<Facet>>,
    /// Whether they are shown.
    narrowing: RwSignal<bool>,
    choices: RwSignal<Option<Choices>>,
    details: RwSignal<Option<Details>>,
    draft: RwSignal<String>,
    tried: RwSignal<Option<Tried>>,
    explanation: RwSignal<Option<Explanation>>,
    compared: RwSignal<Option<Result<Compared, String>>>,
    comparing: RwSignal<bool>,
    shared: RwSignal<Option<Shared>>,
    hits: RwSignal<Option<Result<Vec<Hit>, String>>>,
    overview: RwSignal<Option<Overview>>,
    workbench: Workbench,
    review: Review,
    history: History,
    /// The alerts can no longer be asked about.
    lost: RwSignal<bool>,
    /// The tab to begin with when the next report comes, and what else to show of it.
    next_tab: RwSignal<Option<Tab>>,
    next_view: RwSignal<Option<View>>,
    asked: RwSignal<u32>,
    last: RwSignal<[u32; Topic::COUNT]>,
}

impl Desk {
    /// The view that is shown.
    pub fn tab(self) -> Signal<Tab> {
        self.tab.into()
    }

    /// Shows another view.
    pub fn show(self, tab: Tab) {
        self.tab.set(tab);
    }

    /// The next report is this one with more beside it: it is to begin with the view that is shown.
    pub fn stay(self) {
        self.next_tab.set(Some(self.tab.get_untracked()));
    }

    /// The next report begins with this view.
    pub fn begin_with(self, view: View) {
        self.next_view.set(Some(view));
    }

    /// The alert that the next report begins with.
    pub fn next_alert(self) -> Option<u64> {
        self.next_view.with_untracked(|view| view.as_ref().and_then(|view| view.alert))
    }

    /// Whether the alerts can no longer be asked about, because the worker that held them is gone.
    pub fn is_lost(self) -> Signal<bool> {
        self.lost.into()
    }

    /// The alerts can no longer be asked about.
    pub fn lose(self) {
        self.comparing.set(false);
        self.lost.set(true);
    }

    /// What is written in the search bar.
    pub fn query(self) -> RwSignal<String> {
        self.query
    }

    /// The last answer to a search.
    pub fn found(self) -> Signal<Option<Window>> {
        self.found.into()
    }

    /// Whether a search was asked for of which nothing is known.
    pub fn is_searching(self) -> bool {
        self.searching.get_untracked()
    }

    /// What the alerts are sorted by.
    pub fn order(self) -> Signal<Option<Order>> {
        self.order.into()
    }

    /// What the alerts that were found have most often.
    pub fn facets(self) -> Signal<Vec<Facet>> {
        self.facets.into()
    }

    /// Whether that is shown.
    pub fn narrowing(self) -> RwSignal<bool> {
        self.narrowing
    }

    /// The columns of the table.
    pub fn columns(self) -> RwSignal<Vec<Column>> {
        self.columns
    }

    /// The columns that the table can have.
    pub fn known_columns(self) -> Signal<Vec<String>> {
        self.known_columns.into()
    }

    /// The rows that are selected.
    pub fn selection(self) -> RwSignal<Selection> {
        self.selection
    }

    /// The row that keys act on.
    pub fn active(self) -> RwSignal<u64> {
        self.active
    }

    /// Sorts by a column: upwards first, then downwards, then no longer.
    pub fn sort_by(self, column: &str) {
        let next = match self.order.get_untracked().filter(|order| order.by == column) {
            None => Some(Order { by: column.to_owned(), descending: false }),
            Some(order) if !order.descending => Some(Order { descending: true, ..order }),
            Some(_) => None,
        };
        self.order.set(next);
        self.other_rows();
    }

    /// Other alerts, or the same in another order, are to be shown: rows mean something else now.
    pub fn other_rows(self) {
        self.selection.set(Selection::default());
        self.active.set(0);
    }

    /// The record number of a row, where it is loaded.
    pub fn record_of(self, row: u64) -> Option<u64> {
        self.found.with_untracked(|found| {
            let found = found.as_ref()?;
            let at = usize::try_from(row.checked_sub(found.offset)?).ok()?;
            found.rows.get(at).map(|line| line.record)
        })
    }

    /// The row of an alert, where it is loaded.
    pub fn row_of(self, record: u64) -> Option<u64> {
        self.found.with_untracked(|found| {
            let found = found.as_ref()?;
            let at = found.rows.iter().position(|line| line.record == record)?;
            Some(found.offset + at as u64)
        })
    }

    /// What can be typed next.
    pub fn choices(self) -> Signal<Option<Choices>> {
        self.choices.into()
    }

    /// The alert that is shown whole.
    pub fn details(self) -> Signal<Option<Details>> {
        self.details.into()
    }

    /// What is written in the rule lab; it stays for the next report.
    pub fn draft(self) -> RwSignal<String> {
        self.draft
    }

    /// What it does.
    pub fn tried(self) -> Signal<Option<Tried>> {
        self.tried.into()
    }

    /// Why it does so to one alert.
    pub fn explanation(self) -> Signal<Option<Explanation>> {
        self.explanation.into()
    }

    /// How a second set of alerts differs.
    pub fn compared(self) -> Signal<Option<Result<Compared, String>>> {
        self.compared.into()
    }

    /// Whether a second set is being read.
    pub fn is_comparing(self) -> Signal<bool> {
        self.comparing.into()
    }

    /// A second set is to be read; the number of the question.
    pub fn compare(self) -> u32 {
        self.compared.set(None);
        self.comparing.set(true);
        self.ask(Topic::Compare)
    }

    /// The link, as it was last asked for.
    pub fn shared(self) -> Signal<Option<Shared>> {
        self.shared.into()
    }

    /// What would have a pseudonym in a file that is saved.
    pub fn hits(self) -> Signal<Option<Result<Vec<Hit>, String>>> {
        self.hits.into()
    }

    /// The set at one look.
    pub fn overview(self) -> Signal<Option<Overview>> {
        self.overview.into()
    }

    /// The tunings of the report.
    pub fn workbench(self) -> Workbench {
        self.workbench
    }

    /// What was made of the findings.
    pub fn review(self) -> Review {
        self.review
    }

    /// What was done, and the way back.
    pub fn history(self) -> History {
        self.history
    }

    /// Notes how the table is set up now; `typed` by letters in the search bar. Before it has columns there is none.
    pub fn note_setup(self, typed: bool) {
        let columns = self.columns.get_untracked();
        if !columns.is_empty() {
            let (query, order) = (self.query.get_untracked(), self.order.get_untracked());
            let selection = self.selection.get_untracked();
            self.history.note(Setup { query, order, columns, selection }, typed);
        }
    }

    /// Sets the table up like this.
    pub fn set_up(self, setup: Setup) {
        self.query.set(setup.query);
        self.order.set(setup.order);
        self.columns.set(setup.columns);
        self.selection.set(setup.selection);
    }

    /// A question is asked; its number.
    pub fn ask(self, topic: Topic) -> u32 {
        let number = self.asked.get_untracked().wrapping_add(1);
        self.asked.set(number);
        self.note(topic, number);
        if topic == Topic::Search {
            self.searching.set(true);
        }
        number
    }

    /// What is known on a topic no longer counts, nor does an answer that is under way.
    pub fn forget(self, topic: Topic) {
        self.note(topic, 0);
        match topic {
            Topic::Search => {
                self.searching.set(false);
                self.found.set(None);
            }
            Topic::Columns => self.known_columns.set(Vec::new()),
            Topic::Facets => self.facets.set(Vec::new()),
            Topic::Save => {}
            Topic::Complete => self.choices.set(None),
            Topic::Details => self.details.set(None),
            Topic::Try => self.tried.set(None),
            Topic::Explain => self.explanation.set(None),
            Topic::Compare => {
                self.compared.set(None);
                self.comparing.set(false);
            }
            Topic::Share => self.shared.set(None),
            Topic::Hits => self.hits.set(None),
            Topic::Overview => self.overview.set(None),
            Topic::Benches => self.workbench.clear(),
            Topic::Prove => self.workbench.prove(None),
            Topic::Review => self.review.clear(),
        }
    }

    /// Takes in an answer, unless a later question makes it stale.
    pub fn apply(self, number: u32, answer: Answer) {
        let last = self.last.with_untracked(|last| last.get(answer.topic() as usize).copied());
        if last != Some(number) {
            return;
        }
        match answer {
            Answer::Found(window) => {
                self.searching.set(false);
                self.found.set(Some(window));
            }
            Answer::Facets(facets) => self.facets.set(facets),
            Answer::Columns(columns) => self.known_columns.set(columns),
            Answer::Choices(choices) => self.choices.set(Some(choices)),
            Answer::Details(details) => self.details.set(Some(details)),
            Answer::Tried(tried) => self.tried.set(Some(tried)),
            Answer::Explanation(explanation) => self.explanation.set(Some(explanation)),
            Answer::Compared(compared) => {
                self.comparing.set(false);
                self.compared.set(Some(compared));
            }
            Answer::Shared(shared) => self.shared.set(Some(shared)),
            Answer::Hits(hits) => self.hits.set(Some(hits)),
            Answer::Overview(overview) => self.overview.set(Some(overview)),
            Answer::Benches(benches) => self.workbench.arrived(benches),
            Answer::Reviewed(reviewed) => self.review.arrived(reviewed),
            Answer::Proved(proved) => self.workbench.prove(Some(proved)),
        }
    }

    /// There is another report, by itself with this tab first: nothing that was found out about the last one counts.
    pub fn clear(self, first: Tab) {
        for topic in Topic::ALL {
            self.forget(topic);
        }
        self.query.set(String::new());
        self.order.set(None);
        self.other_rows();
        self.history.clear();
        self.lost.set(false);
        self.tab.set(self.next_tab.get_untracked().unwrap_or(first));
        self.next_tab.set(None);
        if let Some(view) = self.next_view.get_untracked() {
            self.next_view.set(None);
            self.arrange(&view);
        }
    }

    fn note(self, topic: Topic, number: u32) {
        self.last.update(|last| {
            if let Some(last) = last.get_mut(topic as usize) {
                *last = number;
            }
        });
    }
}
