//! Preventive controls: what stops or limits a behaviour, whether or not Falco is there.

mod ptrace;
mod seccomp;

use super::Plan;
use crate::insight::Group;

const PTRACE: &str = "PTRACE attached to process";

/// Adds what applies to these groups, none of which a process could have written.
pub fn propose(groups: &[&Group], plan: &mut Plan) {
    let known: Vec<&Group> = groups.iter().copied().filter(|group| group.rule == PTRACE).collect();
    if !known.is_empty() {
        ptrace::propose(&known, plan);
    }
}
