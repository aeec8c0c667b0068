//! What the person made of the findings, and the way back.

use analysis::review::Opinion;
use leptos::prelude::*;

use crate::worker::protocol::Reviewed;

/// Changes that can be taken back.
const REMEMBERED: usize = 100;

/// A finding before and after a change, by its identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    id: String,
    before: Option<Opinion>,
    after: Option<Opinion>,
}

/// The marks of the report that is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Review {
    known: RwSignal<Reviewed>,
    past: RwSignal<Vec<Change>>,
    future: RwSignal<Vec<Change>>,
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

    /// Marks a finding, or no longer.
    pub fn change(self, id: &str, after: Option<Opinion>) {
        let before =
            untrack(|| self.of(id)).filter(|(_, is_current)| *is_current).map(|(opinion, _)| opinion);
        self.put(id, after.clone());
        self.future.set(Vec::new());
        self.past.update(|past| {
            if past.len() >= REMEMBERED {
                past.remove(0);
            }
            past.push(Change { id: id.to_owned(), before, after });
        });
    }

    /// Takes the last change back: the finding, and what it is again.
    pub fn undo(self) -> Option<(String, Option<Opinion>)> {
        let change = self.past.try_update(Vec::pop)??;
        let back = (change.id.clone(), change.before.clone());
        self.put(&back.0, back.1.clone());
        self.future.update(|future| future.push(change));
        Some(back)
    }

    /// Makes the change again that was taken back last.
    pub fn redo(self) -> Option<(String, Option<Opinion>)> {
        let change = self.future.try_update(Vec::pop)??;
        let again = (change.id.clone(), change.after.clone());
        self.put(&again.0, again.1.clone());
        self.past.update(|past| past.push(change));
        Some(again)
    }

    /// The worker says how it stands.
    pub fn arrived(self, known: Reviewed) {
        self.known.set(known);
    }

    /// There is another report.
    pub fn clear(self) {
        self.known.set(Reviewed::default());
        self.past.set(Vec::new());
        self.future.set(Vec::new());
    }

    /// Shows a change before the worker has heard of it.
    fn put(self, id: &str, opinion: Option<Opinion>) {
        self.known.update(|known| {
            known.marks.retain(|(marked, _, _)| marked != id);
            known.marks.extend(opinion.map(|opinion| (id.to_owned(), opinion, true)));
        });
    }
}

#[cfg(test)]
mod tests {
    use analysis::review::Mark;

    use super::*;

    #[test]
    fn changes_are_taken_back_and_made_again() {
        let owner = Owner::new();
        owner.set();
        let review = Review::default();
        let opinion = |mark| Some(Opinion { mark, note: String::new() });
        let now = |id: &str| untrack(|| review.of(id)).map(|(opinion, _)| opinion);
        review.change("a", opinion(Mark::Expected));
        review.change("a", opinion(Mark::Done));
        review.change("b", opinion(Mark::Investigate));
        assert_eq!(review.undo(), Some(("b".to_owned(), None)));
        assert_eq!(review.undo(), Some(("a".to_owned(), opinion(Mark::Expected))));
        assert_eq!((now("a"), now("b")), (opinion(Mark::Expected), None));
        assert_eq!(review.redo(), Some(("a".to_owned(), opinion(Mark::Done))));
        assert_eq!(now("a"), opinion(Mark::Done));
        review.change("a", None);
        assert_eq!((review.redo(), now("a")), (None, None), "a new change ends what could be made again");
        for _ in 0..REMEMBERED + 5 {
            review.change("c", opinion(Mark::Done));
        }
        assert!((0..REMEMBERED).all(|_| review.undo().is_some()) && review.undo().is_none());
    }
}
