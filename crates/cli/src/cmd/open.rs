//! `falco-report open`: the report of a share link.

use std::io::Read;
use std::path::PathBuf;

use analysis::share::{self, LinkError};
use analysis::{Options, Session, limits};

use crate::args::OpenArgs;
use crate::input;
use crate::output::{self, Stop};
use crate::password;

/// What the alerts of a link are called in reports.
const NAME: &str = "link";

pub fn run(args: &OpenArgs) -> Result<(), Stop> {
    if password::takes_stdin(&args.password) && args.link.as_deref().is_none_or(|link| link == "-") {
        return Err(Stop::Said("`-` can be given once: there is one standard input".to_owned()));
    }
    let link = match args.link.as_deref() {
        None | Some("-") => from_stdin()?,
        Some(link) => link.to_owned(),
    };
    let sheet = share::open_with_password(link.trim(), password::read(&args.password)?.as_deref());
    let sheet = sheet.map_err(|error| match error {
        LinkError::NeedsPassword => Stop::Said(format!("{error} Give it with --password-file.")),
        error => Stop::Said(error.to_string()),
    })?;
    for remark in sheet.remarks() {
        output::complain(&remark);
    }
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
