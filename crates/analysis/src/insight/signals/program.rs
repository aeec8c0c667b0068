//! Where the program that acted came from, by the kernel's account.

use super::Written::ByKernel;
use super::images;
use super::mark::Test::{Begins, Ends, Fits, Is, Known};
use super::mark::When::{Has, Lacks};
use super::mark::{Mark, context, doubt, malice};
use super::paths::{EXECUTABLE, IN_TEMPORARY};

/// The names under which runc and crun hold the copy of themselves that starts a container.
const RUNTIMES_IN_MEMORY: &[&str] = &["memfd:runc", "/memfd:runc", "memfd:crun", "/memfd:crun"];

/// Rules about the start of a container, where no program acts yet.
pub const STARTS: &[&str] = &[
    "Launch Privileged Container",
    "Launch Excessively Capable Container",
    "Launch Sensitive Mount Container",
    "Launch Disallowed Container",
    "Container Run as Root User",
];

/// Event sources in which a program of a host acts.
const SYSCALL: &[&str] = &["syscall", "syscalls"];

const IMAGE: &[&str] = &["container.image.repository"];

pub const MARKS: &[Mark] = &[
    malice(
        "runs_from_memory",
        60,
        ByKernel,
        &[Has(EXECUTABLE, Fits(in_memory)), Lacks(EXECUTABLE, Fits(is_runtime_in_memory))],
        "{} is a program that exists only in memory",
    ),
    malice(
        "runs_from_memory_as_runc",
        20,
        ByKernel,
        &[Has(EXECUTABLE, Fits(is_runtime_in_memory))],
        "{} is how runc runs itself to start a container, a name that others can take",
    ),
    malice(
        "runs_deleted_file",
        40,
        ByKernel,
        &[Has(EXECUTABLE, Ends(&[" (deleted)"])), Lacks(EXECUTABLE, Fits(in_memory))],
        "{} is a program whose file was deleted, as an intruder does, and as an update does to what still runs",
    ),
    malice(
        "runs_from_temporary_folder",
        35,
        ByKernel,
        &[Has(EXECUTABLE, IN_TEMPORARY), Lacks(EXECUTABLE, Begins(&["/dev/shm/"]))],
        "{} is in a folder that every user can write to",
    ),
    malice(
        "runs_from_shared_memory",
        50,
        ByKernel,
        &[Has(EXECUTABLE, Begins(&["/dev/shm/"]))],
        "{} is in shared memory, where programs are hardly ever installed",
    ),
    malice(
        "not_in_image",
        25,
        ByKernel,
        &[
            Has(&["evt.arg.flags", "proc.is_exe_upper_layer"], Fits(is_upper_layer)),
            Lacks(IMAGE, Fits(images::is_build)),
        ],
        "{} says that the program's file was added or changed after the container's start",
    ),
    context(
        "built_in_the_container",
        ByKernel,
        &[
            Has(&["evt.arg.flags", "proc.is_exe_upper_layer"], Fits(is_upper_layer)),
            Has(IMAGE, Fits(images::is_build)),
        ],
        "{} says that the program's file was added or changed after the start, and the image {} builds programs",
    ),
    malice(
        "becomes_root",
        15,
        ByKernel,
        &[
            Has(&["evt.arg.uid"], Is(&["root", "0"])),
            Has(EXECUTABLE, Known),
            Lacks(EXECUTABLE, Begins(&["/usr/", "/bin/", "/sbin/", "/lib"])),
        ],
        "the program asked to become {}, and {} is in none of the system's folders",
    ),
    context(
        "terminal",
        ByKernel,
        &[Has(&["proc.tty"], Fits(is_terminal))],
        "terminal {} is attached, so a person may have typed the command",
    ),
    context(
        "login_session",
        ByKernel,
        &[Has(&["user.loginuid"], Fits(is_login))],
        "user id {} logged in to this session, whoever the process runs as now",
    ),
    doubt(
        "unknown_program",
        20,
        &[Lacks(EXECUTABLE, Known), Lacks(&["source"], Fits(is_other_source)), Lacks(&["rule"], Is(STARTS))],
        "the alert does not tell which program acted",
    ),
];

fn in_memory(path: &str) -> bool {
    path.trim_start_matches('/').starts_with("memfd:")
}

fn is_runtime_in_memory(path: &str) -> bool {
    let path = path.trim_end_matches(" (deleted)");
    RUNTIMES_IN_MEMORY.iter().any(|name| {
        path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("_cloned:"))
    })
}

fn is_upper_layer(value: &str) -> bool {
    value == "true" || value.split('|').any(|flag| flag == "EXE_UPPER_LAYER")
}

fn is_terminal(number: &str) -> bool {
    number.parse::<i64>().is_ok_and(|number| number > 0)
}

/// `-1`, and as an unsigned number 4294967295, stand for none.
fn is_login(uid: &str) -> bool {
    uid.parse::<i64>().is_ok_and(|uid| (0..i64::from(u32::MAX)).contains(&uid))
}

fn is_other_source(source: &str) -> bool {
    !SYSCALL.contains(&source)
}

#[cfg(test)]
mod tests {
    use super::super::tests::fired;

    #[test]
    fn runc_in_memory_is_told_by_the_whole_name() {
        assert!(
            fired(r#"{"proc.exepath":"memfd:runc_cloned:/proc/self/exe (deleted)"}"#)
                .contains(&"runs_from_memory_as_runc")
        );
        assert!(fired(r#"{"proc.exepath":"/memfd:runc (deleted)"}"#).contains(&"runs_from_memory_as_runc"));
        assert!(fired(r#"{"proc.exepath":"memfd:runcx"}"#).contains(&"runs_from_memory"));
    }

    #[test]
    fn a_deleted_program_in_a_temporary_folder_is_both() {
        let fired = fired(r#"{"proc.exepath":"/tmp/a (deleted)"}"#);
        assert_eq!(fired, ["runs_deleted_file", "runs_from_temporary_folder"]);
    }

    #[test]
    fn a_terminal_and_a_login_are_numbers() {
        let with = |field: &str, value: &str| fired(&format!(r#"{{"proc.exepath":"/x","{field}":{value}}}"#));
        assert_eq!(with("proc.tty", "34816"), ["terminal"]);
        assert_eq!(with("proc.tty", "\"34816\""), ["terminal"]);
        assert_eq!(with("proc.tty", "0"), [""; 0]);
        assert_eq!(with("user.loginuid", "1000"), ["login_session"]);
        assert_eq!(with("user.loginuid", "-1"), [""; 0]);
        assert_eq!(with("user.loginuid", "4294967295"), [""; 0]);
    }
}
