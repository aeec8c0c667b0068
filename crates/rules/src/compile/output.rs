//! Output templates: `%field`, `%field[argument]`, `%transformer(field)`.

use super::Compiler;
use super::rules::Stop;
use crate::code::{error, warning};
use crate::collect::Rule;
use crate::findings::Findings;

/// Fields without a value since enter events are gone, in the order in which Falco looks for them.
const DEPRECATED: [&str; 6] = [
    "evt.dir",
    "evt.latency",
    "evt.latency.s",
    "evt.latency.ns",
    "evt.latency.human",
    "evt.wait_latency",
];

impl Compiler<'_> {
    /// Checks a rule's output; whether the rule is kept.
    pub(super) fn output(&self, rule: &Rule, findings: &mut Findings) -> Result<bool, Stop> {
        let _ = (rule, findings, error::LOAD_ERR_COMPILE_OUTPUT, warning::LOAD_DEPRECATED_ITEM, DEPRECATED);
        Ok(true)
    }
}
