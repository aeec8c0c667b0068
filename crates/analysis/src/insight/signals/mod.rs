//! Named observations over an alert's fields, each with a direction and a weight.
//!
//! What a process writes about itself (its name, its command line, the paths it chose) proves nothing
//! in its favour: anyone can call a program `event-generator`. What the deployer sets (image,
//! namespace) is harder to forge, though not for someone who can start containers. The kernel's and an
//! audited service's own words can be believed.
//!
//! The signals are data: each file here is one theme, a table of [`Mark`]s with the word lists they
//! look for, and `mark.rs` matches them all.

mod address;
mod command_line;
mod container;
mod identity;
mod images;
mod lineage;
mod mark;
mod names;
mod network;
mod paths;
mod program;
mod reverse_shell;
mod set;
mod shell;
mod targets;
mod test_tools;

use crate::alert::Alert;
use mark::Facts;
pub use mark::{Mark, Test};
pub use set::{Set, of_known_image, of_set};

/// Which reading a signal supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// A test tool at work.
    Test,
    /// An attack.
    Malice,
    /// Ordinary work.
    Benign,
    /// Something that would decide is missing: less confidence, whatever the class.
    Doubt,
    /// Falco lost events.
    Blindness,
    /// None of these; context that a reader wants.
    Context,
}

/// Who chose the value that a signal rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The actor itself, in its name, its command line, the paths it chose; forgeable.
    ByProcess,
    /// Whoever deployed the workload.
    ByDeployer,
    /// The kernel.
    ByKernel,
    /// The service that wrote the audit log, or Falco about itself.
    ByService,
    /// Nobody: counted over the loaded alerts. It may move a confidence, never a class.
    ByCounting,
}

/// A field that a signal rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// The field's name.
    pub field: String,
    /// Its value, as the alert has it.
    pub value: String,
}

/// A signal that fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// Its name, as the JSON report spells it; never renamed.
    pub name: &'static str,
    /// Which reading it supports.
    pub direction: Direction,
    /// How strongly, 0 to 100.
    pub weight: i32,
    /// Who chose the values.
    pub written: Written,
    /// What it rests on; empty where it rests on something missing.
    pub cited: Vec<Cited>,
    /// What it means, without the last full stop: each `{}` is the value cited at that place. The first
    /// word may be a value, so a sentence without one begins in lower case too.
    pub sentence: &'static str,
}

/// A piece of a signal's sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Our words.
    Words(&'static str),
    /// The alert's words, to be shown by the report's value writer.
    Value(&'a str),
}

impl Signal {
    /// The sentence in pieces, so that a writer can tell the alert's words from ours.
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let mut cited = self.cited.iter();
        for (at, words) in self.sentence.split("{}").enumerate() {
            if at > 0 {
                pieces.extend(cited.next().map(|cited| Piece::Value(&cited.value)));
            }
            pieces.push(Piece::Words(words));
        }
        pieces
    }

    /// The fields it rests on.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.cited.iter().map(|cited| cited.field.as_str())
    }
}

/// Every signal that one alert can have.
const TABLES: [&[Mark]; 9] = [
    test_tools::MARKS,
    program::MARKS,
    command_line::MARKS,
    lineage::MARKS,
    targets::MARKS,
    network::MARKS,
    container::MARKS,
    identity::MARKS,
    names::MARKS,
];

/// Every signal that one alert can have, theme by theme.
pub fn catalogue() -> impl Iterator<Item = &'static Mark> {
    TABLES.into_iter().flatten()
}

/// Every test that a signal makes of the values of a field; nothing where one compares them with those of
/// another field.
pub(super) fn tests_of(field: &str) -> Option<Vec<Test>> {
    let tests: Vec<Test> = catalogue().flat_map(|mark| mark.tests_of(field)).collect();
    let compares = tests.iter().any(|test| matches!(test, Test::Equals(_)));
    (!compares).then_some(tests)
}

/// An alert that a process could have written as a whole.
const RECOVERED: Signal = Signal {
    name: "recovered",
    direction: Direction::Doubt,
    weight: 20,
    written: Written::ByProcess,
    cited: Vec::new(),
    sentence: "the alert stood where a process could have written it",
};

/// The signals of one alert, theme by theme. Where a process could have written the whole alert, nothing
/// in it speaks for a harmless reading.
pub fn collect(alert: &Alert) -> Vec<Signal> {
    let facts = Facts::of(alert);
    let signals = catalogue().filter_map(|mark| mark.fire(&facts));
    if !alert.is_forgeable() {
        return signals.collect();
    }
    let harmless = |signal: &Signal| matches!(signal.direction, Direction::Test | Direction::Benign);
    signals.filter(|signal| !harmless(signal)).chain([RECOVERED]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Object;

    /// The names of the signals that fire for these fields.
    #[track_caller]
    pub fn fired(fields: &str) -> Vec<&'static str> {
        let json = format!(r#"{{"rule":"R","source":"syscall","output_fields":{fields}}}"#);
        let alert = Alert::from_object(Object::parse(json.as_bytes()).unwrap()).unwrap();
        collect(&alert).iter().map(|signal| signal.name).collect()
    }

    #[test]
    fn names_are_unique_and_plain() {
        let names: Vec<&str> = catalogue().map(|mark| mark.name).collect();
        let mut unique = names.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), names.len());
        assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
    }

    #[test]
    fn a_sentence_has_a_place_for_no_more_values_than_are_cited() {
        for mark in catalogue() {
            assert!(mark.sentence.matches("{}").count() <= mark.cites(), "{}", mark.name);
            assert!(!mark.sentence.ends_with('.'), "{}", mark.name);
        }
    }

    #[test]
    fn a_sentence_in_pieces() {
        let cited = |value: &str| Cited { field: "f".to_owned(), value: value.to_owned() };
        let mut signal = Signal {
            name: "n",
            direction: Direction::Context,
            weight: 0,
            written: Written::ByKernel,
            cited: vec![cited("a{}"), cited("b")],
            sentence: "{} under {} is odd",
        };
        let pieces = signal.pieces();
        let expected = [
            Piece::Words(""),
            Piece::Value("a{}"),
            Piece::Words(" under "),
            Piece::Value("b"),
            Piece::Words(" is odd"),
        ];
        assert_eq!(pieces, expected);
        signal.sentence = "nothing is known";
        assert_eq!(signal.pieces(), [Piece::Words("nothing is known")]);
    }

    #[test]
    fn a_forged_test_tool_that_runs_from_memory() {
        assert_eq!(
            fired(r#"{"proc.name":"event-generator","proc.exepath":"memfd:x","container.id":"host"}"#),
            ["test_process_name", "runs_from_memory", "cut_name"]
        );
    }
}
