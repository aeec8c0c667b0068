//! What is wrong with a condition, or surprising about it.

use std::fmt;

use crate::span::Span;

/// A finding about a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What it means for the rule.
    pub effect: Effect,
    /// The part of the condition; in a condition made of several texts, of the text that the part is from.
    pub span: Span,
    /// Falco's own message; empty where Falco says nothing.
    pub falco: String,
    /// What is wrong, in lower case, with the condition's own words in backticks.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// What a problem means for the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Falco refuses the rule.
    Refused,
    /// Falco refuses the rule, or skips it where it has `skip-if-unknown-filter`.
    UnknownFilter,
    /// Falco refuses the rule because of a macro that does not exist.
    UndefinedMacro,
    /// Falco ends while it loads the rule.
    ExitsOnLoad,
    /// The rule loads, and Falco ends with an error at the first event that reaches the check.
    ExitsOnEvent,
    /// The rule loads, and Falco is killed at the first event that reaches the check.
    CrashesOnEvent,
    /// Falco loads the rule with a warning: a value looks like something else, a pattern is too big a tool.
    Warning,
    /// Falco loads the rule with a warning: something is on its way out.
    Deprecated,
    /// Falco loads the rule with a warning: the comparison with `<NA>` does not do what it seems to.
    UnsafeNaCheck,
    /// Falco says nothing, and the check does not do what it seems to.
    Surprise,
}

impl Effect {
    /// Whether Falco loads the rule.
    pub fn loads(self) -> bool {
        !matches!(self, Self::Refused | Self::UnknownFilter | Self::UndefinedMacro | Self::ExitsOnLoad)
    }

    /// Whether Falco does not survive the rule.
    pub fn is_fatal(self) -> bool {
        matches!(self, Self::ExitsOnLoad | Self::ExitsOnEvent | Self::CrashesOnEvent)
    }

    /// The code under which Falco's loader reports it. Falco has none for its own end, and none for what it
    /// does not notice; those are ours.
    pub fn code(self) -> &'static str {
        match self {
            Self::Refused | Self::UnknownFilter => "LOAD_ERR_COMPILE_CONDITION",
            Self::UndefinedMacro => "LOAD_ERR_VALIDATE",
            Self::ExitsOnLoad | Self::ExitsOnEvent => "ENGINE_EXIT",
            Self::CrashesOnEvent => "ENGINE_CRASH",
            Self::Warning => "LOAD_COMPILE_CONDITION",
            Self::Deprecated => "LOAD_DEPRECATED_ITEM",
            Self::UnsafeNaCheck => "LOAD_UNSAFE_NA_CHECK",
            Self::Surprise => "SURPRISE",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}
