//! The static site: built by Trunk, packed for static hosts, relocatable under any path.

use std::fs;

use site::headers;

use crate::failure::{Failure, Result};
use crate::first_load::FirstLoad;
use crate::progress::{Expected, Steps};
use crate::setup::Kit;
use crate::{process, workspace};

/// Builds the release into `dist/` with a `.gz` and a `.br` beside each file and the headers of
/// static hosts, and says how big the first load is.
pub fn release(kit: &Kit) -> Result<FirstLoad> {
    let mut steps = Steps::announce(
        "\nThe site:",
        &[("release build", Expected::Minutes(4)), ("packing", Expected::Minutes(1))],
    );
    let step = steps.begin("Release build", Expected::Minutes(4));
    process::run(kit.wasm_command("trunk").args(["build", "--release"]))?;
    step.end("built into dist/");

    let step = steps.begin("Packing", Expected::Minutes(1));
    let mut pack = process::command("cargo");
    pack.args(["run", "--quiet", "--release", "--package", "pack", "--"]).arg(workspace::dist());
    if process::output(&mut pack).is_none() {
        // Again, this time with its words on the terminal.
        process::run(&mut pack)?;
    }
    let hosting_file = workspace::dist().join(headers::HOSTING_FILE);
    fs::write(&hosting_file, headers::hosting_file()).map_err(|error| {
        Failure::new(format!(
            "cannot write `{}` ({error}): free some space and run this again.",
            hosting_file.display()
        ))
    })?;
    let first_load = FirstLoad::measure(&workspace::dist())?;
    step.end("packed");

    println!("\n{first_load}");
    if !kit.optimises {
        println!("      (without wasm-opt, which makes it smaller: install Node.js and run this again)");
    }
    Ok(first_load)
}
