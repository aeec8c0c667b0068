//! How hooks stand in the rules of loaded files, which may differ from those that Falco ships.

use std::collections::BTreeMap;
use std::fmt::Write;

use condition::Expr;

use super::delta;
use crate::hooks::{Place, hooks};
use crate::load::{Base, RuleFile};

/// What stands for the first hook; a number that no event has. Those of later hooks follow it, with as
/// many digits, so that none is the beginning of another.
const FIRST_MARK: u64 = 9_000_000_000_000_000;

/// Where the macros stand with which rules are extended: in the rules of loaded files as those have it, in
/// all others as in the rules that Falco ships.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// By rule of the loaded files, its hooks.
    loaded: BTreeMap<String, BTreeMap<&'static str, Place>>,
}

impl Standing {
    /// Finds the hooks of Falco's in the conditions of loaded files: appends a mark to each, and looks
    /// where the marks come out. Costs one compilation of the files.
    pub fn of(base: &Base) -> Self {
        let mut names: Vec<&'static str> =
            hooks().filter(|hook| !hook.is_list).map(|hook| hook.name).collect();
        names.sort_unstable();
        names.dedup();
        let marks: Vec<(&str, String)> = names
            .into_iter()
            .zip(FIRST_MARK..)
            .map(|(name, mark)| (name, format!("evt.num = {mark}")))
            .collect();
        let mut probe = String::new();
        for (name, mark) in &marks {
            let _ = writeln!(
                probe,
                "- macro: {name}\n  condition: or ({mark})\n  override: {{condition: append}}"
            );
        }
        let mut probed = base.clone();
        probed.add(&RuleFile { name: "hooks", bytes: probe.as_bytes() });
        let after = probed.ruleset();
        let complete = base.ruleset().rules.iter().filter(|rule| !rule.is_incomplete);
        let loaded = complete.filter_map(|rule| {
            let (old, new) = (rule.condition.as_ref()?, after.rule(&rule.name)?.condition.as_ref()?);
            Some((rule.name.clone(), places(old, new, &marks)))
        });
        Self { loaded: loaded.collect() }
    }

    /// Whether a loaded file defines the rule.
    pub fn knows(&self, rule: &str) -> bool {
        self.loaded.contains_key(rule)
    }

    /// The hooks of rules that loaded files define: rule, hook, and how it stands there.
    pub fn loaded(&self) -> impl Iterator<Item = (&str, &'static str, Place)> {
        let rules = self.loaded.iter();
        rules.flat_map(|(rule, hooks)| hooks.iter().map(move |(hook, place)| (rule.as_str(), *hook, *place)))
    }

    /// How a macro stands in a rule; nothing where it does not.
    pub fn place(&self, rule: &str, hook: &str) -> Option<Place> {
        if let Some(hooks) = self.loaded.get(rule) {
            return hooks.get(hook).copied();
        }
        let shipped = hooks().find(|one| one.name == hook && one.rules().any(|name| name == rule));
        shipped.filter(|one| !one.is_list).map(|one| one.place)
    }
}

/// The marks that come out in what is new of a condition: alone and negated, or anyhow else.
fn places(old: &Expr, new: &Expr, marks: &[(&'static str, String)]) -> BTreeMap<&'static str, Place> {
    let mut places = BTreeMap::new();
    let remaining = delta::remaining(old, new);
    for part in delta::conjuncts(&remaining) {
        let text = part.to_string();
        for (name, mark) in marks.iter().filter(|(_, mark)| text.contains(mark.as_str())) {
            let is_excluded = text.strip_prefix("not ").is_some_and(|rest| rest == mark);
            let place = if is_excluded { Place::Excluded } else { Place::Nested };
            let known = places.entry(*name).or_insert(place);
            if *known != place {
                *known = Place::Nested;
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;

    const TAIL: &str = "\n  output: o\n  priority: INFO\n  desc: d\n";

    #[track_caller]
    fn check(condition: &str, hook: &str, expected: Option<Place>) {
        let rule = "Terminal shell in container";
        let text = format!(
            "- macro: mine\n  condition: proc.name = a\n- rule: {rule}\n  condition: {condition}{TAIL}"
        );
        let mut base = Base::new(&Engine::falco_0_44().assuming_base());
        base.add(&RuleFile { name: "mine", bytes: text.as_bytes() });
        let standing = Standing::of(&base);
        assert!(standing.knows(rule), "{condition}");
        assert_eq!(standing.place(rule, hook), expected, "{condition}");
    }

    #[test]
    fn loaded_rules_have_hooks_where_they_name_them() {
        let hook = "user_expected_terminal_shell_in_container_conditions";
        check(&format!("evt.type = execve and not {hook}"), hook, Some(Place::Excluded));
        check(&format!("evt.type = execve and not ({hook} or mine)"), hook, Some(Place::Excluded));
        check(&format!("evt.type = execve and (mine or not {hook})"), hook, Some(Place::Nested));
        check(&format!("evt.type = execve and {hook}"), hook, Some(Place::Nested));
        check("evt.type = execve and mine", hook, None);
        check(&format!("evt.type = execve and not {hook}"), "known_ptrace_procs", None);
    }

    #[test]
    fn rules_that_are_not_loaded_have_the_hooks_that_falco_ships() {
        let standing = Standing::default();
        let place = |hook| standing.place("PTRACE attached to process", hook);
        assert_eq!(place("known_ptrace_procs"), Some(Place::Excluded));
        assert_eq!(place("user_expected_terminal_shell_in_container_conditions"), None);
    }
}
