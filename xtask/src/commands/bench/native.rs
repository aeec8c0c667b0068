//! The command line against what anyone could use instead, on the same file.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::setup::wheel;
use crate::{process, workspace};

/// How often each is timed. The fastest counts: whatever else the machine does can only slow one down.
const ROUNDS: usize = 3;

/// The version of `DuckDB`, from `PyPI`.
const DUCKDB: &str = "duckdb==2.0.1";

/// Counts alerts by rule and process, and prints how many of them there are and the seconds it took, without
/// those of starting Python.
const DUCKDB_COUNT: &str = "
import duckdb, sys, time
database = duckdb.connect()
database.execute('set threads = 2')
began = time.time()
rows = database.execute('''select json->>'rule' as rule, json->'output_fields'->>'proc.name' as process, count(*)
    from read_json_objects(?, format = 'newline_delimited') group by all''', [sys.argv[1]]).fetchall()
print(sum(row[2] for row in rows), time.time() - began)
";

/// The same with jq.
const JQ_COUNT: &str =
    r#"reduce inputs as $alert ({}; .[$alert.rule + "\u0000" + $alert.output_fields["proc.name"]] += 1)"#;

/// A file of alerts.
pub struct Data {
    pub path: PathBuf,
    pub bytes: u64,
}

impl Data {
    /// Makes a file of alerts, the same one for the same size.
    pub fn make(bytes: u64) -> Result<Self> {
        let folder = workspace::target().join("bench");
        std::fs::create_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
        let path = folder.join(format!("{bytes}.jsonl"));
        let file = File::create(&path).map_err(|error| failed(&path, &error))?;
        let mut generate = process::command("cargo");
        generate.args(["run", "--quiet", "--release", "--package", "alerts", "--", &bytes.to_string()]);
        process::run(generate.stdout(file))?;
        let bytes = path.metadata().map_err(|error| failed(&path, &error))?.len();
        Ok(Self { path, bytes })
    }
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot write `{}` ({error}): free some space and run this again.", path.display()))
}

/// Times of one file, each the fastest of a few; nothing where a program is not to be had.
pub struct Times {
    pub report: Option<Run>,
    pub duckdb: Option<Duration>,
    pub jq: Option<Duration>,
}

/// How long a program ran, and the most memory it held.
#[derive(Clone, Copy)]
pub struct Run {
    pub time: Duration,
    /// In kilobytes; only Linux tells.
    pub memory: Option<u64>,
}

/// Measures in turns, so that a machine that is busy for a while slows all of them down.
pub fn compare(data: &Data) -> Times {
    let python = duckdb();
    let (mut report, mut counted): (Option<Run>, Option<Duration>) = (None, None);
    for _ in 0..ROUNDS {
        report = faster(report, reported(data));
        let times = [counted, python.as_deref().and_then(|python| counted_by_duckdb(python, data))];
        counted = times.into_iter().flatten().min();
    }
    // It takes a minute, and is not close.
    let jq = process::find("jq").and_then(|jq| {
        let mut command = process::command(jq);
        command.args(["-n", JQ_COUNT]).arg(&data.path);
        timed(command)
    });
    Times { report, duckdb: counted, jq }
}

/// The fastest report of a file.
pub fn report(data: &Data) -> Option<Run> {
    (0..ROUNDS).fold(None, |best, _| faster(best, reported(data)))
}

/// Parsing every line of a file, and the whole report of it, both in one thread.
pub fn against_parsing(data: &Data) -> Option<(Duration, Duration)> {
    let mut program = process::command("cargo");
    program.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "analysis",
        "--example",
        "against_parsing",
        "--",
    ]);
    let printed = process::output(program.arg(&data.path))?;
    let mut times = printed.split_whitespace().map(|word| word.parse().ok().map(Duration::from_millis));
    Some((times.next()??, times.next()??))
}

fn faster(best: Option<Run>, run: Option<Run>) -> Option<Run> {
    [best, run].into_iter().flatten().min_by_key(|run| run.time)
}

fn reported(data: &Data) -> Option<Run> {
    let program = workspace::target().join("release").join("falco-report");
    let out = data.path.with_extension("md");
    let began = now();
    let mut command = process::command(program.with_extension(std::env::consts::EXE_EXTENSION));
    // Not by `-o`, which hashes the input, too.
    command.arg("report").arg(&data.path).stdout(File::create(out).ok()?).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut memory = None;
    loop {
        if let Some(ended) = child.try_wait().ok()? {
            let time = began.elapsed();
            return ended.success().then_some(Run { time, memory });
        }
        memory = peak(&status).or(memory);
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark has a clock")]
fn now() -> Instant {
    Instant::now()
}

/// The most memory that a process has held, in kilobytes.
fn peak(status: &Path) -> Option<u64> {
    let status = std::fs::read_to_string(status).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn timed(mut command: Command) -> Option<Duration> {
    let began = now();
    process::output(&mut command)?;
    Some(began.elapsed())
}

/// A Python that has `DuckDB`, which is installed once.
fn duckdb() -> Option<PathBuf> {
    let has_it = |programs: &Path| {
        process::output(process::command(programs.join("python")).args(["-c", "import duckdb"])).is_some()
    };
    let version = DUCKDB.rsplit("==").next()?;
    Some(wheel::provide("duckdb", version, DUCKDB, has_it).ok()?.join("python"))
}

fn counted_by_duckdb(python: &Path, data: &Data) -> Option<Duration> {
    let mut command = process::command(python);
    let printed = process::output(command.args(["-c", DUCKDB_COUNT]).arg(&data.path))?;
    let seconds: f64 = printed.split_whitespace().nth(1)?.parse().ok()?;
    Some(Duration::from_secs_f64(seconds))
}
