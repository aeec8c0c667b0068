//! `cargo xtask`: everything a person or CI runs, so that the README needs two commands.
//!
//! Plain `std` and quick to build, because it is the first thing that a fresh clone compiles; heavy
//! work (packing, tests in the browser) is in programs of its own that it starts.

#![forbid(unsafe_code)]

mod build;
mod commands;
mod failure;
mod first_load;
mod process;
mod progress;
mod setup;
mod tally;
mod versions;
mod workspace;

use std::env;
use std::process::ExitCode;

use commands::{bench, codegen, fuzz, serve, test};
use failure::{Failure, Result};
use setup::Kit;

const HELP: &str = "\
Falco Report's tasks. Each one sets up what it needs and says how long it may take.

  cargo xtask serve [--host ADDRESS] [--port NUMBER] [--dev]
                       builds the site and serves it on this machine; --dev rebuilds and reloads
  cargo xtask test     checks everything: format, lints, tests, browser, size, end to end
  cargo xtask dist     builds the static site into dist/, for any web host and any path
  cargo xtask bench [--size MEGABYTES] [--without-browser]
                       measures the budgets, and writes docs/bench.md
  cargo xtask fuzz TARGET SECONDS
                       feeds fuzz/src/TARGET.rs with inputs that nobody thought of
  cargo xtask codegen [--from DIR]
                       makes the data files anew from collected facts (../shared/falco)
  cargo xtask setup    only the set-up: toolchain, tools and the browser for the tests
";

/// For a mistyped command, as command lines have it.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> =
        env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let Some((command, rest)) = arguments.split_first() else {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    };
    let result = match command.as_str() {
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        "serve" => match serve::Options::parse(rest) {
            Ok(options) => serve::run(&options).map(|()| true),
            Err(failure) => return usage(&failure),
        },
        "fuzz" => match fuzz::Options::parse(rest) {
            Ok(options) => fuzz::run(&options),
            Err(failure) => return usage(&failure),
        },
        "codegen" => match codegen::Options::parse(rest) {
            Ok(options) => codegen::run(&options).map(|()| true),
            Err(failure) => return usage(&failure),
        },
        "setup" | "test" | "dist" if !rest.is_empty() => {
            return usage(&Failure::new(format!("`{command}` takes no options.")));
        }
        "setup" => set_up(),
        "test" => Ok(test::run()),
        "dist" => {
            Kit::for_building().and_then(|kit| build::release(&kit)).map(|site| site.is_within_ceiling())
        }
        "bench" => match bench::Options::parse(rest) {
            Ok(options) => bench::run(&options),
            Err(failure) => return usage(&failure),
        },
        _ => return usage(&Failure::new(format!("there is no command `{command}`."))),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn set_up() -> Result<bool> {
    Kit::for_building()?;
    setup::browser()?;
    setup::beside();
    println!("\nReady: `cargo xtask serve` or `cargo xtask test`.");
    Ok(true)
}

fn usage(failure: &Failure) -> ExitCode {
    eprint!("error: {failure}\n\n{HELP}");
    ExitCode::from(USAGE)
}
