//! Which ATT&CK techniques and tactics the alerts of a set stand for.
//!
//! What the knowledge base says about a rule counts; for rules without an entry, the rule's own tags:
//! `T1059.004` for a technique, `mitre_privilege_escalation` for a tactic.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Group;

/// ATT&CK's tactics in its own order, short name and title.
pub const TACTICS: [(&str, &str); 14] = [
    ("reconnaissance", "Reconnaissance"),
    ("resource-development", "Resource Development"),
    ("initial-access", "Initial Access"),
    ("execution", "Execution"),
    ("persistence", "Persistence"),
    ("privilege-escalation", "Privilege Escalation"),
    ("defense-evasion", "Defense Evasion"),
    ("credential-access", "Credential Access"),
    ("discovery", "Discovery"),
    ("lateral-movement", "Lateral Movement"),
    ("collection", "Collection"),
    ("command-and-control", "Command and Control"),
    ("exfiltration", "Exfiltration"),
    ("impact", "Impact"),
];

/// What a group stands for in ATT&CK.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attack {
    /// Techniques, each with its tactic, if it is known which one it served.
    pub techniques: Vec<(String, Option<&'static str>)>,
    /// Tactics by short name, those of the techniques included.
    pub tactics: Vec<&'static str>,
}

/// A technique with what stands for it, for a tactic of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// Alerts.
    pub alerts: u64,
    /// Places of the groups in the set.
    pub groups: Vec<usize>,
}

/// What alerts count for, by tactic (its place in [`TACTICS`], or behind them where it is not known), then
/// technique (empty where only the tactic is known).
pub type Matrix = BTreeMap<(usize, String), Cell>;

/// The techniques and tactics of a group.
pub fn attack(group: &Group) -> Attack {
    let mut attack = Attack::default();
    if let Some(entry) = group.entry() {
        for one in &entry.attack {
            let tactic = tactic(one.tactic);
            attack.techniques.push((one.technique.to_owned(), tactic));
            attack.tactics.extend(tactic);
        }
    } else {
        let tactics = group.example.tags().filter_map(|tag| tag.strip_prefix("mitre_"));
        attack.tactics = tactics.filter_map(|name| tactic(&Cow::from(name.replace('_', "-")))).collect();
        let only = if let [only] = attack.tactics.as_slice() { Some(*only) } else { None };
        let techniques = group.example.tags().filter(|tag| is_technique(tag));
        attack.techniques = techniques.map(|technique| (technique.to_owned(), only)).collect();
    }
    attack.tactics.sort_by_key(|tactic| place(tactic));
    attack.tactics.dedup();
    attack
}

/// The matrix over all groups.
pub fn matrix(groups: &[Group]) -> Matrix {
    let mut matrix = Matrix::new();
    for (at, group) in groups.iter().enumerate() {
        let attack = attack(group);
        let bare = attack.tactics.iter().filter(|_| attack.techniques.is_empty());
        let bare = bare.map(|tactic| (place(tactic), String::new()));
        let named = attack
            .techniques
            .iter()
            .map(|(technique, tactic)| (tactic.map_or(TACTICS.len(), place), technique.clone()));
        for key in named.chain(bare) {
            let cell = matrix.entry(key).or_default();
            cell.alerts += group.count;
            cell.groups.push(at);
        }
    }
    matrix
}

/// `T1059` or `T1059.004`.
pub fn is_technique(tag: &str) -> bool {
    let number =
        |digits: &str, length| digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
    tag.strip_prefix('T').is_some_and(|rest| match rest.split_once('.') {
        Some((technique, part)) => number(technique, 4) && number(part, 3),
        None => number(rest, 4),
    })
}

/// The title of a tactic.
pub fn title(tactic: &str) -> &'static str {
    TACTICS.iter().find(|(name, _)| *name == tactic).map_or("Tactic not known", |(_, title)| title)
}

fn tactic(name: &str) -> Option<&'static str> {
    TACTICS.iter().find(|(short, _)| *short == name).map(|(short, _)| *short)
}

fn place(tactic: &str) -> usize {
    TACTICS.iter().position(|(name, _)| *name == tactic).unwrap_or(TACTICS.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::Fold;
    use crate::{alert, ingest};

    fn group(json: &str) -> Group {
        let mut fold = Fold::default();
        let object = alert::Object::parse(json.as_bytes()).unwrap();
        fold.add(alert::Alert::from_object(object).unwrap(), ingest::Place { file: (0, 0), offset: 0 });
        fold.seal().groups.remove(0)
    }

    #[test]
    fn knowledge_comes_before_tags() {
        let attack = attack(&group(
            r#"{"rule":"PTRACE attached to process","output":"x","tags":["T1000","mitre_impact"]}"#,
        ));
        assert!(attack.techniques.iter().any(|(technique, _)| technique == "T1055.008"));
        assert!(!attack.tactics.contains(&"impact"));
    }

    #[test]
    fn tags_where_nothing_is_known() {
        let custom = group(r#"{"rule":"Mine","output":"x","tags":["T1059.004","T12","mitre_execution"]}"#);
        let attack = attack(&custom);
        assert_eq!(attack.techniques, [("T1059.004".to_owned(), Some("execution"))]);
        assert_eq!(attack.tactics, ["execution"]);
        let matrix = matrix(&[custom, group(r#"{"rule":"B","output":"x","tags":["mitre_impact"]}"#)]);
        let keys: Vec<(usize, &str)> = matrix.keys().map(|(at, name)| (*at, name.as_str())).collect();
        assert_eq!(keys, [(3, "T1059.004"), (13, "")]);
    }
}
