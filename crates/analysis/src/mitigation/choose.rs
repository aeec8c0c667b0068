//! Another candidate, or an edited text, in the place of what was proposed.

use super::tuning::{Candidate, follow};
use super::{Mitigation, Plan};

impl Plan {
    /// Puts this text in the place of a tuning's file; no text takes the tuning out. The proof is that of
    /// the candidate whose text it is, and none for a text that was edited. What is not about a tuning
    /// stays.
    pub fn choose(&mut self, id: &str, content: Option<&str>) {
        let Some(tuning) = self.tunings.iter().find(|tuning| tuning.id == id) else { return };
        let Some(at) = self.mitigations.iter().position(|one| one.id == id) else { return };
        match content {
            None => drop(self.mitigations.remove(at)),
            Some(content) => {
                let chosen = tuning.candidates.iter().find(|candidate| candidate.content == content);
                if let Some(mitigation) = self.mitigations.get_mut(at) {
                    put(mitigation, content, chosen);
                }
            }
        }
        let is_proposed = |text: &str| tuning.candidates.first().is_some_and(|first| first.content == text);
        // The form for older releases is that of what was proposed.
        let old_form = if content.is_some_and(is_proposed) { None } else { Some(id) };
        follow(self, old_form);
    }
}

fn put(mitigation: &mut Mitigation, content: &str, chosen: Option<&Candidate>) {
    mitigation.proof = chosen.map(|candidate| candidate.proof.clone());
    if let Some(file) = &mut mitigation.file {
        content.clone_into(&mut file.content);
    }
}
