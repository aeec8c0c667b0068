//! End-to-end tests: the built site, served under its deployment headers, driven in a real Chromium.
//!
//! Each journey gets a fresh browser profile. The server notes every request, so that "nothing leaves
//! the page" is measured where it would arrive.

mod browser;
mod cdp;
mod command_line;
mod journeys;
mod measure;
mod memory;
mod served;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use browser::Driver;
use command_line::CommandLine;
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
    let driver = Driver::start(&args.chromedriver, &args.chrome, &args.screenshots).await?;
    let served = Served::start(&args.dist)?;
    if let (Some(file), Some(large), Some(alert)) = (&args.measure, &args.large, &args.alert) {
        println!("{}", measure::run(&driver, &served, file, large, alert).await?);
        return Ok(true);
    }
    let command_line = CommandLine::new(args.command_line);
    let (mut passed, mut failed) = (0, 0);
    for journey in journeys::all() {
        if args.only.as_ref().is_some_and(|only| !journey.name.contains(only.as_str())) {
            continue;
        }
        match journey.run(&driver, &served, &command_line, [&args.dist, &args.single_file]).await {
            Ok(()) => {
                passed += 1;
                println!("ok {}", journey.name);
            }
            Err(error) => {
                failed += 1;
                println!("FAILED {}: {error:#}", journey.name);
            }
        }
    }
    println!("{passed} passed, {failed} failed, 0 skipped");
    Ok(failed == 0)
}
