//! The review in the JSON report.

use serde::Serialize;

use super::own_knowledge::{Problem, problem};
use crate::review::{Review, ReviewFile, Standing};

/// What was made of a finding.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reviewed<'a> {
    mark: &'static str,
    note: &'a str,
    /// Whether that was this finding; otherwise it was the same thing when it was judged otherwise.
    current: bool,
}

/// A file as it is listed.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct File<'a> {
    name: &'a str,
    marks: u64,
    problems: Vec<Problem<'a>>,
}

/// How a finding stands.
pub fn reviewed(standing: Standing<'_>) -> Reviewed<'_> {
    let opinion = standing.opinion;
    Reviewed { mark: opinion.mark.name(), note: &opinion.note, current: standing.is_current }
}

/// The files in the order in which they were read.
pub fn files(review: &Review) -> Vec<File<'_>> {
    review.files.iter().map(file).collect()
}

fn file(file: &ReviewFile) -> File<'_> {
    File { name: &file.name, marks: file.marks, problems: file.problems.iter().map(problem).collect() }
}
