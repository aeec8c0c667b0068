//! What the page asks about the alerts of the report, and what it was told.
//!
//! Every question has a number. An answer counts only if its question is the last one of its topic, so a
//! slow answer never replaces a newer one.

use analysis::{
    lab::Explanation,
    search::{Choices, Window},
};
use leptos::prelude::*;

use super::workbench::Workbench;
use crate::worker::protocol::{Answer, Compared, Shared, Topic, Tried};

/// The views of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tab {
    /// The report itself.
    #[default]
    Report,
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
    pub const ALL: [Self; 5] = [Self::Report, Self::Alerts, Self::Mitigations, Self::Lab, Self::Compare];

    /// Its name for style sheets and tests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
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
            Self::Alerts => "Alerts",
            Self::Mitigations => "Mitigations",
            Self::Lab => "Rule lab",
            Self::Compare => "Compare",
        }
    }
}

/// An alert with everything that it consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// Its record number.
    pub record: u64,
    /// Own keys, then fields.
    pub values: Vec<(String, String)>,
}

/// The facts of the views beside the report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Desk {
    tab: RwSignal<Tab>,
    query: RwSignal<String>,
    found: RwSignal<Option<Window>>,
    choices: RwSignal<Option<Choices>>,
    details: RwSignal<Option<Details>>,
    draft: RwSignal<String>,
    tried: RwSignal<Option<Tried>>,
    explanation: RwSignal<Option<Explanation>>,
    compared: RwSignal<Option<Result<Compared, String>>>,
    comparing: RwSignal<bool>,
    shared: RwSignal<Option<Shared>>,
    workbench: Workbench,
    /// The alerts can no longer be asked about.
    lost: RwSignal<bool>,
    /// The view to begin with when the next report comes.
    next_tab: RwSignal<Tab>,
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
        self.next_tab.set(self.tab.get_untracked());
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

    /// The tunings of the report.
    pub fn workbench(self) -> Workbench {
        self.workbench
    }

    /// A question is asked; its number.
    pub fn ask(self, topic: Topic) -> u32 {
        let number = self.asked.get_untracked().wrapping_add(1);
        self.asked.set(number);
        self.note(topic, number);
        number
    }

    /// What is known on a topic no longer counts, nor does an answer that is under way.
    pub fn forget(self, topic: Topic) {
        self.note(topic, 0);
        match topic {
            Topic::Search => self.found.set(None),
            Topic::Complete => self.choices.set(None),
            Topic::Details => self.details.set(None),
            Topic::Try => self.tried.set(None),
            Topic::Explain => self.explanation.set(None),
            Topic::Compare => {
                self.compared.set(None);
                self.comparing.set(false);
            }
            Topic::Share => self.shared.set(None),
            Topic::Benches => self.workbench.clear(),
            Topic::Prove => self.workbench.prove(None),
        }
    }

    /// Takes in an answer, unless a later question makes it stale.
    pub fn apply(self, number: u32, answer: Answer) {
        let last = self.last.with_untracked(|last| last.get(answer.topic() as usize).copied());
        if last != Some(number) {
            return;
        }
        match answer {
            Answer::Found(window) => self.found.set(Some(window)),
            Answer::Choices(choices) => self.choices.set(Some(choices)),
            Answer::Details { record, values } => self.details.set(Some(Details { record, values })),
            Answer::Tried(tried) => self.tried.set(Some(tried)),
            Answer::Explanation(explanation) => self.explanation.set(Some(explanation)),
            Answer::Compared(compared) => {
                self.comparing.set(false);
                self.compared.set(Some(compared));
            }
            Answer::Shared(shared) => self.shared.set(Some(shared)),
            Answer::Benches(benches) => self.workbench.arrived(benches),
            Answer::Proved(findings) => self.workbench.prove(Some(findings)),
        }
    }

    /// There is another report: nothing that was found out about the last one counts.
    pub fn clear(self) {
        for topic in Topic::ALL {
            self.forget(topic);
        }
        self.query.set(String::new());
        self.lost.set(false);
        self.tab.set(self.next_tab.get_untracked());
        self.next_tab.set(Tab::Report);
    }

    fn note(self, topic: Topic, number: u32) {
        self.last.update(|last| {
            if let Some(last) = last.get_mut(topic as usize) {
                *last = number;
            }
        });
    }
}
