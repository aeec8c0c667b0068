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
        for Change { id, content, insist } in changes {
            let Some(tuning) = plan.tunings.iter().find(|tuning| tuning.id == *id) else { continue };
            let Some(at) = plan.mitigations.iter().position(|one| one.id == *id) else { continue };
            let Some(content) = content else {
                plan.mitigations.remove(at);
                continue;
            };
            let chosen = tuning.candidates.iter().find(|candidate| candidate.content == *content);
            let Some(mitigation) = plan.mitigations.get_mut(at) else { continue };
            let simulation = base.simulate(content, &outcome.shelf);
            let attacks = attacks(&outcome.report.insight, &simulation, &outcome.shelf);
            if attacks > 0 && !insist {
                return Err(Refused { title: mitigation.title.clone().into_owned(), attacks });
            }
            put(mitigation, insisted(content, attacks), chosen);
        }
        follow(&mut plan);
        Ok(plan)
    }
}

fn put(mitigation: &mut Mitigation, content: String, chosen: Option<&Candidate>) {
    mitigation.proof = chosen.map(|candidate| candidate.proof.clone());
    if let Some(file) = &mut mitigation.file {
        file.content = content;
    }
}
