//! What was opened, written or made: places that matter to whoever takes over a machine.

use super::Written::ByKernel;
use super::mark::Test::{Begins, Contains, Ends, Fits};
use super::mark::When::{Has, Lacks, Rule};
use super::mark::{Mark, malice};
use super::paths::{FILE, TEMPORARY};

/// Rules about reading, where the same path is no change.
const READING: &[&str] = &["Read ", "Directory traversal", "Search ", "Exfiltrating "];

const PASSWORD_HASHES: &[&str] = &["/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/security/opasswd"];

const PRIVATE_KEYS: &[&str] = &["/.ssh/id_rsa", "/.ssh/id_ed25519", "/.ssh/id_ecdsa", "/.ssh/id_dsa"];

const CREDENTIALS: &[&str] = &[
    "/.aws/credentials",
    "/.config/gcloud/",
    "/.azure/",
    "/.kube/config",
    "/.docker/config.json",
    "/.git-credentials",
    "/etc/kubernetes/admin.conf",
    "/kubernetes.io/serviceaccount/token",
];

/// Places from which something is run again: at a login, at a time, at a start.
const PERSISTENT: &[&str] = &[
    "/.ssh/authorized_keys",
    "/.bashrc",
    "/.bash_profile",
    "/.bash_login",
    "/.profile",
    "/.zshrc",
    "/.zprofile",
    "/etc/bash.bashrc",
    "/etc/bashrc",
    "/etc/profile",
    "/etc/rc.local",
];
const PERSISTENT_FOLDERS: &[&str] = &[
    "/etc/cron",
    "/var/spool/cron",
    "/etc/systemd/system/",
    "/lib/systemd/system/",
    "/usr/lib/systemd/system/",
    "/etc/init.d/",
    "/etc/profile.d/",
    "/etc/update-motd.d/",
    "/etc/ld.so.conf.d/",
];

const RUNTIME_SOCKETS: &[&str] = &["docker.sock", "containerd.sock", "crio.sock", "podman.sock"];

pub const MARKS: &[Mark] = &[
    malice(
        "escape_by_release_agent",
        60,
        ByKernel,
        &[Has(FILE, Ends(&["/release_agent"])), Lacks(&["rule"], Begins(READING))],
        "{} names what the host runs when a control group empties: writing it from a container is an escape",
    ),
    malice(
        "preloads_for_every_program",
        60,
        ByKernel,
        &[Has(FILE, Ends(&["/etc/ld.so.preload"])), Lacks(&["rule"], Begins(READING))],
        "{} loads a library into every program, the usual place of a root kit",
    ),
    malice(
        "setuid_in_temporary_folder",
        50,
        ByKernel,
        &[
            Rule(&["Set Setuid or Setgid bit"]),
            Has(&["evt.arg.filename", "proc.cmdline"], Contains(TEMPORARY)),
        ],
        "{}: whoever runs that file acts as its owner, and it is in a folder that every user can write to",
    ),
    malice(
        "module_from_temporary_folder",
        50,
        ByKernel,
        &[Rule(&["Linux Kernel Module Injection Detected"]), Has(&["proc.cmdline"], Contains(TEMPORARY))],
        "{} loads a part of the kernel from a folder that every user can write to",
    ),
    malice(
        "known_exploit",
        60,
        ByKernel,
        &[
            Rule(&[
                "Polkit Local Privilege Escalation Vulnerability (CVE-2021-4034)",
                "Sudo Potential Privilege Escalation",
                "Backdoored library loaded into SSHD (CVE-2024-3094)",
            ]),
            Has(&["proc.exepath", "proc.name"], Ends(&["pkexec", "sudo", "sudoedit", "sshd"])),
        ],
        "the rule looks for one known exploit, and {} was run as that exploit is",
    ),
    malice(
        "reads_private_key",
        30,
        ByKernel,
        &[Has(FILE, Contains(PRIVATE_KEYS)), Lacks(FILE, Ends(&[".pub"]))],
        "{} is a private key",
    ),
    malice(
        "path_climbs",
        20,
        ByKernel,
        &[Has(&["fd.nameraw"], Contains(&["../../"]))],
        "{} climbs out of the folder that it begins in",
    ),
    malice("reads_credentials", 20, ByKernel, &[Has(FILE, Contains(CREDENTIALS))], "{} holds credentials"),
    malice(
        "reads_environment",
        15,
        ByKernel,
        &[Has(FILE, Fits(is_environment))],
        "{} is the environment of a process, where secrets are often kept",
    ),
    malice(
        "reads_password_hashes",
        15,
        ByKernel,
        &[Has(FILE, Ends(PASSWORD_HASHES))],
        "{} holds password hashes",
    ),
    malice(
        "changes_what_runs_again",
        15,
        ByKernel,
        &[Has(FILE, Fits(is_persistent)), Lacks(&["rule"], Begins(READING))],
        "{} is read or run again later: at a login, at a set time or at a start",
    ),
    malice(
        "container_runtime_socket",
        15,
        ByKernel,
        &[Has(&["fd.name", "container.mounts", "proc.cmdline"], Contains(RUNTIME_SOCKETS))],
        "{}: whoever has the container runtime's socket has the node",
    ),
];

/// Whether a change of this file outlives who made it.
fn is_persistent(path: &str) -> bool {
    PERSISTENT.iter().any(|end| path.ends_with(end))
        || PERSISTENT_FOLDERS.iter().any(|folder| path.contains(folder))
}

fn is_environment(path: &str) -> bool {
    path.starts_with("/proc/") && path.ends_with("/environ")
}
