//! The tunings on the workbench: what was chosen, what is edited, and what it does.

use std::collections::{BTreeMap, BTreeSet};

use analysis::mitigation::Change;
use leptos::prelude::*;

use crate::worker::bench::{Bench, Proved};

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
    /// Tunings whose text is to hide what is judged likely malicious, too.
    insisted: RwSignal<BTreeSet<String>>,
    proved: RwSignal<Option<Proved>>,
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
    pub fn proved(self) -> Signal<Option<Proved>> {
        self.proved.into()
    }

    /// Takes in what the text does, or that nothing is known.
    pub fn prove(self, proved: Option<Proved>) {
        self.proved.set(proved);
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

    /// Whether a person insists on the text of a tuning as it is now, whatever it hides.
    pub fn insists(self, id: &str) -> bool {
        self.insisted.read().contains(id)
    }

    /// Insists on the text of a tuning until it changes, or no longer.
    pub fn insist(self, id: &str, insists: bool) {
        self.insisted.update(|insisted| {
            if insists {
                insisted.insert(id.to_owned())
            } else {
                insisted.remove(id)
            };
        });
    }

    /// The text of a tuning as it would be exported.
    pub fn change(self, id: &str) -> Change {
        Change { id: id.to_owned(), content: Some(self.text(id)), insist: self.insists(id) }
    }

    /// What an export has to change.
    pub fn changes(self) -> Vec<Change> {
        let insisted = self.insisted.read_untracked();
        let change = |(id, choice): (&String, &Choice)| {
            let content = match choice {
                Choice::Text(text) => Some(text.clone()),
                Choice::LeftOut => None,
            };
            Change { id: id.clone(), content, insist: insisted.contains(id) }
        };
        self.choices.read_untracked().iter().map(change).collect()
    }

    /// There is another report.
    pub fn clear(self) {
        self.benches.set(None);
        self.choices.set(BTreeMap::new());
        self.insisted.set(BTreeSet::new());
        self.edit(None);
    }

    fn choose(self, id: &str, choice: Option<Choice>) {
        self.insist(id, false);
        // The files of an earlier text are not those of this one.
        self.proved.update(|proved| {
            if let Some(proved) = proved {
                proved.forms.clear();
            }
        });
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

    fn change(content: Option<&str>, insist: bool) -> Change {
        Change { id: "t".into(), content: content.map(ToOwned::to_owned), insist }
    }

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
        }]);
        journey(bench);
    }

    #[test]
    fn an_export_holds_what_was_chosen_and_nothing_that_was_not_changed() {
        with(|bench| {
            assert_eq!((bench.text("t").as_str(), bench.changes()), ("# narrow\n", Vec::new()));
            bench.write("t", "# broad\n".into());
            assert_eq!(bench.changes(), [change(Some("# broad\n"), false)]);
            bench.write("t", "# narrow\n".into());
            assert_eq!(bench.changes(), []);
            bench.toggle("t");
            assert_eq!((bench.is_left_out("t"), bench.changes()), (true, vec![change(None, false)]));
            bench.toggle("t");
            assert_eq!((bench.is_left_out("t"), bench.changes()), (false, Vec::new()));
        });
    }

    #[test]
    fn insisting_lasts_as_long_as_the_text() {
        with(|bench| {
            bench.write("t", "x".into());
            bench.insist("t", true);
            assert_eq!(bench.changes(), [change(Some("x"), true)]);
            assert_eq!(bench.change("t"), change(Some("x"), true));
            bench.write("t", "y".into());
            assert_eq!(bench.changes(), [change(Some("y"), false)]);
            bench.insist("t", true);
            bench.insist("t", false);
            assert!(!bench.insists("t"));
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
