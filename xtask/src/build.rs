//! The static site: built by Trunk, packed for static hosts, relocatable under any path.

use std::fs;
use std::path::Path;

use site::headers;

use crate::failure::{Failure, Result};
use crate::first_load::FirstLoad;
use crate::progress::{Expected, Steps};
use crate::setup::Kit;
use crate::{process, workspace};

/// Builds the release into `dist/` with a `.gz` and a `.br` beside each file and the headers of
/// static hosts, and the whole app as one file; says how big the first load is.
pub fn release(kit: &Kit) -> Result<FirstLoad> {
    let mut steps = Steps::announce(
        "\nThe site:",
        &[("release build", Expected::Minutes(4)), ("packing", Expected::Minutes(1))],
    );
    let step = steps.begin("Release build", Expected::Minutes(4));
    let mut trunk = kit.release_command("trunk");
    trunk.args(["build", "--release"]).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", path_flags());
    process::run(&mut trunk)?;
    state_policy()?;
    step.end("built into dist/");

    let step = steps.begin("Packing", Expected::Minutes(1));
    let mut pack = process::command("cargo");
    pack.args(["run", "--quiet", "--release", "--package", "pack", "--"])
        .args([workspace::dist(), workspace::single_file()]);
    if process::output(&mut pack).is_none() {
        // Again, this time with its words on the terminal.
        process::run(&mut pack)?;
    }
    let hosting_file = workspace::dist().join(headers::HOSTING_FILE);
    fs::write(&hosting_file, headers::hosting_file()).map_err(|error| not_written(&hosting_file, &error))?;
    let first_load = FirstLoad::measure(&workspace::dist())?;
    step.end("packed");

    println!("\n{first_load}");
    println!("      as one file, for any disk: {}", workspace::single_file().display());
    if !kit.optimises {
        println!("      (without wasm-opt, which makes it smaller: install Node.js and run this again)");
    }
    Ok(first_load)
}

/// Puts the policy into the built page.
fn state_policy() -> Result<()> {
    let file = workspace::dist().join("index.html");
    let page =
        fs::read_to_string(&file).ok().and_then(|page| headers::with_policy(&page)).ok_or_else(|| {
            Failure::new(
                "dist/index.html has no head to state a policy in: give the source page a plain `<head>`.",
            )
        })?;
    fs::write(&file, page).map_err(|error| not_written(&file, &error))
}

fn not_written(file: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot write `{}` ({error}): free some space and run this again.", file.display()))
}

/// Keeps the builder's folders out of what is published: panic messages name source files.
///
/// A folder whose name has a space stays, because the variable is cut at spaces.
fn path_flags() -> String {
    let folders = [(Some(workspace::root().to_owned()), "."), (workspace::cargo_home(), "cargo")];
    let flags: Vec<String> = folders
        .iter()
        .filter_map(|(folder, name)| Some((folder.as_ref()?.to_str()?, name)))
        .filter(|(folder, _)| !folder.contains(char::is_whitespace))
        .map(|(folder, name)| format!("--remap-path-prefix={folder}={name}"))
        .collect();
    // Smaller code: components are told apart at run time.
    flags.into_iter().chain(["--cfg erase_components".to_owned()]).collect::<Vec<_>>().join(" ")
}
