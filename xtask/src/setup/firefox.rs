//! Firefox and its driver, for the journeys that run in both browsers.

use std::path::PathBuf;

use crate::failure::{Failure, Result};
use crate::process;

use super::browser::named;
use super::cargo_tool::{self, Dependencies};
use super::debian::Debian;

/// The driver of the crate of that name.
const GECKODRIVER: &str = "0.37.1";

/// Names of the browser, most likely first.
const BROWSERS: [&str; 2] = ["firefox-esr", "firefox"];

/// Where macOS keeps it.
const MACOS: &str = "/Applications/Firefox.app/Contents/MacOS/firefox";

/// A browser and its driver, which works with every version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firefox {
    pub firefox: PathBuf,
    pub geckodriver: PathBuf,
}

/// What `FIREFOX` and `GECKODRIVER` name, else what `PATH` has, else Debian's package and a driver compiled now.
pub fn provide(debian: Option<&Debian>) -> Result<Firefox> {
    if let Some(debian) = debian
        && firefox().is_none()
    {
        debian.install(&["firefox-esr"])?;
    }
    let firefox = firefox().ok_or_else(|| {
        Failure::new("Firefox is not on PATH: install it, or name it in FIREFOX, then run this again.")
    })?;
    let geckodriver = match named("GECKODRIVER") {
        Some(named) => named,
        None => match cargo_tool::provide("geckodriver", "geckodriver", GECKODRIVER, Dependencies::Locked)? {
            Some(folder) => folder.join("geckodriver").with_extension(std::env::consts::EXE_EXTENSION),
            None => PathBuf::from("geckodriver"),
        },
    };
    Ok(Firefox { firefox, geckodriver })
}

fn firefox() -> Option<PathBuf> {
    named("FIREFOX")
        .or_else(|| BROWSERS.iter().find_map(|name| process::find(name)))
        .or_else(|| Some(PathBuf::from(MACOS)).filter(|path| path.is_file()))
}
