//! `falco-report mitigate`: the mitigation files, and what they were proved to do.

use std::fs;
use std::path::Path;

use analysis::report;

use crate::args::MitigateArgs;
use crate::input::{self, Material};
use crate::output::{self, Stop};

pub fn run(args: &MitigateArgs) -> Result<(), Stop> {
    let outcome = input::analyse(&Material::once(&args.inputs)?, &args.rules, None, None)?;
    let files = outcome.report.plan.files();
    if files.is_empty() {
        let reasons: Vec<&str> =
            outcome.report.plan.withheld.iter().map(|(_, reason)| reason.as_str()).collect();
        output::complain(&format!("no file to write. {}", reasons.join(" ")));
        return Ok(());
    }
    for file in &files {
        write(&args.output.join(&file.name), &file.content, args.force)?;
    }
    write(&args.output.join("proof.json"), &report::proofs(&outcome.report), args.force)
}

fn write(path: &Path, content: &str, force: bool) -> Result<(), Stop> {
    let failed = |error| Stop::Write(path.to_owned(), error);
    let differs = fs::read(path).is_ok_and(|there| there != content.as_bytes());
    if differs && !force {
        let shown = path.display();
        return Err(Stop::Said(format!("`{shown}` is there with other content; use --force to replace it")));
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, content).map_err(failed)
}
