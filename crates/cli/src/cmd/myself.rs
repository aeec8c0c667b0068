//! `falco-report completions` and `man`: what the command says of itself, for shells and for `man`.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::args::Args;
use crate::output::{self, Stop};

pub fn completions(shell: Shell) -> Result<(), Stop> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "falco-report", &mut script);
    output::write(None, &String::from_utf8_lossy(&script))
}

pub fn manual() -> Result<(), Stop> {
    let page = page().map_err(Stop::Output)?;
    output::write(None, &String::from_utf8_lossy(&page))
}

/// One page for all: a section a verb, where the library would make a page of each.
fn page() -> std::io::Result<Vec<u8>> {
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    let mut page = Vec::new();
    let whole = Man::new(command.clone());
    whole.render_title(&mut page)?;
    whole.render_name_section(&mut page)?;
    whole.render_synopsis_section(&mut page)?;
    for verb in command.get_subcommands() {
        writeln!(page, ".SH {}", verb.get_name().to_uppercase())?;
        let mut section = Vec::new();
        let of_verb = Man::new(verb.clone());
        of_verb.render_description_section(&mut section)?;
        of_verb.render_synopsis_section(&mut section)?;
        of_verb.render_options_section(&mut section)?;
        for line in String::from_utf8_lossy(&section).lines() {
            match line.strip_prefix(".SH ") {
                Some(heading) => writeln!(page, ".SS {heading}")?,
                None => writeln!(page, "{line}")?,
            }
        }
    }
    whole.render_version_section(&mut page)?;
    Ok(page)
}
