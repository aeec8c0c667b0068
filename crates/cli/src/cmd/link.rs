//! `falco-report link`: the alerts as the fragment of a share link.

use crate::args::{LinkArgs, Rules};
use crate::input;
use crate::output::{self, Stop};

pub fn run(args: &LinkArgs) -> Result<(), Stop> {
    let outcome = input::analyse(&args.inputs, &Rules::default(), None, input::Hashes::None)?;
    let fragment = outcome.link.map_err(|error| Stop::Said(error.to_string()))?;
    let base = args.base.as_deref().unwrap_or_default();
    output::write(None, &format!("{base}{fragment}\n"))
}
