//! What an alert says of where its process comes from.

use serde::{Deserialize, Serialize};

use super::Shelf;
use crate::alert::Value;
use crate::report::escape::visible;

/// Longer names of processes are cut by the kernel.
const LONGEST_NAME: usize = 15;

/// Ancestors further away than this are not looked for.
const FURTHEST: u64 = 64;

/// The process of an alert or one of its ancestors; texts have characters that do not show spelt out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ancestor {
    /// How far away it is: 0 is the process itself, 1 its parent.
    pub level: u64,
    /// Its name.
    pub name: Option<String>,
    /// Whether the name fills what the kernel keeps of one, so that it may be cut.
    pub may_be_cut: bool,
    /// The file that it runs, else what it was started as.
    pub exe: Option<String>,
    /// Its command line.
    pub cmdline: Option<String>,
    /// Its number on the host.
    pub pid: Option<String>,
}

impl Ancestor {
    /// Whether the alert says anything of it.
    pub fn is_known(&self) -> bool {
        [&self.name, &self.exe, &self.cmdline, &self.pid].into_iter().any(Option::is_some)
    }
}

impl Shelf {
    /// The process of an alert after its ancestors, the oldest of which the alert says anything first. In
    /// between are those of which it says nothing. Empty where it says nothing of any.
    pub fn lineage(&self, record: u64) -> Vec<Ancestor> {
        let mut lineage: Vec<Ancestor> =
            (0..=self.furthest(record)).map(|level| self.ancestor(record, level)).collect();
        while lineage.last().is_some_and(|last| !last.is_known()) {
            lineage.pop();
        }
        lineage.reverse();
        lineage
    }

    /// The level of the oldest ancestor that the alert has a field of.
    fn furthest(&self, record: u64) -> u64 {
        let shape = self.at(record).and_then(|alert| self.shape_of(alert));
        let fields = shape.into_iter().flat_map(|shape| &shape.fields);
        let levels = fields.filter_map(|field| {
            let (name, level) = field.strip_prefix("proc.a")?.strip_suffix(']')?.split_once('[')?;
            ["name", "exe", "exepath", "cmdline", "pid"].contains(&name).then_some(level)?.parse::<u64>().ok()
        });
        levels.filter(|level| *level <= FURTHEST).max().unwrap_or_default().max(1)
    }

    fn ancestor(&self, record: u64, level: u64) -> Ancestor {
        let said = |what: &str| {
            let plain = match level {
                0 => self.said(record, &format!("proc.{what}")),
                1 => self.said(record, &format!("proc.p{what}")),
                _ => None,
            };
            plain.or_else(|| self.said(record, &format!("proc.a{what}[{level}]")))
        };
        let shown = |text: String| visible(&text).into_owned();
        let name = said("name");
        Ancestor {
            level,
            may_be_cut: name.as_ref().is_some_and(|name| name.len() == LONGEST_NAME),
            name: name.map(shown),
            exe: said("exepath").or_else(|| said("exe")).map(shown),
            cmdline: said("cmdline").map(shown),
            pid: said("pid").map(shown),
        }
    }

    /// What a field says, where it says anything.
    fn said(&self, record: u64, field: &str) -> Option<String> {
        let alert = self.at(record)?;
        let value = self.cell(alert, self.shape_of(alert)?.column(field)?)?;
        let text =
            (!matches!(value, Value::Null | Value::List(_) | Value::Object(_))).then(|| value.text())?;
        (!text.is_empty() && text != "<NA>").then(|| text.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use crate::shelf::tests::shelf;

    #[track_caller]
    fn check(fields: &str, expected: &[(u64, &str)]) {
        let alert = format!(r#"{{"rule":"R","output":"o","output_fields":{{{fields}}}}}"#);
        let lineage = shelf(&[&alert]).lineage(1);
        let told: Vec<(u64, &str)> =
            lineage.iter().map(|one| (one.level, one.name.as_deref().unwrap_or("?"))).collect();
        assert_eq!(told, expected, "{fields}");
    }

    #[test]
    fn the_oldest_ancestor_comes_first_and_gaps_are_kept() {
        check(r#""proc.name":"nc","proc.pname":"sh""#, &[(1, "sh"), (0, "nc")]);
        check(
            r#""proc.aname[4]":"systemd","proc.name":"nc","proc.aname[2]":"sshd","proc.pname":"sh""#,
            &[(4, "systemd"), (3, "?"), (2, "sshd"), (1, "sh"), (0, "nc")],
        );
        check(r#""proc.aname[1]":"sh","proc.aname[0]":"nc""#, &[(1, "sh"), (0, "nc")]);
        check(r#""proc.pname":"sh""#, &[(1, "sh"), (0, "?")]);
        check(r#""proc.name":"nc","proc.aname[3]":null,"proc.pname":"<NA>""#, &[(0, "nc")]);
        check(r#""proc.aname[99999999999]":"x","proc.aname[65]":"y","user.name":"root""#, &[]);
    }

    #[test]
    fn an_ancestor_has_what_the_alert_says_of_it() {
        let alert = r#"{"rule":"R","output":"o","output_fields":{"proc.pname":"a-name-of-15-by","proc.pexe":"sh","proc.pexepath":"/bin/sh\u202e","proc.pcmdline":"sh -c x","proc.ppid":7,"proc.name":"nc"}}"#;
        let lineage = shelf(&[alert]).lineage(1);
        let parent = &lineage[0];
        assert!(parent.may_be_cut && !lineage[1].may_be_cut);
        assert_eq!(parent.exe.as_deref(), Some("/bin/sh⟨U+202E⟩"));
        assert_eq!((parent.cmdline.as_deref(), parent.pid.as_deref()), (Some("sh -c x"), Some("7")));
    }
}
