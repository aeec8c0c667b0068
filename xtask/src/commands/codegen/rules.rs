//! The tables of the rules that Falco ships: names and hooks.
//!
//! How a hook stands in a rule shows only in the rule's whole condition, so the crate `rules` makes them
//! itself; its example `tables` does.

use std::path::Path;

use crate::failure::Result;
use crate::process;

/// Has the tables made of the catalogue in a folder and of the rule files in `rules` next to it.
pub fn run(facts: &Path) -> Result<()> {
    let rules = facts.join("../rules");
    let catalogue = facts.join("rules_catalogue.tsv");
    process::run(
        process::command("cargo")
            .args(["run", "--quiet", "--release", "--package", "rules", "--example", "tables", "--"])
            .args([rules, catalogue]),
    )
}
