//! What must hold for any input whatever. Tests check it over files, the fuzzer over everything.

use analysis::alert::{Alert, Object};
use analysis::ingest::{Found, Ingest, Summary};
use analysis::limits;

/// Checks every promise of reading for one input.
pub fn check(bytes: &[u8]) {
    let (whole, found) = read(&[bytes]);
    accounts(&whole, &found);
    let pivot =
        bytes.iter().fold(17_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let cut = pivot.checked_rem(bytes.len()).unwrap_or(0);
    let (left, right) = bytes.split_at(cut);
    assert_eq!(read(&[left, right]), (whole.clone(), found.clone()), "cut at {cut}");
    let size = pivot % 13 + 1;
    assert_eq!(
        read(&bytes.chunks(size).collect::<Vec<_>>()),
        (whole.clone(), found.clone()),
        "in chunks of {size}"
    );
    slices(bytes, cut, &whole, &found);
    for found in &found {
        canonical(&found.alert);
    }
}

fn read(chunks: &[&[u8]]) -> (Summary, Vec<Found>) {
    let (mut ingest, mut found) = (Ingest::default(), Vec::new());
    let mut each = |alert| found.push(alert);
    ingest.open("input");
    for chunk in chunks {
        ingest.feed(chunk, &mut each);
    }
    ingest.close(&mut each);
    (ingest.seal().unwrap(), found)
}

/// Alerts, duplicates, skipped records and other lines add up, in records and in bytes.
fn accounts(read: &Summary, found: &[Found]) {
    assert_eq!(read.total.alerts, found.len() as u64);
    assert!(found.is_sorted_by_key(|found| found.place.file));
    let listed = read.skipped.len() as u64;
    assert_eq!(listed, read.total.skipped.min(limits::SKIPPED_LISTED as u64));
    for file in &read.files {
        assert_eq!(file.in_bytes.total(), file.size);
    }
    for finding in &read.skipped {
        let size = read.files.iter().find(|file| file.name == finding.file).unwrap().size;
        assert!(finding.position.offset <= size, "{finding}");
    }
    for noted in &read.notes {
        assert!(noted.alerts > 0 && noted.alerts <= read.total.alerts);
    }
}

/// Two slices give what the whole gives, or are refused.
fn slices(bytes: &[u8], near: usize, whole: &Summary, found: &[Found]) {
    let [file] = whole.files.as_slice() else { return };
    let is_plain =
        file.encoding.name() == "utf-8" && file.size == bytes.len() as u64 && file.packing.is_empty();
    let Some(end) = bytes.iter().skip(near).position(|byte| *byte == b'\n') else { return };
    let (first, second) = bytes.split_at(near + end + 1);
    if !is_plain || second.is_empty() {
        return;
    }
    let (mut all, mut seen) = (Ingest::default(), Vec::new());
    for (slice, offset) in [(second, first.len() as u64), (first, 0)] {
        let mut worker = Ingest::default();
        let mut each = |alert| seen.push(alert);
        worker.open_slice(0, "input", offset);
        worker.feed(slice, &mut each);
        worker.close(&mut each);
        all.merge(worker);
    }
    let Ok(mut read) = all.seal() else { return };
    let taken_back = std::mem::take(&mut read.taken_back);
    seen.retain(|found| !taken_back.contains(&found.place));
    seen.sort_by_key(|found| found.place);
    let mut found = found.to_vec();
    found.sort_by_key(|found| found.place);
    assert_eq!((&read, seen), (whole, found), "slices at {}", first.len());
}

/// An alert's canonical JSON reads as the same alert.
fn canonical(alert: &Alert) {
    let json = alert.json();
    let again = Object::parse(json.as_bytes()).map(Alert::from_object);
    let Ok(Ok(again)) = again else { panic!("{json} is no alert") };
    assert_eq!(&again, alert);
}
