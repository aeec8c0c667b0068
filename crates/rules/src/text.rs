//! A condition's text, which knows what it was put together from.
//!
//! Falco glues conditions, exceptions and the items of lists together as text and parses the result.
//! An error in it is only of use to somebody if it leads back to the file.

use std::ops::Range;
use std::rc::Rc;

use crate::yaml::Node;

/// Text with the origin of every part of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    text: String,
    /// In ascending order of `at`.
    runs: Vec<Run>,
}

/// A run of text, up to the next run, from one node of one file.
#[derive(Debug, Clone)]
struct Run {
    /// Where it begins in the text.
    at: usize,
    file: usize,
    node: Rc<Node>,
    /// The byte of the node's value that it begins with.
    start: usize,
    /// All of the run stands for this many bytes of the value, whatever it says; `None` if it is the
    /// value byte by byte.
    stands_for: Option<usize>,
}

impl Run {
    /// The bytes of the value that a range of the text comes from, both within this run.
    fn value(&self, range: Range<usize>) -> Range<usize> {
        match self.stands_for {
            Some(length) => self.start..self.start + length,
            None => self.start + range.start - self.at..self.start + range.end - self.at,
        }
    }
}

impl Text {
    /// The value of a scalar.
    pub fn of(file: usize, scalar: &Rc<Node>) -> Self {
        let mut text = Self::default();
        text.push_value(file, scalar);
        text
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Adds the value of a scalar.
    pub fn push_value(&mut self, file: usize, scalar: &Rc<Node>) {
        let node = Rc::clone(scalar);
        self.runs.push(Run { at: self.text.len(), file, node, start: 0, stands_for: None });
        self.text.push_str(scalar.text().unwrap_or_default());
    }

    /// Adds text that stands for a node.
    pub fn push_for(&mut self, text: &str, file: usize, node: &Rc<Node>) {
        let stands_for = Some(node.text().map_or(0, str::len));
        self.runs.push(Run { at: self.text.len(), file, node: Rc::clone(node), start: 0, stands_for });
        self.text.push_str(text);
    }

    /// Adds text of Falco's own, which counts as part of what came before.
    pub fn push_str(&mut self, text: &str) {
        if let Some(last) = self.runs.last() {
            let end = last.value(self.text.len()..self.text.len()).end;
            let run = Run { at: self.text.len(), start: end, stands_for: Some(0), ..last.clone() };
            self.runs.push(run);
        }
        self.text.push_str(text);
    }

    /// Adds another text.
    pub fn push(&mut self, other: &Self) {
        let at = self.text.len();
        self.runs.extend(other.runs.iter().map(|run| Run { at: at + run.at, ..run.clone() }));
        self.text.push_str(&other.text);
    }

    /// Puts text of Falco's own in front.
    pub fn prepend(&mut self, text: &str) {
        *self = self.replaced(&[(0..0, text.to_owned())]);
    }

    /// The text with other text in the place of some of it, in ascending order; an error in there is an
    /// error where that was.
    pub fn replaced(&self, edits: &[(Range<usize>, String)]) -> Self {
        let mut out = Self::default();
        let mut at = 0;
        for (range, replacement) in edits {
            out.copy(self, at..range.start);
            if let Some(run) = self.run_at(range.start) {
                let value = run.value(range.clone());
                let stands_for = Some(value.len());
                out.runs.push(Run { at: out.text.len(), start: value.start, stands_for, ..run.clone() });
            }
            out.text.push_str(replacement);
            at = range.end;
        }
        out.copy(self, at..self.text.len());
        out
    }

    fn copy(&mut self, other: &Self, range: Range<usize>) {
        let first = other.runs.partition_point(|run| run.at <= range.start).saturating_sub(1);
        let overlapping = other.runs.get(first..).unwrap_or_default().iter();
        for run in overlapping.take_while(|run| run.at < range.end) {
            let start = run.at.max(range.start);
            let at = self.text.len() + start - range.start;
            self.runs.push(Run { at, start: run.value(start..start).start, ..run.clone() });
        }
        self.text.push_str(other.text.get(range).unwrap_or_default());
    }

    /// The file, and the bytes of it, that a range of the text comes from.
    pub fn origin(&self, range: Range<usize>, sources: &[Rc<str>]) -> Option<(usize, Range<usize>)> {
        let run = self.run_at(range.start)?;
        let source = sources.get(run.file)?;
        let following = self.runs.partition_point(|other| other.at <= range.start);
        let end = self.runs.get(following).map_or(self.text.len(), |next| next.at);
        let value = run.value(range.start..range.end.clamp(range.start, end.max(range.start)));
        let start = run.node.locate(source, value.start);
        let end = if value.is_empty() { start } else { run.node.locate(source, value.end - 1) + 1 };
        Some((run.file, start..end.max(start)))
    }

    fn run_at(&self, offset: usize) -> Option<&Run> {
        let following = self.runs.partition_point(|run| run.at <= offset);
        following.checked_sub(1).and_then(|index| self.runs.get(index))
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::Text;
    use crate::yaml::parse;

    const SOURCE: &str = "a: proc.name in (shells)\nb: or x\nc: [v w]\n";

    #[track_caller]
    fn check(text: &Text, needle: &str, expected: &str) {
        let start = text.as_str().find(needle).unwrap();
        let sources = [Rc::from(SOURCE)];
        let (_, range) = text.origin(start..start + needle.len(), &sources).unwrap();
        assert_eq!(SOURCE.get(range), Some(expected), "{needle} of {}", text.as_str());
    }

    #[test]
    fn every_part_leads_back_to_the_file() {
        let documents = parse(SOURCE).unwrap();
        let node = |key: &str| documents[0].get(key).unwrap();
        let mut text = Text::of(0, node("a"));
        text.push_str(" ");
        text.push_value(0, node("b"));
        text.prepend("(");
        text.push_str(")");
        text.push_str(" and not ");
        text.push_for("\"v w\"", 0, &node("c").elements().unwrap()[0]);
        assert_eq!(text.as_str(), "(proc.name in (shells) or x) and not \"v w\"");
        check(&text, "name", "name");
        let name = text.as_str().find("shells").unwrap();
        let text = text.replaced(&[(name..name + "shells".len(), "bash, zsh".to_owned())]);
        assert_eq!(text.as_str(), "(proc.name in (bash, zsh) or x) and not \"v w\"");
        check(&text, "zsh", "shells");
        check(&text, "in", "in");
        check(&text, ") or", ")");
        check(&text, "or x", "or x");
        check(&text, "v w", "v w");
    }
}
