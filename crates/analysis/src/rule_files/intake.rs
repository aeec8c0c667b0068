//! Takes rule files, files of a user's knowledge and reviews out of the input.

use super::{Sniff, Source, in_load_order, sniff};
use crate::limits;

/// What became of some bytes of a file.
pub(crate) enum Fed {
    /// They are held, or part of a rule file.
    Kept,
    /// They are of a file of alerts that has begun.
    Alerts,
    /// It has turned out to be a file of alerts: its name, and everything so far.
    Began(String, Vec<u8>),
}

/// The file under way, and the rule files so far.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    file: Option<Open>,
    /// Handed over as rule files, in that order.
    given: Vec<Source>,
    /// Found among the input.
    found: Vec<Source>,
    /// Files of a user's knowledge, handed over or found.
    knowledge: Vec<Source>,
    /// Reviews, handed over or found.
    reviews: Vec<Source>,
    /// Bytes of rule files that are held.
    held: usize,
}

/// All files beside the alerts.
pub(crate) struct Taken {
    /// In the order of loading: those found among the input, then those handed over.
    pub rules: Vec<Source>,
    /// A user's knowledge, in the order in which it came.
    pub knowledge: Vec<Source>,
    /// Reviews, in the order in which they came.
    pub reviews: Vec<Source>,
}

impl Taken {
    /// Each of them.
    pub fn files_mut(&mut self) -> impl Iterator<Item = &mut Source> {
        self.rules.iter_mut().chain(&mut self.knowledge).chain(&mut self.reviews)
    }
}

#[derive(Debug)]
struct Open {
    name: String,
    bytes: Vec<u8>,
    kind: Kind,
    size: u64,
}

/// What a file is, as far as its beginning tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Undecided,
    Rules,
    Knowledge,
    Review,
}

impl Intake {
    /// Takes a whole rule file.
    pub fn take(&mut self, name: &str, bytes: &[u8]) {
        let size = bytes.len() as u64;
        let bytes = if self.held + bytes.len() <= limits::RULE_BYTES { bytes.to_owned() } else { Vec::new() };
        self.held += bytes.len();
        self.given.push(Source { name: name.to_owned(), bytes, size });
    }

    /// Takes a whole file of a user's knowledge.
    pub fn take_knowledge(&mut self, name: &str, bytes: &[u8]) {
        self.knowledge.push(bounded(name, bytes, limits::KNOWLEDGE_BYTES));
    }

    /// Takes a whole review.
    pub fn take_review(&mut self, name: &str, bytes: &[u8]) {
        self.reviews.push(bounded(name, bytes, limits::REVIEW_BYTES));
    }

    /// Begins a file of the input.
    pub fn open(&mut self, name: &str) {
        self.file = Some(Open { name: name.to_owned(), bytes: Vec::new(), kind: Kind::Undecided, size: 0 });
    }

    /// Takes the next bytes of the file.
    pub fn feed(&mut self, chunk: &[u8]) -> Fed {
        let Some(mut file) = self.file.take() else { return Fed::Alerts };
        file.size += chunk.len() as u64;
        // What is too long keeps its size alone.
        let fits = match file.kind {
            Kind::Undecided => true,
            Kind::Rules => self.held + file.bytes.len() + chunk.len() <= limits::RULE_BYTES,
            Kind::Knowledge => file.bytes.len() + chunk.len() <= limits::KNOWLEDGE_BYTES,
            Kind::Review => file.bytes.len() + chunk.len() <= limits::REVIEW_BYTES,
        };
        if fits {
            file.bytes.extend_from_slice(chunk);
        }
        if file.kind == Kind::Undecided {
            match sniff(&file.bytes, false) {
                Sniff::Rules => file.kind = Kind::Rules,
                Sniff::Knowledge => file.kind = Kind::Knowledge,
                Sniff::Review => file.kind = Kind::Review,
                Sniff::Other => return Fed::Began(file.name, file.bytes),
                Sniff::Undecided => {}
            }
        }
        self.file = Some(file);
        Fed::Kept
    }

    /// Ends the file; its name and bytes if it is one of alerts that has not begun.
    pub fn close(&mut self) -> Option<(String, Vec<u8>)> {
        let Open { name, bytes, kind, size } = self.file.take()?;
        match (kind, sniff(&bytes, true)) {
            (Kind::Rules, _) | (Kind::Undecided, Sniff::Rules) => {}
            (Kind::Knowledge, _) | (Kind::Undecided, Sniff::Knowledge) => {
                self.knowledge.push(Source { name, bytes, size });
                return None;
            }
            (Kind::Review, _) | (Kind::Undecided, Sniff::Review) => {
                self.reviews.push(Source { name, bytes, size });
                return None;
            }
            (Kind::Undecided, Sniff::Other | Sniff::Undecided) => return Some((name, bytes)),
        }
        let is_whole = size == bytes.len() as u64 && self.held + bytes.len() <= limits::RULE_BYTES;
        let bytes = if is_whole { bytes } else { Vec::new() };
        self.held += bytes.len();
        self.found.push(Source { name, bytes, size });
        None
    }

    /// All files beside the alerts.
    pub fn finish(mut self) -> Taken {
        in_load_order(&mut self.found);
        self.found.append(&mut self.given);
        Taken { rules: self.found, knowledge: self.knowledge, reviews: self.reviews }
    }
}

/// A whole file; of one that is too long, its size alone.
fn bounded(name: &str, bytes: &[u8], most: usize) -> Source {
    let size = bytes.len() as u64;
    let bytes = if bytes.len() <= most { bytes.to_owned() } else { Vec::new() };
    Source { name: name.to_owned(), bytes, size }
}

#[cfg(test)]
mod tests {
    use super::{Fed, Intake, Source};

    fn names(intake: Intake) -> Vec<String> {
        intake.finish().rules.into_iter().map(|source| source.name).collect()
    }

    #[test]
    fn rule_files_are_kept_and_alerts_are_handed_on() {
        let mut intake = Intake::default();
        intake.take("given.yaml", b"- list: l\n");
        intake.open("b.yaml");
        assert!(matches!(intake.feed(b"# mine\n"), Fed::Kept));
        assert!(matches!(intake.feed(b"- macro: m\n"), Fed::Kept));
        assert!(intake.close().is_none());
        intake.open("alerts");
        assert!(matches!(intake.feed(b"# odd\n"), Fed::Kept));
        let Fed::Began(name, held) = intake.feed(b"{}") else { panic!("alerts") };
        assert_eq!((name.as_str(), held.as_slice()), ("alerts", b"# odd\n{}".as_slice()));
        assert!(matches!(intake.feed(b"{}"), Fed::Alerts));
        assert!(intake.close().is_none());
        intake.open("empty");
        assert_eq!(intake.close(), Some(("empty".to_owned(), Vec::new())));
        assert_eq!(names(intake), ["b.yaml", "given.yaml"]);
    }

    #[test]
    fn a_users_knowledge_and_a_review_are_known_by_their_first_table() {
        let mut intake = Intake::default();
        intake.open("mine.toml");
        assert!(matches!(intake.feed(b"# ours\n[[ru"), Fed::Kept));
        assert!(matches!(intake.feed(b"le]]\nname = 'R'\n"), Fed::Kept));
        assert!(intake.close().is_none());
        intake.open("array");
        assert!(matches!(intake.feed(b"[["), Fed::Kept));
        let Fed::Began(_, held) = intake.feed(b"{}]]") else { panic!("alerts") };
        assert_eq!(held, b"[[{}]]");
        intake.open("review.toml");
        assert!(matches!(intake.feed(b"[rev"), Fed::Kept));
        assert!(matches!(intake.feed(b"iew]\n"), Fed::Kept));
        assert!(intake.close().is_none());
        let names = |files: Vec<Source>| files.into_iter().map(|source| source.name).collect::<Vec<_>>();
        let taken = intake.finish();
        assert_eq!(
            (names(taken.knowledge), names(taken.reviews)),
            (vec!["mine.toml".into()], vec!["review.toml".into()])
        );
    }

    #[test]
    fn a_file_beyond_the_limit_keeps_its_size_alone() {
        let mut intake = Intake::default();
        intake.open("long.yaml");
        intake.feed(b"- list: l\n  items:\n");
        let chunk = vec![b'#'; 1 << 20];
        for _ in 0..9 {
            intake.feed(&chunk);
        }
        intake.close();
        let files = intake.finish().rules;
        assert!(files[0].is_too_long() && files[0].bytes.is_empty() && files[0].size > 9 << 20);
    }
}
