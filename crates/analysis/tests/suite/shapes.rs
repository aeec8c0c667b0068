//! One small file of every shape that alerts come in: what is read of each, and that it does not depend
//! on how the file arrives.

use std::fmt::Write;

use crate::files::{Read, read, shapes};

/// What a file came to, as text: the accounts, then one line an alert.
fn account(name: &str, bytes: &[u8]) -> String {
    let outcome = crate::files::analyse(name, bytes);
    let report = &outcome.report;
    let mut out = String::new();
    for file in &report.files {
        let (records, shape, encoding) = (file.records, file.shape.name(), file.encoding.name());
        writeln!(out, "{}: {shape}, {encoding}, unpacked from {:?}", file.name, file.packing).unwrap();
        let [a, d, s, n] = [records.alerts, records.duplicates, records.skipped, records.noise];
        writeln!(out, "  {a} alerts, {d} duplicates, {s} skipped, {n} other; in {:?}", file.envelopes)
            .unwrap();
    }
    for noted in &report.notes {
        writeln!(out, "~ {} {} from line {}", noted.alerts, noted.note.name(), noted.position.line).unwrap();
    }
    for finding in &report.skipped {
        writeln!(out, "! {finding}").unwrap();
    }
    if let Ok(lines) = outcome.parcel.lines() {
        out.push_str(lines);
    }
    out
}

#[test]
fn every_shape() {
    let shapes = shapes();
    assert!(shapes.len() >= 50);
    for (name, bytes) in shapes {
        insta::assert_snapshot!(name.as_str(), account(&name, &bytes));
    }
}

#[test]
fn every_cut_gives_the_same() {
    for (name, bytes) in shapes() {
        let whole = read(&[&bytes]);
        for cut in 0..=bytes.len() {
            let (left, right) = bytes.split_at(cut);
            assert_eq!(read(&[left, right]), whole, "{name} cut at {cut}");
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(read(&single), whole, "{name} byte by byte");
    }
}

#[test]
fn every_byte_is_accounted_for() {
    for (name, bytes) in shapes() {
        let Read { summary, .. } = read(&[&bytes]);
        let is_packed = summary.files.iter().any(|file| !file.packing.is_empty());
        let size: u64 = summary.files.iter().map(|file| file.size).sum();
        assert!(is_packed || size == bytes.len() as u64, "{name}");
        for file in &summary.files {
            assert_eq!(file.in_bytes.total(), file.size, "{name}");
        }
    }
}

/// Inputs that the fuzzer found worth keeping, and every file of our own.
#[test]
fn promises_hold() {
    let mut inputs = crate::files::fuzzed();
    assert!(!inputs.is_empty());
    inputs.extend(shapes());
    inputs.extend(crate::files::fixtures());
    for (name, bytes) in inputs {
        println!("{name}");
        crate::promises::check(&bytes);
    }
}
