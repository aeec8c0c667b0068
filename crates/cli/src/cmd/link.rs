//! `falco-report link`: the alerts as the fragment of a share link.

use analysis::share::{self, Sheet};

use crate::args::{LinkArgs, Rules};
use crate::input;
use crate::output::{self, Stop};

pub fn run(args: &LinkArgs) -> Result<(), Stop> {
    let outcome = input::analyse(&args.inputs, &Rules::default(), None)?;
    let lines = outcome.parcel.lines().map_err(|error| Stop::Said(error.to_string()))?;
    let sheet = Sheet { lines: lines.to_owned(), ..Sheet::default() };
    let sheet = if args.compact { sheet.compacted() } else { sheet };
    let fragment = share::link(&sheet);
    let base = args.base.as_deref().unwrap_or_default();
    output::write(None, &format!("{base}{fragment}\n"))
}
