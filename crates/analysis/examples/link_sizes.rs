//! Prints how long links are, per file and in all: `cargo run --release -p analysis --example link_sizes -- FILE…`.
//!
//! Each alert of each file is shared alone: as a link, without its `output`, and, to compare, as its JSON
//! in raw DEFLATE (level 9) and base64url.

use std::process::ExitCode;

use analysis::{
    alert::Alert,
    ingest::{Found, Ingest},
    share::{self, Sheet},
};

/// Characters of one alert's links.
struct Sizes {
    deflated: usize,
    lossless: usize,
    compact: usize,
}

fn main() -> ExitCode {
    let mut all = Vec::new();
    println!(
        "| file | alerts | deflate-9 + base64url | link | of that | compact |\n|---|---|---|---|---|---|"
    );
    for path in std::env::args().skip(1) {
        let Ok(bytes) = std::fs::read(&path) else {
            eprintln!("cannot read {path}");
            return ExitCode::FAILURE;
        };
        let sizes: Vec<Sizes> = alerts(&bytes).iter().map(measure).collect();
        let name = path.rsplit('/').next().unwrap_or_default();
        print(name, &sizes);
        all.extend(sizes);
    }
    print("all", &all);
    ExitCode::SUCCESS
}

fn alerts(bytes: &[u8]) -> Vec<Alert> {
    let (mut ingest, mut alerts) = (Ingest::default(), Vec::new());
    ingest.open("input");
    ingest.feed(bytes, &mut |found: Found| alerts.push(found.alert));
    ingest.close(&mut |found: Found| alerts.push(found.alert));
    alerts
}

fn measure(alert: &Alert) -> Sizes {
    let json = alert.json();
    let deflated = miniz_oxide::deflate::compress_to_vec(json.as_bytes(), 9).len();
    let sheet = Sheet { lines: json + "\n", ..Sheet::default() };
    let link = share::link(&sheet);
    if share::open(&link).as_ref() != Ok(&sheet) {
        eprintln!("a link does not open to what it was made of:\n{}{:?}", sheet.lines, share::open(&link));
    }
    Sizes {
        deflated: "#r1.".len() + (deflated * 4).div_ceil(3),
        lossless: link.len(),
        compact: share::link(&sheet.compacted()).len(),
    }
}

/// Prints medians.
fn print(name: &str, sizes: &[Sizes]) {
    let median = |of: &dyn Fn(&Sizes) -> usize| {
        let mut sorted: Vec<usize> = sizes.iter().map(of).collect();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    };
    println!(
        "| {name} | {} | {} | {} | {} % | {} |",
        sizes.len(),
        median(&|sizes| sizes.deflated),
        median(&|sizes| sizes.lossless),
        median(&|sizes| sizes.lossless * 100 / sizes.deflated),
        median(&|sizes| sizes.compact)
    );
}
