//! The rule files beside the alerts, as far as tuning depends on them.

use rules::{Base, RuleFile, Simulation, Standing};

use crate::rule_files::{Source, engine, loadable};

/// What tuning is loaded after: the user's rule files, and what Falco ships where those do not define it.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// Nothing without files.
    loaded: Option<Base>,
    standing: Standing,
}

impl Ground {
    /// Loads rule files in their order and finds the hooks in their rules; nothing that Falco does not
    /// load counts.
    pub fn new(files: &[Source]) -> Self {
        let mut base = Base::new(&engine().assuming_base());
        for file in loadable(files) {
            let mut longer = base.clone();
            longer.add(&file);
            if longer.clone().finish().loads() {
                base = longer;
            }
        }
        if base.files() == 0 {
            return Self::default();
        }
        Self { standing: Standing::of(&base), loaded: Some(base) }
    }

    /// How hooks stand in rules.
    pub(super) fn standing(&self) -> &Standing {
        &self.standing
    }

    /// A rule file of ours, to be tried on alerts.
    pub(super) fn simulate(&self, content: &str) -> Simulation {
        let file = RuleFile { name: NAME, bytes: content.as_bytes() };
        Simulation::alone(&[file], &engine(), &self.standing)
    }

    /// Whether Falco loads this after the user's files, without a warning about it.
    pub(super) fn takes(&self, content: &str) -> bool {
        let Some(base) = &self.loaded else { return true };
        let mut longer = base.clone();
        longer.add(&RuleFile { name: NAME, bytes: content.as_bytes() });
        let files = longer.finish().files;
        let is_ours = |file: usize| file == base.files();
        files
            .last()
            .is_some_and(|file| file.successful && !file.warnings.iter().any(|item| is_ours(item.file)))
    }
}

/// What our file is called where files are named.
const NAME: &str = "tuning";
