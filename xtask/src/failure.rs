//! What went wrong, as one sentence that says what to do.

use std::fmt;

/// Shown to the person as it is; nothing branches on its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(String);

pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
