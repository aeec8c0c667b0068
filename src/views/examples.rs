//! Alerts to try the app with.

/// An example that comes with the app.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// For tests.
    pub id: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What to look for.
    pub about: &'static str,
    /// Its file name.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// One alert, a few, and a file with damage.
pub const EXAMPLES: [Example; 3] = [
    Example {
        id: "example-1",
        title: "A ptrace attach",
        about: "One alert from a pod that tests Falco. Is it harmless, and how do you know?",
        name: "ptrace-attach.json",
        text: include_str!("../../examples/ptrace-attach.json"),
    },
    Example {
        id: "example-2",
        title: "A morning on one cluster",
        about: "Several alerts from two nodes, one of them by a rule of your own.",
        name: "mixed.jsonl",
        text: include_str!("../../examples/mixed.jsonl"),
    },
    Example {
        id: "example-3",
        title: "A damaged log",
        about: "Alerts between other lines, one of them cut off. What counts, and what was skipped?",
        name: "damaged.log",
        text: include_str!("../../examples/damaged.log"),
    },
];
