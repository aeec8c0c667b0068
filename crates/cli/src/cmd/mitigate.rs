//! `falco-report mitigate`: the mitigation files, and what they were proved to do.

use std::fs;
use std::path::Path;

use analysis::mitigation::{self, Choice, Ground};
use analysis::report::escape::visible;
use analysis::report::{self, Report};

use crate::args::MitigateArgs;
use crate::input::{self, Hashes, Material};
use crate::output::{self, Stop};

pub fn run(args: &MitigateArgs) -> Result<(), Stop> {
    let material = Material::once(&args.inputs)?;
    let outcome = input::analyse(&material, &args.rules, args.now, None, Hashes::None)?;
    let mut report = outcome.report;
    if !args.select.is_empty() {
        known(&args.select, &report)?;
        let choice = Choice { select: args.select.clone(), insist: args.force, now: args.now };
        report.plan = mitigation::propose(&report.insight, &choice, &Ground::new(&outcome.rule_files));
    }
    if report.plan.files().is_empty() {
        let reasons: Vec<&str> = report.plan.withheld.iter().map(|(_, reason)| reason.as_str()).collect();
        output::complain(&format!("no file to write. {}", reasons.join(" ")));
        return Ok(());
    }
    for (name, content) in report::export(&report) {
        write(&args.output.join(name), &content, args.force)?;
    }
    Ok(())
}

/// Every id is that of a finding.
fn known(ids: &[String], report: &Report) -> Result<(), Stop> {
    let is_known = |id: &&String| report.insight.groups.iter().any(|group| group.id == **id);
    match ids.iter().find(|id| !is_known(id)) {
        Some(id) => Err(Stop::Said(format!(
            "no finding has the id `{}`; `report --format json` lists them",
            visible(id)
        ))),
        None => Ok(()),
    }
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
