//! Marks of the tools that raise Falco's alerts on purpose, and Falco's own records.

use super::Written::{ByDeployer, ByProcess, ByService};
use super::images;
use super::mark::Test::{Begins, Contains, Fits, Is};
use super::mark::When::{Has, Rule};
use super::mark::{Mark, blindness, test};

/// Names that event-generator's processes bear; the kernel cuts process names at 15 bytes.
const PROCESSES: &[&str] = &["event-generator", "falco-event-gen"];

/// How event-generator is started, and how it starts itself under another name.
const COMMANDS: &[&str] = &["event-generator run", "run ^helper.", "run ^syscall.", "run helper.DoNothing"];

/// How the names of its temporary files and folders begin.
const FILES: &[&str] = &["falco-event-generator-syscall-"];

/// Its usual namespace.
const NAMESPACES: &[&str] = &["event-generator"];

/// What it calls the Kubernetes objects that it makes.
const OBJECTS: &[&str] = &[
    "privileged-deployment",
    "hostnetwork-deployment",
    "sensitive-mount-deployment",
    "disallowed-pod-deployment",
    "nodeport-service",
    "private-creds-configmap",
    "pod-exec-role",
    "wildcard-resources-role",
    "write-privileges-role",
];

pub const MARKS: &[Mark] = &[
    test(
        "test_image",
        50,
        ByDeployer,
        &[Has(&["container.image.repository"], Fits(images::is_test_tool))],
        "{} is the image of Falco's test tool; whoever starts the container chooses it",
    ),
    test(
        "test_image_copy",
        25,
        ByDeployer,
        &[Has(&["container.image.repository"], Fits(images::is_copy_of_test_tool))],
        "{} has the name of the test tool's image, in another registry",
    ),
    test(
        "test_namespace",
        25,
        ByDeployer,
        &[Has(&["k8s.ns.name"], Is(NAMESPACES))],
        "{} is the namespace that the test tool is usually installed in",
    ),
    test(
        "test_process_name",
        20,
        ByProcess,
        &[Has(&["proc.name", "proc.pname", "proc.aname*"], Fits(names_the_tool))],
        "{} is the name of Falco's test tool; any process can take it",
    ),
    test(
        "test_command_line",
        10,
        ByProcess,
        &[Has(&["proc.cmdline", "proc.pcmdline"], Contains(COMMANDS))],
        "{} is how the test tool is started; any process can write it",
    ),
    test(
        "test_file_name",
        15,
        ByProcess,
        &[Has(&["fd.name*", "fs.path*", "evt.arg*", "proc.*"], Contains(FILES))],
        "{} has the name of the test tool's temporary files; any process can write it",
    ),
    test(
        "test_object_name",
        10,
        ByProcess,
        &[Has(&["ka.target.name"], Fits(names_an_object))],
        "{} is a name that the test tool gives to what it makes; anyone can choose it",
    ),
    test(
        "test_object_namespace",
        10,
        ByProcess,
        &[Has(&["ka.target.namespace"], Is(NAMESPACES))],
        "{} is the namespace that the test tool is usually installed in; whoever acted chose it",
    ),
    test(
        "test_of_the_outputs",
        50,
        ByService,
        &[Rule(&["Test rule"]), Has(&["proc.name"], Is(&["falcosidekick"]))],
        "{} is what Falcosidekick writes when it tries its own outputs",
    ),
    blindness(
        "event_drop",
        &[Has(&["rule"], Begins(&["Falco internal: syscall event drop"]))],
        "{}: Falco lost events",
    ),
];

fn names_the_tool(names: &str) -> bool {
    names.split(' ').any(|name| PROCESSES.contains(&name))
}

fn names_an_object(name: &str) -> bool {
    name.starts_with("vanilla-") || OBJECTS.contains(&name)
}
