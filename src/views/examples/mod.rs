//! Alerts to try the app with.

mod made;

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
    /// Writes its text.
    pub text: fn() -> String,
}

/// One alert, many, those that belong together, and a file with damage.
pub const EXAMPLES: [Example; 4] = [
    Example {
        id: "example-1",
        title: "One alert",
        about: "A ptrace attach in a pod that tests Falco. Is it harmless, and how do you know?",
        name: "ptrace-attach.json",
        text: || include_str!("../../../examples/ptrace-attach.json").to_owned(),
    },
    Example {
        id: "example-2",
        title: "A noisy day",
        about: "481 alerts of three nodes, nearly all of them routine. Which one is not?",
        name: "noisy-day.jsonl",
        text: made::noisy_day,
    },
    Example {
        id: "example-3",
        title: "An incident",
        about: "Seven alerts of one container that tell a story, from a web server to the API server.",
        name: "incident.jsonl",
        text: made::incident,
    },
    Example {
        id: "example-4",
        title: "A broken file",
        about: "Alerts between other lines, one of them cut off. What counts, and what was skipped?",
        name: "damaged.log",
        text: || include_str!("../../../examples/damaged.log").to_owned(),
    },
];
