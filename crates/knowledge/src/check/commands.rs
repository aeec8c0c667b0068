//! Commands can be pasted into a shell whatever the alert's values are, and can be given at all.

use super::Check;
use crate::template::{ALWAYS, Placeholder, placeholders, quotes_are_closed};
use crate::{Origin, Place, Shipped, Step, StepOrName};

/// A step by itself: its placeholders, the command's first.
pub fn step(step: &Step) -> Result<Vec<Placeholder<'_>>, String> {
    let command = step.command.as_deref().unwrap_or_default();
    if command.contains(char::is_control) {
        return Err("a command is one line".to_owned());
    }
    if !quotes_are_closed(command) {
        return Err("a quote of the command is not closed".to_owned());
    }
    let mut found = placeholders(command)?;
    for placeholder in &found {
        let field = placeholder.field;
        if placeholder.quoted && !placeholder.inner {
            return Err(format!(
                "`<<{field}>>` stands in quotes: close them before it, or write `<<{field}:inner>>`"
            ));
        }
        if placeholder.inner && !placeholder.quoted {
            return Err(format!("`<<{field}:inner>>` stands outside quotes: write `<<{field}>>`"));
        }
    }
    found.extend(placeholders(&step.text)?);
    Ok(found)
}

/// The steps of an entry: whether alerts of the rule have what they name.
pub fn check(check: &mut Check<'_>, shipped: &Shipped) {
    let rule = check.rule;
    for one in rule.steps.iter().filter_map(own) {
        match step(one) {
            Ok(found) => lacking(check, shipped, &found),
            Err(message) => check.fail("steps", message),
        }
    }
    for origin in &shipped.origins {
        let all = rule.steps.iter().flat_map(|one| match one {
            StepOrName::Step(step) => std::slice::from_ref(step),
            StepOrName::Name(name) => check.folder.steps.get(name).map(Vec::as_slice).unwrap_or_default(),
        });
        if !all.into_iter().any(|one| gives_command(one, shipped, *origin)) {
            let of = match origin {
                Origin::Host => "a process on the host",
                Origin::Pod => "a process in a pod",
                Origin::Container => "a container of which only the id is known",
                Origin::Log => "an alert of this rule",
            };
            check.fail("steps", format!("no step has a command that is printed for {of}"));
        }
    }
}

fn own(step: &StepOrName) -> Option<&Step> {
    match step {
        StepOrName::Step(step) => Some(step),
        StepOrName::Name(_) => None,
    }
}

/// A field that the rule does not print is there in alerts of a changed rule; the others need a step too.
fn lacking(check: &mut Check<'_>, shipped: &Shipped, found: &[Placeholder<'_>]) {
    for Placeholder { field, .. } in found {
        let given = ALWAYS.contains(field) || shipped.prints(field);
        let otherwise = |step: &Step| step.unless.as_deref() == Some(*field);
        if !given && !check.rule.steps.iter().filter_map(own).any(otherwise) {
            let message =
                format!("the rule does not print `{field}`: add a step with `unless = \"{field}\"` too");
            check.fail("steps", message);
        }
    }
}

/// Whether the command is printed for an alert of that origin, whatever its verdict.
fn gives_command(one: &Step, shipped: &Shipped, origin: Origin) -> bool {
    let gives = |field: &str| ALWAYS.contains(&field) || shipped.gives(field, origin);
    let fits = match one.place {
        Some(Place::Host) => origin == Origin::Host,
        Some(Place::Container) => matches!(origin, Origin::Pod | Origin::Container),
        None => true,
    };
    let printed = fits && one.only_for.is_none() && !one.unless.as_deref().is_some_and(gives);
    printed
        && one.command.is_some()
        && step(one).is_ok_and(|found| found.iter().all(|placeholder| gives(placeholder.field)))
}
