//! The codes of errors, warnings and notes.

use std::fmt;

/// A stable name of a kind of finding: Falco's own, or one of ours for what Falco does not report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// As it is written in reports.
    pub fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident)+) => {
        $($(#[doc = $doc])+ pub const $name: Code = Code(stringify!($name));)+
    };
}

/// Falco's errors: the file does not load.
pub mod error {
    use super::Code;

    codes! {
        /// The text is not YAML.
        LOAD_ERR_YAML_PARSE
        /// A key is missing or has a value of the wrong type.
        LOAD_ERR_YAML_VALIDATE
        /// A condition does not parse, or does not fit the fields.
        LOAD_ERR_COMPILE_CONDITION
        /// An output template names no field or ends within one.
        LOAD_ERR_COMPILE_OUTPUT
        /// Rules, macros, lists and exceptions do not fit each other.
        LOAD_ERR_VALIDATE
        /// Not Falco's: Falco stops with an uncaught error, for every file it was to load.
        ENGINE_EXIT
        /// Not Falco's: Falco is killed by a signal while it reads the file.
        ENGINE_CRASH
    }
}

/// Falco's warnings: the file loads.
pub mod warning {
    use super::Code;

    codes! {
        /// No plugin provides the rule's source, so the rule is left out.
        LOAD_UNKNOWN_SOURCE
        /// A comparison with `<NA>`.
        LOAD_UNSAFE_NA_CHECK
        /// The condition looks at more than a hundred kinds of events.
        LOAD_NO_EVTTYPE
        /// The rule names what this Falco does not know, and wants to be left out then.
        LOAD_UNKNOWN_FILTER
        /// A macro that nothing names.
        LOAD_UNUSED_MACRO
        /// A list that nothing names.
        LOAD_UNUSED_LIST
        /// An item of a kind that Falco does not know.
        LOAD_UNKNOWN_ITEM
        /// A spelling that a later Falco will not accept.
        LOAD_DEPRECATED_ITEM
        /// An exception is extended by nothing.
        LOAD_APPEND_NO_VALUES
        /// Two exceptions of a rule have the same name.
        LOAD_EXCEPTION_NAME_NOT_UNIQUE
        /// A macro's name cannot be written in a condition.
        LOAD_INVALID_MACRO_NAME
        /// A list's name cannot be written in a condition.
        LOAD_INVALID_LIST_NAME
        /// A check that compiles, but hardly means what it says.
        LOAD_COMPILE_CONDITION
        /// A key that Falco ignores.
        LOAD_UNKNOWN_KEY
    }
}

/// Ours: what Falco does not say.
pub mod note {
    use super::Code;

    codes! {
        /// Falco stopped before it came to this error.
        FURTHER_ERROR
        /// Falco stopped before it came to this warning.
        FURTHER_WARNING
        /// The name is defined in a file that Falco ships and that was not loaded here.
        SHIPPED_ELSEWHERE
        /// Not checked against the rule, macro or list that it extends, which was not loaded here.
        BASE_NOT_LOADED
        /// A check that does not do what it seems to do.
        SURPRISE
        /// A check that never matches, so that an exception hides nothing.
        NEVER_MATCHES
        /// A word in a list that looks like the name of a list but is compared as text.
        LIST_NAME_AS_TEXT
        /// A list within a list within a list is lost.
        LIST_NESTED_TOO_DEEP
        /// A list's name within a value is replaced by the list.
        LIST_NAME_IN_VALUE
        /// A value longer than Falco keeps of the field.
        VALUE_TOO_LONG
        /// Loads, then stops Falco at an event.
        STOPS_AT_EVENT
        /// Only the first of two equal keys counts.
        DUPLICATE_KEY
        /// An empty document stands before others.
        EMPTY_DOCUMENT
        /// `<<` is no merge key for Falco.
        MERGE_KEY_IGNORED
        /// Ignored, because `append: true` takes conditions and exceptions only.
        APPEND_IGNORES_KEY
        /// `and` or `or` is appended to a condition of the other kind without parentheses.
        APPEND_PRECEDENCE
        /// An exception that has no values does nothing.
        EXCEPTION_WITHOUT_VALUES
        /// A value with blanks, commas or parentheses is taken apart.
        VALUE_SPLIT
        /// More was found than is listed.
        MORE_FOUND
    }
}
