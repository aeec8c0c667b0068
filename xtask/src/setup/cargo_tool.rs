//! Tools that cargo compiles, each at one version, each in a folder of its own.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::{process, versions, workspace};

/// Which versions a tool's own dependencies get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dependencies {
    /// Those of its lock file.
    Locked,
    /// The newest that fit.
    Newest,
}

/// Provides `program` of the crate `name` at exactly this version: on `PATH`, in the cache, or
/// compiled now. Answers the folder to put in front of `PATH`, or nothing when `PATH` has it.
pub fn provide(
    name: &str,
    program: &str,
    version: &str,
    dependencies: Dependencies,
) -> Result<Option<PathBuf>> {
    if process::find(program).is_some_and(|found| is_version(&found, version)) {
        return Ok(None);
    }
    let folder = workspace::tool_folder(name, version)?;
    let programs = folder.join("bin");
    let installed = programs.join(program).with_extension(std::env::consts::EXE_EXTENSION);
    if !is_version(&installed, version) {
        install(name, version, dependencies, &folder)?;
    }
    if is_version(&installed, version) {
        Ok(Some(programs))
    } else {
        Err(Failure::new(format!(
            "`{}` does not run as version {version}: delete that folder and run this again.",
            programs.display()
        )))
    }
}

fn install(name: &str, version: &str, dependencies: Dependencies, folder: &Path) -> Result<()> {
    let mut command = process::command("cargo");
    command.args(["install", name, "--version", &format!("={version}"), "--root"]).arg(folder);
    match dependencies {
        Dependencies::Locked => command.arg("--locked"),
        Dependencies::Newest => &mut command,
    };
    process::run(&mut command).map_err(|_| {
        Failure::new(format!(
            "cargo could not install {name} {version}: its words are above; if a C compiler or certificates are \
             missing, install `build-essential` and `ca-certificates`, then run this again."
        ))
    })
}

fn is_version(program: &Path, version: &str) -> bool {
    process::output(process::command(program).arg("--version"))
        .is_some_and(|output| versions::is_exactly(&output, version))
}
