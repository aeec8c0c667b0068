//! Where results and complaints go.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use analysis::report::escape::visible;

/// Why the command ends without a result.
#[derive(Debug)]
pub enum Stop {
    /// Something cannot be read.
    Read(PathBuf, io::Error),
    /// Something cannot be written.
    Write(PathBuf, io::Error),
    /// Standard output cannot be written.
    Output(io::Error),
    /// Any other reason, as a sentence.
    Said(String),
}

impl fmt::Display for Stop {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, error) => write!(out, "cannot read `{}`: {error}", path.display()),
            Self::Write(path, error) => write!(out, "cannot write `{}`: {error}", path.display()),
            Self::Output(error) => write!(out, "cannot write to standard output: {error}"),
            Self::Said(reason) => out.write_str(reason),
        }
    }
}

/// Writes to the file, or to standard output.
pub fn write(path: Option<&Path>, content: &str) -> Result<(), Stop> {
    if let Some(path) = path {
        return std::fs::write(path, content).map_err(|error| Stop::Write(path.to_owned(), error));
    }
    let mut out = io::stdout().lock();
    out.write_all(content.as_bytes()).and_then(|()| out.flush()).map_err(Stop::Output)
}

/// One line on standard error. What input wrote is made visible first, so that it cannot drive the
/// terminal.
pub fn complain(line: &str) {
    // Nothing is left to do where standard error is closed.
    let _ = writeln!(io::stderr(), "falco-report: {}", visible(line));
}
