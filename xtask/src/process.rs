//! Other programs: found, started with a clean environment, watched or captured.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, iter};

use crate::failure::{Failure, Result};
use crate::workspace;

/// A command started in the clone's root, as a person would start it by hand.
///
/// `cargo xtask` runs inside cargo, which describes *xtask's* package in the environment. Build
/// scripts that look at these variables would rebuild, and another toolchain would load this one's
/// libraries, so a child gets neither.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    for (name, _) in env::vars_os() {
        let of_package = name.to_str().is_some_and(|name| {
            ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
                .iter()
                .any(|prefix| name.starts_with(prefix))
        });
        if of_package || name == "CARGO" {
            command.env_remove(name);
        }
    }
    if let Some(paths) = env::var_os("LD_LIBRARY_PATH") {
        let target = workspace::target();
        let kept = env::split_paths(&paths).filter(|path| {
            !path.starts_with(&target) && !path.components().any(|c| c.as_os_str() == "toolchains")
        });
        match env::join_paths(kept) {
            Ok(paths) if !paths.is_empty() => command.env("LD_LIBRARY_PATH", paths),
            _ => command.env_remove("LD_LIBRARY_PATH"),
        };
    }
    command
}

/// Runs with the terminal's own input and output.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("{} failed ({status}); its own words are above.", shown(command))))
    }
}

/// Standard output of a command that succeeds quietly; nothing when it cannot be started or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a watched command left behind.
pub struct Watched {
    pub succeeded: bool,
    /// Its standard output, with colours; standard error went to the terminal only.
    pub stdout: String,
}

/// Runs with its output on the terminal as it comes, keeping a copy of standard output.
pub fn watch(command: &mut Command) -> Result<Watched> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    let mut stdout = String::new();
    if let Some(pipe) = child.stdout.take() {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        // A pipe that breaks ends the copy, not the wait.
        while matches!(pipe.read_until(b'\n', &mut line), Ok(1..)) {
            let _ = io::stdout().write_all(&line);
            let _ = io::stdout().flush();
            stdout.push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    }
    let status = child.wait().map_err(|error| {
        Failure::new(format!("lost sight of {} ({error}); run it again.", shown(command)))
    })?;
    Ok(Watched { succeeded: status.success(), stdout })
}

/// The program's place on `PATH`.
pub fn find(program: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    env::split_paths(&paths)
        .map(|folder| folder.join(program).with_extension(env::consts::EXE_EXTENSION))
        .find(|path| path.is_file())
}

/// A `PATH` that looks into these folders first.
pub fn path_with(first: &[PathBuf]) -> std::ffi::OsString {
    let before = env::var_os("PATH").unwrap_or_default();
    let folders = first.iter().cloned().chain(env::split_paths(&before));
    env::join_paths(folders).unwrap_or(before)
}

/// The command as a person would type it, in backticks.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words: Vec<_> =
        iter::once(program).chain(command.get_args()).map(|word| word.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}

fn not_started(command: &Command, error: &io::Error) -> Failure {
    Failure::new(format!("cannot start {} ({error}); install it or put it on PATH.", shown(command)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = Command::new("/usr/bin/cargo");
        command.args(["fmt", "--check"]);
        assert_eq!(shown(&command), "`cargo fmt --check`");
    }

    #[test]
    fn a_program_that_is_not_there_says_so() {
        let failure = run(&mut command("no-such-program-here")).unwrap_err().to_string();
        assert!(failure.starts_with("cannot start `no-such-program-here` ("), "{failure}");
        assert_eq!(output(&mut command("no-such-program-here")), None);
    }

    #[test]
    fn a_path_starts_with_the_given_folders() {
        let path = path_with(&[PathBuf::from("/tools/bin")]);
        assert!(path.to_string_lossy().starts_with("/tools/bin"));
    }
}
