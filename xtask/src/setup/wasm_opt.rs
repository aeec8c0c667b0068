//! `wasm-opt`, which makes the WebAssembly about a fifth smaller. It comes from the npm package
//! `binaryen`; without npm the site is built without it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::{process, versions, workspace};

use super::debian::Debian;

/// Another version makes other bytes, so exactly this one is used.
pub const VERSION: &str = "132";

/// What stands in for `wasm-opt` where there is no npm: Trunk runs it by name and reads its output.
const STAND_IN: &str = r#"#!/bin/sh
# Copies its input to its output, for machines without npm.
case "$1" in --version) echo "wasm-opt version 132 (version_132)"; exit 0 ;; esac
for argument; do
  case "$argument" in
    --output=*) output=${argument#--output=} ;;
    -*) ;;
    *) input=$argument ;;
  esac
done
exec cp "$input" "$output"
"#;

/// How `wasm-opt` is provided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Optimiser {
    OnPath,
    Installed(PathBuf),
    StandIn(PathBuf),
}

impl Optimiser {
    pub const fn is_real(&self) -> bool {
        !matches!(self, Self::StandIn(_))
    }

    pub const fn description(&self) -> &'static str {
        match self {
            Self::OnPath | Self::Installed(_) => "ready",
            Self::StandIn(_) => {
                "npm is not on PATH, so the site is built without wasm-opt; install Node.js to make it smaller"
            }
        }
    }

    /// The folder to put in front of `PATH`.
    pub fn into_folder(self) -> Option<PathBuf> {
        match self {
            Self::OnPath => None,
            Self::Installed(folder) | Self::StandIn(folder) => Some(folder),
        }
    }
}

/// On `PATH`, in the cache, or installed now.
pub fn provide(debian: Option<&Debian>) -> Result<Optimiser> {
    if process::find("wasm-opt").is_some_and(|found| is_right(&found)) {
        return Ok(Optimiser::OnPath);
    }
    let folder = workspace::tool_folder("binaryen", VERSION)?;
    let programs = folder.join("node_modules").join(".bin");
    let installed = programs.join("wasm-opt");
    if is_right(&installed) {
        return Ok(Optimiser::Installed(programs));
    }
    if process::find("npm").is_none() || process::find("node").is_none() {
        let Some(debian) = debian else { return stand_in() };
        debian.install(&["nodejs", "npm"])?;
    }
    fs::create_dir_all(&folder).map_err(|error| not_writable(&folder, &error))?;
    let mut command = process::command("npm");
    command.args(["install", "--no-audit", "--no-fund", "--no-save", "--loglevel=error", "--prefix"]);
    command.arg(&folder).arg(format!("binaryen@{VERSION}.0.0"));
    process::run(&mut command)?;
    if is_right(&installed) {
        Ok(Optimiser::Installed(programs))
    } else {
        Err(Failure::new(format!(
            "`{}` does not run as version {VERSION}: update Node.js, delete that folder and run this again.",
            installed.display()
        )))
    }
}

fn stand_in() -> Result<Optimiser> {
    if cfg!(windows) {
        return Err(Failure::new(
            "install Node.js (https://nodejs.org), which brings wasm-opt, and run this again.",
        ));
    }
    let folder = workspace::tool_folder("no-wasm-opt", VERSION)?;
    let program = folder.join("wasm-opt");
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&program, STAND_IN))
        .map_err(|error| not_writable(&folder, &error))?;
    process::run(process::command("chmod").arg("755").arg(&program))?;
    Ok(Optimiser::StandIn(folder))
}

fn is_right(program: &Path) -> bool {
    process::output(process::command(program).arg("--version"))
        .is_some_and(|output| versions::is_exactly(&output, VERSION))
}

fn not_writable(folder: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!(
        "cannot write to `{}` ({error}): set XDG_CACHE_HOME to a folder that may be written.",
        folder.display()
    ))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_stand_in_answers_like_wasm_opt_and_copies() {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("wasm-opt");
        let (input, output) = (folder.path().join("a b.wasm"), folder.path().join("out.wasm"));
        fs::write(&script, STAND_IN).unwrap();
        fs::write(&input, "module").unwrap();
        let version = process::output(process::command("sh").arg(&script).arg("--version")).unwrap();
        assert!(versions::is_exactly(&version, VERSION));
        let mut command = process::command("sh");
        command
            .arg(&script)
            .arg(format!("--output={}", output.display()))
            .args(["-Oz", "--enable-sign-ext"])
            .arg(&input);
        process::run(&mut command).unwrap();
        assert_eq!(fs::read_to_string(output).unwrap(), "module");
    }
}
