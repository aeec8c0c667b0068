//! Files read in slices by several workers: the same as read whole.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::files::{Read, fixture, read, shapes, shared};
use analysis::ingest::{Found, Ingest, Place, Summary, may_be_sliced};

/// Reads every slice with a worker of its own, and merges them in the order given.
fn read_slices(slices: &[&[u8]], order: &[usize]) -> (Option<Summary>, Vec<Found>) {
    let (mut offset, mut workers, mut found) = (0, Vec::new(), Vec::new());
    for slice in slices {
        let mut worker = Ingest::default();
        let mut each = |alert| found.push(alert);
        worker.open_slice(0, "input", offset);
        worker.feed(slice, &mut each);
        worker.close(&mut each);
        offset += slice.len() as u64;
        workers.push(Some(worker));
    }
    let mut all = Ingest::default();
    for at in order {
        all.merge(workers[*at].take().unwrap());
    }
    (all.seal().ok(), found)
}

/// Whether reading in slices gave the same as reading whole. A file whose lines depend on each other may
/// be refused instead.
#[track_caller]
fn check(name: &str, bytes: &[u8], cuts: &BTreeSet<usize>, order: &[usize]) -> bool {
    let mut slices = Vec::new();
    let mut rest = bytes;
    let mut at = 0;
    for cut in cuts {
        let (slice, after) = rest.split_at(cut - at);
        slices.push(slice);
        (rest, at) = (after, *cut);
    }
    slices.push(rest);
    let (summary, mut found) = read_slices(&slices, order);
    let Some(mut summary) = summary else { return false };
    let taken_back: BTreeSet<Place> = std::mem::take(&mut summary.taken_back).into_iter().collect();
    found.retain(|found| !taken_back.contains(&found.place));
    let whole = read(&[bytes]);
    assert_eq!(found, whole.found, "{name}");
    assert_eq!(Read { summary, found }, whole, "{name} cut at {cuts:?}");
    true
}

fn line_starts(bytes: &[u8]) -> Vec<usize> {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    ends.filter(|at| *at < bytes.len()).collect()
}

/// Line-delimited files: Falco's and Falcosidekick's, with duplicates, rubbish, blank lines and noise.
pub fn line_files() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> =
        ["many.jsonl", "lines_crlf.jsonl", "repeated_by_falcosidekick.jsonl", "stdout_with_noise.log"]
            .map(|name| (name.to_owned(), fixture(name)))
            .into();
    let sidekick = fixture("repeated_by_falcosidekick.jsonl");
    let mixed =
        [&b"\n\n"[..], &sidekick, b"{\"a\":1}\n{\"rule\":}\n\n", &fixture("many.jsonl"), b"\n", &sidekick]
            .concat();
    files.push(("mixed".to_owned(), mixed));
    files
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn line_delimited_files(which in 0..5_usize, picks in proptest::collection::vec(any::<prop::sample::Index>(), 0..6), seed in any::<u64>()) {
        let (name, bytes) = line_files().swap_remove(which);
        let starts = line_starts(&bytes);
        let cuts: BTreeSet<usize> = picks.iter().map(|pick| starts[pick.index(starts.len())]).collect();
        let mut order: Vec<usize> = (0..=cuts.len()).collect();
        order.sort_by_key(|at| seed.rotate_left(u32::try_from(*at).unwrap() * 7));
        prop_assert!(check(&name, &bytes, &cuts, &order), "{} is line-delimited", name);
    }
}

#[test]
fn every_shape_is_read_alike_or_refused() {
    let mut refused = Vec::new();
    for (name, bytes) in shapes() {
        let whole = read(&[&bytes]);
        let is_plain =
            whole.summary.files.iter().all(|file| file.packing.is_empty() && file.encoding.name() == "utf-8");
        if !is_plain {
            continue;
        }
        for cut in line_starts(&bytes) {
            if !check(&name, &bytes, &BTreeSet::from([cut]), &[1, 0]) && !refused.contains(&name) {
                refused.push(name.clone());
            }
        }
    }
    insta::assert_debug_snapshot!("shapes that cannot be sliced", refused);
}

#[test]
fn real_files_are_read_alike_or_refused() {
    let Some(corpus) = shared("corpus") else { return };
    let (mut alike, mut refused) = (0, 0);
    for path in crate::corpus::files(corpus) {
        let bytes = std::fs::read(&path).unwrap();
        if !may_be_sliced(&bytes[..bytes.len().min(4096)]) {
            continue;
        }
        let starts = line_starts(&bytes);
        let thirds = [starts.len() / 3, starts.len() * 2 / 3];
        let cuts: BTreeSet<usize> = thirds.iter().filter_map(|at| starts.get(*at).copied()).collect();
        let order: Vec<usize> = (0..=cuts.len()).rev().collect();
        if check(&path.display().to_string(), &bytes, &cuts, &order) { alike += 1 } else { refused += 1 }
    }
    println!("{alike} files read alike in slices, {refused} refused");
    assert!(alike > refused * 3);
}
