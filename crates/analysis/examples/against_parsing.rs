//! How many times as long the whole report of a file of lines takes as parsing each of them:
//! `cargo run --release -p analysis --example against_parsing -- FILE`.
//!
//! Both in one thread, over bytes in memory, in turns; the fastest of three rounds counts, because whatever
//! else the machine does can only slow one down. Prints both in milliseconds.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Duration;

use analysis::{Options, Session, report};
use serde_json::Value;

const ROUNDS: usize = 3;
/// Bytes fed at once, as the command line does.
const CHUNK: usize = 1 << 20;

#[expect(clippy::disallowed_methods, reason = "this program measures time")]
fn timed(work: impl FnOnce()) -> Duration {
    let began = std::time::Instant::now();
    work();
    began.elapsed()
}

fn parse(bytes: &[u8]) {
    for line in bytes.split(|byte| *byte == b'\n') {
        let _ = black_box(serde_json::from_slice::<Value>(line));
    }
}

fn analyse(bytes: &[u8]) {
    let mut session = Session::new(Options::default());
    session.open("input");
    for chunk in bytes.chunks(CHUNK) {
        session.feed(chunk);
    }
    session.close();
    black_box(report::markdown(&session.finish().report));
}

fn main() -> ExitCode {
    let Some(file) = std::env::args().nth(1) else {
        eprintln!("name a file of alerts, one a line");
        return ExitCode::FAILURE;
    };
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("cannot read {file}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let (mut parsed, mut analysed) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        parsed = parsed.min(timed(|| parse(&bytes)));
        analysed = analysed.min(timed(|| analyse(&bytes)));
    }
    println!("{} {}", parsed.as_millis(), analysed.as_millis());
    ExitCode::SUCCESS
}
