//! The tunings on the workbench: what was chosen, what is edited, and what it does.

use std::collections::BTreeMap;

use analysis::lab::Findings;
use leptos::prelude::*;

use crate::worker::bench::{Bench, Changes};

/// What differs from what was proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Choice {
    /// Another text.
    Text(String),
    /// The tuning is left out.
    LeftOut,
}

/// The facts of the workbench.
#[derive(Debug, Clone, Copy, Default)]
pub struct Workbench {
    benches: RwSignal<Option<Vec<Bench>>>,
    choices: RwSignal<BTreeMap<String, Choice>>,
    open: RwSignal<Option<String>>,
    proved: RwSignal<Option<Findings>>,
}

impl Workbench {
    /// The tunings; nothing until the worker has told.
    pub fn benches(self) -> Signal<Option<Vec<Bench>>> {
        self.benches.into()
    }

    /// Takes in the tunings.
    pub fn arrived(self, benches: Vec<Bench>) {
        self.benches.set(Some(benches));
    }

    /// The tuning that is edited.
    pub fn open(self) -> Signal<Option<String>> {
        self.open.into()
    }

    /// Edits a tuning, or none.
    pub fn edit(self, id: Option<String>) {
        self.proved.set(None);
        self.open.set(id);
    }

    /// What the text that is edited does.
    pub fn proved(self) -> Signal<Option<Findings>> {
        self.proved.into()
    }

    /// Takes in what the text does, or that nothing is known.
    pub fn prove(self, findings: Option<Findings>) {
        self.proved.set(findings);
    }

    /// The text of a tuning as it is to be exported, also while it is left out.
    pub fn text(self, id: &str) -> String {
        if let Some(Choice::Text(text)) = self.choices.read().get(id) {
            return text.clone();
        }
        self.proposed(id).unwrap_or_default()
    }

    /// Whether a tuning is not to be exported.
    pub fn is_left_out(self, id: &str) -> bool {
        self.choices.read().get(id) == Some(&Choice::LeftOut)
    }

    /// Leaves a tuning out, or takes it in again as it was proposed.
    pub fn toggle(self, id: &str) {
        let is_out = self.choices.read_untracked().get(id) == Some(&Choice::LeftOut);
        self.choose(id, (!is_out).then_some(Choice::LeftOut));
    }

    /// Gives a tuning a text.
    pub fn write(self, id: &str, text: String) {
        let is_proposed = self.proposed(id).is_some_and(|proposed| proposed == text);
        self.choose(id, (!is_proposed).then_some(Choice::Text(text)));
    }

    /// What an export has to change.
    pub fn changes(self) -> Changes {
        let text = |choice: &Choice| match choice {
            Choice::Text(text) => Some(text.clone()),
            Choice::LeftOut => None,
        };
        self.choices.read_untracked().iter().map(|(id, choice)| (id.clone(), text(choice))).collect()
    }

    /// There is another report.
    pub fn clear(self) {
        self.benches.set(None);
        self.choices.set(BTreeMap::new());
        self.edit(None);
    }

    fn choose(self, id: &str, choice: Option<Choice>) {
        self.choices.update(|choices| {
            match choice {
                Some(choice) => choices.insert(id.to_owned(), choice),
                None => choices.remove(id),
            };
        });
    }

    fn proposed(self, id: &str) -> Option<String> {
        self.benches.with_untracked(|benches| {
            let bench = benches.as_ref()?.iter().find(|bench| bench.id == id)?;
            Some(bench.candidates.first()?.content.clone())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::bench::BenchCandidate;

    fn with(journey: impl FnOnce(Workbench)) {
        let owner = Owner::new();
        owner.set();
        let bench = Workbench::default();
        let candidate = |grade: &str| BenchCandidate {
            grade: grade.to_owned(),
            content: format!("# {grade}\n"),
            hiding: String::new(),
            hides: 2,
            also_hides: 0,
            keeps: 1,
            undecided: 0,
        };
        bench.arrived(vec![Bench {
            id: "t".into(),
            title: "T".into(),
            name: "falco/t.yaml".into(),
            candidates: vec![candidate("narrow"), candidate("broad")],
            forms: Vec::new(),
        }]);
        journey(bench);
    }

    #[test]
    fn an_export_holds_what_was_chosen_and_nothing_that_was_not_changed() {
        with(|bench| {
            assert_eq!((bench.text("t").as_str(), bench.changes()), ("# narrow\n", Vec::new()));
            bench.write("t", "# broad\n".into());
            assert_eq!(bench.changes(), [("t".to_owned(), Some("# broad\n".to_owned()))]);
            bench.write("t", "# narrow\n".into());
            assert_eq!(bench.changes(), []);
            bench.toggle("t");
            assert_eq!((bench.is_left_out("t"), bench.changes()), (true, vec![("t".to_owned(), None)]));
            bench.toggle("t");
            assert_eq!((bench.is_left_out("t"), bench.changes()), (false, Vec::new()));
        });
    }

    #[test]
    fn another_report_begins_with_a_clean_bench() {
        with(|bench| {
            bench.edit(Some("t".into()));
            bench.write("t", "x".into());
            bench.clear();
            assert_eq!(bench.benches().get_untracked(), None);
            assert_eq!((bench.changes(), bench.open().get_untracked()), (Vec::new(), None));
        });
    }
}
