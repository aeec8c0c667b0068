//! The rule files beside the alerts, loaded once for all texts that are tried.

use rules::{RuleFile, Simulation};

use crate::rule_files::{Source, engine, loadable};
use crate::shelf::Shelf;

/// What the text is called where files are named.
const NAME: &str = "lab";

/// Rule files, ready for texts to be loaded after them.
#[derive(Debug, Clone)]
pub struct Base {
    /// Nothing where there are no files.
    loaded: Option<rules::Base>,
}

impl Base {
    /// Loads rule files in their order; a second or so for all of Falco's own.
    pub fn new(files: &[Source]) -> Self {
        let mut loaded = rules::Base::new(&engine());
        for file in loadable(files) {
            loaded.add(&file);
        }
        Self { loaded: (loaded.files() > 0).then_some(loaded) }
    }

    /// What the files define, if there are any.
    pub(super) fn ruleset(&self) -> Option<&rules::Ruleset> {
        self.loaded.as_ref().map(rules::Base::ruleset)
    }

    /// Loads an overlay after the files. Where they do not define what it changes, it is loaded after what
    /// Falco ships, without them.
    pub(crate) fn simulate(&self, text: &str, alerts: &Shelf) -> Simulation {
        let overlay = [RuleFile { name: NAME, bytes: text.as_bytes() }];
        if let Some(loaded) = &self.loaded {
            let alerted = alerts.rules();
            let simulation = Simulation::after(loaded, &overlay, &|rule| alerted.contains(&rule));
            if simulation.loads() {
                return simulation;
            }
        }
        Simulation::new(&[], &overlay, &engine())
    }
}
