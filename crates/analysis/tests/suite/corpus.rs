//! Real files that may lie beside the project: every record is read or explained.

use std::path::PathBuf;

use crate::files::{analyse, read, shared};
use analysis::ingest::Tally;

/// All files in a folder and those in it.
pub fn files(folder: PathBuf) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() { files.extend(self::files(path)) } else { files.push(path) }
    }
    files.retain(|path| path.extension().is_none_or(|extension| extension != "md"));
    files.sort();
    files
}

/// Prints the table: file, alerts, duplicates, skipped, noise, envelopes, why.
#[test]
fn every_file_is_read_or_explained() {
    let Some(corpus) = shared("corpus") else { return };
    let mut total = Tally::default();
    let mut without_alerts = Vec::new();
    for path in files(corpus.clone()) {
        let bytes = std::fs::read(&path).unwrap();
        let report = analyse("x", &bytes).report;
        let records = report.total;
        let name = path.strip_prefix(&corpus).unwrap().display().to_string();
        let envelopes: Vec<&str> = report.files[0].envelopes.iter().map(|(name, _)| name.as_ref()).collect();
        println!(
            "{name}\t{} alerts\t{} duplicates\t{} skipped\t{} noise\t{} {:?}\t{}",
            records.alerts,
            records.duplicates,
            records.skipped,
            records.noise,
            report.files[0].shape.name(),
            report.files[0].encoding,
            envelopes.join("+")
        );
        for noted in &report.notes {
            println!("\t~ {} {}", noted.alerts, noted.note.name());
        }
        for finding in &report.skipped {
            println!("\t! {finding}");
        }
        if records.alerts == 0 {
            without_alerts.push(name);
        }
        total.alerts += records.alerts;
        total.skipped += records.skipped;
    }
    println!("{} alerts, {} skipped, without alerts: {without_alerts:?}", total.alerts, total.skipped);
    assert!(total.skipped * 100 < total.alerts);
}

#[test]
fn any_chunking_reads_the_same() {
    let Some(corpus) = shared("corpus") else { return };
    for path in files(corpus) {
        let bytes = std::fs::read(&path).unwrap();
        let whole = read(&[&bytes]);
        for size in [1, 61, 4096] {
            let chunks: Vec<&[u8]> = bytes.chunks(size).collect();
            assert_eq!(read(&chunks), whole, "{} in chunks of {size}", path.display());
        }
    }
}
