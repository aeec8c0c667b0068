//! Test input: the project's own alert files, and folders that may lie beside the project.

use std::path::{Path, PathBuf};

use analysis::{Options, Outcome, Session};

/// The alert files that browser and command line are compared on, with their names, in order.
pub fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let mut fixtures: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap()))
        .collect();
    fixtures.sort();
    assert!(fixtures.len() >= 20);
    fixtures
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
