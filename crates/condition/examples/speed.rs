//! How many times a second a typical exception is evaluated, on one core.
//!
//! Prints one number. `cargo run --release --package condition --example speed`

use std::hint::black_box;
use std::time::{Duration, Instant};

use condition::{Context, Lookup, Slots, Truth, Value, compile, parse};

const EXCEPTION: &str =
    "proc.name = backup and k8s.ns.name = storage and proc.cmdline startswith \"backup --to /srv/\"";

/// Two alerts that it covers, and one for each way in which it does not cover an alert.
const ALERTS: [[&str; 3]; 5] = [
    ["backup", "storage", "backup --to /srv/a"],
    ["backup", "storage", "backup --to /srv/snapshots/2026-01-31 --incremental --quiet"],
    ["cat", "storage", "cat /etc/shadow"],
    ["backup", "default", "backup --to /srv/a"],
    ["backup", "storage", "backup --from /srv/a --to /tmp"],
];

const EVALUATIONS_A_ROUND: u32 = 5_000_000;

#[expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut slots = Slots::new();
    let filter = compile(&parse(EXCEPTION)?, &Context::source("syscall"), &mut slots)?;
    let names = ["proc.name", "k8s.ns.name", "proc.cmdline"];
    let rows = ALERTS.map(|values| {
        let mut row = vec![Lookup::Absent; slots.names().len()];
        for (name, value) in names.iter().zip(values) {
            if let Some(place) = slots.find(name).and_then(|slot| row.get_mut(slot)) {
                *place = Lookup::Value(Value::Text(value));
            }
        }
        row
    });
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let start = Instant::now();
        let mut covered = 0_u32;
        for row in rows.iter().cycle().take(EVALUATIONS_A_ROUND as usize) {
            covered += u32::from(filter.evaluate(black_box(row)) == Truth::True);
        }
        best = best.min(start.elapsed());
        assert_eq!(covered, EVALUATIONS_A_ROUND / 5 * 2, "the exception covers two alerts of five");
    }
    let a_second = u128::from(EVALUATIONS_A_ROUND) * 1_000_000_000 / best.as_nanos().max(1);
    println!("{a_second}");
    Ok(())
}
