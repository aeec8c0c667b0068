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
mod slices;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Verb};
use output::Stop;

fn main() -> ExitCode {
    match run(Args::parse().verb) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // A reader that has seen enough, such as `head`, is no failure.
        Err(Stop::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(stop) => {
            output::complain(&stop.to_string());
            ExitCode::from(2)
        }
    }
}

/// Whether the answer is a good one, for the verbs that ask a question; the others only succeed or stop.
fn run(verb: Verb) -> Result<bool, Stop> {
    let done = match verb {
        Verb::Report(args) => return cmd::report::run(&args),
        Verb::Check(args) => return cmd::check::run(&args),
        Verb::Simulate(args) => return cmd::simulate::run(&args),
        Verb::Mitigate(args) => cmd::mitigate::run(&args),
        Verb::Eval(args) => cmd::eval::run(&args),
        Verb::Link(args) => cmd::link::run(&args),
        Verb::Redact(args) => cmd::redact::run(&args),
        Verb::Open(args) => cmd::open::run(&args),
        Verb::Diff(args) => cmd::diff::run(&args),
        Verb::Schema => output::write(None, &analysis::report::schema()),
        Verb::Completions(args) => cmd::myself::completions(args.shell),
        Verb::Man => cmd::myself::manual(),
    };
    done.map(|()| true)
}
