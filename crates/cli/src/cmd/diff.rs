//! `falco-report diff`: what changed between two sets of alerts.

use analysis::report;

use crate::args::{DiffArgs, DiffFormat, Inputs, Rules};
use crate::input::{self, Hashes, Material};
use crate::output::{self, Stop};

pub fn run(args: &DiffArgs) -> Result<(), Stop> {
    if args.before.as_os_str() == "-" && args.after.as_os_str() == "-" {
        return Err(Stop::Said("`-` can be given once: there is one standard input".to_owned()));
    }
    let read = |path: &std::path::Path| {
        let material = Material::once(&Inputs { paths: vec![path.to_owned()] })?;
        input::analyse(&material, &Rules::default(), None, None, Hashes::None)
    };
    let (before, after) = (read(&args.before)?.report, read(&args.after)?.report);
    let text = match args.format {
        DiffFormat::Md => report::diff_markdown(&before, &after),
        DiffFormat::Json => report::diff_json(&before, &after),
    };
    output::write(args.output.as_deref(), &text)
}
