//! Items of a rule file that change rules.

use rules::Simulation;

use super::{Base, Judge, Read};
use crate::diagnostic::{Diagnostic, Level};
use crate::shelf::Shelf;

/// Checks an overlay, and makes it ready to be tried.
pub fn read(text: &str, shelf: &Shelf, base: &Base) -> Read {
    let simulation = base.simulate(text, shelf);
    let with_rule_files = simulation.base_files > 0;
    let diagnostics = diagnostics(&simulation);
    let judge = simulation.loads().then(|| Judge::Overlay(Box::new(simulation)));
    Read { diagnostics, judge, with_rule_files }
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
