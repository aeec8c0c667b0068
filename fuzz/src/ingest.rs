//! Fuzzes the reading of alerts: `cargo xtask fuzz ingest SECONDS`.
//!
//! An input is a file as a person would load it, so every fixture is a seed. Beside the engine's own
//! byte-wise changes, this target knows the structure of its inputs: it tears, joins and repeats lines,
//! wraps them in envelopes, and inserts what the readers look for.

#![cfg_attr(fuzzing, no_main)]

#[path = "../../crates/analysis/tests/suite/promises.rs"]
mod promises;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|data: &[u8]| promises::check(data));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut dice = Dice(u64::from(seed) | 1 << 40);
    if dice.roll(2) == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    let mut lines: Vec<Vec<u8>> =
        data[..size].split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    if lines.is_empty() {
        lines.push(Vec::new());
    }
    change(&mut lines, &mut dice);
    let changed = lines.concat();
    let size = changed.len().min(max_size).min(data.len());
    data[..size].copy_from_slice(&changed[..size]);
    size
});

/// What the readers look for.
const SHARP: [&[u8]; 24] = [
    b"{\"",
    b"\"}",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"\"",
    b"\\",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\\u00e9",
    b"{\"rule\":\"R\",\"output\":\"x\"}",
    b"{\"uuid\":\"u\",\"rule\":\"R\",\"output\":\"x\"}\n",
    b"{\"hostname\":\"h\",\"output\":\"10:22:33.123456789: Notice x",
    b"10:22:33.123456789: Notice x\n",
    b"2026-01-02T08:14:05Z stdout P ",
    b"2026-01-02T08:14:05Z stdout F ",
    b"Jan  2 08:14:05 n falco[1]: ",
    b"Context Attributes,\n",
    b"0.1e400",
];

/// What stands before and after an envelope's text, which is quoted, or its object, which is not.
const ENVELOPES: [(&[u8], &[u8], bool); 10] = [
    (b"{\"log\":", b",\"stream\":\"stdout\",\"time\":\"2026-01-02T08:14:05Z\"}\n", true),
    (b"{\"MESSAGE\":", b",\"_HOSTNAME\":\"n\",\"SYSLOG_IDENTIFIER\":\"falco\"}\n", true),
    (b"{\"message\":", b",\"timestamp\":1,\"ingestionTime\":2}\n", true),
    (b"{\"streams\":[{\"stream\":{\"rule\":\"R\"},\"values\":[[\"1\",", b"]]}]}\n", true),
    (b"{\"class_uid\":2001,\"raw_data\":", b"}\n", true),
    (b"{\"hits\":{\"hits\":[{\"_id\":\"1\",\"_source\":", b"}]}}\n", false),
    (b"{\"specversion\":\"1.0\",\"data\":", b"}\n", false),
    (b"{\"event\":", b",\"host\":\"n\"}\n", false),
    (b"[", b"]\n", false),
    (b"falco-1  | ", b"\n", false),
];

fn change(lines: &mut Vec<Vec<u8>>, dice: &mut Dice) {
    let at = dice.roll(lines.len());
    match dice.roll(7) {
        0 => lines.insert(at, lines[at].clone()),
        1 => drop(lines.remove(at)),
        2 => {
            let other = dice.roll(lines.len());
            lines.swap(at, other);
        }
        3 => {
            let keep = dice.roll(lines[at].len() + 1);
            lines[at].truncate(keep);
        }
        4 => lines[at] = wrapped(&lines[at], dice),
        5 => {
            let width = dice.roll(40) + 1;
            lines[at] = lines[at].chunks(width).collect::<Vec<_>>().join(&b"\r\n"[..]);
        }
        _ => {
            let place = dice.roll(lines[at].len() + 1);
            let sharp = SHARP[dice.roll(SHARP.len())];
            lines[at].splice(place..place, sharp.iter().copied());
        }
    }
}

fn wrapped(line: &[u8], dice: &mut Dice) -> Vec<u8> {
    let (before, after, is_quoted) = ENVELOPES[dice.roll(ENVELOPES.len())];
    let mut text = Vec::new();
    for byte in line.trim_ascii_end() {
        if is_quoted && matches!(byte, b'"' | b'\\') {
            text.push(b'\\');
        }
        text.push(*byte);
    }
    let quote: &[u8] = if is_quoted { b"\"" } else { b"" };
    [before, quote, &text, quote, after].concat()
}

/// Xorshift: the engine gives the seed, so that a run can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(0) % sides.max(1)
    }
}
