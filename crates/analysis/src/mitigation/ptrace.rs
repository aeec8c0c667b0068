//! What bears on the rule "PTRACE attached to process".
//!
//! Facts: moby's and containerd's default seccomp profiles (ptrace allowed from kernel 4.8 on), the
//! kernel's `Documentation/admin-guide/LSM/Yama.rst` and `security/yama/yama_lsm.c`, Falco's
//! `falco_rules.yaml` (macro `known_ptrace_procs`, used by this rule alone).

use super::falco::{self, Selector};
use super::{File, Heading, Language, Mitigation, Plan, Proof, seccomp};
use crate::insight::{Class, Group, Place};

/// The rule's name.
pub const RULE: &str = "PTRACE attached to process";

const STILL_ALERTS: &str = "Falco still alerts, now on attempts that fail: the rule looks at the request and not at its \
     result, and the kernel reports a refused call too.";

/// Adds what applies to these groups of the rule.
pub fn propose(groups: &[&Group], plan: &mut Plan) {
    plan.mitigations.push(fuller_output(groups.iter().map(|group| group.id.clone()).collect()));
    tuning(groups, plan);
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

/// The request, its result and the target are parameters of the event, but the shipped output prints
/// none of them.
fn fuller_output(basis: Vec<String>) -> Mitigation {
    let content = format!(
        "# Falco output for the rule \"{RULE}\", made by Falco Report.\n\
         # Appends to the shipped output. Load it after falco_rules.yaml; to roll back, remove this file and restart Falco.\n\
         - rule: {RULE}\n  output: \"| request=%evt.arg.request result=%evt.res target=%evt.arg.pid\"\n  \
         override:\n    output: append\n"
    );
    Mitigation {
        id: "ptrace-falco-output".to_owned(),
        kind: "falco_output_override",
        heading: Heading::Configuration,
        title: "Let Falco tell the request, its result and the target",
        file: Some(File { name: "falco/ptrace_output.yaml".to_owned(), language: Language::Yaml, content }),
        effect: "Prevents nothing, and hides nothing: the next alert of this rule also says which request it was, whether the \
             kernel allowed it, and the name of the target process (its PID where Falco does not know the name), which is what this \
             alert leaves open."
            .to_owned(),
        table: Vec::new(),
        may_break: "Programs that parse the `output` text of this rule; the names in `output_fields` stay.",
        apply: APPLY_FALCO,
        roll_back: ROLL_BACK_FALCO,
        afterwards: "Falco alerts as before, with three more fields.",
        basis,
        proof: None,
    }
}

const APPLY_FALCO: &str = "Copy it to Falco's `rules.d` folder, or list it in `rules_files` after `falco_rules.yaml`; needs Falco \
     0.37 or later. Check it first with `falco -V falco_rules.yaml -V FILE`.";
const ROLL_BACK_FALCO: &str = "Remove the file and restart Falco.";

fn tuning(groups: &[&Group], plan: &mut Plan) {
    let mut withhold = |reason: &str| {
        let entry = (Heading::Configuration, reason.to_owned());
        if !plan.withheld.contains(&entry) {
            plan.withheld.push(entry);
        }
    };
    let (mut selectors, mut wanted): (Vec<Selector>, Vec<&Group>) = (Vec::new(), Vec::new());
    for group in groups {
        match group.verdict.class {
            Class::LikelyMalicious => {
                withhold(
                    "No tuning is offered for what is judged likely malicious: it would hide an attack.",
                );
                continue;
            }
            Class::TestActivity if groups.len() > 1 => {
                withhold(
                    "Test activity is left out of tuning: a rule that ignores the test can no longer be tested.",
                );
                continue;
            }
            _ => {}
        }
        let selector = match Selector::of(&group.actor) {
            Ok(selector) => selector,
            Err(missing) => {
                withhold(missing.reason());
                continue;
            }
        };
        let hides_attack = groups.iter().any(|other| {
            other.verdict.class == Class::LikelyMalicious && selector.matches(&other.actor) != Some(false)
        });
        if hides_attack {
            withhold(
                "No tuning is offered for a program and image that also raised an alert judged likely malicious.",
            );
            continue;
        }
        if !selectors.contains(&selector) {
            selectors.push(selector);
        }
        wanted.push(*group);
    }
    if selectors.is_empty() {
        return;
    }
    let proof = falco::prove(&selectors, &wanted, groups);
    let basis: Vec<String> = wanted.iter().map(|group| group.id.clone()).collect();
    let content = tuning_file(&selectors, &proof, &basis);
    plan.mitigations.push(Mitigation {
        id: "ptrace-falco-tuning".to_owned(),
        kind: "falco_macro_override",
        heading: Heading::Configuration,
        title: "Tune Falco: known tracers",
        file: Some(File { name: "falco/known_ptrace_procs.yaml".to_owned(), language: Language::Yaml, content }),
        effect: format!(
            "Prevents nothing: it only silences the alert, so apply it only once you know that this tracing is expected. \
             It extends upstream's own hook, the macro `known_ptrace_procs`, by executable path together with {}. \
             To hide in it, an attacker would have to run a program at that very path {}, for example by \
             making the known program do the tracing.{}",
            places(&wanted, "the image", "the host"),
            places(&wanted, "in a container of that image", "on a host"),
            if wanted.iter().any(|group| group.verdict.class == Class::TestActivity) {
                " For a test it is better left out: a rule that ignores the test can no longer be tested."
            } else {
                ""
            },
        ),
        table: Vec::new(),
        may_break: "Nothing is blocked. Real attacks that look exactly like this would go unseen.",
        apply: APPLY_FALCO,
        roll_back: ROLL_BACK_FALCO,
        afterwards: "Falco no longer alerts on what the proof lists as hidden.",
        basis,
        proof: Some(proof),
    });
}

fn places(groups: &[&Group], image: &str, host: &str) -> String {
    let on_host = |group: &&Group| group.actor.place == Place::Host;
    match (groups.iter().any(on_host), groups.iter().all(on_host)) {
        (_, true) => host.to_owned(),
        (true, false) => format!("{image} or {host}"),
        (false, false) => image.to_owned(),
    }
}

/// The comments hold our words, counts and hashes, never an alert's value.
fn tuning_file(selectors: &[Selector], proof: &Proof, basis: &[String]) -> String {
    let conditions: String =
        selectors.iter().map(|selector| format!("    or {}\n", selector.condition())).collect();
    format!(
        "# Falco tuning for the rule \"{RULE}\", made by Falco Report.\n\
         # It extends upstream's macro known_ptrace_procs, which no other shipped rule uses.\n\
         # Proof over the loaded alerts of that rule: hides {hidden}, also hides {also} that were not meant,\n\
         # keeps {kept}, undecided {undecided}.\n\
         # Rests on: {basis}\n\
         # Load it after falco_rules.yaml. To roll back, remove this file and restart Falco.\n\
         - macro: known_ptrace_procs\n  condition: >\n{conditions}  override:\n    condition: append\n",
        hidden = proof.hides_total,
        also = proof.also_hides_total,
        kept = proof.keeps_total,
        undecided = proof.undecided_total,
        basis = basis.join(" "),
    )
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
        title: "Take the means to trace away from the pod",
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
        may_break: "Debuggers, profilers and crash handlers in the pod; sidecars that watch their neighbours' processes.",
        apply: "Put the seccomp profile on the nodes first (below): a container whose profile is missing does not start. Then \
             `kubectl -n NAMESPACE patch deployment NAME --patch-file kubernetes/deny-ptrace.patch.yaml`.",
        roll_back: "`kubectl -n NAMESPACE rollout undo deployment NAME`.",
        afterwards: STILL_ALERTS,
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
        title: "Take the means to trace away from the container",
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
        may_break: "Debuggers, profilers and crash handlers in the container.",
        apply: "With Compose, as the file says. Without: `docker run --cap-drop SYS_PTRACE --security-opt \
             seccomp=seccomp/deny-ptrace.json …`.",
        roll_back: "Start the container without the file or the options.",
        afterwards: STILL_ALERTS,
        basis: basis.to_vec(),
        proof: None,
    }
}

fn seccomp_profile(basis: &[String], in_pod: bool) -> Mitigation {
    Mitigation {
        id: "ptrace-seccomp".to_owned(),
        kind: "seccomp_profile",
        heading: Heading::Container,
        title: "Deny ptrace with seccomp",
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
             capability opens, such as `mount`. Try it on one workload first.",
        apply: if in_pod {
            "On every node, copy it to `/var/lib/kubelet/seccomp/profiles/deny-ptrace.json`; the patch above refers to it by \
             `profiles/deny-ptrace.json`."
        } else {
            "Keep it where the option or the Compose file names it: Docker reads it when the container starts."
        },
        roll_back: "Set the container back to `RuntimeDefault`, then remove the file.",
        afterwards: STILL_ALERTS,
        basis: basis.to_vec(),
        proof: None,
    }
}

fn yama(basis: Vec<String>) -> Mitigation {
    let content = "# 0 = any process of the same user, 1 = own descendants, 2 = only with CAP_SYS_PTRACE, 3 = none until reboot.\n\
         kernel.yama.ptrace_scope = 1\n";
    let row = |value, attach, traceme| vec![value, attach, traceme];
    Mitigation {
        id: "ptrace-yama".to_owned(),
        kind: "sysctl",
        heading: Heading::Host,
        title: "Restrict ptrace with Yama",
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
             sidecars. With 2 and 3: more of them.",
        apply: "On each host, copy it to `/etc/sysctl.d/` and run `sysctl --system`. The kernel must have Yama: \
             `/proc/sys/kernel/yama` exists.",
        roll_back: "Remove the file and run `sysctl kernel.yama.ptrace_scope=0`; 3 stays until reboot.",
        afterwards: STILL_ALERTS,
        basis,
        proof: None,
    }
}
