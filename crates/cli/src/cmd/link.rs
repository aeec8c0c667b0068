//! `falco-report link`: the alerts as the fragment of a share link.

use analysis::share::{self, Sheet};

use super::redact;
use crate::args::{LinkArgs, Rules};
use crate::input::{self, Material};
use crate::output::{self, Stop};

pub fn run(args: &LinkArgs) -> Result<(), Stop> {
    let material = Material::kept(&args.inputs)?;
    let redactor = (!args.no_redact).then(|| redact::redactor(&material, &args.wishes)).transpose()?;
    redactor.iter().for_each(redact::said);
    let outcome = input::analyse(&material, &Rules::default(), None, redactor)?;
    let lines = outcome.parcel.lines().map_err(|error| Stop::Said(error.to_string()))?;
    let sheet = Sheet { lines: lines.to_owned(), redacted: !args.no_redact, ..Sheet::default() };
    let sheet = if args.compact { sheet.compacted() } else { sheet };
    let fragment = share::link(&sheet);
    let base = args.base.as_deref().unwrap_or_default();
    output::write(None, &format!("{base}{fragment}\n"))
}
