//! `cargo xtask bench`: the budgets of the product, as far as they can be measured today.
//!
//! A row says what was measured or why nothing was; it never repeats an old figure.

use std::process::Command;

use crate::failure::Result;
use crate::first_load::{self, FirstLoad, kilobytes};
use crate::setup::Kit;
use crate::{build, process, workspace};

/// One line of the table.
struct Row {
    what: &'static str,
    budget: &'static str,
    measured: Measured,
}

enum Measured {
    Within(String),
    Over(String),
    /// With the reason.
    Not(&'static str),
}

impl Measured {
    fn limited(value: u64, limit: u64, words: String) -> Self {
        if value <= limit { Self::Within(words) } else { Self::Over(words) }
    }
}

/// Answers whether every measured row is within its budget.
pub fn run() -> Result<bool> {
    let kit = Kit::for_building()?;
    let site = build::release(&kit)?;
    let rows = [
        Row {
            what: "ingest and grouping in one browser worker, against JSON.parse per line and a Map",
            budget: "at least 3 times as fast",
            measured: Measured::Not("no benchmark yet"),
        },
        Row {
            what: "command line, 2 threads, grouping, against DuckDB counting",
            budget: "at least 3 times as fast",
            measured: Measured::Not("no benchmark yet"),
        },
        Row {
            what: "memory for a 1 GB capture in a tab",
            budget: "at most 300 MB",
            measured: Measured::Not("no benchmark yet"),
        },
        Row {
            what: "longest main-thread task while loading",
            budget: "at most 50 ms",
            measured: Measured::Not("no benchmark yet"),
        },
        Row { what: "first load, everything, gzip", budget: "at most 400 kB", measured: first_load(&site) },
        Row {
            what: "link for one typical alert, lossless",
            budget: "at most 400 characters",
            measured: link(&[], 400),
        },
        Row {
            what: "link for one typical alert, without its output text",
            budget: "at most 300 characters",
            measured: link(&["--compact"], 300),
        },
        Row {
            what: "from paste to report, one alert",
            budget: "at most 100 ms",
            measured: Measured::Not("no benchmark yet"),
        },
        Row {
            what: "condition evaluation, typical exception, one core",
            budget: "at least 10 million a second",
            measured: evaluations(),
        },
    ];
    print(&rows);
    Ok(!rows.iter().any(|row| matches!(row.measured, Measured::Over(_))))
}

fn first_load(site: &FirstLoad) -> Measured {
    Measured::limited(site.total(), first_load::BUDGET, kilobytes(site.total()))
}

/// The length of the fragment that the command line prints for the example alert.
fn link(options: &[&str], limit: u64) -> Measured {
    let example = workspace::root().join(EXAMPLE);
    if !example.exists() {
        return Measured::Not("the example alert is not there yet");
    }
    let mut command: Command = process::command("cargo");
    command.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "falco-report-cli",
        "--",
        "link",
        "--no-redact",
    ]);
    command.args(options).arg(example);
    let Some(link) = process::output(&mut command) else { return Measured::Not("not built yet") };
    let characters = link.trim().chars().count();
    if characters == 0 {
        return Measured::Not("not built yet");
    }
    let length = u64::try_from(characters).unwrap_or(u64::MAX);
    Measured::limited(length, limit, format!("{length} characters"))
}

/// Evaluations a second of a typical exception, as the example program counts them.
fn evaluations() -> Measured {
    let mut command: Command = process::command("cargo");
    command.args(["run", "--quiet", "--release", "--package", "condition", "--example", "speed"]);
    let counted = process::output(&mut command).and_then(|printed| printed.trim().parse::<u64>().ok());
    let Some(a_second) = counted else { return Measured::Not("not built yet") };
    let words = format!("{}.{} million a second", a_second / 1_000_000, a_second / 100_000 % 10);
    if a_second >= LEAST_EVALUATIONS { Measured::Within(words) } else { Measured::Over(words) }
}

const LEAST_EVALUATIONS: u64 = 10_000_000;

/// A typical alert of one process in one container.
const EXAMPLE: &str = "examples/ptrace-attach.json";

fn print(rows: &[Row]) {
    println!("\n| what | budget | measured | |\n|---|---|---|---|");
    for Row { what, budget, measured } in rows {
        let (words, verdict) = match measured {
            Measured::Within(words) => (words.as_str(), "within"),
            Measured::Over(words) => (words.as_str(), "OVER"),
            Measured::Not(reason) => (*reason, "not measured"),
        };
        println!("| {what} | {budget} | {words} | {verdict} |");
    }
}
