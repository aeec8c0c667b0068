//! `falco-report`: the native host of the analysis, for offline reports.
//!
//! It owns what the analysis does not: files, standard streams and exit codes. The reports are byte
//! for byte those of the browser.

mod args;
mod cmd;
mod events;
mod input;
mod output;
mod password;
mod rule_files;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Verb};
use output::Stop;

fn main() -> ExitCode {
    let done = match Args::parse().verb {
        Verb::Report(args) => cmd::report::run(&args),
        Verb::Mitigate(args) => cmd::mitigate::run(&args),
        Verb::Check(args) => match cmd::check::run(&args) {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::FAILURE,
            Err(stop) => Err(stop),
        },
        Verb::Eval(args) => cmd::eval::run(&args),
        Verb::Simulate(args) => match cmd::simulate::run(&args) {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::FAILURE,
            Err(stop) => Err(stop),
        },
        Verb::Link(args) => cmd::link::run(&args),
        Verb::Redact(args) => cmd::redact::run(&args),
        Verb::Open(args) => cmd::open::run(&args),
        Verb::Diff(args) => cmd::diff::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that has seen enough, such as `head`, is no failure.
        Err(Stop::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(stop) => {
            output::complain(&stop.to_string());
            ExitCode::from(2)
        }
    }
}
