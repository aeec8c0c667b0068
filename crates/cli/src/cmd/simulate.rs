//! `falco-report simulate`: what an overlay hides, and what it keeps.

use rules::{Effect, Level, Simulation, render};
use serde_json::json;

use super::check::items_json;
use crate::args::SimulateArgs;
use crate::events::{Events, Lists, read};
use crate::input;
use crate::output::{self, Stop};
use crate::rule_files::{RuleFiles, engine, use_color};

/// Prints what becomes of the events; whether the files load.
pub fn run(args: &SimulateArgs) -> Result<bool, Stop> {
    let base = RuleFiles::read(&args.rules)?;
    let overlay = RuleFiles::read(&args.overlay)?;
    let simulation = Simulation::new(&base.files(), &overlay.files(), &engine(&args.engine));
    let events = match &args.events {
        Some(path) => Events::read(&read(path)?),
        None => input::events(&args.inputs)?,
    };
    events.complain();
    if events.events.is_empty() {
        return Err(Stop::Said("there is no event to try the overlay on".to_owned()));
    }
    let result = Sorted::of(&simulation, &events);
    let text = if args.json { result.json(&simulation) + "\n" } else { result.words(&simulation) };
    output::write(None, &text)?;
    Ok(simulation.loads())
}

/// The numbers of events by what the overlay does to them.
#[derive(Default)]
struct Sorted {
    hidden: Vec<u64>,
    kept: Vec<u64>,
    added: Vec<u64>,
    undecided: Vec<u64>,
}

impl Sorted {
    /// Tries every event; files that do not load do nothing.
    fn of(simulation: &Simulation, events: &Events) -> Self {
        let mut sorted = Self::default();
        if !simulation.loads() {
            return sorted;
        }
        for event in &events.events {
            let lists = Lists::of(&event.fields, simulation.fields());
            let row = lists.row(&event.fields, simulation.fields());
            match simulation.judge(event.rule.as_deref(), &row) {
                Effect::Hidden => sorted.hidden.push(event.number),
                Effect::Kept => sorted.kept.push(event.number),
                Effect::Added => sorted.added.push(event.number),
                Effect::Undecided => sorted.undecided.push(event.number),
                Effect::Silent => {}
            }
        }
        sorted
    }

    fn json(&self, simulation: &Simulation) -> String {
        let files = &simulation.files;
        json!({
            "loads": simulation.loads(),
            "errors": items_json(files.iter().flat_map(|file| &file.errors), files),
            "warnings": items_json(simulation.warnings(), files),
            "notes": items_json(simulation.notes(), files),
            "hidden": self.hidden,
            "kept": self.kept,
            "added": self.added,
            "undecided": self.undecided,
        })
        .to_string()
    }

    fn words(&self, simulation: &Simulation) -> String {
        let color = use_color();
        let mut text = String::new();
        let errors = simulation.files.iter().flat_map(|file| &file.errors).map(|item| (Level::Error, item));
        let warnings = simulation.warnings().map(|item| (Level::Warning, item));
        let notes = simulation.notes().map(|item| (Level::Note, item));
        for (level, item) in errors.chain(warnings).chain(notes) {
            text.push_str(&render(item, level, &simulation.files, color));
            text.push('\n');
        }
        if !simulation.loads() {
            text.push_str("The overlay does not load, so it hides nothing.\n");
            return text;
        }
        let listed = |what: &str, numbers: &[u64]| {
            let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
            let list = if numbers.is_empty() { String::new() } else { format!(": {}", numbers.join(" ")) };
            format!("{what} {}{list}\n", numbers.len())
        };
        text.push_str(&listed("hides", &self.hidden));
        text.push_str(&listed("keeps", &self.kept));
        if !self.added.is_empty() {
            text.push_str(&listed("adds", &self.added));
        }
        text.push_str(&listed("undecided", &self.undecided));
        text
    }
}
