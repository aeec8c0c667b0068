//! The names that Falco's own rule files define.
//!
//! People load their own file next to Falco's, which are not always at hand. A name in it that nobody
//! defines is then a misspelling or one of these. `cargo xtask codegen` makes the table: a line
//! `@ KIND FILE SOURCE`, then the names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("../data/shipped.txt");

/// A kind and a name of it.
type Named = (&'static str, &'static str);

/// A rule file and an event source.
type Place = (&'static str, &'static str);

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
    definitions().filter(|((kind, _), _)| *kind == "rule").map(|((_, name), _)| name)
}

fn find(kind: &str, name: &str) -> Option<Place> {
    static PLACES: LazyLock<BTreeMap<Named, Place>> = LazyLock::new(|| {
        // The earlier of two definitions stays.
        let mut places: BTreeMap<Named, Place> = BTreeMap::new();
        for (named, place) in definitions() {
            places.entry(named).or_insert(place);
        }
        places
    });
    PLACES.get(&(kind, name)).copied()
}

/// All definitions in the order of loading.
fn definitions() -> impl Iterator<Item = (Named, Place)> {
    let mut section = ("", "", "");
    TABLE.lines().filter_map(move |line| {
        if let Some(head) = line.strip_prefix("@ ") {
            let mut words = head.split(' ');
            section = [(); 3].map(|()| words.next().unwrap_or_default()).into();
            return None;
        }
        let (kind, file, source) = section;
        Some(((kind, line), (file, source)))
    })
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
