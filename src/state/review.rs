//! What the person made of the findings.

use analysis::review::Opinion;
use leptos::prelude::*;

use crate::worker::protocol::Reviewed;

/// The marks of the report that is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Review {
    known: RwSignal<Reviewed>,
}

impl Review {
    /// What was made of the findings, as far as it is known.
    pub fn known(self) -> Signal<Reviewed> {
        self.known.into()
    }

    /// What was made of a finding, and whether it was judged as it is now.
    pub fn of(self, id: &str) -> Option<(Opinion, bool)> {
        let known = self.known.read();
        let (_, opinion, is_current) = known.marks.iter().find(|(marked, _, _)| marked == id)?;
        Some((opinion.clone(), *is_current))
    }

    /// Whether anything is marked, so that the report no longer says what it said when it came.
    pub fn is_any(self) -> bool {
        self.known.with_untracked(|known| known.line.is_some())
    }

    /// Marks a finding, or no longer, before the worker has heard of it; what it was marked as until now.
    pub fn change(self, id: &str, after: Option<Opinion>) -> Option<Opinion> {
        let before =
            untrack(|| self.of(id)).filter(|(_, is_current)| *is_current).map(|(opinion, _)| opinion);
        self.known.update(|known| {
            known.marks.retain(|(marked, _, _)| marked != id);
            known.marks.extend(after.map(|opinion| (id.to_owned(), opinion, true)));
        });
        before
    }

    /// The worker says how it stands.
    pub fn arrived(self, known: Reviewed) {
        self.known.set(known);
    }

    /// There is another report.
    pub fn clear(self) {
        self.known.set(Reviewed::default());
    }
}

#[cfg(test)]
mod tests {
    use analysis::review::Mark;

    use super::*;

    #[test]
    fn a_change_says_what_was_before() {
        let owner = Owner::new();
        owner.set();
        let review = Review::default();
        let opinion = |mark| Some(Opinion { mark, note: String::new() });
        assert_eq!(review.change("a", opinion(Mark::Expected)), None);
        assert_eq!(review.change("b", opinion(Mark::Investigate)), None);
        assert_eq!(review.change("a", opinion(Mark::Done)), opinion(Mark::Expected));
        assert_eq!(review.change("a", None), opinion(Mark::Done));
        let now = |id: &str| untrack(|| review.of(id)).map(|(opinion, _)| opinion);
        assert_eq!((now("a"), now("b")), (None, opinion(Mark::Investigate)));
    }
}
