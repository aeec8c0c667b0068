//! The user's own knowledge in the JSON report.

use serde::Serialize;

use crate::knowledge::own::{self, Own, OwnFile};

/// A file as it is listed.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KnowledgeFile<'a> {
    name: &'a str,
    entries: u64,
    images: u64,
    problems: Vec<Problem<'a>>,
}

/// What is wrong in a file, and where.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem<'a> {
    line: u64,
    item: &'a str,
    key: &'a str,
    message: &'a str,
}

/// The files in the order in which they were read.
pub fn files(own: &Own) -> Vec<KnowledgeFile<'_>> {
    own.files.iter().map(file).collect()
}

fn file(file: &OwnFile) -> KnowledgeFile<'_> {
    KnowledgeFile {
        name: &file.name,
        entries: file.entries,
        images: file.images,
        problems: file.problems.iter().map(problem).collect(),
    }
}

/// What is wrong in a file.
pub fn problem(problem: &own::Problem) -> Problem<'_> {
    Problem { line: problem.line, item: &problem.item, key: &problem.key, message: &problem.message }
}
