//! A seccomp profile that is what container runtimes allow by default, less what findings call for.
//!
//! A `Localhost` profile replaces the runtime's own, so a short list of denials would weaken a
//! container. This one allows what moby's default profile (2026-06) allows a container without added
//! capabilities. It is plain OCI: kubelet profiles do not interpret Docker's `includes` and `excludes`.

use std::fmt::Write;

use super::case::{Case, Offer, Served, Site};
use crate::mitigation::{File, Heading, Language, Mitigation};

/// Its path in the export, and below kubelet's folder of profiles.
pub const FILE: &str = "seccomp/restricted.json";
pub const KUBELET_PATH: &str = "profiles/restricted.json";

/// One name a word; the order is that of the file.
const ALLOWED: &str = include_str!("../../../data/seccomp_allowed.txt");

/// Something to deny beyond the default.
pub struct Denied {
    /// The control that asks for it.
    control: &'static str,
    /// The system calls that it is about.
    calls: &'static [&'static str],
    /// Rules under which they are still allowed: index of the argument, operator, value.
    unless: &'static [Condition],
    effect: &'static str,
    may_break: &'static str,
}

/// Which calls of `calls`, argument, operator, value; the second value of a masked comparison is 0.
type Condition = (&'static [&'static str], u8, &'static str, u64);

const CHMOD: &[&str] = &["chmod", "fchmod"];
const CHMOD_AT: &[&str] = &["fchmodat", "fchmodat2"];
/// `S_ISUID | S_ISGID`.
const SET_ID: u64 = 0o6000;

/// `AF_PACKET`.
const PACKET: u64 = 17;

static DENIED: [Denied; 4] = [
    Denied {
        control: "seccomp_ptrace",
        calls: &["ptrace", "process_vm_readv", "process_vm_writev"],
        unless: &[],
        effect: "Denies `ptrace`, `process_vm_readv` and `process_vm_writev` for every process in the container, whatever its user or \
             capabilities. `RuntimeDefault` alone does not: the default profiles of Docker and containerd allow ptrace on kernel 4.8 \
             and later, and Podman's and CRI-O's allow it always.",
        may_break: "Debuggers, `strace`, crash handlers and profilers in the container.",
    },
    Denied {
        control: "seccomp_packet_socket",
        calls: &["socket"],
        unless: &[],
        effect: "Denies `socket` with `AF_PACKET`, which `RuntimeDefault` leaves to the capability `NET_RAW`. 32-bit programs reach it \
             through `socketcall`, whose arguments seccomp cannot see.",
        may_break: "Packet captures and DHCP clients in the container.",
    },
    Denied {
        control: "seccomp_setid_mode",
        calls: &["chmod", "fchmod", "fchmodat", "fchmodat2"],
        unless: &[(CHMOD, 1, "MASKED_EQ", SET_ID), (CHMOD_AT, 2, "MASKED_EQ", SET_ID)],
        effect: "Denies `chmod` and its relatives with the setuid or setgid bit; other modes stay allowed. A file can still be created \
             with the bit (`open`, `mknod`).",
        may_break: "Package managers in the container.",
    },
    Denied {
        control: "seccomp_memfd",
        calls: &["memfd_create"],
        unless: &[],
        effect: "Denies `memfd_create`, so that no program runs from memory that it made this way. `RuntimeDefault` allows it.",
        may_break: "Programs that share memory this way, such as browsers, Wayland and some compilers.",
    },
];

impl Denied {
    /// The most direct of a case's controls that a profile of our own puts into effect.
    pub fn directness(case: &Case<'_>) -> Option<usize> {
        DENIED.iter().filter_map(|denied| case.directness_of(denied.control)).min()
    }
}

/// The profile for the cases in containers that call for one.
pub fn offer(cases: &[Case<'_>]) -> Option<Offer> {
    let here: Vec<Case<'_>> =
        cases.iter().filter(|case| matches!(case.site, Site::Pod | Site::Container)).copied().collect();
    let served = Served::of(&here, &Denied::directness);
    if served.is_empty() {
        return None;
    }
    let called_for = |denied: &&Denied| here.iter().any(|case| case.directness_of(denied.control).is_some());
    let denied: Vec<&Denied> = DENIED.iter().filter(called_for).collect();
    let effects: Vec<&str> = denied.iter().map(|denied| denied.effect).collect();
    let breaks: Vec<&str> = denied.iter().map(|denied| denied.may_break).collect();
    let in_pod = here.iter().any(|case| case.site == Site::Pod);
    let mitigation = Mitigation {
        id: "seccomp-profile".to_owned(),
        kind: "seccomp_profile",
        heading: Heading::Container,
        title: "Deny system calls with seccomp".into(),
        file: Some(File { name: FILE.to_owned(), language: Language::Json, content: profile(&denied) }),
        effect: format!(
            "{} Other system calls are as in Docker's default profile for a container without added capabilities, because a \
             `Localhost` profile replaces the runtime's and a bare list of denials would be weaker. It has no effect in a privileged \
             container.",
            effects.join(" ")
        ),
        table: Vec::new(),
        may_break: format!(
            "{} Programs that need a system call that only an added capability opens, such as `mount`. Try it on one workload first.",
            breaks.join(" ")
        )
        .into(),
        apply: if in_pod {
            "On every node, copy it to `/var/lib/kubelet/seccomp/profiles/restricted.json`; the patch refers to it by \
             `profiles/restricted.json`."
        } else {
            "Keep it where the option or the Compose file names it: Docker reads it when the container starts."
        }
        .into(),
        roll_back: "Set the container back to `RuntimeDefault`, then remove the file.".into(),
        afterwards: served.afterwards().into(),
        basis: served.basis(),
        proof: None,
    };
    Some(Offer { rank: served.rank, mitigation })
}

/// The profile as JSON.
fn profile(denied: &[&Denied]) -> String {
    let mut out = String::from(
        "{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n  \"defaultErrnoRet\": 1,\n  \"architectures\": [\n    \
         \"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\", \"SCMP_ARCH_AARCH64\", \"SCMP_ARCH_ARM\"\n  ],\n  \
         \"syscalls\": [\n    {\n      \"names\": [",
    );
    let is_denied = |name: &str| denied.iter().any(|denied| denied.calls.contains(&name));
    let mut separator = "";
    for line in ALLOWED.lines() {
        let names: Vec<String> =
            line.split(' ').filter(|name| !is_denied(name)).map(|name| format!("\"{name}\"")).collect();
        if !names.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(out, "{separator}\n        {}", names.join(", "));
            separator = ",";
        }
    }
    out.push_str("\n      ],\n      \"action\": \"SCMP_ACT_ALLOW\"\n    }");
    for (names, index, operator, value) in conditions(denied) {
        let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        let masked = if operator == "MASKED_EQ" { ", \"valueTwo\": 0" } else { "" };
        let _ = write!(
            out,
            ",\n    {{ \"names\": [{}], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{{ \"index\": {index}, \"value\": {value}{masked}, \
             \"op\": \"SCMP_CMP_{operator}\" }}] }}",
            names.join(", ")
        );
    }
    // C libraries fall back to clone when clone3 does not exist (ENOSYS).
    out.push_str(
        ",\n    { \"names\": [\"clone3\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38 }\n  ]\n}\n",
    );
    out
}

/// What is allowed with certain arguments. Runtimes want one condition an argument, so a hole in a range
/// is written as its parts.
fn conditions(denied: &[&Denied]) -> Vec<Condition> {
    let mut out: Vec<Condition> = Vec::new();
    // Every address family but AF_ALG (38) and AF_VSOCK (40).
    let (below, between) = if denied.iter().any(|denied| denied.calls.contains(&"socket")) {
        (PACKET, PACKET + 1..38)
    } else {
        (38, 38..38)
    };
    out.push((&["socket"], 0, "LT", below));
    out.extend(between.chain([39]).map(|family| -> Condition { (&["socket"], 0, "EQ", family) }));
    out.push((&["socket"], 0, "GT", 40));
    out.extend(
        [0, 8, 0x20000, 0x20008, 0xFFFF_FFFF]
            .map(|value| -> Condition { (&["personality"], 0, "EQ", value) }),
    );
    // No new namespaces: none of the CLONE_NEW* bits.
    out.push((&["clone"], 0, "MASKED_EQ", 0x7E02_0000));
    out.extend(denied.iter().flat_map(|denied| denied.unless));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a profile answers to a call with arguments.
    fn allows(profile: &serde_json::Value, name: &str, arguments: &[u64]) -> bool {
        let number = |value: &serde_json::Value| value.as_u64().unwrap_or_default();
        profile["syscalls"].as_array().unwrap().iter().any(|rule| {
            let named = rule["names"].as_array().unwrap().iter().any(|own| own == name);
            named
                && rule["action"] == "SCMP_ACT_ALLOW"
                && rule["args"].as_array().is_none_or(|args| {
                    let [arg] = args.as_slice() else { panic!("one condition an argument: {args:?}") };
                    let given = arguments[usize::try_from(number(&arg["index"])).unwrap()];
                    let value = number(&arg["value"]);
                    match arg["op"].as_str().unwrap() {
                        "SCMP_CMP_LT" => given < value,
                        "SCMP_CMP_EQ" => given == value,
                        "SCMP_CMP_GT" => given > value,
                        "SCMP_CMP_MASKED_EQ" => given & value == number(&arg["valueTwo"]),
                        other => panic!("{other}"),
                    }
                })
        })
    }

    #[test]
    fn a_profile_denies_what_is_called_for_and_nothing_else() {
        let everything: Vec<&Denied> = DENIED.iter().collect();
        let read = |denied: &[&Denied]| serde_json::from_str::<serde_json::Value>(&profile(denied)).unwrap();
        let (all, none) = (read(&everything), read(&[]));
        for (name, arguments, by_default, restricted) in [
            ("ptrace", [0, 0, 0], true, false),
            ("process_vm_readv", [0, 0, 0], true, false),
            ("memfd_create", [0, 0, 0], true, false),
            ("socket", [2, 0, 0], true, true),
            ("socket", [10, 0, 0], true, true),
            ("socket", [16, 0, 0], true, true),
            ("socket", [17, 3, 0], true, false),
            ("socket", [18, 0, 0], true, true),
            ("socket", [37, 0, 0], true, true),
            ("socket", [38, 0, 0], false, false),
            ("socket", [39, 0, 0], true, true),
            ("socket", [40, 0, 0], false, false),
            ("socket", [41, 0, 0], true, true),
            ("chmod", [0, 0o755, 0], true, true),
            ("chmod", [0, 0o4755, 0], true, false),
            ("fchmod", [0, 0o2755, 0], true, false),
            ("fchmodat", [0, 0o6000, 0o755], true, true),
            ("fchmodat", [0, 0, 0o6755], true, false),
            ("clone", [0, 0, 0], true, true),
            ("clone", [0x1000_0000, 0, 0], false, false),
            ("unshare", [0, 0, 0], false, false),
            ("mount", [0, 0, 0], false, false),
            ("bpf", [0, 0, 0], false, false),
            ("execve", [0, 0, 0], true, true),
            ("connect", [0, 0, 0], true, true),
        ] {
            assert_eq!(allows(&none, name, &arguments), by_default, "default: {name} {arguments:?}");
            assert_eq!(allows(&all, name, &arguments), restricted, "restricted: {name} {arguments:?}");
        }
    }

    #[test]
    fn a_profile_names_no_call_twice_without_arguments() {
        let profile: serde_json::Value = serde_json::from_str(&profile(&[])).unwrap();
        assert_eq!(profile["defaultAction"], "SCMP_ACT_ERRNO");
        let names = profile["syscalls"][0]["names"].as_array().unwrap();
        let mut distinct: Vec<&str> = names.iter().map(|name| name.as_str().unwrap()).collect();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), names.len());
    }
}
