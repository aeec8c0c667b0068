//! What is wrong with a text that a person writes, or surprising about it, and where.

use condition::{Effect, Problem, Span, SyntaxError};
use rules::Item;
use serde::{Deserialize, Serialize};

/// How serious it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// Falco does not load it, or does not survive it.
    Error,
    /// Falco loads it with a warning.
    Warning,
    /// Falco says nothing.
    Note,
}

impl Level {
    /// As a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A finding about a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How serious it is.
    pub level: Level,
    /// Falco's code, or one of ours.
    pub code: String,
    /// What is wrong, with the text's own words in backticks or in Falco's quotes.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
    /// The line, from 1.
    pub line: u64,
    /// The column in bytes, from 1.
    pub column: u64,
    /// The first byte of the place, from 0.
    pub start: u64,
    /// The byte after the last one of the place.
    pub end: u64,
}

impl Diagnostic {
    /// About a place of a text.
    pub(crate) fn at(text: &str, span: Span, level: Level, code: &str, message: String) -> Self {
        let (line, column) = rules::line_column(text, span.start);
        let (start, end) = (span.start as u64, span.end as u64);
        Self { level, code: code.to_owned(), message, hint: None, line, column, start, end }
    }

    /// The same with advice.
    pub(crate) fn hint(self, hint: Option<String>) -> Self {
        Self { hint, ..self }
    }

    /// A text that is no condition.
    pub(crate) fn of_syntax(text: &str, error: &SyntaxError) -> Self {
        let code = "LOAD_ERR_COMPILE_CONDITION";
        Self::at(text, error.span, Level::Error, code, error.to_string()).hint(Some(error.hint().to_owned()))
    }

    /// A problem of a condition.
    pub(crate) fn of_problem(text: &str, problem: &Problem) -> Self {
        let level = match problem.effect {
            effect if !effect.loads() || effect.is_fatal() => Level::Error,
            Effect::Surprise => Level::Note,
            _ => Level::Warning,
        };
        Self::at(text, problem.span, level, problem.effect.code(), problem.message.clone())
            .hint(problem.hint.clone())
    }

    /// A finding in a rule file whose text this is.
    pub(crate) fn of_item(text: &str, item: &Item, level: Level) -> Self {
        let span = Span::new(item.span.start, item.span.end);
        Self::at(text, span, level, item.code.name(), item.message.clone()).hint(item.hint.clone())
    }
}
