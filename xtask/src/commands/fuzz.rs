//! `cargo xtask fuzz TARGET SECONDS`: feeds a target with inputs that nobody thought of.
//!
//! The engine is libFuzzer. It needs coverage counters, which the stable compiler builds in when asked,
//! and a C++ compiler; no other tool.

use std::fs;

use crate::failure::{Failure, Result};
use crate::{process, workspace};

/// Counts which edges of the program run.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";

/// An input longer than this teaches nothing that a shorter one does not.
const MOST_BYTES: u32 = 16_384;

/// What to fuzz, and for how long.
pub struct Options {
    target: String,
    seconds: u64,
}

impl Options {
    /// Reads `TARGET SECONDS`.
    pub fn parse(words: &[String]) -> Result<Self> {
        let [target, seconds] = words else {
            return Err(Failure::new("`fuzz` takes a target and a number of seconds: `fuzz ingest 60`."));
        };
        if !workspace::root().join("fuzz/src").join(format!("{target}.rs")).is_file() {
            return Err(Failure::new(format!("there is no fuzz target `{target}` in fuzz/src.")));
        }
        let seconds =
            seconds.parse().map_err(|_| Failure::new(format!("`{seconds}` is no number of seconds.")))?;
        Ok(Self { target: target.clone(), seconds })
    }
}

/// Fuzzes; an input that breaks a promise is kept in `fuzz/artifacts` and is an error.
pub fn run(options: &Options) -> Result<bool> {
    let Options { target, seconds } = options;
    let root = workspace::root();
    let host = process::output(process::command("rustc").arg("-vV"))
        .and_then(|words| Some(words.lines().find_map(|line| line.strip_prefix("host: "))?.to_owned()))
        .ok_or_else(|| Failure::new("rustc does not say which machine it builds for."))?;
    let built = workspace::target().join("fuzz");
    println!("Building the fuzzer; the first time takes a minute.");
    process::run(
        process::command("cargo")
            .args([
                "build",
                "--release",
                "--manifest-path",
                "fuzz/Cargo.toml",
                "--bin",
                target,
                "--target",
                &host,
            ])
            .env("CARGO_TARGET_DIR", &built)
            .env("RUSTFLAGS", COVERAGE),
    )?;
    let found = built.join("corpus").join(target);
    let broken = root.join("fuzz/artifacts").join(target);
    for folder in [&found, &broken] {
        fs::create_dir_all(folder).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
    }
    let program = built.join(&host).join("release").join(target);
    let seeds = [format!("fuzz/corpus/{target}"), "tests/shapes".into(), "tests/fixtures".into()];
    process::run(
        process::command(program)
            .arg(&found)
            .args(seeds.iter().map(|seeds| root.join(seeds)).filter(|seeds| seeds.is_dir()))
            .arg(format!("-dict={}", root.join("fuzz/falco.dict").display()))
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-max_len={MOST_BYTES}"))
            .arg(format!("-artifact_prefix={}/", broken.display()))
            .args(["-timeout=10", "-print_final_stats=1"]),
    )?;
    println!("\nNo input of this run breaks a promise.");
    Ok(true)
}
