//! What comes from the Python package index, each package in an environment of its own.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::{process, workspace};

/// The folder with the programs of an environment that has a package, which is installed where it is missing. The
/// requirement is a line as pip reads it; with a hash in it, nothing else is taken.
pub fn provide(
    name: &str,
    version: &str,
    requirement: &str,
    is_there: impl Fn(&Path) -> bool,
) -> Result<PathBuf> {
    let folder = workspace::tool_folder(name, version)?;
    let programs = folder.join("bin");
    if is_there(&programs) {
        return Ok(programs);
    }
    process::run(process::command("python3").args(["-m", "venv"]).arg(&folder))?;
    let wanted = folder.join("requirements.txt");
    fs::write(&wanted, requirement)
        .map_err(|error| Failure::new(format!("cannot write `{}` ({error}).", wanted.display())))?;
    let mut install = process::command(programs.join("python"));
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"]);
    process::run(install.arg(wanted))?;
    if is_there(&programs) {
        Ok(programs)
    } else {
        Err(Failure::new(format!(
            "`{name}` {version} does not run on this machine: delete `{}` and run this again.",
            folder.display()
        )))
    }
}
