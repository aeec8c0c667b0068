//! Test input: the project's own alert files, and folders that may lie beside the project.

use std::path::{Path, PathBuf};

use analysis::ingest::{Found, Ingest, Summary};
use analysis::{Options, Outcome, Session};

/// The alert files that browser and command line are compared on, with their names, in order.
pub fn fixtures() -> Vec<(String, Vec<u8>)> {
    let fixtures = folder("fixtures");
    assert!(fixtures.len() >= 20);
    fixtures
}

/// One small file of every shape that alerts come in.
pub fn shapes() -> Vec<(String, Vec<u8>)> {
    folder("shapes")
}

/// Inputs that the fuzzer found.
pub fn fuzzed() -> Vec<(String, Vec<u8>)> {
    folder("../fuzz/corpus/ingest")
}

fn folder(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests").join(name);
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// What reading alone gives.
#[derive(Debug, PartialEq)]
pub struct Read {
    /// The accounts.
    pub summary: Summary,
    /// The alerts, in the order they were handed out.
    pub found: Vec<Found>,
}

/// Reads one file that arrives in pieces.
pub fn read(chunks: &[&[u8]]) -> Read {
    let (mut ingest, mut found) = (Ingest::default(), Vec::new());
    let mut each = |alert| found.push(alert);
    ingest.open("input");
    for chunk in chunks {
        ingest.feed(chunk, &mut each);
    }
    ingest.close(&mut each);
    Read { summary: ingest.seal().unwrap(), found }
}

/// One fixture, by name.
pub fn fixture(name: &str) -> Vec<u8> {
    fixtures().into_iter().find(|(fixture, _)| fixture == name).unwrap().1
}

/// The analysis of one file.
pub fn analyse(name: &str, bytes: &[u8]) -> Outcome {
    analyse_in_chunks(name, &[bytes])
}

/// The analysis of one file that arrives in pieces.
pub fn analyse_in_chunks(name: &str, chunks: &[&[u8]]) -> Outcome {
    let mut session = Session::new(Options::default());
    session.open(name);
    for chunk in chunks {
        session.feed(chunk);
    }
    session.close();
    session.finish()
}

/// A folder of test input that may lie beside the project; says so where it does not.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no {folder} beside the project");
    None
}

/// Files analysed together, each arriving in pieces of a size.
pub fn analyse_together(files: &[(&str, &[u8])], size: usize) -> Outcome {
    let mut session = Session::new(Options::default());
    for (name, bytes) in files {
        session.open(name);
        bytes.chunks(size).for_each(|chunk| session.feed(chunk));
    }
    session.finish()
}
