//! What an entry must be, beyond its shape: whole, true to the facts, unlike the others.

mod commands;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use crate::folder::{CONTROLS, SOURCES, STEPS};
use crate::{Facts, Folder, Problem, Rule, Shipped, StepOrName, measures};

/// Everything that is wrong with a knowledge base, in the order of its files.
pub fn check(folder: &Folder, facts: &Facts) -> Vec<Problem> {
    let mut problems = shared(folder);
    let mut seen = Seen::default();
    for family in &folder.families {
        if !folder.sources.contains_key(&family.source) {
            let message = format!("the folder must be named as an event source in {SOURCES}");
            problems.push(problem(&family.file, "", "", message));
        }
        for rule in &family.rules {
            let mut check = Check { file: &family.file, rule, folder, problems: Vec::new() };
            check.whole();
            text::check(&mut check);
            seen.check(rule, &mut check);
            match facts.rules.get(&rule.name) {
                Some(shipped) => check.agreement(shipped, facts, &family.source),
                None => check.fail("name", "no such rule is shipped: see data/rules.tsv".to_owned()),
            }
            problems.append(&mut check.problems);
        }
    }
    seen.former_names(folder, &mut problems);
    problems
}

/// The files beside the entries.
fn shared(folder: &Folder) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, steps) in &folder.steps {
        for step in steps {
            if let Err(message) = commands::step(step).and_then(|_| text::sentence(&step.text)) {
                problems.push(problem(STEPS, name, "", message));
            }
        }
    }
    problems.extend(measures::check(folder));
    for (name, control) in &folder.controls {
        if let Err(message) = text::sentence(&control.text) {
            problems.push(problem(CONTROLS, name, "", message));
        }
    }
    problems
}

fn problem(file: &str, item: &str, key: &str, message: String) -> Problem {
    Problem { file: file.to_owned(), item: item.to_owned(), key: key.to_owned(), message }
}

/// One entry under examination.
struct Check<'a> {
    file: &'a str,
    rule: &'a Rule,
    folder: &'a Folder,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn fail(&mut self, key: &str, message: String) {
        self.problems.push(problem(self.file, &self.rule.name, key, message));
    }

    /// Nothing that every entry has is missing.
    fn whole(&mut self) {
        let rule = self.rule;
        let lists = [
            ("attackers", rule.attackers.is_empty()),
            ("ordinary", rule.ordinary.is_empty()),
            ("tells", rule.tells.is_empty()),
            ("steps", rule.steps.is_empty()),
        ];
        for (key, is_empty) in lists {
            if is_empty {
                self.fail(key, "at least one is needed".to_owned());
            }
        }
        for step in &rule.steps {
            if let StepOrName::Name(name) = step
                && !self.folder.steps.contains_key(name)
            {
                self.fail("steps", format!("there is no `{name}` in {STEPS}"));
            }
        }
        for (at, control) in rule.controls.iter().enumerate() {
            if !self.folder.controls.contains_key(control) {
                self.fail("controls", format!("there is no `{control}` in {CONTROLS}"));
            }
            if rule.controls.iter().take(at).any(|other| other == control) {
                self.fail("controls", format!("`{control}` is named twice"));
            }
        }
    }

    /// Nothing contradicts what is shipped or what ATT&CK defines.
    fn agreement(&mut self, shipped: &Shipped, facts: &Facts, source: &str) {
        if shipped.source != source {
            self.fail(
                "name",
                format!("its source is `{}`, so its file belongs into that folder", shipped.source),
            );
        }
        self.attack(shipped, facts);
        let rule = self.rule;
        for tell in &rule.tells {
            if !tell.fields.iter().any(|field| shipped.prints(field)) {
                let fields = tell.fields.join("`, `");
                self.fail("tells", format!("the rule prints none of `{fields}`"));
            }
        }
        for target in &rule.target {
            if !shipped.prints(&target.field) {
                self.fail("target", format!("the rule does not print `{}`", target.field));
            }
        }
        if let Some(field) = &rule.actor_name
            && !shipped.prints(field)
        {
            self.fail("actor_name", format!("the rule does not print `{field}`"));
        }
        if let Some(hook) = &rule.hook
            && !shipped.hooks.contains(hook)
        {
            self.fail("hook", format!("the rule does not use `{hook}`"));
        }
        commands::check(self, shipped);
    }

    fn attack(&mut self, shipped: &Shipped, facts: &Facts) {
        let rule = self.rule;
        for (at, mapping) in rule.attack.iter().enumerate() {
            let known = facts.techniques.get(&mapping.technique);
            if !known.is_some_and(|known| known.tactics.contains(&mapping.tactic)) {
                let (technique, tactic) = (&mapping.technique, &mapping.tactic);
                self.fail(
                    "attack",
                    format!("ATT&CK has no technique {technique} with the tactic `{tactic}`"),
                );
            }
            if rule.attack.iter().take(at).any(|other| other == mapping) {
                self.fail("attack", format!("{} is named twice for one tactic", mapping.technique));
            }
        }
        for contradiction in &rule.contradicted {
            if !shipped.tags.contains(&contradiction.tag) {
                self.fail("contradicted", format!("the rule has no tag `{}`", contradiction.tag));
            }
        }
        for technique in shipped.techniques() {
            let taken = rule.attack.iter().any(|mapping| {
                mapping
                    .technique
                    .strip_prefix(technique)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            });
            let contradicted = rule.contradicted.iter().any(|one| one.tag.starts_with(technique));
            if !taken && !contradicted {
                let message =
                    format!("the rule's tag {technique} is neither in `attack` nor in `contradicted`");
                self.fail("attack", message);
            }
        }
    }
}

/// What was met so far, to find what is there twice.
#[derive(Default)]
struct Seen<'a> {
    names: BTreeSet<&'a str>,
    behaviours: BTreeMap<&'a str, &'a str>,
}

impl<'a> Seen<'a> {
    fn check(&mut self, rule: &'a Rule, check: &mut Check<'_>) {
        if !self.names.insert(&rule.name) {
            check.fail("name", "there is another entry for this rule".to_owned());
        }
        if let Some(other) = self.behaviours.insert(&rule.behaviour, &rule.name) {
            check.fail("behaviour", format!("`{other}` has the same words"));
        }
    }

    /// A former name may lead to several rules, where upstream split one, but to no rule that still is.
    fn former_names(&self, folder: &Folder, problems: &mut Vec<Problem>) {
        for family in &folder.families {
            for rule in &family.rules {
                for former in rule.formerly.iter().filter(|former| self.names.contains(former.as_str())) {
                    let message = format!("`{former}` has an entry of its own");
                    problems.push(problem(&family.file, &rule.name, "formerly", message));
                }
            }
        }
    }
}
