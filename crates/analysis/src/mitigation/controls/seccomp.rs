//! A seccomp profile that denies ptrace and is otherwise what container runtimes allow by default.
//!
//! A `Localhost` profile replaces the runtime's own, so a short list of denials would weaken a
//! container. This one allows what moby's default profile (2026-06) allows a container without added
//! capabilities, less `ptrace`, `process_vm_readv` and `process_vm_writev`. It is plain OCI: kubelet
//! profiles do not interpret Docker's `includes` and `excludes`.

use std::fmt::Write;

/// One name a word; the order is that of the file.
const ALLOWED: &str = include_str!("../../../data/seccomp_allowed.txt");

/// The profile as JSON.
pub fn deny_ptrace() -> String {
    let mut out = String::from(
        "{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n  \"defaultErrnoRet\": 1,\n  \"architectures\": [\n    \
         \"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\", \"SCMP_ARCH_AARCH64\", \"SCMP_ARCH_ARM\"\n  ],\n  \
         \"syscalls\": [\n    {\n      \"names\": [",
    );
    let mut lines = ALLOWED.lines().peekable();
    while let Some(line) = lines.next() {
        let names: Vec<String> = line.split(' ').map(|name| format!("\"{name}\"")).collect();
        // Writing to a String cannot fail.
        let _ =
            write!(out, "\n        {}{}", names.join(", "), if lines.peek().is_some() { "," } else { "" });
    }
    out.push_str("\n      ],\n      \"action\": \"SCMP_ACT_ALLOW\"\n    }");
    for rule in conditional() {
        let _ = write!(out, ",\n    {rule}");
    }
    out.push_str("\n  ]\n}\n");
    out
}

/// Rules that depend on an argument.
fn conditional() -> Vec<String> {
    let allow = |name: &str, operator: &str, value: u64| {
        format!(
            "{{ \"names\": [\"{name}\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{{ \"index\": 0, \"value\": {value}, \"op\": \"SCMP_CMP_{operator}\" }}] }}"
        )
    };
    // Every address family but AF_ALG (38) and AF_VSOCK (40).
    let sockets =
        [("LT", 38), ("EQ", 39), ("GT", 40)].map(|(operator, family)| allow("socket", operator, family));
    let personalities = [0, 8, 0x20000, 0x20008, 0xFFFF_FFFF].map(|value| allow("personality", "EQ", value));
    // No new namespaces: none of the CLONE_NEW* bits.
    let clone = format!(
        "{{ \"names\": [\"clone\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{{ \"index\": 0, \"value\": {}, \"valueTwo\": 0, \"op\": \"SCMP_CMP_MASKED_EQ\" }}] }}",
        0x7E02_0000
    );
    // C libraries fall back to clone when clone3 does not exist (ENOSYS).
    let clone3 = "{ \"names\": [\"clone3\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38 }".to_owned();
    sockets.into_iter().chain(personalities).chain([clone, clone3]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_denies_ptrace_and_little_else() {
        let profile: serde_json::Value = serde_json::from_str(&deny_ptrace()).unwrap();
        assert_eq!(profile["defaultAction"], "SCMP_ACT_ERRNO");
        let mut names: Vec<&str> = profile["syscalls"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|rule| rule["names"].as_array().unwrap())
            .map(|name| name.as_str().unwrap())
            .collect();
        for denied in ["ptrace", "process_vm_readv", "process_vm_writev", "bpf", "mount", "unshare", "setns"]
        {
            assert!(!names.contains(&denied), "{denied}");
        }
        for needed in
            ["execve", "clone", "clone3", "futex", "mmap", "socket", "connect", "exit_group", "rseq"]
        {
            assert!(names.contains(&needed), "{needed}");
        }
        let first = profile["syscalls"][0]["names"].as_array().unwrap().len();
        names.truncate(first);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), first, "no name twice");
    }
}
