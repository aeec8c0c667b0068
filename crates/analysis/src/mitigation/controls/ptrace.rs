//! What stops or limits ptrace: a security context, a seccomp profile, Yama.
//!
//! Facts: moby's and containerd's default seccomp profiles (ptrace allowed from kernel 4.8 on), the
//! kernel's `Documentation/admin-guide/LSM/Yama.rst` and `security/yama/yama_lsm.c`.

use std::borrow::Cow;

use super::seccomp;
use crate::insight::{Group, Place};
use crate::mitigation::{File, Heading, Language, Mitigation, Plan};

const STILL_ALERTS: &str = "Falco still alerts, now on attempts that fail: the rule looks at the request and not at its \
     result, and the kernel reports a refused call too.";

/// Adds what applies to these groups of the rule "PTRACE attached to process".
pub fn propose(groups: &[&Group], plan: &mut Plan) {
    let basis = |place: fn(Place) -> bool| -> Vec<String> {
        groups.iter().filter(|group| place(group.actor.place)).map(|group| group.id.clone()).collect()
    };
    let contained = basis(|place| place == Place::Container);
    if contained.is_empty() {
        let reason = if groups.iter().all(|group| group.actor.place == Place::Host) {
            "For ptrace, no container setting applies: `container.id` is `host` in every alert, so the process ran directly on the host."
        } else {
            "For ptrace, no container setting is offered: no alert names the container that the process ran in (`container.id`)."
        };
        plan.withheld.push((Heading::Container, reason.to_owned()));
    } else {
        let in_pod = groups.iter().any(|group| group.example.field_text("k8s.pod.name").is_some());
        plan.mitigations.push(if in_pod { pod_patch(&contained) } else { compose_override(&contained) });
        plan.mitigations.push(seccomp_profile(&contained, in_pod));
    }
    plan.mitigations.push(yama(groups.iter().map(|group| group.id.clone()).collect()));
}

const DROPPING_SYS_PTRACE: &str = "Dropping `SYS_PTRACE` stops tracing of processes that run as another user or that forbid it (are not \
     dumpable), and takes away the way around Yama. It does not stop tracing of processes of the same user in the same \
     container, and it changes nothing where the capability was never added: it is not in the default set.";

fn pod_patch(basis: &[String]) -> Mitigation {
    let content = "# Patch for a Deployment, DaemonSet or StatefulSet. Give initContainers the same securityContext.\n\
         # The alerts do not name the workload's containers: put the name in, or the API server refuses the patch.\n\
         spec:\n  template:\n    spec:\n      hostPID: false\n      shareProcessNamespace: false\n      containers:\n        \
         - name: REPLACE-WITH-CONTAINER-NAME\n          securityContext:\n            privileged: false\n            \
         capabilities:\n              drop: [\"SYS_PTRACE\"]\n            seccompProfile:\n              type: Localhost\n              \
         localhostProfile: profiles/deny-ptrace.json\n";
    Mitigation {
        id: "ptrace-pod-patch".to_owned(),
        kind: "kubernetes_security_context",
        heading: Heading::Container,
        title: "Take the means to trace away from the pod".into(),
        file: Some(File {
            name: "kubernetes/deny-ptrace.patch.yaml".to_owned(),
            language: Language::Yaml,
            content: content.to_owned(),
        }),
        effect: format!(
            "Without `hostPID` and `shareProcessNamespace`, processes of the host and of the pod's other containers are out of reach. \
             {DROPPING_SYS_PTRACE} `privileged: false` matters because seccomp and capability limits do not hold in a privileged container."
        ),
        table: Vec::new(),
        may_break: "Debuggers, profilers and crash handlers in the pod; sidecars that watch their neighbours' processes.".into(),
        apply: "Put the seccomp profile on the nodes first (below): a container whose profile is missing does not start. Then \
             `kubectl -n NAMESPACE patch deployment NAME --patch-file kubernetes/deny-ptrace.patch.yaml`.".into(),
        roll_back: "`kubectl -n NAMESPACE rollout undo deployment NAME`.".into(),
        afterwards: STILL_ALERTS.into(),
        basis: basis.to_vec(),
        proof: None,
    }
}

fn compose_override(basis: &[String]) -> Mitigation {
    let content = "# Merge with: docker compose -f compose.yaml -f deny-ptrace.yaml up -d\n\
         # The alerts do not name the service: put the name in, or Compose refuses the file.\n\
         services:\n  REPLACE-WITH-SERVICE-NAME:\n    privileged: false\n    cap_drop: [\"SYS_PTRACE\"]\n    \
         security_opt: [\"seccomp=./seccomp/deny-ptrace.json\"]\n";
    Mitigation {
        id: "ptrace-compose-override".to_owned(),
        kind: "docker_compose",
        heading: Heading::Container,
        title: "Take the means to trace away from the container".into(),
        file: Some(File {
            name: "deny-ptrace.yaml".to_owned(),
            language: Language::Yaml,
            content: content.to_owned(),
        }),
        effect: format!(
            "For Docker, because the alerts name a container but no pod. {DROPPING_SYS_PTRACE} Also see that the container is not \
             started with `--pid=host`, which puts every process of the host in reach. `privileged: false` matters because \
             seccomp and capability limits do not hold in a privileged container."
        ),
        table: Vec::new(),
        may_break: "Debuggers, profilers and crash handlers in the container.".into(),
        apply: "With Compose, as the file says. Without: `docker run --cap-drop SYS_PTRACE --security-opt \
             seccomp=seccomp/deny-ptrace.json …`."
            .into(),
        roll_back: "Start the container without the file or the options.".into(),
        afterwards: STILL_ALERTS.into(),
        basis: basis.to_vec(),
        proof: None,
    }
}

fn seccomp_profile(basis: &[String], in_pod: bool) -> Mitigation {
    Mitigation {
        id: "ptrace-seccomp".to_owned(),
        kind: "seccomp_profile",
        heading: Heading::Container,
        title: "Deny ptrace with seccomp".into(),
        file: Some(File {
            name: "seccomp/deny-ptrace.json".to_owned(),
            language: Language::Json,
            content: seccomp::deny_ptrace(),
        }),
        effect: "Denies `ptrace`, `process_vm_readv` and `process_vm_writev` for every process in the container, whatever its user or \
             capabilities. `RuntimeDefault` alone does not: the default profiles of Docker and containerd allow ptrace on kernel 4.8 \
             and later, and Podman's and CRI-O's allow it always. Other system calls are as in Docker's default profile for a container \
             without added capabilities, because a `Localhost` profile replaces the runtime's and a bare list of denials would be weaker. \
             It has no effect in a privileged container."
            .to_owned(),
        table: Vec::new(),
        may_break: "Debuggers, `strace`, crash handlers and profilers in the container; programs that need a system call that only an added \
             capability opens, such as `mount`. Try it on one workload first.".into(),
        apply: if in_pod {
            "On every node, copy it to `/var/lib/kubelet/seccomp/profiles/deny-ptrace.json`; the patch above refers to it by \
             `profiles/deny-ptrace.json`."
        } else {
            "Keep it where the option or the Compose file names it: Docker reads it when the container starts."
        }
        .into(),
        roll_back: "Set the container back to `RuntimeDefault`, then remove the file.".into(),
        afterwards: STILL_ALERTS.into(),
        basis: basis.to_vec(),
        proof: None,
    }
}

fn yama(basis: Vec<String>) -> Mitigation {
    let content = "# 0 = any process of the same user, 1 = own descendants, 2 = only with CAP_SYS_PTRACE, 3 = none until reboot.\n\
         kernel.yama.ptrace_scope = 1\n";
    let row = |value: &'static str, attach: &'static str, traceme: &'static str| -> Vec<Cow<'static, str>> {
        vec![value.into(), attach.into(), traceme.into()]
    };
    Mitigation {
        id: "ptrace-yama".to_owned(),
        kind: "sysctl",
        heading: Heading::Host,
        title: "Restrict ptrace with Yama".into(),
        file: Some(File {
            name: "sysctl.d/60-ptrace-scope.conf".to_owned(),
            language: Language::Conf,
            content: content.to_owned(),
        }),
        effect: "Limits who may attach to whom, on the whole host and in every container on it. It is not part of a namespace, so a pod's \
             `securityContext.sysctls` cannot set it. With 1, a process may still attach to its own descendants, as Falco's \
             event-generator does."
            .to_owned(),
        table: vec![
            row("`kernel.yama.ptrace_scope`", "who may attach", "may a child ask to be traced (`PTRACE_TRACEME`)"),
            row("`0`", "any process of the same user", "yes"),
            row("`1`", "an ancestor, a process that the target named (`PR_SET_PTRACER`), or one with `CAP_SYS_PTRACE`", "yes"),
            row("`2`", "only a process with `CAP_SYS_PTRACE`", "only if its parent has `CAP_SYS_PTRACE`"),
            row("`3`", "nobody; cannot be changed until reboot", "no"),
        ],
        may_break: "With 1: attaching a debugger to a running process as an ordinary user, some crash handlers, profilers and `strace` \
             sidecars. With 2 and 3: more of them.".into(),
        apply: "On each host, copy it to `/etc/sysctl.d/` and run `sysctl --system`. The kernel must have Yama: \
             `/proc/sys/kernel/yama` exists.".into(),
        roll_back: "Remove the file and run `sysctl kernel.yama.ptrace_scope=0`; 3 stays until reboot.".into(),
        afterwards: STILL_ALERTS.into(),
        basis,
        proof: None,
    }
}
