//! What upstream ships and what ATT&CK defines: facts that every entry is checked against.

use std::collections::BTreeMap;

/// The facts, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Every rule that Falco and its plugins ship, and the alerts that Falco makes up itself.
    pub rules: BTreeMap<String, Shipped>,
    /// Every technique of ATT&CK.
    pub techniques: BTreeMap<String, Technique>,
}

/// A rule as it is shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipped {
    /// The event source.
    pub source: String,
    /// Where its alerts can come from.
    pub origins: Vec<Origin>,
    /// The priority, as alerts spell it.
    pub priority: String,
    /// The fields that its output prints.
    pub fields: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The macros and lists that upstream leaves empty for tuning.
    pub hooks: Vec<String>,
}

/// A technique.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Technique {
    /// ATT&CK's name for it.
    pub name: String,
    /// The short names of the tactics that it serves.
    pub tactics: Vec<String>,
}

/// What an alert can come from, as far as its fields depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A process on the host: `container.id` is `host`, and no field names a pod.
    Host,
    /// A process in a pod.
    Pod,
    /// A process in a container of which Falco knows only the id: there is no pod, or the container's
    /// metadata came too late.
    Container,
    /// An audit log or Falco itself.
    Log,
}

/// What the engine adds to the output of every rule over system calls, since Falco 0.41.
const SUGGESTED: [&str; 6] = [
    "container.id",
    "container.image.repository",
    "container.image.tag",
    "container.name",
    "k8s.ns.name",
    "k8s.pod.name",
];

impl Facts {
    /// From `rules.tsv` (rule, source, scope, priority, fields, tags, exceptions, hooks) and `attack.tsv`
    /// (technique, name, tactics). Lines that begin with `#` are comments; `-` is an empty list; rows
    /// with fewer columns are left out.
    pub fn parse(rules: &str, attack: &str) -> Self {
        let rules = rows(rules).filter_map(|row| {
            let [rule, source, scope, priority, fields, tags, _, hooks] = row.as_slice() else { return None };
            let shipped = Shipped {
                source: (*source).to_owned(),
                origins: origins(scope),
                priority: (*priority).to_owned(),
                fields: list(fields),
                tags: list(tags),
                hooks: list(hooks).iter().map(|hook| hook_name(hook).to_owned()).collect(),
            };
            Some(((*rule).to_owned(), shipped))
        });
        let techniques = rows(attack).filter_map(|row| {
            let [technique, name, tactics] = row.as_slice() else { return None };
            Some(((*technique).to_owned(), Technique { name: (*name).to_owned(), tactics: list(tactics) }))
        });
        Self { rules: rules.collect(), techniques: techniques.collect() }
    }
}

impl Shipped {
    /// Whether a current alert of this rule has the field, though perhaps as null.
    pub fn prints(&self, field: &str) -> bool {
        self.fields.iter().any(|printed| printed == field)
            || self.source == "syscall" && SUGGESTED.contains(&field)
    }

    /// Whether an alert of this rule and origin has a value for the field.
    pub fn gives(&self, field: &str, origin: Origin) -> bool {
        let is_bare = matches!(origin, Origin::Host | Origin::Container);
        let is_empty = is_bare && SUGGESTED.contains(&field) && field != "container.id";
        self.prints(field) && !is_empty
    }

    /// The ATT&CK techniques among its tags. GCP's rules write `T1485-data-destruction`.
    pub fn techniques(&self) -> impl Iterator<Item = &str> {
        self.tags.iter().filter_map(|tag| {
            let technique = tag.split('-').next()?;
            let digits = technique.strip_prefix('T')?;
            digits.starts_with(|digit: char| digit.is_ascii_digit()).then_some(technique)
        })
    }
}

/// `host`, `container`, `host+container`; `-` for audit logs.
fn origins(scope: &str) -> Vec<Origin> {
    let mut origins = Vec::new();
    for place in scope.split('+') {
        match place {
            "host" => origins.push(Origin::Host),
            "container" => origins.extend([Origin::Pod, Origin::Container]),
            _ => origins.push(Origin::Log),
        }
    }
    origins
}

fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn list(cell: &str) -> Vec<String> {
    let items = cell.split(',').filter(|item| !item.is_empty() && *item != "-");
    items.map(str::to_owned).collect()
}

/// Lists are written with the number of their items: `trusted_images[]`, `allowed_k8s_users(14)`.
fn hook_name(hook: &str) -> &str {
    hook.split(['[', '(']).next().unwrap_or(hook)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_and_what_it_prints() {
        let facts = Facts::parse(
            "# rule\nR\tsyscall\thost\tNotice\tproc.name,fd.name\tT1059,host,T1485-x\t-\ta,b[],c(3)\n",
            "",
        );
        let rule = &facts.rules["R"];
        assert_eq!(rule.hooks, ["a", "b", "c"]);
        assert_eq!(rule.techniques().collect::<Vec<_>>(), ["T1059", "T1485"]);
        assert_eq!(rule.origins, [Origin::Host]);
        assert!(rule.gives("k8s.ns.name", Origin::Pod) && !rule.gives("k8s.ns.name", Origin::Container));
        assert!(rule.prints("fd.name") && rule.prints("k8s.ns.name") && !rule.prints("evt.res"));
    }

    #[test]
    fn plugins_print_no_container() {
        let facts = Facts::parse("R\tokta\t-\tNotice\tokta.actor.name\tokta\t-\t-\n", "");
        assert!(!facts.rules["R"].prints("container.id"));
    }
}
