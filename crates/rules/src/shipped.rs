//! The names that Falco's own rule files define.
//!
//! People load their own file next to Falco's, which are not always at hand. A name in it that nobody
//! defines is then a misspelling or one of these. `cargo xtask codegen` makes the table: a line
//! `@ KIND FILE SOURCE`, then the names.

const TABLE: &str = include_str!("../data/shipped.txt");

/// The file that defines a `list`, `macro` or `rule` of this name; of several, the one loaded first.
pub fn file_of(kind: &str, name: &str) -> Option<&'static str> {
    find(kind, name).map(|(file, _)| file)
}

/// The event source of a rule.
pub fn rule_source(name: &str) -> Option<&'static str> {
    find("rule", name).map(|(_, source)| source)
}

/// The names of all rules.
pub fn rules() -> impl Iterator<Item = &'static str> {
    let mut in_rules = false;
    TABLE.lines().filter(move |line| match line.strip_prefix("@ ") {
        Some(head) => {
            in_rules = head.starts_with("rule ");
            false
        }
        None => in_rules,
    })
}

fn find(kind: &str, name: &str) -> Option<(&'static str, &'static str)> {
    let mut section = ("", "", "");
    for line in TABLE.lines() {
        if let Some(head) = line.strip_prefix("@ ") {
            let mut words = head.split(' ');
            section = [(); 3].map(|()| words.next().unwrap_or_default()).into();
        } else if section.0 == kind && line == name {
            return Some((section.1, section.2));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{file_of, rule_source};

    #[test]
    fn names_of_every_kind_are_found() {
        assert_eq!(file_of("macro", "spawned_process"), Some("falco_rules.yaml"));
        assert_eq!(file_of("list", "shell_binaries"), Some("falco_rules.yaml"));
        assert_eq!(file_of("rule", "Run shell untrusted"), Some("falco_rules.yaml"));
        assert_eq!(file_of("macro", "shell_binaries"), None);
        assert_eq!(rule_source("Disallowed K8s User"), Some("k8s_audit"));
    }
}
