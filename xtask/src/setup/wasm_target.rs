//! A Rust toolchain that builds for WebAssembly.
//!
//! Three ways, the first that works is taken:
//! 1. the toolchain in use has the target;
//! 2. rustup adds it;
//! 3. rustup cannot download, but we are root on Debian, whose packages bring a compiler. The linker is
//!    the `rust-lld` of a rustup toolchain, or Debian's.
//!
//! Wherever the *source* of the standard library is at hand (Debian has nothing else, rustup adds it), it
//! is built together with the page, whose panics then carry no words: a tenth less to download. Cargo
//! calls both unstable, so the compiler is told to allow it, for this build alone.
//!
//! Nothing of this may be in `rust-toolchain.toml` or `.cargo/config.toml`: there it would stop
//! `cargo xtask` itself on the machines that need the third way.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::failure::{Failure, Result};
use crate::{process, versions, workspace};

use super::debian::Debian;

pub const TRIPLE: &str = "wasm32-unknown-unknown";

/// The name under which rustup knows Debian's compiler.
const LINKED_NAME: &str = "debian";

/// The first Rust that can build panics without words.
const WORDLESS_PANICS: [u32; 2] = [1, 92];

/// How the page is compiled.
pub enum WasmTarget {
    /// With the standard library that came with the toolchain.
    Prebuilt,
    /// The toolchain in use builds the standard library from source.
    FromSource,
    /// Debian's toolchain does.
    FromDebiansSource { linker: PathBuf, has_rustup: bool },
}

impl WasmTarget {
    pub const fn description(&self) -> &'static str {
        match self {
            Self::Prebuilt => {
                "ready (without the standard library's source, which would make the page smaller)"
            }
            Self::FromSource => "ready: the standard library is built from source",
            Self::FromDebiansSource { .. } => {
                "ready: Debian's compiler, which builds the standard library from source"
            }
        }
    }

    /// What a build's environment has besides.
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        let mut environment = Vec::new();
        if let Self::FromDebiansSource { linker, .. } = self {
            // Only rustup reads the first one.
            environment.push(("RUSTUP_TOOLCHAIN", LINKED_NAME.into()));
            environment.push(("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker.into()));
        }
        if self.is_from_source() {
            environment.push(("RUSTC_BOOTSTRAP", "1".into()));
            environment.push(("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort".into()));
        }
        environment
    }

    /// What a release build's environment has besides.
    pub fn release_environment(&self) -> Vec<(&'static str, &'static str)> {
        if self.is_from_source() {
            vec![
                // Sorting alone is a fourteenth of the code otherwise.
                ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
                ("CARGO_UNSTABLE_PANIC_IMMEDIATE_ABORT", "true"),
                ("CARGO_PROFILE_WASM_RELEASE_PANIC", "immediate-abort"),
            ]
        } else {
            Vec::new()
        }
    }

    const fn is_from_source(&self) -> bool {
        !matches!(self, Self::Prebuilt)
    }

    /// A folder to look into first, where no rustup chooses the compiler.
    pub fn folder(&self) -> Option<&'static PathBuf> {
        static USR_BIN: std::sync::LazyLock<PathBuf> = std::sync::LazyLock::new(|| PathBuf::from("/usr/bin"));
        match self {
            Self::FromDebiansSource { has_rustup: false, .. } => Some(&USR_BIN),
            Self::Prebuilt | Self::FromSource | Self::FromDebiansSource { .. } => None,
        }
    }
}

pub fn provide(debian: Option<&Debian>) -> Result<WasmTarget> {
    let has_rustup = process::find("rustup").is_some();
    if has_target() || has_rustup && added_by_rustup(&["target", "add", TRIPLE], has_target) {
        let has_source = || library_source("rustc").is_some();
        let is_new = is_recent_enough("rustc", &WORDLESS_PANICS);
        let from_source = is_new
            && (has_source() || has_rustup && added_by_rustup(&["component", "add", "rust-src"], has_source));
        return Ok(if from_source { WasmTarget::FromSource } else { WasmTarget::Prebuilt });
    }
    let Some(debian) = debian else { return Err(no_way(has_rustup)) };
    if has_rustup {
        println!(
            "      rustup could not add the target here; Debian's compiler and library source come instead."
        );
    }
    from_debian(debian, has_rustup)
}

fn has_target() -> bool {
    sysroot("rustc").is_some_and(|sysroot| sysroot.join("lib/rustlib").join(TRIPLE).join("lib").is_dir())
}

fn added_by_rustup(arguments: &[&str], is_there: impl Fn() -> bool) -> bool {
    let mut command = process::command("rustup");
    // Where it cannot download, its error is expected and needs no stack.
    command.args(arguments).env("RUST_BACKTRACE", "0");
    process::run(&mut command).is_ok() && is_there()
}

fn from_debian(debian: &Debian, has_rustup: bool) -> Result<WasmTarget> {
    let oldest = oldest_rust()?;
    let oldest = versions::parse(&oldest).unwrap_or_default().max(WORDLESS_PANICS.to_vec());
    let is_complete = || {
        let compiler = "/usr/bin/rustc";
        Path::new("/usr/bin/cargo").exists()
            && library_source(compiler).is_some()
            && is_recent_enough(compiler, &oldest)
    };
    if !is_complete() {
        debian.install(&["rustc-web", "cargo-web", "rust-web-src"])?;
    }
    if !is_complete() {
        return Err(Failure::new(format!(
            "Debian's rustc-web here is older than Rust {}.{}: add the release's security archive to the sources, \
             or make `rustup target add {TRIPLE}` work, then run this again.",
            oldest.first().copied().unwrap_or_default(),
            oldest.get(1).copied().unwrap_or_default()
        )));
    }
    if has_rustup && sysroot_of_toolchain(LINKED_NAME).as_deref() != Some(Path::new("/usr")) {
        process::run(process::command("rustup").args(["toolchain", "link", LINKED_NAME, "/usr"]))?;
    }
    Ok(WasmTarget::FromDebiansSource { linker: linker(debian)?, has_rustup })
}

/// The standard library's source in the toolchain of this compiler.
fn library_source(rustc: &str) -> Option<PathBuf> {
    let source = sysroot(rustc)?.join("lib/rustlib/src/rust/library");
    source.join("Cargo.lock").exists().then_some(source)
}

fn is_recent_enough(rustc: &str, oldest: &[u32]) -> bool {
    let version = process::output(process::command(rustc).arg("--version"));
    version.as_deref().and_then(versions::parse).is_some_and(|version| version.as_slice() >= oldest)
}

fn oldest_rust() -> Result<String> {
    let manifest = workspace::read("Cargo.toml")?;
    versions::oldest_rust(&manifest).map(str::to_owned).ok_or_else(|| {
        Failure::new("Cargo.toml names no rust-version: restore the file from the repository.")
    })
}

/// `rust-lld` of any rustup toolchain, else Debian's linker for the same LLVM.
fn linker(debian: &Debian) -> Result<PathBuf> {
    if let Some(linker) = bundled_linker() {
        return Ok(linker);
    }
    let details = process::output(process::command("/usr/bin/rustc").arg("-vV")).unwrap_or_default();
    let llvm = llvm_major(&details).ok_or_else(|| {
        Failure::new("`/usr/bin/rustc -vV` names no LLVM version: reinstall the package rustc-web.")
    })?;
    let package = format!("lld-{llvm}");
    let program = format!("wasm-ld-{llvm}");
    if process::find(&program).is_none() {
        debian.install(&[&package])?;
    }
    process::find(&program).ok_or_else(|| {
        Failure::new(format!(
            "the package {package} brought no `{program}`: put a `rust-lld` on PATH, then run this again."
        ))
    })
}

fn bundled_linker() -> Option<PathBuf> {
    let rustup = env::var_os("RUSTUP_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".rustup")));
    let mut sysroots: Vec<PathBuf> = sysroot("rustc").into_iter().collect();
    let mut others: Vec<PathBuf> = rustup
        .and_then(|rustup| fs::read_dir(rustup.join("toolchains")).ok())
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    others.sort();
    sysroots.extend(others);
    let host = format!("{}-unknown-linux-gnu", env::consts::ARCH);
    sysroots
        .into_iter()
        .map(|sysroot| sysroot.join("lib/rustlib").join(&host).join("bin/rust-lld"))
        .find(|path| path.is_file())
        .or_else(|| process::find("rust-lld"))
}

/// 22 of `LLVM version: 22.1.2`.
fn llvm_major(details: &str) -> Option<u32> {
    let version = details.lines().find_map(|line| line.strip_prefix("LLVM version: "))?;
    versions::parse(version)?.first().copied()
}

fn sysroot(rustc: &str) -> Option<PathBuf> {
    let path = process::output(process::command(rustc).args(["--print", "sysroot"]))?;
    Some(PathBuf::from(path.trim()))
}

fn sysroot_of_toolchain(name: &str) -> Option<PathBuf> {
    let path =
        process::output(process::command("rustup").args(["run", name, "rustc", "--print", "sysroot"]))?;
    Some(PathBuf::from(path.trim()))
}

fn no_way(has_rustup: bool) -> Failure {
    Failure::new(if has_rustup {
        format!(
            "rustup could not add {TRIPLE} (its words are above): check the connection and run this again, or run it \
             as root on Debian, whose packages can stand in."
        )
    } else {
        format!(
            "this Rust has no {TRIPLE}: install rustup (https://rustup.rs) or your system's package of that target, \
             then run this again."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_llvm_version_is_read_from_the_compilers_details() {
        assert_eq!(llvm_major("rustc 1.96.0\nhost: x\nLLVM version: 22.1.2\n"), Some(22));
        assert_eq!(llvm_major("rustc 1.96.0\n"), None);
    }

    #[test]
    fn building_from_source_changes_the_environment_of_the_build_only() {
        let names = |target: &WasmTarget| -> Vec<_> {
            target.environment().into_iter().map(|(name, _)| name).collect()
        };
        assert!(names(&WasmTarget::Prebuilt).is_empty());
        assert!(WasmTarget::Prebuilt.release_environment().is_empty());
        let std = ["RUSTC_BOOTSTRAP", "CARGO_UNSTABLE_BUILD_STD"];
        assert_eq!(names(&WasmTarget::FromSource), std);
        let debian = WasmTarget::FromDebiansSource { linker: "/lld".into(), has_rustup: true };
        let linker = ["RUSTUP_TOOLCHAIN", "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER"];
        assert_eq!(names(&debian), [linker, std].concat());
    }
}
