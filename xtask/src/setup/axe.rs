//! axe-core, the rules for accessibility that the end-to-end tests apply. It comes from npm.

use std::fs;
use std::path::PathBuf;

use crate::failure::{Failure, Result};
use crate::{process, workspace};

/// Another version finds other things, so exactly this one is used.
const VERSION: &str = "4.14.1";

/// Its script, from the cache or installed now.
pub fn provide() -> Result<PathBuf> {
    let folder = workspace::tool_folder("axe-core", VERSION)?;
    let script = folder.join("node_modules").join("axe-core").join("axe.min.js");
    if script.is_file() {
        return Ok(script);
    }
    if process::find("npm").is_none() {
        return Err(Failure::new(
            "npm, which brings axe-core, is not on PATH: install Node.js, then run this again.",
        ));
    }
    fs::create_dir_all(&folder).map_err(|error| {
        Failure::new(format!(
            "cannot write to `{}` ({error}): set XDG_CACHE_HOME to a folder that may be written.",
            folder.display()
        ))
    })?;
    let mut command = process::command("npm");
    command.args(["install", "--no-audit", "--no-fund", "--no-save", "--loglevel=error", "--prefix"]);
    command.arg(&folder).arg(format!("axe-core@{VERSION}"));
    process::run(&mut command)?;
    if script.is_file() {
        Ok(script)
    } else {
        Err(Failure::new(format!(
            "npm brought no `{}`: delete that folder and run this again.",
            script.display()
        )))
    }
}
