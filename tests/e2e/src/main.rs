//! End-to-end tests: the built site, served under its deployment headers, driven in a real Chromium
//! and a real Firefox.
//!
//! Each journey gets a fresh browser profile. The server notes every request, so that "nothing leaves
//! the page" is measured where it would arrive.

mod browser;
mod chromium;
mod command_line;
mod firefox;
mod journeys;
mod measure;
mod memory;
mod served;
mod wire;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use browser::{Driver, Kind};
use command_line::CommandLine;
use journeys::{Files, Missing};
use served::Served;

/// What the tests need to know about the machine.
#[derive(Debug, Parser)]
struct Args {
    /// The built site.
    #[arg(long)]
    dist: PathBuf,
    /// The app as one file.
    #[arg(long)]
    single_file: PathBuf,
    /// The chromedriver program.
    #[arg(long)]
    chromedriver: PathBuf,
    /// The Chromium program.
    #[arg(long)]
    chrome: PathBuf,
    /// The geckodriver program; without it the journeys run in Chromium alone.
    #[arg(long, requires = "firefox")]
    geckodriver: Option<PathBuf>,
    /// The Firefox program.
    #[arg(long, requires = "geckodriver")]
    firefox: Option<PathBuf>,
    /// The script of axe-core; without it accessibility is not tested.
    #[arg(long)]
    axe: Option<PathBuf>,
    /// Where screenshots go.
    #[arg(long)]
    screenshots: PathBuf,
    /// The falco-report program.
    #[arg(long, env = "FALCO_REPORT_CLI")]
    command_line: PathBuf,
    /// Measure instead, with this file for speed.
    #[arg(long, requires = "large", requires = "alert")]
    measure: Option<PathBuf>,
    /// As `measure`: the file for memory.
    #[arg(long)]
    large: Option<PathBuf>,
    /// As `measure`: a file with one alert to paste.
    #[arg(long)]
    alert: Option<PathBuf>,
    /// Run only journeys whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// Run only journeys in this browser: chromium or firefox.
    #[arg(long)]
    browser: Option<String>,
}

impl Args {
    fn wants(&self, browser: &str) -> bool {
        self.browser.as_ref().is_none_or(|only| only == browser)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("end-to-end tests could not start: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs every journey; whether all passed.
async fn run(args: Args) -> Result<bool> {
    std::fs::create_dir_all(&args.screenshots)?;
    let chromium = Driver::start(Kind::Chromium, &args.chromedriver, &args.chrome, &args.screenshots).await?;
    let served = Served::start(&args.dist)?;
    if let (Some(file), Some(large), Some(alert)) = (&args.measure, &args.large, &args.alert) {
        println!("{}", measure::run(&chromium, &served, file, large, alert).await?);
        return Ok(true);
    }
    let firefox = match (&args.geckodriver, &args.firefox) {
        (Some(driver), Some(browser)) => {
            // Its pictures do not take the place of Chromium's.
            let screenshots = args.screenshots.join("firefox");
            std::fs::create_dir_all(&screenshots)?;
            Some(Driver::start(Kind::Firefox, driver, browser, &screenshots).await?)
        }
        _ => None,
    };
    let command_line = CommandLine::new(args.command_line.clone());
    let files = Files { dist: &args.dist, single_file: &args.single_file, axe: args.axe.as_deref() };
    let mut tally = Tally::default();
    for journey in journeys::all() {
        if args.only.as_ref().is_some_and(|only| !journey.name.contains(only.as_str())) {
            continue;
        }
        if args.wants("chromium") {
            let result = journey.run(&chromium, &served, &command_line, files).await;
            tally.note(journey.name, "", result);
        }
        let is_for_firefox = journeys::firefox::ALSO_IN_FIREFOX.contains(&journey.name);
        if let Some(firefox) = firefox.as_ref().filter(|_| is_for_firefox && args.wants("firefox")) {
            let result = journey.run(firefox, &served, &command_line, files).await;
            tally.note(journey.name, " in Firefox", result);
        }
    }
    let Tally { passed, failed, skipped } = tally;
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    Ok(failed == 0)
}

/// How the journeys ended.
#[derive(Debug, Default)]
struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Tally {
    fn note(&mut self, name: &str, place: &str, result: Result<()>) {
        match result {
            Ok(()) => {
                self.passed += 1;
                println!("ok {name}{place}");
            }
            Err(error) if error.is::<Missing>() => {
                self.skipped += 1;
                println!("skipped {name}{place}: {error}");
            }
            Err(error) => {
                self.failed += 1;
                println!("FAILED {name}{place}: {error:#}");
            }
        }
    }
}
