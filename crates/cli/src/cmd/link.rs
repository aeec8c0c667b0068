//! `falco-report link`: the alerts as the fragment of a share link.

use analysis::share::{self, Sheet};

use super::redact;
use crate::args::{LinkArgs, Rules};
use crate::input::{self, Hashes, Material};
use crate::output::{self, Stop};
use crate::password;

pub fn run(args: &LinkArgs) -> Result<(), Stop> {
    let from_stdin =
        args.inputs.paths.is_empty() || args.inputs.paths.iter().any(|path| path.as_os_str() == "-");
    if from_stdin && password::takes_stdin(&args.password) {
        return Err(Stop::Said("`-` can be given once: there is one standard input".to_owned()));
    }
    let material = Material::kept(&args.inputs)?;
    let redactor = (!args.no_redact).then(|| redact::redactor(&material, &args.wishes)).transpose()?;
    redactor.iter().for_each(redact::said);
    let outcome = input::analyse(&material, &Rules::default(), None, redactor.as_ref(), Hashes::None)?;
    let lines = outcome.parcel.lines().map_err(|error| Stop::Said(error.to_string()))?;
    let sheet = Sheet {
        lines: lines.to_owned(),
        redacted: !args.no_redact,
        rules: outcome.is_shaped_by_files(),
        ..Sheet::default()
    };
    let sheet = if args.compact { sheet.compacted() } else { sheet };
    let fragment = match password::read(&args.password)? {
        None => share::link(&sheet),
        Some(password) => {
            let mut salt = [0; share::SALT];
            getrandom::fill(&mut salt)
                .map_err(|error| Stop::Said(format!("there is no randomness: {error}")))?;
            share::link_with_password(&sheet, &password, salt)
                .map_err(|error| Stop::Said(error.to_string()))?
        }
    };
    let base = args.base.as_deref().unwrap_or_default();
    output::write(None, &format!("{base}{fragment}\n"))
}
