//! Debian packages, where we may install them: as root on Debian itself.

use std::cell::Cell;
use std::fs;

use crate::failure::{Failure, Result};
use crate::process;

/// Proof that packages may be installed here.
pub struct Debian {
    lists_are_fresh: Cell<bool>,
}

impl Debian {
    /// Nothing on another system or for another user. Derivatives differ in what matters here (the
    /// browser package of Ubuntu is a stub), so only Debian itself counts.
    pub fn as_root() -> Option<Self> {
        let release = fs::read_to_string("/etc/os-release").ok()?;
        let is_debian = release.lines().any(|line| line == "ID=debian");
        let is_root = process::output(process::command("id").arg("-u"))?.trim() == "0";
        (is_debian && is_root).then(|| Self { lists_are_fresh: Cell::new(false) })
    }

    /// Installs the packages, without asking and without recommended extras.
    pub fn install(&self, packages: &[&str]) -> Result<()> {
        if !self.lists_are_fresh.get() {
            // One source that does not answer need not matter; the installation below decides.
            let _ = apt_get(&["update"], packages);
            self.lists_are_fresh.set(true);
        }
        apt_get(&[&["install", "--yes", "--no-install-recommends"], packages].concat(), packages)
    }
}

fn apt_get(arguments: &[&str], packages: &[&str]) -> Result<()> {
    println!("      $ apt-get {}", arguments.join(" "));
    let mut command = process::command("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-q"]).args(arguments);
    process::run(&mut command).map_err(|_| {
        Failure::new(format!(
            "apt-get could not install {}: look at its words above, check that the release's security archive is \
             among the sources (it carries the recent versions), then run this again.",
            packages.join(", ")
        ))
    })
}
