//! Texts to begin with.

/// A text that comes with the app.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// For tests.
    pub id: &'static str,
    /// What it is.
    pub title: &'static str,
    /// The text.
    pub text: &'static str,
}

/// One of each kind.
pub const EXAMPLES: [Example; 3] = [
    Example {
        id: "lab-condition",
        title: "a condition",
        text: "proc.name in (gdb, strace, bash) and not user.name = root\n",
    },
    Example {
        id: "lab-exception",
        title: "an exception",
        text: "\
- name: debugger_on_hosts
  fields: [proc.exepath, container.id]
  comps: [=, =]
  values:
    - [/usr/bin/gdb, host]
",
    },
    Example {
        id: "lab-hook",
        title: "a hook",
        text: "\
- macro: known_ptrace_procs
  condition: or (proc.exepath = /usr/bin/gdb and container.id = host)
  override:
    condition: append
",
    },
];
