//! The browser that runs the tests, and the driver that steers it.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::{process, versions};

use super::debian::Debian;

/// Names of the browser, most likely first.
const BROWSERS: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// Where macOS keeps it; it is never on `PATH` there.
const MACOS: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// A browser and the driver of the same version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browser {
    pub chrome: PathBuf,
    pub chromedriver: PathBuf,
}

/// What `CHROME` and `CHROMEDRIVER` name, else what `PATH` has, else Debian's packages.
pub fn provide(debian: Option<&Debian>) -> Result<Browser> {
    if let Some(debian) = debian
        && (chrome().is_none() || chromedriver().is_none())
    {
        debian.install(&["chromium", "chromium-driver"])?;
    }
    let chrome = chrome().ok_or_else(|| missing("Chrome", "chromium"))?;
    let chromedriver = chromedriver().ok_or_else(|| missing("ChromeDriver", "chromium-driver"))?;
    match (major(&chrome), major(&chromedriver)) {
        (Some(browser), Some(driver)) if browser != driver => Err(Failure::new(format!(
            "the browser is version {browser} and its driver is version {driver}: install the same version of both, \
             or name them in CHROME and CHROMEDRIVER."
        ))),
        _ => Ok(Browser { chrome, chromedriver }),
    }
}

fn chrome() -> Option<PathBuf> {
    named("CHROME")
        .or_else(|| BROWSERS.iter().find_map(|name| process::find(name)))
        .or_else(|| Some(PathBuf::from(MACOS)).filter(|path| path.is_file()))
}

fn chromedriver() -> Option<PathBuf> {
    named("CHROMEDRIVER").or_else(|| process::find("chromedriver"))
}

/// The program that a variable of the environment names.
pub fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

fn major(program: &Path) -> Option<u32> {
    let version = process::output(process::command(program).arg("--version"))?;
    versions::parse(&version)?.first().copied()
}

/// The one command for this system.
fn missing(what: &str, debian_package: &str) -> Failure {
    let command = match env::consts::OS {
        "macos" => {
            format!("brew install --cask {}", if what == "Chrome" { "google-chrome" } else { "chromedriver" })
        }
        "windows" => format!(
            "winget install {}",
            if what == "Chrome" { "Google.Chrome" } else { "Chromium.ChromeDriver" }
        ),
        _ => format!("sudo apt-get install {debian_package}"),
    };
    Failure::new(format!(
        "{what} is not on PATH: run `{command}` (or your system's equivalent), then this again."
    ))
}
