//! Names that hide something, or cannot be.

use super::Written::{ByKernel, ByProcess};
use super::mark::Test::Fits;
use super::mark::When::{Has, Lacks};
use super::mark::{Mark, context, doubt, malice};

/// The kernel keeps this many bytes of a process's name.
const NAME_BYTES: usize = 15;

/// Names of threads of the kernel, which have no program.
const KERNEL_THREADS: &[&str] = &[
    "kworker",
    "kthreadd",
    "ksoftirqd",
    "migration",
    "rcu_sched",
    "rcu_preempt",
    "kswapd0",
    "khugepaged",
    "kdevtmpfs",
    "jbd2",
];

pub const MARKS: &[Mark] = &[
    malice(
        "poses_as_kernel_thread",
        40,
        ByProcess,
        &[Has(&["proc.name", "proc.cmdline"], Fits(is_kernel_thread)), Has(&["proc.exepath"], Fits(is_file))],
        "{} is the name of a thread of the kernel, which has no program; this one has {}",
    ),
    malice(
        "hidden_characters",
        30,
        ByProcess,
        &[Has(&["proc.name", "proc.exepath", "proc.cmdline", "fd.name"], Fits(hides))],
        "{} holds characters that hide or reorder text",
    ),
    doubt(
        "impossible_name",
        10,
        &[Has(&["proc.name", "proc.pname"], Fits(is_too_long))],
        "{} is longer than the 15 bytes that the kernel keeps of a name, so it is not the kernel's",
    ),
    context(
        "cut_name",
        ByKernel,
        &[Has(&["proc.name"], Fits(may_be_cut)), Lacks(&["proc.exepath"], Fits(ends_in_15_bytes))],
        "{} fills the 15 bytes that the kernel keeps of a name, so it may be cut",
    ),
];

fn is_kernel_thread(name: &str) -> bool {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    KERNEL_THREADS.contains(&bare.split('/').next().unwrap_or(bare))
}

fn is_file(path: &str) -> bool {
    path.starts_with('/')
}

/// Controls beside tabs and line ends, which scripts have; what reverses or hides text.
fn hides(text: &str) -> bool {
    text.chars().any(|character| {
        (character.is_control() && !"\t\n\r".contains(character))
            || matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{61C}')
    })
}

/// The name that Falco gives to the start of a container, `container:ID`, is its own.
fn is_too_long(name: &str) -> bool {
    name.len() > NAME_BYTES && !name.starts_with("container:")
}

fn may_be_cut(name: &str) -> bool {
    name.len() == NAME_BYTES
}

fn ends_in_15_bytes(path: &str) -> bool {
    super::shell::base(path).len() == NAME_BYTES
}

#[cfg(test)]
mod tests {
    use super::super::tests::fired;

    #[test]
    fn names_of_kernel_threads() {
        assert!(
            fired(r#"{"proc.name":"kworker/0:1","proc.exepath":"/usr/k"}"#)
                .contains(&"poses_as_kernel_thread")
        );
        assert!(
            fired(r#"{"proc.name":"3","proc.cmdline":"[kworker/u8:2]","proc.exepath":"/usr/k"}"#)
                .contains(&"poses_as_kernel_thread")
        );
        assert_eq!(fired(r#"{"proc.name":"kdevtmpfsx","proc.exepath":"/usr/k"}"#), [""; 0]);
        assert_eq!(fired(r#"{"proc.name":"kworker/0:1","proc.exepath":"<NA>"}"#), ["unknown_program"]);
    }

    #[test]
    fn characters_that_hide() {
        assert_eq!(
            fired("{\"proc.exepath\":\"/x\",\"proc.cmdline\":\"a \\u202e b\"}"),
            ["hidden_characters"]
        );
        assert_eq!(fired("{\"proc.exepath\":\"/x\",\"proc.cmdline\":\"sh -c\\n\\techo ä\"}"), [""; 0]);
    }

    #[test]
    fn the_kernels_15_bytes() {
        assert_eq!(fired(r#"{"proc.exepath":"/x","proc.name":"sixteen-bytes-xy"}"#), ["impossible_name"]);
        assert_eq!(fired(r#"{"proc.exepath":"/x","proc.name":"fifteen-bytes-x"}"#), ["cut_name"]);
        assert_eq!(fired(r#"{"proc.exepath":"/fifteen-bytes-x","proc.name":"fifteen-bytes-x"}"#), [""; 0]);
    }
}
