//! What reports say about tuning.

use super::overlay::Via;
use super::term::{EXECUTABLE, Grade, Selector};
use crate::insight::portrait::{CONTAINER, FIELDS, Role};

pub const MALICIOUS: &str =
    "No tuning is offered for what is judged likely malicious: it would hide an attack.";
pub const TEST: &str =
    "Test activity is left out of tuning: a rule that ignores the test can no longer be tested.";
pub const SUSPICIOUS: &str = "Findings that need review and show signs of an attack, or belong to an incident, are left out of tuning \
     until somebody has looked at them; the command line takes them by `--select`.";
pub const UNNAMEABLE: &str = "No tuning is offered for a rule whose name holds characters that do not show: nobody could check which \
     rule the file changes.";
pub const SHARED_WITH_ATTACK: &str =
    "No tuning is offered for a program and place that also raised an alert that looks like an attack.";

/// That a file names only the loudest actors.
pub fn more_actors(more: usize) -> String {
    format!("Of one rule {more} actors more were not looked at; its file names those with the most alerts.")
}

/// What a tuning is called.
pub fn title(via: Via<'_>, rules: &[&str]) -> String {
    match via {
        Via::Rule(..) if !via.is_shipped() => "Tune Falco: a rule that Falco does not ship".to_owned(),
        _ => format!("Tune Falco: {}", rules.join(", ")),
    }
}

/// What it does, how broad it is, and how to hide in it.
pub fn effect(via: Via<'_>, grade: Grade, selectors: &[Selector]) -> String {
    let means = match via {
        Via::Macro(name) => format!("It extends upstream's own hook, the macro `{name}`."),
        Via::Rule(..) => "It adds an exception to the rule, which has no hook that fits.".to_owned(),
    };
    format!(
        "Prevents nothing: it only silences the alert, so apply it only once you know that this behaviour is expected. \
         {means} Its grade is {}: {}. To hide in it, an attacker would have to {}.",
        grade.name(),
        named(grade),
        hiding(selectors),
    )
}

fn named(grade: Grade) -> &'static str {
    match grade {
        Grade::Narrow => "it names who acted, where, and on what",
        Grade::Medium => "it names who acted, and where or on what",
        Grade::Broad => "it names who acted and no more, or a program where anyone may put one",
    }
}

/// What an attacker has to do to be hidden, to follow "have to".
pub fn hiding(selectors: &[Selector]) -> String {
    let any = |test: &dyn Fn(&str) -> bool| {
        selectors.iter().flat_map(|selector| &selector.terms).any(|term| test(term.field))
    };
    let is =
        |role: Role| move |name: &str| FIELDS.iter().any(|field| field.name == name && field.role == role);
    let mut text = if any(&|name| name == EXECUTABLE) {
        "run a program at that very path, or make the known program do it".to_owned()
    } else {
        "act as that very user, for example with a stolen credential".to_owned()
    };
    let on_host = any(&|name| name == CONTAINER);
    let contained = any(&|name| name == "container.image.repository");
    text.push_str(match (contained, on_host) {
        (true, true) => ", in a container of that image or on a host",
        (true, false) => ", in a container of that image",
        (false, true) => ", on a host",
        (false, false) if any(&is(Role::Place)) => ", in that very place",
        (false, false) => "",
    });
    if any(&is(Role::Target)) {
        text.push_str(", on the same target");
    }
    text
}

/// Why something that could be tuned is not.
pub const DOES_NOT_LOAD: &str = "No tuning is offered where Falco would not load it, or not without a warning, after the rule files beside the alerts.";
