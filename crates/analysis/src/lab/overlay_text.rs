//! Items of a rule file that change rules.

use rules::{RuleFile, Simulation};

use super::{Judge, Read};
use crate::diagnostic::{Diagnostic, Level};
use crate::rule_files::{Source, engine, loadable};

/// What the text is called where files are named.
const NAME: &str = "lab";

/// Checks an overlay, and makes it ready to be tried.
pub fn read(text: &str, base: &[Source]) -> Read {
    let simulation = simulate(text, base);
    let with_rule_files = simulation.base_files > 0;
    let diagnostics = diagnostics(&simulation);
    let judge = simulation.loads().then(|| Judge::Overlay(Box::new(simulation)));
    Read { diagnostics, judge, with_rule_files }
}

/// Loads an overlay after the rule files. Where they do not define what it changes, it is loaded after
/// what Falco ships, without them.
pub fn simulate(text: &str, base: &[Source]) -> Simulation {
    let overlay = [RuleFile { name: NAME, bytes: text.as_bytes() }];
    let files = loadable(base);
    if !files.is_empty() {
        let simulation = Simulation::new(&files, &overlay, &engine());
        if simulation.loads() {
            return simulation;
        }
    }
    Simulation::new(&[], &overlay, &engine())
}

/// What is found in the overlay itself.
pub fn diagnostics(simulation: &Simulation) -> Vec<Diagnostic> {
    let at = simulation.base_files;
    let Some(file) = simulation.files.get(at) else { return Vec::new() };
    let kinds = [(Level::Error, &file.errors), (Level::Warning, &file.warnings), (Level::Note, &file.notes)];
    let of_kind = |(level, items)| {
        let here = move |item: &&rules::Item| item.file == at;
        let items: &Vec<rules::Item> = items;
        items.iter().filter(here).map(move |item| Diagnostic::of_item(&file.text, item, level))
    };
    kinds.into_iter().flat_map(of_kind).collect()
}
