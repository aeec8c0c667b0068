//! Makes a machine able to build and test the site, and says what it does.
//!
//! Whatever is there at the right version is left alone, so every command starts with this. What
//! is missing goes into the user's cache (tools), the toolchain (a target) or, as root on Debian,
//! the system (packages); elsewhere the one command to run is printed.

mod axe;
mod browser;
mod cargo_deny;
mod cargo_tool;
mod debian;
mod firefox;
mod wasm_opt;
mod wasm_target;
pub mod wheel;

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::process;
use crate::progress::{Expected, Steps};
use crate::{versions, workspace};

pub use browser::Browser;
use debian::Debian;
pub use firefox::Firefox;
use wasm_target::WasmTarget;

/// Builds the page.
const TRUNK: &str = "0.21.14";

/// What a ready machine has.
pub struct Kit {
    /// The folders of the tools, in front of `PATH`.
    folders: Vec<PathBuf>,
    wasm: WasmTarget,
    /// Whether the WebAssembly is made smaller after it was built.
    pub optimises: bool,
}

impl Kit {
    /// Toolchain and tools for building the site.
    pub fn for_building() -> Result<Self> {
        let lock = workspace::read("Cargo.lock")?;
        let wasm_bindgen = versions::locked(&lock, "wasm-bindgen").ok_or_else(|| {
            Failure::new("Cargo.lock names no wasm-bindgen: restore the file from the repository.")
        })?;
        let debian = Debian::as_root();
        let debian = debian.as_ref();
        let mut steps = Steps::announce(
            "Set-up. What is already there is skipped; on a bare machine expect:",
            &[
                ("Rust for WebAssembly", Expected::Minutes(1)),
                ("Trunk, which builds the page", Expected::Minutes(6)),
                ("wasm-bindgen, which joins it to JavaScript", Expected::Minutes(3)),
                ("wasm-opt, which makes it smaller", Expected::Minutes(1)),
            ],
        );

        let step = steps.begin("Rust for WebAssembly", Expected::Minutes(1));
        let wasm = wasm_target::provide(debian)?;
        step.end(wasm.description());

        let mut folders = Vec::new();
        let step = steps.begin(&format!("Trunk {TRUNK}"), Expected::Minutes(6));
        folders.extend(cargo_tool::provide("trunk", "trunk", TRUNK, cargo_tool::Dependencies::Locked)?);
        step.end("ready");

        // Its lock file may name a crate that a registry does not serve yet, so cargo chooses.
        let step = steps.begin(&format!("wasm-bindgen {wasm_bindgen}"), Expected::Minutes(3));
        folders.extend(cargo_tool::provide(
            "wasm-bindgen-cli",
            "wasm-bindgen",
            wasm_bindgen,
            cargo_tool::Dependencies::Newest,
        )?);
        step.end("ready");

        let step = steps.begin(&format!("wasm-opt {}", wasm_opt::VERSION), Expected::Minutes(1));
        let wasm_opt = wasm_opt::provide(debian)?;
        step.end(wasm_opt.description());
        let optimises = wasm_opt.is_real();
        folders.extend(wasm_opt.into_folder());

        Ok(Self { folders, wasm, optimises })
    }

    /// A command that finds the tools and builds for WebAssembly.
    pub fn wasm_command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = process::command(program);
        let first: Vec<_> = self.folders.iter().chain(self.wasm.folder()).cloned().collect();
        command.env("PATH", process::path_with(&first)).envs(self.wasm.environment());
        // Trunk must not ask a server whether it is the newest.
        command.env("TRUNK_SKIP_VERSION_CHECK", "true");
        command
    }

    /// The same for the smallest build.
    pub fn release_command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.wasm_command(program);
        command.envs(self.wasm.release_environment());
        command
    }

    /// Whether the toolchain that builds WebAssembly brings clippy.
    pub fn lints_wasm(&self) -> bool {
        process::output(self.wasm_command("cargo").args(["clippy", "--version"])).is_some()
    }
}

/// A browser and its driver for the tests.
pub fn browser() -> Result<Browser> {
    let mut steps =
        Steps::announce("\nBrowser for the tests:", &[("Chromium and its driver", Expected::Minutes(1))]);
    let step = steps.begin("Chromium and its driver", Expected::Minutes(1));
    let browser = browser::provide(Debian::as_root().as_ref())?;
    step.end("ready");
    Ok(browser)
}

/// What the tests have beside Chromium. What cannot be had here is left out, and said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    pub firefox: Option<Firefox>,
    /// The script of axe-core.
    pub axe: Option<PathBuf>,
    /// Checks the dependencies.
    pub cargo_deny: Option<PathBuf>,
}

/// Firefox and axe-core for the end-to-end tests, and cargo-deny.
pub fn beside() -> Beside {
    let plan = [
        ("Firefox and its driver", Expected::Minutes(4)),
        ("axe-core", Expected::Moments),
        ("cargo-deny", Expected::Moments),
    ];
    let mut steps = Steps::announce("\nFor the tests besides:", &plan);
    let step = steps.begin("Firefox and its driver", Expected::Minutes(4));
    let firefox = firefox::provide(Debian::as_root().as_ref());
    step.end(firefox.as_ref().map_or("left out", |_| "ready"));
    let step = steps.begin("axe-core", Expected::Moments);
    let axe = axe::provide();
    step.end(axe.as_ref().map_or("left out", |_| "ready"));
    let step = steps.begin("cargo-deny", Expected::Moments);
    let cargo_deny = cargo_deny::provide();
    step.end(cargo_deny.as_ref().map_or("left out", |_| "ready"));
    let failures = [firefox.as_ref().err(), axe.as_ref().err(), cargo_deny.as_ref().err()];
    for failure in failures.into_iter().flatten() {
        println!("      {failure}");
    }
    Beside { firefox: firefox.ok(), axe: axe.ok(), cargo_deny: cargo_deny.ok() }
}
