//! Another candidate, or an edited text, in the place of what was proposed.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::tuning::{Candidate, attacks, counted, follow, insisted};
use super::{Mitigation, Plan};
use crate::Outcome;
use crate::lab::Base;

/// What a tuning is to be instead of what was proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The tuning.
    pub id: String,
    /// The text of its file; nothing takes the tuning out.
    pub content: Option<String>,
    /// Whether to hide even what is judged likely malicious; the file then says so.
    pub insist: bool,
}

/// Why a change is not made: its text hides alerts that are judged likely malicious, and nobody insisted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The title of the tuning.
    pub title: String,
    /// How many such alerts it hides, for certain or perhaps.
    pub attacks: u64,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: it hides {}", self.title, counted(self.attacks))
    }
}

impl Plan {
    /// The plan of an outcome with these changes; what is not about a tuning of it stays. The proof is that
    /// of the candidate whose text it is, and none for a text that was edited. Texts are tried after the
    /// rule files of `base`.
    ///
    /// # Errors
    /// The first change that hides alerts judged likely malicious without being insisted on.
    pub fn changed(outcome: &Outcome, base: &Base, changes: &[Change]) -> Result<Self, Refused> {
        let mut plan = outcome.report.plan.clone();
        for change in changes {
            if let Some(refused) = plan.change(outcome, base, change).filter(|_| !change.insist) {
                return Err(refused);
            }
        }
        follow(&mut plan);
        Ok(plan)
    }

    /// The plan with one change, insisted on or not, and why it is refused to whoever does not insist.
    pub fn tried(outcome: &Outcome, base: &Base, change: &Change) -> (Self, Option<Refused>) {
        let mut plan = outcome.report.plan.clone();
        let refused = plan.change(outcome, base, change);
        follow(&mut plan);
        (plan, refused)
    }

    fn change(&mut self, outcome: &Outcome, base: &Base, change: &Change) -> Option<Refused> {
        let tuning = self.tunings.iter().find(|tuning| tuning.id == change.id)?;
        let at = self.mitigations.iter().position(|one| one.id == change.id)?;
        let Some(content) = &change.content else {
            self.mitigations.remove(at);
            return None;
        };
        let chosen = tuning.candidates.iter().find(|candidate| candidate.content == *content);
        let mitigation = self.mitigations.get_mut(at)?;
        let simulation = base.simulate(content, &outcome.shelf);
        let attacks = attacks(&outcome.report.insight, &simulation, &outcome.shelf);
        put(mitigation, insisted(content, attacks), chosen);
        (attacks > 0).then(|| Refused { title: mitigation.title.clone().into_owned(), attacks })
    }
}

fn put(mitigation: &mut Mitigation, content: String, chosen: Option<&Candidate>) {
    mitigation.proof = chosen.map(|candidate| candidate.proof.clone());
    if let Some(file) = &mut mitigation.file {
        file.content = content;
    }
}
