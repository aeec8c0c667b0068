//! `cargo xtask test`: everything that CI checks, in one run that does not stop at the first
//! failure and ends with one line of counts.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::{env, iter};

use crate::failure::{Failure, Result};
use crate::first_load::FirstLoad;
use crate::progress::{Expected, Steps};
use crate::setup::{self, Beside, Browser, Kit};
use crate::tally::Tally;
use crate::{build, process, workspace};

const APP: &str = "falco-report-app";
const WASM: &str = "wasm32-unknown-unknown";

/// Below this folder `e2e` is a package of the workspace.
const END_TO_END: &str = "tests/e2e/Cargo.toml";

const PLAN: [(&str, Expected); 10] = [
    ("formatting", Expected::Moments),
    ("clippy", Expected::Minutes(2)),
    ("clippy for the browser", Expected::Minutes(2)),
    ("dependencies", Expected::Moments),
    ("unit, snapshot and property tests", Expected::Minutes(4)),
    ("tests of the page's state", Expected::Minutes(1)),
    ("tests in the browser", Expected::Minutes(3)),
    ("the site", Expected::Minutes(4)),
    ("size of the first load", Expected::Moments),
    ("end-to-end tests", Expected::Minutes(9)),
];

/// Answers whether everything passed.
pub fn run() -> bool {
    let kit = Kit::for_building();
    let browser = setup::browser();
    let beside = setup::beside();
    for failure in [kit.as_ref().err(), browser.as_ref().err()].into_iter().flatten() {
        println!("\nSet-up is incomplete, what needs it will fail: {failure}");
    }
    let mut run = Run {
        steps: Steps::announce("\nTests:", &PLAN),
        plan: PLAN.iter(),
        sum: Tally::default(),
        failed: Vec::new(),
    };
    let kit = kit.as_ref().map_err(Clone::clone);
    let browser = browser.as_ref().map_err(Clone::clone);

    run.step(|| command_passes(cargo(["fmt", "--all", "--check"]), "run `cargo fmt --all`"));
    run.step(|| {
        let clippy = cargo(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]);
        command_passes(clippy, "fix what clippy names above")
    });
    run.step(|| clippy_for_the_browser(kit.clone()?));
    run.step(|| dependencies(&beside));
    run.step(|| tests_pass(cargo(["test", "--workspace", "--exclude", APP, "--no-fail-fast"])));
    run.step(|| tests_pass(cargo(["test", "--package", APP, "--lib", "--no-fail-fast"])));
    run.step(|| tests_in_the_browser(kit.clone()?, browser.clone()?));
    let mut site = None;
    run.step(|| {
        site = Some(build::release(kit.clone()?)?);
        Ok(Outcome::passed())
    });
    run.step(|| size(site.as_ref()));
    run.step(|| end_to_end(site.is_some(), browser.clone()?, &beside));

    println!();
    for title in &run.failed {
        println!("failed: {title}");
    }
    println!("{}", run.sum);
    run.sum.failed == 0
}

/// What a step found, in figures and in words.
struct Outcome {
    tally: Tally,
    words: String,
}

impl Outcome {
    fn passed() -> Self {
        Self { tally: Tally::PASSED, words: "passed".to_owned() }
    }

    fn skipped(words: &str) -> Self {
        Self { tally: Tally::SKIPPED, words: format!("skipped: {words}") }
    }
}

struct Run {
    steps: Steps,
    plan: std::slice::Iter<'static, (&'static str, Expected)>,
    sum: Tally,
    failed: Vec<&'static str>,
}

impl Run {
    fn step(&mut self, check: impl FnOnce() -> Result<Outcome>) {
        let Some((title, expected)) = self.plan.next() else { return };
        let step = self.steps.begin(title, *expected);
        let outcome = check().unwrap_or_else(|failure| {
            println!("      {failure}");
            Outcome { tally: Tally::FAILED, words: "failed".to_owned() }
        });
        if outcome.tally.failed > 0 {
            self.failed.push(title);
        }
        self.sum += outcome.tally;
        step.end(&outcome.words);
    }
}

fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = process::command("cargo");
    command.args(arguments);
    command
}

/// One check: the command succeeds.
fn command_passes(mut command: Command, remedy: &str) -> Result<Outcome> {
    process::run(&mut command).map_err(|failure| Failure::new(format!("{failure} To pass: {remedy}.")))?;
    Ok(Outcome::passed())
}

/// As many checks as the test programs report. Tests that did not compile are one failure, and so
/// is a run without a test: nothing was checked.
fn tests_pass(mut command: Command) -> Result<Outcome> {
    let watched = process::watch(&mut command)?;
    let mut tally = Tally::of_output(&watched.stdout);
    if watched.succeeded && tally == Tally::default() {
        return Err(Failure::new(
            "no test ran: look for the words above, then restore the tests of this step.",
        ));
    }
    if !watched.succeeded && tally.failed == 0 {
        tally += Tally::FAILED;
    }
    Ok(Outcome { tally, words: tally.to_string() })
}

fn clippy_for_the_browser(kit: &Kit) -> Result<Outcome> {
    if !kit.lints_wasm() {
        return Ok(Outcome::skipped(
            "the compiler for WebAssembly brings no clippy; the step before read the same code",
        ));
    }
    let mut clippy = kit.wasm_command("cargo");
    clippy.args(["clippy", "--package", APP, "--target", WASM, "--all-targets", "--", "--deny", "warnings"]);
    command_passes(clippy, "fix what clippy names above")
}

/// Licences, sources, and crates that are not wanted. Known weaknesses are not looked up: their list is on a
/// server.
fn dependencies(beside: &Beside) -> Result<Outcome> {
    let Some(cargo_deny) = &beside.cargo_deny else {
        return Ok(Outcome::skipped("cargo-deny could not be installed"));
    };
    // It reads the manifests of all platforms, of which a build takes only its own.
    process::run(&mut cargo(["fetch", "--locked"]))?;
    let mut check = process::command(cargo_deny);
    check.args(["--offline", "--config", "deny.toml", "check", "licenses", "bans", "sources"]);
    command_passes(check, "change the dependency, or `deny.toml` with the reason")
}

fn tests_in_the_browser(kit: &Kit, browser: &Browser) -> Result<Outcome> {
    let mut tests = kit.wasm_command("cargo");
    tests.args(["test", "--package", APP, "--test", "web", "--target", WASM]);
    tests.env("CHROMEDRIVER", &browser.chromedriver);
    tests_pass(tests)
}

fn size(site: Option<&FirstLoad>) -> Result<Outcome> {
    let Some(site) = site else { return Ok(Outcome::skipped("the site was not built")) };
    if site.is_within_ceiling() {
        Ok(Outcome::passed())
    } else {
        Err(Failure::new(
            "the first load has grown beyond its ceiling: make it smaller, the files are listed above.",
        ))
    }
}

fn end_to_end(is_built: bool, browser: &Browser, beside: &Beside) -> Result<Outcome> {
    if !workspace::root().join(END_TO_END).exists() {
        return Ok(Outcome::skipped("there is no `tests/e2e` yet"));
    }
    if !is_built {
        return Ok(Outcome::skipped("the site was not built"));
    }
    // The tests compare the page with the command line, which has to be there before they look.
    process::run(&mut cargo(["build", "--package", "falco-report-cli"]))?;
    let screenshots = workspace::target().join("e2e-screenshots");
    let mut options: Vec<(&str, PathBuf)> = vec![
        ("--dist", workspace::dist()),
        ("--single-file", workspace::single_file()),
        ("--chromedriver", browser.chromedriver.clone()),
        ("--chrome", browser.chrome.clone()),
        ("--screenshots", screenshots),
    ];
    if let Some(firefox) = &beside.firefox {
        options.push(("--geckodriver", firefox.geckodriver.clone()));
        options.push(("--firefox", firefox.firefox.clone()));
    }
    options.extend(beside.axe.iter().map(|axe| ("--axe", axe.clone())));
    let mut tests = cargo(["run", "--quiet", "--package", "e2e", "--"]);
    tests.args(options.into_iter().flat_map(|(name, path)| [OsString::from(name), path.into()]));
    let command_line =
        workspace::target().join("debug").join("falco-report").with_extension(env::consts::EXE_EXTENSION);
    tests.envs(iter::once(("FALCO_REPORT_CLI", command_line)));
    tests_pass(tests)
}
