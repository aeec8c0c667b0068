//! Reads files of alerts and folds them into groups, without a report: for profilers, and for figures without
//! a disk or a page. `cargo run --release -p analysis --example ingest_speed -- FILE…`

use std::time::Instant;

use analysis::ingest::{Found, Ingest, Place, Take};
use analysis::insight::{Fold, Skimmed};

/// As much as hosts read at once, in bytes.
const CHUNK: usize = 1 << 20;

#[derive(Default)]
struct Groups {
    fold: Fold,
    skimmed: u64,
}

impl Take for Groups {
    fn take(&mut self, found: Found) {
        self.fold.add(found.alert, found.place);
    }

    fn skim(&mut self, line: &[u8], place: Place) -> Option<Skimmed> {
        let skimmed = self.fold.skim(line, place);
        self.skimmed += u64::from(skimmed.is_some());
        skimmed
    }
}

fn main() {
    for path in std::env::args().skip(1) {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let (mut ingest, mut groups) = (Ingest::default(), Groups::default());
        let start = now();
        ingest.open("input");
        for chunk in bytes.chunks(CHUNK) {
            ingest.feed(chunk, &mut groups);
        }
        ingest.close(&mut groups);
        let read = start.elapsed();
        let skimmed = groups.skimmed;
        let alerts = ingest.so_far().1.alerts;
        let insight = groups.fold.seal();
        println!(
            "{path}: {alerts} alerts in {} groups, {skimmed} of them skimmed; read in {} ms, sealed in {} ms",
            insight.groups.len(),
            read.as_millis(),
            start.elapsed().saturating_sub(read).as_millis(),
        );
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark has a clock")]
fn now() -> Instant {
    Instant::now()
}
