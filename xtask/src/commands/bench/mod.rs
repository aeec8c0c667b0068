//! `cargo xtask bench`: the budgets of the product, measured in one run.
//!
//! A row says what was measured or why nothing was; it never repeats an old figure. Speed is a ratio to what
//! anyone could use instead on the same machine, in the same minutes.

mod browser;
mod machine;
mod native;

use std::process::Command;
use std::time::Duration;

use crate::failure::{Failure, Result};
use crate::first_load::{self, FirstLoad, kilobytes};
use crate::setup::Kit;
use crate::{build, process, workspace};

use browser::Tab;
use native::{Data, Run, Times};

/// Where the table goes.
const TABLE: &str = "docs/bench.md";

/// How much is measured.
pub struct Options {
    /// Bytes of the file for the command line, and of the one for the tab's memory.
    size: u64,
    has_browser: bool,
}

impl Options {
    /// Reads `[--size MEGABYTES] [--without-browser]`.
    pub fn parse(words: &[String]) -> Result<Self> {
        let mut options = Self { size: 1_000_000_000, has_browser: true };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--without-browser" => options.has_browser = false,
                "--size" => {
                    let megabytes = words.next().and_then(|size| size.parse::<u64>().ok());
                    options.size = megabytes
                        .filter(|size| (10..=100_000).contains(size))
                        .map(|size| size * 1_000_000)
                        .ok_or_else(|| Failure::new("`--size` takes megabytes, from 10 to 100000."))?;
                }
                other => return Err(Failure::new(format!("`bench` has no option `{other}`."))),
            }
        }
        Ok(options)
    }
}

/// One line of the table.
struct Row {
    what: String,
    budget: &'static str,
    measured: Measured,
}

enum Measured {
    Within(String),
    Over(String),
    /// Without a budget.
    Said(String),
    /// With the reason.
    Not(&'static str),
}

impl Measured {
    fn limited(value: u64, limit: u64, words: String) -> Self {
        if value <= limit { Self::Within(words) } else { Self::Over(words) }
    }

    /// How many times as fast as something else, which has to be three times at least.
    fn ratio(ours: Duration, theirs: Duration) -> Self {
        let ratio = theirs.as_secs_f64() / ours.as_secs_f64().max(0.001);
        let words = format!("{ratio:.1} times ({} against {})", seconds(ours), seconds(theirs));
        if ratio >= 3.0 { Self::Within(words) } else { Self::Over(words) }
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

/// Answers whether every measured row is within its budget.
pub fn run(options: &Options) -> Result<bool> {
    let machine = machine::description();
    let kit = Kit::for_building()?;
    process::run(process::command("cargo").args([
        "build",
        "--quiet",
        "--release",
        "--package",
        "falco-report-cli",
    ]))?;
    println!("\nMaking alerts …");
    let large = Data::make(options.size)?;
    let tenth = Data::make(options.size / 10)?;
    let hundredth = Data::make(options.size / 100)?;
    println!("Command line, DuckDB, jq …");
    let mut rows = of_times(&native::compare(&large), &large);
    rows.push(parsing(&tenth));
    rows.push(growth(&[&hundredth, &tenth, &large]));
    if options.has_browser {
        let site = build::release(&kit)?;
        println!("Browser …");
        let for_speed = Data::make(options.size / 5)?;
        let tab = browser::measure(&for_speed, &large, &workspace::root().join(EXAMPLE));
        rows.extend(of_tab(tab.as_ref(), &for_speed, &large));
        rows.push(Row {
            what: "first load, everything, gzip".to_owned(),
            budget: "at most 400 kB",
            measured: first_load(&site),
        });
    }
    rows.extend([
        Row {
            what: "link for one typical alert, lossless".to_owned(),
            budget: "at most 400 characters",
            measured: link(&[], 400),
        },
        Row {
            what: "link for one typical alert, without its output text".to_owned(),
            budget: "at most 300 characters",
            measured: link(&["--compact"], 300),
        },
        Row {
            what: "condition evaluation, typical exception, one core".to_owned(),
            budget: "at least 10 million a second",
            measured: evaluations(),
        },
    ]);
    let table = table(&rows);
    print!("\n{table}");
    let page = format!(
        "# Measured\n\nMade by `cargo xtask bench`. Speed is the fastest of three rounds, in turns with what it is compared \
         with, because whatever else the machine does can only slow one down.\n\n{machine}\n\n{table}"
    );
    let path = workspace::root().join(TABLE);
    std::fs::write(&path, page)
        .map_err(|error| Failure::new(format!("cannot write `{TABLE}` ({error}).")))?;
    Ok(!rows.iter().any(|row| matches!(row.measured, Measured::Over(_))))
}

fn of_times(times: &Times, data: &Data) -> Vec<Row> {
    let file = format!("{} MB", data.bytes / 1_000_000);
    let against = |theirs: Option<Duration>, missing| match (times.report, theirs) {
        (Some(ours), Some(theirs)) => Measured::ratio(ours.time, theirs),
        (None, _) => Measured::Not("the command line gave no report"),
        (_, None) => Measured::Not(missing),
    };
    vec![
        Row {
            what: format!(
                "command line, the whole report of {file}, against DuckDB (2 threads) counting by rule and process"
            ),
            budget: "at least 3 times as fast",
            measured: against(times.duckdb, "DuckDB could not be installed"),
        },
        Row {
            what: format!(
                "command line, the whole report of {file}, against jq counting by rule and process"
            ),
            budget: "at least 3 times as fast",
            measured: against(times.jq, "there is no jq"),
        },
    ]
}

/// How many times as long as parsing each of its lines the report of a file takes.
fn parsing(data: &Data) -> Row {
    let measured = match native::against_parsing(data) {
        None => Measured::Not("the example did not get through"),
        Some((parsed, analysed)) => {
            let ratio = analysed.as_secs_f64() / parsed.as_secs_f64().max(0.001);
            let words = format!("{ratio:.1} times ({} against {})", seconds(analysed), seconds(parsed));
            if ratio <= 2.0 { Measured::Within(words) } else { Measured::Over(words) }
        }
    };
    Row {
        what: format!(
            "the whole report of {} MB, against parsing each line with serde_json, one thread",
            data.bytes / 1_000_000
        ),
        budget: "at most 2 times as long",
        measured,
    }
}

/// Time and memory for each megabyte, of files ten and a hundred times as large.
fn growth(files: &[&Data]) -> Row {
    let runs: Option<Vec<(u64, Run)>> =
        files.iter().map(|data| Some((data.bytes / 1_000_000, native::report(data)?))).collect();
    let measured = match runs {
        None => Measured::Not("the command line gave no report"),
        Some(runs) => Measured::Said(
            runs.iter()
                .map(|(megabytes, run)| {
                    let memory = run.memory.map(|kilobytes| format!(", {} MB of memory", kilobytes / 1000));
                    format!("{megabytes} MB: {}{}", seconds(run.time), memory.unwrap_or_default())
                })
                .collect::<Vec<_>>()
                .join("; "),
        ),
    };
    Row {
        what: "command line, growth: the whole report of one, ten and a hundred times the alerts".to_owned(),
        budget: "flat for each alert",
        measured,
    }
}

fn of_tab(tab: Option<&Tab>, data: &Data, large: &Data) -> Vec<Row> {
    let (file, large) = (data.bytes / 1_000_000, large.bytes / 1_000_000);
    let measured = |words: &dyn Fn(&Tab) -> Measured| match tab {
        Some(tab) => words(tab),
        None => Measured::Not("there is no browser, or it did not get through"),
    };
    let time = Duration::from_millis;
    vec![
        Row {
            what: format!(
                "the page with one worker, {file} MB to the finished report, against JSON.parse for each line and a Map in the same tab"
            ),
            budget: "at least 3 times as fast",
            measured: measured(&|tab| Measured::ratio(time(tab.alone), time(tab.parsed))),
        },
        Row {
            what: format!("the same with a worker for every core, {file} MB"),
            budget: "at least 3 times as fast",
            measured: measured(&|tab| Measured::ratio(time(tab.pool), time(tab.parsed))),
        },
        Row {
            what: format!("peak memory of the tab with {large} MB"),
            budget: "at most 300 MB",
            measured: measured(&|tab| {
                let words = format!("{} MB, of which {} before", tab.peak / 1000, tab.empty / 1000);
                Measured::limited(tab.peak, 300_000, words)
            }),
        },
        Row {
            what: format!("longest task of the page while it reads {large} MB"),
            budget: "at most 50 ms",
            measured: measured(&|tab| {
                let words =
                    if tab.longest == 0 { "below 50 ms".to_owned() } else { format!("{} ms", tab.longest) };
                Measured::limited(tab.longest, 50, words)
            }),
        },
        Row {
            what: "from paste to report, one alert".to_owned(),
            budget: "at most 100 ms",
            measured: measured(&|tab| Measured::limited(tab.pasted, 100, format!("{} ms", tab.pasted))),
        },
    ]
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
const EXAMPLE: &str = "tests/fixtures/ptrace_event_generator_kubernetes.json";

fn table(rows: &[Row]) -> String {
    let mut table = "| what | budget | measured | |\n|---|---|---|---|\n".to_owned();
    for Row { what, budget, measured } in rows {
        let (words, verdict) = match measured {
            Measured::Within(words) => (words.as_str(), "within"),
            Measured::Over(words) => (words.as_str(), "OVER"),
            Measured::Said(words) => (words.as_str(), ""),
            Measured::Not(reason) => (*reason, "not measured"),
        };
        for cell in [what, *budget, words, verdict] {
            table.push_str("| ");
            table.push_str(cell);
            table.push(' ');
        }
        table.push_str("|\n");
    }
    table
}
