//! Where things are: the clone, and the cache that outlives it.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::failure::{Failure, Result};

/// The clone's root folder.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The built site.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The whole app as one file. It is not part of the site.
pub fn single_file() -> PathBuf {
    root().join("dist-single").join("falco-report.html")
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// Where cargo keeps the sources of dependencies.
pub fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| env::home_dir().map(|home| home.join(".cargo")))
}

/// The folder of a tool at one version: `~/.cache/falco-report/tools/trunk-0.21.14`. It is outside
/// the clone because a clean clone must not mean compiling the tools again.
pub fn tool_folder(name: &str, version: &str) -> Result<PathBuf> {
    Ok(cache()?.join("tools").join(format!("{name}-{version}")))
}

fn cache() -> Result<PathBuf> {
    let named = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let usual = || env::home_dir().map(|home| home.join(".cache"));
    named.or_else(usual).map(|cache| cache.join("falco-report")).ok_or_else(|| {
        Failure::new("there is no home folder for the tools: set XDG_CACHE_HOME to one that may be written.")
    })
}

/// A file of the clone as text.
pub fn read(name: &str) -> Result<String> {
    fs::read_to_string(root().join(name)).map_err(|error| {
        Failure::new(format!("cannot read `{name}` ({error}): run this inside a complete clone."))
    })
}
