//! `alerts BYTES [SEED]`: writes so many bytes of alerts to standard output.

#![forbid(unsafe_code)]

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// Alerts a second: a cluster of this size that nobody has tuned.
const PACE: u64 = 50;

fn main() -> ExitCode {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let (bytes, seed) = match numbers.as_slice() {
        [bytes] => (*bytes, 1),
        [bytes, seed] => (*bytes, *seed),
        _ => {
            eprintln!("usage: alerts BYTES [SEED]");
            return ExitCode::from(2);
        }
    };
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    match alerts::Alerts::new(seed, PACE).write(&mut out, bytes).and_then(|_| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
