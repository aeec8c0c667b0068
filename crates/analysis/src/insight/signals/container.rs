//! The container: whose image it is, and how close to the host it stands.

use super::Written::{ByDeployer, ByKernel, ByProcess};
use super::images;
use super::mark::Test::{Contains, Fits, Is, Known};
use super::mark::When::{Has, Lacks, Rule};
use super::mark::{Mark, benign, context, doubt, malice};
use super::paths::EXECUTABLE;
use super::program::STARTS;
use super::shell::{commands, is_program, runs_code};

const IMAGE: &[&str] = &["container.image.repository"];
const TERMINAL: &[&str] = &["proc.tty"];
const NAMESPACE: &[&str] = &["k8s.ns.name"];

/// Namespaces that clusters keep for themselves.
const SYSTEM_NAMESPACES: &[&str] = &[
    "kube-system",
    "calico-system",
    "tigera-operator",
    "cilium",
    "kube-flannel",
    "metallb-system",
    "longhorn-system",
];

/// Namespaces that agents are usually installed in.
const AGENT_NAMESPACES: &[&str] = &[
    "kube-system",
    "monitoring",
    "prometheus",
    "logging",
    "observability",
    "falco",
    "datadog",
    "amazon-cloudwatch",
];

/// Rules that a component of a node trips by its work.
const NODE_WORK: &[&str] = &[
    "Contact K8S API Server From Container",
    "Contact EC2 Instance Metadata Service From Container",
    "Contact cloud metadata service from container",
    "Mount Launched in Privileged Container",
    "Packet socket created in container",
    "Container Access to Host Sensitive Paths",
    "Privileged Container Device Access",
    "BPF Program Not Profiled",
    "Network Connection outside Local Subnet",
    "Unexpected UDP Traffic",
];

/// Rules that a builder of software trips by its work.
const BUILD_WORK: &[&str] = &[
    "Drop and execute new binary in container",
    "Launch Package Management Process in Container",
    "Launch Ingress Remote File Copy Tools in Container",
    "Container Drift Detected (chmod)",
    "Container Drift Detected (open+create)",
];

/// What no component of a node runs by itself once it has started.
const HANDS: &[&str] =
    &["curl", "wget", "nc", "ncat", "netcat", "socat", "nmap", "kubectl", "ssh", "tcpdump"];

pub const MARKS: &[Mark] = &[
    benign(
        "system_container_starts",
        60,
        ByDeployer,
        &[
            Rule(STARTS),
            Has(IMAGE, Fits(images::is_node)),
            Has(NAMESPACE, Is(SYSTEM_NAMESPACES)),
            Has(TERMINAL, Is(&["0"])),
        ],
        "{} in {} is a component of the cluster that needs such rights",
    ),
    benign(
        "system_container_works",
        60,
        ByDeployer,
        &[
            Rule(NODE_WORK),
            Has(IMAGE, Fits(images::is_node)),
            Has(NAMESPACE, Is(SYSTEM_NAMESPACES)),
            Has(EXECUTABLE, Known),
            Has(TERMINAL, Is(&["0"])),
        ],
        "{} in {} is a component of the cluster that trips this rule by design; the program is {}",
    ),
    benign(
        "agent_container_starts",
        60,
        ByDeployer,
        &[
            Rule(STARTS),
            Has(IMAGE, Fits(images::is_monitoring)),
            Has(NAMESPACE, Is(AGENT_NAMESPACES)),
            Has(TERMINAL, Is(&["0"])),
        ],
        "{} in {} is an agent that watches its node by design",
    ),
    benign(
        "builder_works",
        60,
        ByDeployer,
        &[
            Rule(BUILD_WORK),
            Has(IMAGE, Fits(images::is_build)),
            Has(EXECUTABLE, Known),
            Has(TERMINAL, Is(&["0"])),
        ],
        "{} builds software, so that it installs and runs programs; this one is {}",
    ),
    malice(
        "hands_in_system_container",
        20,
        ByKernel,
        &[
            Has(IMAGE, Fits(images::is_system)),
            Has(&["proc.exepath", "proc.name"], Fits(is_by_hand)),
            Lacks(&["rule"], Is(STARTS)),
        ],
        "{} is there for one program of its own, and {} is a tool for anything",
    ),
    malice(
        "enters_the_host",
        50,
        ByProcess,
        &[Has(&["container.id"], Fits(is_container)), Has(&["proc.cmdline"], Fits(is_entering_the_host))],
        "from container {}, {} enters the namespaces of the host's first process",
    ),
    context(
        "privileged_container",
        ByDeployer,
        &[Has(&["container.privileged"], Is(&["true"]))],
        "{} means that seccomp, AppArmor and capability limits do not hold in this container",
    ),
    context(
        "shares_the_hosts_namespaces",
        ByDeployer,
        &[Has(&["container.host_pid", "container.host_network", "container.host_ipc"], Is(&["true"]))],
        "{} means that the container shares a namespace with the host",
    ),
    context(
        "mounts_the_host",
        ByDeployer,
        &[Has(&["container.mounts"], Fits(is_mount_of_root))],
        "{} mounts the root folder of the host",
    ),
    context(
        "administrator_of_the_kernel",
        ByDeployer,
        &[Has(&["thread.cap_effective", "thread.cap_permitted"], Contains(&["CAP_SYS_ADMIN"]))],
        "{} is close to being root on the host",
    ),
    doubt(
        "unknown_image",
        10,
        &[Has(&["container.id"], Fits(is_container)), Lacks(IMAGE, Known)],
        "the alert does not tell the image of container {}",
    ),
];

fn is_container(id: &str) -> bool {
    id != "host"
}

fn is_by_hand(program: &str) -> bool {
    runs_code(program) || is_program(program, HANDS)
}

/// `nsenter -t 1`.
fn is_entering_the_host(line: &str) -> bool {
    line.contains("nsenter")
        && commands(line).any(|words| {
            let first = words.first().is_some_and(|first| is_program(first, &["nsenter"]));
            let target = |pair: &[&str]| matches!(pair, ["-t" | "--target", "1"]);
            first
                && (words.windows(2).any(target)
                    || words.iter().any(|word| matches!(*word, "-t1" | "--target=1")))
        })
}

/// `SOURCE:DESTINATION:MODE:…`, several separated by commas.
fn is_mount_of_root(mounts: &str) -> bool {
    mounts.split(',').any(|mount| mount.starts_with("/:"))
}
