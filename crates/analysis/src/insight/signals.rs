//! Named observations over an alert's fields, each with a direction and a weight.
//!
//! What a process writes about itself (its name, its command line, the paths it chose) proves nothing
//! in its favour: anyone can call a program `event-generator`. What the deployer sets (image,
//! namespace) is harder to forge, though not for someone who can start containers.

use crate::alert::{Alert, Value};

/// Which reading a signal supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// A test tool at work.
    Test,
    /// An attack.
    Malice,
    /// Ordinary work.
    Benign,
    /// Neither; context that a reader wants.
    Context,
}

/// Who chose the value that a signal rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The process itself; forgeable.
    ByProcess,
    /// Whoever deployed the workload.
    ByDeployer,
    /// The kernel.
    ByKernel,
}

/// A signal that fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// Its name, as the JSON report spells it; never renamed.
    pub name: &'static str,
    /// Which reading it supports.
    pub direction: Direction,
    /// How strongly, 0 to 100.
    pub weight: i32,
    /// Who chose the value.
    pub written: Written,
    /// The field it rests on.
    pub field: String,
    /// The value of that field, as the alert has it.
    pub value: String,
    /// What it means: "… is the name of a test tool", to follow field and value.
    pub meaning: &'static str,
}

/// Whether the alert says that Falco lost events.
pub fn is_event_drop(alert: &Alert) -> bool {
    alert.rule().starts_with("Falco internal: syscall event drop")
}

/// Whether the alert names the program that acted, in a form that Falco could resolve.
pub fn has_identity(alert: &Alert) -> bool {
    let known = |name| alert.field_text(name).is_some_and(|text| text != "<NA>");
    known("proc.exepath") || alert.source().is_some_and(|source| source != "syscall")
}

/// All signals of one alert.
pub fn collect(alert: &Alert) -> Vec<Signal> {
    let mut found = Vec::new();
    test_markers(alert, &mut found);
    program_origin(alert, &mut found);
    circumstances(alert, &mut found);
    found
}

/// Names that event-generator's processes bear; the kernel cuts process names at 15 bytes.
const TEST_PROCESSES: [&str; 2] = ["event-generator", "falco-event-gen"];
const TEST_COMMANDS: [&str; 4] =
    ["event-generator run", "run ^helper.", "run ^syscall.", "run helper.DoNothing"];
const TEST_FILES: &str = "falco-event-generator-syscall-";
const TEST_IMAGE: &str = "falcosecurity/event-generator";
const TEST_NAMESPACE: &str = "event-generator";

fn test_markers(alert: &Alert, found: &mut Vec<Signal>) {
    let mut fire = |name, weight, written, (field, value): (&str, &str), meaning| {
        let direction = Direction::Test;
        found.push(Signal {
            name,
            direction,
            weight,
            written,
            field: field.into(),
            value: value.into(),
            meaning,
        });
    };
    let texts = || alert.fields().filter_map(|(name, value)| Some((name, value.as_str()?)));
    if let Some(image) = text(alert, "container.image.repository").filter(|(_, image)| is_test_image(image)) {
        let meaning = "is the image of Falco's test tool; whoever starts the container chooses it";
        fire("test_image", 50, Written::ByDeployer, image, meaning);
    }
    if let Some(namespace) = text(alert, "k8s.ns.name").filter(|(_, name)| *name == TEST_NAMESPACE) {
        let meaning = "is the namespace that the test tool is usually installed in";
        fire("test_namespace", 25, Written::ByDeployer, namespace, meaning);
    }
    let lineage = |name: &str| name == "proc.name" || name == "proc.pname" || name.starts_with("proc.aname");
    let process = texts()
        .find(|(name, value)| lineage(name) && value.split(' ').any(|word| TEST_PROCESSES.contains(&word)));
    if let Some(process) = process {
        let meaning = "is the name of Falco's test tool; any process can take it";
        fire("test_process_name", 20, Written::ByProcess, process, meaning);
    }
    let command = texts().find(|(name, value)| {
        matches!(*name, "proc.cmdline" | "proc.pcmdline")
            && TEST_COMMANDS.iter().any(|part| value.contains(part))
    });
    if let Some(command) = command {
        let meaning = "is how the test tool is started; any process can write it";
        fire("test_command_line", 10, Written::ByProcess, command, meaning);
    }
    if let Some(path) = texts().find(|(_, value)| value.contains(TEST_FILES)) {
        let meaning = "has the name of the test tool's temporary files; any process can write it";
        fire("test_file_name", 15, Written::ByProcess, path, meaning);
    }
}

fn is_test_image(repository: &str) -> bool {
    repository.strip_suffix(TEST_IMAGE).is_some_and(|registry| registry.is_empty() || registry.ends_with('/'))
}

fn program_origin(alert: &Alert, found: &mut Vec<Signal>) {
    let mut fire = |name, weight, (field, value): (&str, &str), meaning| {
        let (direction, written) = (Direction::Malice, Written::ByKernel);
        found.push(Signal {
            name,
            direction,
            weight,
            written,
            field: field.into(),
            value: value.into(),
            meaning,
        });
    };
    if let Some(path) = text(alert, "proc.exepath") {
        let (_, at) = path;
        if at.contains("memfd:runc_cloned") {
            fire(
                "runs_from_memory_as_runc",
                20,
                path,
                "is how runc runs itself to start a container, a name that others can take",
            );
        } else if at.starts_with("memfd:") || at.starts_with("/memfd:") {
            fire("runs_from_memory", 60, path, "is a program that exists only in memory");
        } else if at.ends_with(" (deleted)") {
            fire("runs_deleted_file", 40, path, "is a program whose file was deleted");
        } else if ["/tmp/", "/var/tmp/", "/dev/shm/"].iter().any(|folder| at.starts_with(folder)) {
            fire("runs_from_temporary_folder", 35, path, "is in a folder that every user can write to");
        }
    }
    let flags = text(alert, "evt.arg.flags")
        .filter(|(_, flags)| flags.split('|').any(|flag| flag == "EXE_UPPER_LAYER"));
    if let Some(flags) = flags {
        fire("not_in_image", 25, flags, "says that the program was not part of the container's image");
    } else if alert.field("proc.is_exe_upper_layer") == Some(&Value::Bool(true)) {
        let value = ("proc.is_exe_upper_layer", "true");
        fire("not_in_image", 25, value, "says that the program was not part of the container's image");
    }
}

fn circumstances(alert: &Alert, found: &mut Vec<Signal>) {
    let terminal = alert.field("proc.tty").and_then(Value::as_i64).filter(|number| *number > 0);
    if let Some(number) = terminal {
        found.push(Signal {
            name: "terminal",
            direction: Direction::Context,
            weight: 5,
            written: Written::ByKernel,
            field: "proc.tty".into(),
            value: number.to_string(),
            meaning: "is a terminal, so a person may have typed the command",
        });
    }
    if alert.field("container.privileged") == Some(&Value::Bool(true)) {
        found.push(Signal {
            name: "privileged_container",
            direction: Direction::Context,
            weight: 10,
            written: Written::ByDeployer,
            field: "container.privileged".into(),
            value: "true".into(),
            meaning: "means that seccomp, AppArmor and capability limits do not hold in this container",
        });
    }
}

fn text<'a>(alert: &'a Alert, field: &'static str) -> Option<(&'static str, &'a str)> {
    alert.field_text(field).map(|value| (field, value))
}
