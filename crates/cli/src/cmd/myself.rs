//! `falco-report completions` and `man`: what the command says of itself, for shells and for `man`.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;
use crate::output::{self, Stop};

pub fn completions(shell: Shell) -> Result<(), Stop> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "falco-report", &mut script);
    output::write(None, &String::from_utf8_lossy(&script))
}

/// One page: the verbs follow the command, each with its options.
pub fn manual() -> Result<(), Stop> {
    let command = Args::command().flatten_help(true);
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(Stop::Output)?;
    output::write(None, &String::from_utf8_lossy(&page))
}
