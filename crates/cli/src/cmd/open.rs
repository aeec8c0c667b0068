//! `falco-report open`: the report of a share link.

use std::io::Read;
use std::path::PathBuf;

use analysis::{Options, Session, limits, share};

use crate::args::OpenArgs;
use crate::input;
use crate::output::Stop;

/// What the alerts of a link are called in reports.
const NAME: &str = "link";

pub fn run(args: &OpenArgs) -> Result<(), Stop> {
    let link = match args.link.as_deref() {
        None | Some("-") => from_stdin()?,
        Some(link) => link.to_owned(),
    };
    let sheet = share::open(link.trim()).map_err(|error| Stop::Said(error.to_string()))?;
    let mut session = Session::new(Options { now: args.form.now, ..Options::default() });
    session.open(NAME);
    session.feed(sheet.lines.as_bytes());
    session.close();
    let outcome = session.finish();
    input::recognised(&outcome)?;
    super::report::write(&outcome.report, &args.form)
}

fn from_stdin() -> Result<String, Stop> {
    let mut link = String::new();
    let most = limits::LINK_CHARACTERS as u64 * 2;
    std::io::stdin()
        .take(most)
        .read_to_string(&mut link)
        .map_err(|error| Stop::Read(PathBuf::from("-"), error))?;
    Ok(link)
}
