//! The facts that knowledge entries are checked against: shipped rules, ATT&CK.

use crate::failure::{Failure, Result};

const RULES_HEADER: &str = "\
# The rules that Falco and its plugins ship, and the alerts that Falco and Falcosidekick make up themselves.
# Made by `cargo xtask codegen`; do not edit. `-` is an empty list; `name[]` is an empty list, `name(3)` one of three items.
# rule\tsource\twhere it sees processes\tpriority\tfields that its output prints\ttags\texceptions\ttuning hooks
";

/// Alerts that no rule file defines.
const BUILT_IN: [&str; 4] = [
    "Falco internal: metrics snapshot\tinternal\t-\tInformational\tevt.time,evt.hostname,evt.source\t-\t-\t-",
    "Falco internal: syscall event drop\tinternal\t-\tDebug\tn_evts,n_drops,n_drops_buffer_total,n_drops_scratch_map,n_drops_page_faults,n_drops_bug,ebpf_enabled\t-\t-\t-",
    "Falco internal: timeouts notification\tinternal\t-\tDebug\tlast_event_time\t-\t-\t-",
    "Test rule\tinternal\t-\tDebug\tproc.name,user.name\ttest,example\t-\t-",
];

const COLUMNS: [&str; 8] =
    ["rule", "source", "scope", "priority", "output_fields", "tags", "exceptions", "tuning_hooks"];

/// `rules.tsv` from the rules catalogue, sorted by name.
pub fn rules(catalogue: &str) -> Result<String> {
    let mut lines = catalogue.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().unwrap_or_default();
    let mut at = Vec::new();
    for column in COLUMNS {
        let found = header.iter().position(|name| *name == column);
        at.push(found.ok_or_else(|| Failure::new(format!("the catalogue has no column `{column}`.")))?);
    }
    let mut rows: Vec<String> = BUILT_IN.map(str::to_owned).to_vec();
    for line in lines {
        let cell = |index: &usize| line.get(*index).copied().filter(|cell| !cell.is_empty()).unwrap_or("-");
        let cells = at.iter().zip(COLUMNS).map(|(index, column)| match (column, cell(index)) {
            ("priority", priority) => as_alerts_spell(priority),
            ("scope", scope) => scope.split('(').next().unwrap_or(scope).to_owned(),
            (_, cell) => cell.to_owned(),
        });
        rows.push(cells.collect::<Vec<_>>().join("\t"));
    }
    rows.sort_unstable();
    Ok(format!("{RULES_HEADER}{}\n", rows.join("\n")))
}

/// Rule files say `WARNING` and `INFO`, alerts `Warning` and `Informational`.
fn as_alerts_spell(priority: &str) -> String {
    let lower = if priority == "INFO" { "informational".to_owned() } else { priority.to_ascii_lowercase() };
    let mut letters = lower.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

const ATTACK_HEADER: &str = "\
# Techniques of MITRE ATT&CK(R) Enterprise, version 17. (C) The MITRE Corporation, reproduced and distributed
# with the permission of The MITRE Corporation. Made by `cargo xtask codegen`; do not edit.
# technique\tname\ttactics
";

/// `attack.tsv` from the collected table, which has the same columns.
pub fn attack(table: &str) -> Result<String> {
    let is_technique = |line: &&str| {
        let columns: Vec<&str> = line.split('\t').collect();
        columns.len() == 3 && columns.iter().all(|cell| !cell.is_empty()) && line.starts_with("T1")
    };
    let mut rows: Vec<&str> = table.lines().filter(is_technique).collect();
    if rows.is_empty() {
        return Err(Failure::new("the table of techniques has no technique."));
    }
    rows.sort_unstable();
    Ok(format!("{ATTACK_HEADER}{}\n", rows.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_its_chosen_columns() {
        let catalogue = "rule\tfile\tsource\tscope\tpriority\toutput_fields\ttags\texceptions\ttuning_hooks\n\
                         R\tf.yaml\tsyscall\thost+container(named user)\tINFO\tproc.name\tT1059\t-\ta[],b\n";
        let made = rules(catalogue).unwrap();
        assert!(
            made.contains("\nR\tsyscall\thost+container\tInformational\tproc.name\tT1059\t-\ta[],b\n"),
            "{made}"
        );
        assert!(made.contains("\nTest rule\tinternal\t-\tDebug\t"), "{made}");
    }

    #[test]
    fn a_catalogue_without_a_column_is_refused() {
        assert!(rules("rule\tsource\n").is_err());
        assert!(attack("").is_err());
    }
}
