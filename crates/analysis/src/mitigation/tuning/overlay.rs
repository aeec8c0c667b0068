//! Rule files that extend Falco's: a hook that is filled, or exceptions that are added to a rule.

use std::collections::BTreeMap;
use std::fmt::Write;

use rules::{Hook, HookContent, HookPlace, Standing, hooks};
use sha2::{Digest, Sha256};

use super::literal::single_quoted;
use super::term::Selector;
use crate::knowledge;
use crate::report::escape::is_hidden;

/// What a tuning extends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via<'a> {
    /// Upstream's own hook, a macro.
    Macro(&'static str),
    /// A rule, by exceptions; with its event source if Falco does not ship it.
    Rule(&'a str, Option<&'a str>),
}

impl<'a> Via<'a> {
    /// What extends a rule; nothing for a rule whose name does not show as it is.
    pub fn of(rule: &'a str, source: Option<&'a str>, standing: &Standing) -> Option<Self> {
        if rule.is_empty() || rule.contains(|character| is_hidden(character) || character == '\u{FFFD}') {
            return None;
        }
        let source = source.filter(|source| *source != "syscall" && rules::shipped_source(rule).is_none());
        Some(hook(rule, standing).map_or(Self::Rule(rule, source), Self::Macro))
    }

    /// The rules that it changes, among these.
    pub fn rules<'b>(&self, all: impl Iterator<Item = &'b str>, standing: &Standing) -> Vec<&'b str> {
        let changes = |rule: &str| match self {
            Self::Macro(name) => standing.place(rule, name).is_some(),
            Self::Rule(name, _) => *name == rule,
        };
        all.filter(|rule| changes(rule)).collect()
    }

    /// A name of our own letters for files and ids, the same in every export.
    pub fn slug(&self) -> String {
        match self {
            Self::Macro(name) => (*name).to_owned(),
            Self::Rule(name, _) => rule_slug(name),
        }
    }

    /// Whether Falco ships what it extends.
    pub fn is_shipped(&self) -> bool {
        match self {
            Self::Macro(_) => true,
            Self::Rule(name, _) => rules::shipped_source(name).is_some(),
        }
    }
}

/// A rule's name in small letters, digits and `_`; for one that Falco does not ship, a hash of it.
pub fn rule_slug(name: &str) -> String {
    if rules::shipped_source(name).is_none() {
        return hash(name.as_bytes());
    }
    let mut slug = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    slug.trim_end_matches('_').to_owned()
}

/// The macro with which upstream lets a rule be extended: the one that the knowledge names, else the one
/// that is meant for the fewest rules.
fn hook(rule: &str, standing: &Standing) -> Option<&'static str> {
    let preferred = knowledge::entry(rule).map(|entry| entry.hook).unwrap_or_default();
    let fits = |hook: &Hook| {
        let switches = ["consider_", "allow_all_"].iter().any(|switch| hook.name.starts_with(switch));
        let shipped = hooks().any(|other| other.name == hook.name && other.place != HookPlace::Excluded);
        let elsewhere = shipped
            || standing.loaded().any(|(_, name, place)| name == hook.name && place != HookPlace::Excluded);
        let is_meant = hook.name == preferred || hook.content == HookContent::Never;
        !hook.is_list && hook.content != HookContent::Always && !switches && !elsewhere && is_meant
    };
    let found = hooks().filter(|hook| standing.place(rule, hook.name).is_some() && fits(hook));
    found.min_by_key(|hook| (hook.name != preferred, hook.rules().count(), hook.name)).map(|hook| hook.name)
}

/// The items of the rule file, without comments. Selectors come in order and each once.
pub fn items(via: Via<'_>, selectors: &[Selector]) -> String {
    let mut out = String::new();
    match via {
        Via::Macro(name) => {
            let _ = writeln!(out, "- macro: {name}\n  condition: >");
            for selector in selectors {
                let _ = writeln!(out, "    or ({})", condition(selector));
            }
            out.push_str("  override:\n    condition: append\n");
        }
        Via::Rule(name, source) => {
            let _ = writeln!(out, "- rule: {}", single_quoted(name));
            if let Some(source) = source {
                let _ = writeln!(out, "  source: {}", single_quoted(source));
            }
            out.push_str("  exceptions:\n");
            for (shape, rows) in by_shape(selectors) {
                exception(&mut out, name, &shape, &rows);
            }
            out.push_str("  override:\n    exceptions: append\n");
        }
    }
    out
}

/// All terms of a selector as a condition.
pub fn condition(selector: &Selector) -> String {
    selector.terms.iter().map(super::term::Term::condition).collect::<Vec<String>>().join(" and ")
}

/// The same text for Falco before 0.37, which knows `append: true` in the place of `override`, and which 0.37
/// and later take with a warning; nothing where an item overrides otherwise than we write it.
pub fn before_override(text: &str) -> Option<String> {
    const APPENDED: [&str; 3] = ["    condition: append", "    exceptions: append", "    items: append"];
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line == "  override:" && lines.next_if(|next| APPENDED.contains(next)).is_some() {
            if lines.peek().is_some_and(|next| next.starts_with("   ")) {
                return None;
            }
            out.push_str("  append: true\n");
        } else if !line.starts_with('#') && names_override(line) {
            return None;
        } else {
            let _ = writeln!(out, "{line}");
        }
    }
    Some(out)
}

/// Whether `override` may stand as a key in a line: at its start, or in a flow mapping.
fn names_override(line: &str) -> bool {
    const AROUND: [char; 4] = ['\'', '"', ' ', '\t'];
    line.match_indices("override").any(|(at, word)| {
        let (before, after) =
            (line.get(..at).unwrap_or_default(), line.get(at + word.len()..).unwrap_or_default());
        let before = before.trim_end_matches(AROUND);
        (before.is_empty() || before.ends_with(['{', ',', '-', '?']))
            && after.trim_start_matches(AROUND).starts_with(':')
    })
}

/// Fields with their operators, and the rows of operands that go with them.
type Shape = Vec<(&'static str, &'static str)>;

fn by_shape(selectors: &[Selector]) -> BTreeMap<Shape, Vec<Vec<String>>> {
    let mut shapes: BTreeMap<Shape, Vec<Vec<String>>> = BTreeMap::new();
    for selector in selectors {
        let shape = selector.terms.iter().map(|term| (term.field, term.operator)).collect();
        let cells = selector.terms.iter().map(|term| {
            let operands: Vec<String> = term.operands.iter().map(|text| single_quoted(text)).collect();
            let cell = operands.join(", ");
            if term.operator == "in" { format!("[{cell}]") } else { cell }
        });
        shapes.entry(shape).or_default().push(cells.collect());
    }
    shapes
}

fn exception(out: &mut String, rule: &str, shape: &Shape, rows: &[Vec<String>]) {
    let mut digest = Sha256::new_with_prefix(rule);
    for text in shape.iter().flat_map(|(field, operator)| [*field, *operator]) {
        digest.update(text);
        digest.update([0]);
    }
    for cell in rows.iter().flatten() {
        digest.update(cell);
        digest.update([0]);
    }
    let column = |part: fn(&(&'static str, &'static str)) -> &'static str| -> String {
        shape.iter().map(|pair| single_quoted(part(pair))).collect::<Vec<String>>().join(", ")
    };
    let _ = writeln!(out, "    - name: report_{}", short(digest));
    let _ = writeln!(out, "      fields: [{}]", column(|(field, _)| field));
    let _ = writeln!(out, "      comps: [{}]", column(|(_, operator)| operator));
    out.push_str("      values:\n");
    for row in rows {
        let _ = writeln!(out, "        - [{}]", row.join(", "));
    }
}

/// The first 12 hex digits of a hash.
fn hash(bytes: &[u8]) -> String {
    short(Sha256::new_with_prefix(bytes))
}

fn short(digest: Sha256) -> String {
    digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_extended_by_its_own_hook_and_never_by_a_switch() {
        let check = |rule: &str, hook: Option<&str>| {
            let expected = hook.map_or(Via::Rule(rule, None), |name| {
                Via::Macro(hooks().find(|hook| hook.name == name).unwrap().name)
            });
            assert_eq!(Via::of(rule, None, &Standing::default()), Some(expected), "{rule}");
        };
        check("PTRACE attached to process", Some("known_ptrace_procs"));
        check("Terminal shell in container", Some("user_expected_terminal_shell_in_container_conditions"));
        check("Drop and execute new binary in container", Some("known_drop_and_execute_activities"));
        check("Directory traversal monitored file read", None);
        check("Untrusted Node Successfully Joined the Cluster", None);
        check("K8s Secret Created", None);
        check("A rule of ours", None);
        assert_eq!(Via::of("hidden\u{202e}", None, &Standing::default()), None);
        let ours = Via::of("Ours", Some("k8s_audit"), &Standing::default());
        assert_eq!(ours, Some(Via::Rule("Ours", Some("k8s_audit"))));
    }

    #[test]
    fn names_of_files_hold_no_strangers_text() {
        assert_eq!(rule_slug("Container Drift Detected (chmod)"), "container_drift_detected_chmod");
        assert!(rule_slug("../../etc/passwd").bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
