//! What an overlay changes: which events alert before it, and which still do.
//!
//! With the rules that the overlay extends, both conditions are evaluated. Without them, an alert proves
//! that its rule's condition held, and the overlay's own text, with the table of hooks, says the rest.
//! Where an alert carries too little, the answer is [`Effect::Undecided`], never a guess.

mod delta;
mod evaluator;
mod overlay;
mod standing;

use std::collections::BTreeMap;

use condition::{Slots, Source, Truth};

use crate::engine::Engine;
use crate::item::Item;
use crate::load::{Base, FileReport, RuleFile, load};
use crate::ruleset::Ruleset;
use evaluator::Evaluator;

pub use delta::conjuncts;
pub use standing::Standing;

/// What an overlay does to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It alerts neither with nor without the overlay.
    Silent,
    /// It alerts with the overlay only.
    Added,
    /// It still alerts.
    Kept,
    /// It alerts without the overlay only.
    Hidden,
    /// The event's fields do not decide it.
    Undecided,
}

/// A rule before and after the overlay.
struct Plan {
    /// Whether it alerts without the overlay.
    before: Evaluator,
    /// Whether it alerts with the overlay.
    after: Evaluator,
    /// The same for an event for which it alerts without the overlay.
    remains: Evaluator,
}

/// An overlay, ready to be tried on events.
pub struct Simulation {
    /// The reports on the base files and the overlay files, in the order of loading.
    pub files: Vec<FileReport>,
    /// How many of them are base files.
    pub base_files: usize,
    plans: BTreeMap<String, Plan>,
    slots: Slots,
}

impl Simulation {
    /// Loads an overlay on top of base files; without any, on top of whatever it extends.
    pub fn new(base: &[RuleFile<'_>], overlay: &[RuleFile<'_>], engine: &Engine) -> Self {
        if base.is_empty() {
            return Self::alone(overlay, engine, &Standing::default());
        }
        let mut before = Base::new(engine);
        for file in base {
            before.add(file);
        }
        Self::after(&before, overlay, &|_| true)
    }

    /// Loads an overlay without what it extends; an alert then proves that the condition of its rule held.
    /// The hooks are known to stand where they stand.
    pub fn alone(overlay: &[RuleFile<'_>], engine: &Engine, standing: &Standing) -> Self {
        let mut slots = Slots::new();
        let loaded = load(overlay, &engine.clone().with_all_plugins().assuming_base());
        let plans = overlay::plans(&loaded.ruleset, standing, engine, &mut slots);
        Self { files: loaded.files, base_files: 0, plans, slots }
    }

    /// Loads an overlay after files that were loaded before. Only the rules that are `wanted` are judged;
    /// alerts of the others count as kept.
    pub fn after(base: &Base, overlay: &[RuleFile<'_>], wanted: &dyn Fn(&str) -> bool) -> Self {
        let mut slots = Slots::new();
        let mut all = base.clone();
        for file in overlay {
            all.add(file);
        }
        let after = all.finish();
        let plans = plans(base.ruleset(), &after.ruleset, base.engine(), wanted, &mut slots);
        Self { files: after.files, base_files: base.files(), plans, slots }
    }

    /// Whether Falco loads all of the files.
    pub fn loads(&self) -> bool {
        self.files.iter().all(|file| file.successful)
    }

    /// What Falco warns of when it loads all of the files.
    pub fn warnings(&self) -> impl Iterator<Item = &Item> {
        self.files.last().into_iter().flat_map(|file| &file.warnings)
    }

    /// What we note about the overlay.
    pub fn notes(&self) -> impl Iterator<Item = &Item> {
        self.files.iter().skip(self.base_files).flat_map(|file| &file.notes)
    }

    /// The fields that decide, by slot: what [`Simulation::judge`] asks its source for.
    pub fn fields(&self) -> &[String] {
        self.slots.names()
    }

    /// What the overlay does to an event. An alert names its rule, which is then known to have alerted
    /// unless its condition says otherwise; an event without a name is tried on all rules of the base.
    pub fn judge<S: Source + ?Sized>(&self, rule: Option<&str>, event: &S) -> Effect {
        match rule {
            Some(name) => match self.plans.get(name) {
                Some(plan) => plan.judge_alert(event),
                None => Effect::Kept,
            },
            None => self.judge_event(event),
        }
    }

    fn judge_event<S: Source + ?Sized>(&self, event: &S) -> Effect {
        let (mut before, mut after) = (Truth::False, Truth::False);
        for plan in self.plans.values() {
            let alerted = plan.before.evaluate(event);
            let alerts = plan.after.evaluate(event);
            let alerts = match (alerted, alerts) {
                (Truth::True, Truth::Unknown) => plan.remains.evaluate(event),
                _ => alerts,
            };
            before = before.or(alerted);
            after = after.or(alerts);
        }
        match (before, after) {
            (Truth::False, Truth::False) => Effect::Silent,
            (Truth::False, Truth::True) => Effect::Added,
            (Truth::True, Truth::True) => Effect::Kept,
            (Truth::True, Truth::False) => Effect::Hidden,
            _ => Effect::Undecided,
        }
    }
}

impl Plan {
    fn judge_alert<S: Source + ?Sized>(&self, event: &S) -> Effect {
        if self.before.evaluate(event) == Truth::False {
            return Effect::Silent;
        }
        let alerts = match self.after.evaluate(event) {
            Truth::Unknown => self.remains.evaluate(event),
            known => known,
        };
        match alerts {
            Truth::True => Effect::Kept,
            Truth::False => Effect::Hidden,
            Truth::Unknown => Effect::Undecided,
        }
    }
}

/// The rules of a base with what an overlay makes of them.
fn plans(
    before: &Ruleset,
    after: &Ruleset,
    engine: &Engine,
    wanted: &dyn Fn(&str) -> bool,
    slots: &mut Slots,
) -> BTreeMap<String, Plan> {
    let mut plans = BTreeMap::new();
    for rule in after.rules.iter().filter(|rule| wanted(&rule.name)) {
        let old = before.rule(&rule.name).filter(|old| old.enabled).and_then(|old| old.condition.as_ref());
        let new = rule.condition.as_ref().filter(|_| rule.enabled);
        let context = engine.context(&rule.source);
        let mut evaluator = |expr| Evaluator::new(expr, &context, slots);
        let plan = Plan {
            before: old.map_or(Evaluator::Known(Truth::False), &mut evaluator),
            after: new.map_or(Evaluator::Known(Truth::False), &mut evaluator),
            remains: match (old, new) {
                (Some(old), Some(new)) => evaluator(&delta::remaining(old, new)),
                _ => Evaluator::Known(Truth::False),
            },
        };
        plans.insert(rule.name.clone(), plan);
    }
    plans
}
