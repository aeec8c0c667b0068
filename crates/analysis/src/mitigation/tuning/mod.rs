//! Falco tuning: what hides expected alerts, or makes a rule say more, with proof over the loaded alerts.

mod ptrace;
mod selector;

use super::Plan;
use crate::insight::Group;

/// Adds what applies to these groups, none of which a process could have written.
pub fn propose(groups: &[&Group], plan: &mut Plan) {
    let known: Vec<&Group> = groups.iter().copied().filter(|group| group.rule == ptrace::RULE).collect();
    if !known.is_empty() {
        ptrace::propose(&known, plan);
    }
}
