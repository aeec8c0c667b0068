//! Files read in slices by several workers, sent as bytes and added up in order: the same as read by one.

use analysis::ingest::{Refused, SliceCut};
use analysis::{Options, Outcome, Portion, Session, report};
use proptest::prelude::*;

use crate::files::{fixture, fixtures, shapes};
use crate::slices::line_files;

const OPTIONS: Options = Options { now: None, keep_alerts: true, several_files: false };

fn whole(name: &str, bytes: &[u8]) -> Outcome {
    let mut session = Session::new(OPTIONS);
    session.open(name);
    session.feed(bytes);
    session.finish()
}

/// Feeds a slice, in pieces, to whom it concerns.
fn cut(bytes: &[u8], start: u64, end: u64, piece: usize, mut each: impl FnMut(u64, &[u8])) {
    let mut cut = SliceCut::new(start, end);
    for chunk in bytes[usize::try_from(cut.first_byte()).unwrap()..].chunks(piece) {
        if cut.is_done() {
            break;
        }
        let slice = cut.take(chunk);
        if let Some(begins) = cut.begins() {
            each(begins, slice);
        }
    }
}

/// What a pool makes of a file: the outcome, and how many slices were read again. Nothing where the file is
/// to be read whole.
fn pooled(name: &str, bytes: &[u8], width: u64) -> Option<(Outcome, usize)> {
    let (mut all, size) = (Session::new(OPTIONS), bytes.len() as u64);
    let file = all.slices(name);
    let mut again = 0;
    for start in (0..size).step_by(usize::try_from(width).unwrap()) {
        let (end, mut worker) = ((start + width).min(size), None);
        cut(bytes, start, end, 97, |begins, slice| {
            worker.get_or_insert_with(|| Session::for_slice(OPTIONS, &file, begins)).feed(slice);
        });
        let Some(worker) = worker else { continue };
        let sent = postcard::to_allocvec(&worker.into_portion()).unwrap();
        let portion: Portion = postcard::from_bytes(&sent).unwrap();
        match all.append(portion) {
            Ok(()) => {}
            Err(Refused::NotSliceable(_)) => return None,
            Err(Refused::Known) => {
                again += 1;
                let mut is_open = false;
                cut(bytes, start, end, 89, |begins, slice| {
                    if !std::mem::replace(&mut is_open, true) {
                        all.open_slice(&file, begins);
                    }
                    all.feed(slice);
                });
                all.close();
            }
        }
    }
    Some((all.finish(), again))
}

#[track_caller]
fn check(name: &str, bytes: &[u8], width: u64) -> Option<usize> {
    let (pooled, again) = pooled(name, bytes, width)?;
    let whole = whole(name, bytes);
    assert_eq!(pooled.report, whole.report, "{name} by {width}");
    assert_eq!(report::json(&pooled.report), report::json(&whole.report), "{name} by {width}");
    assert_eq!(pooled.parcel, whole.parcel, "{name} by {width}");
    assert_eq!((pooled.shelf.len(), pooled.shelf.beyond()), (whole.shelf.len(), whole.shelf.beyond()));
    for record in 1..=whole.shelf.len() as u64 {
        assert_eq!(pooled.shelf.row(record), whole.shelf.row(record), "{name} by {width}");
        assert_eq!(pooled.shelf.details(record), whole.shelf.details(record), "{name} by {width}");
    }
    Some(again)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn line_delimited_files(which in 0..5_usize, width in 500..20_000_u64) {
        let (name, bytes) = line_files().swap_remove(which);
        prop_assert!(check(&name, &bytes, width).is_some(), "{} is line-delimited", name);
    }
}

#[test]
fn every_fixture_and_shape_is_read_alike_or_refused() {
    let mut alike = 0;
    for (name, bytes) in fixtures().into_iter().chain(shapes()) {
        if Session::may_slice(&bytes[..bytes.len().min(4096)]) {
            alike += usize::from(check(&name, &bytes, 700).is_some());
        }
    }
    assert!(alike > 10, "{alike}");
}

#[test]
fn a_slice_with_known_alerts_is_read_again() {
    let bytes = fixture("repeated_by_falcosidekick.jsonl").repeat(3);
    assert!(check("repeated", &bytes, 1500).unwrap() > 0);
}

#[test]
fn a_report_on_part_of_the_input_says_so() {
    let mut session = Session::new(OPTIONS);
    session.open("input");
    session.feed(&fixture("many.jsonl"));
    session.stopped(1000, 5000);
    let report = session.finish().report;
    assert!(report::markdown(&report).contains("reading was stopped after 1000 of 5000 bytes"));
    let json: serde_json::Value = serde_json::from_str(&report::json(&report)).unwrap();
    assert_eq!(json["input"]["partial"], serde_json::json!({"read": 1000, "total": 5000}));
}
