//! What no tuning hides unless somebody insists: alerts that are judged likely malicious.

use std::collections::BTreeMap;

use rules::{Effect, Simulation};

use super::cases::row;
use crate::insight::{Class, Group, Insight};
use crate::shelf::{Shelf, View};

/// The line that a file's comment begins this with.
const WARNING: &str = "# WARNING: hides ";

/// How many alerts judged likely malicious a rule file hides, for certain or perhaps. What the portrait of
/// an alert leaves open, the alert itself decides if it is on the shelf.
pub fn attacks(insight: &Insight, simulation: &Simulation, shelf: &Shelf) -> u64 {
    if !simulation.loads() {
        return 0;
    }
    let view = View::new(shelf, simulation.fields());
    let mut known = BTreeMap::new();
    let mut count = 0;
    for (at, sighting) in insight.sightings.iter().enumerate() {
        let Some(place) = sighting.group else { continue };
        let Some(group) = insight.groups.get(place).filter(|group| is_attack(group)) else { continue };
        let of_portrait = known.entry((place, sighting.portrait)).or_insert_with(|| {
            let portrait = insight.portraits.get(sighting.portrait as usize);
            portrait.map_or(Effect::Undecided, |portrait| {
                simulation.judge(Some(&group.rule), &row(portrait, simulation.fields()))
            })
        });
        let effect = match (*of_portrait, view.event(at)) {
            (Effect::Undecided, Some(event)) => simulation.judge(Some(event.rule()), &event),
            (effect, _) => effect,
        };
        if matches!(effect, Effect::Hidden | Effect::Undecided) {
            count += 1;
        }
    }
    count
}

fn is_attack(group: &Group) -> bool {
    group.verdict.class == Class::LikelyMalicious && !group.forgeable
}

/// The warning that a file carries which hides so many of them.
pub fn warning(attacks: u64) -> String {
    format!("{WARNING}{}. This was\n# insisted on when the file was made.\n", counted(attacks))
}

/// So many of them, in words.
pub fn counted(attacks: u64) -> String {
    let alerts = if attacks == 1 { "alert that is" } else { "alerts that are" };
    format!("{attacks} {alerts} judged likely malicious")
}

/// A text with that warning, where it needs one and has none.
pub fn insisted(content: &str, attacks: u64) -> String {
    let warning = warning(attacks);
    if attacks == 0 || content.contains(&warning) {
        return content.to_owned();
    }
    warning + content
}
