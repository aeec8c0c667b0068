//! Commands can be pasted into a shell whatever the alert's values are, and can be given at all.

use super::Check;
use crate::template::{ALWAYS, Placeholder, placeholders, quotes_are_closed};
use crate::{Shipped, Step, StepOrName};

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

/// The steps of an entry: whether current alerts of the rule have what they name.
pub fn check(check: &mut Check<'_>, shipped: &Shipped) {
    let prints = |field: &str| ALWAYS.contains(&field) || shipped.prints(field);
    let rule = check.rule;
    let mut given = false;
    let mut lacking = Vec::new();
    for one in &rule.steps {
        let (steps, own) = match one {
            StepOrName::Step(step) => (std::slice::from_ref(step), true),
            StepOrName::Name(name) => {
                (check.folder.steps.get(name).map(Vec::as_slice).unwrap_or_default(), false)
            }
        };
        for one in steps {
            match step(one) {
                Ok(found) => match found.iter().find(|placeholder| !prints(placeholder.field)) {
                    None => given |= one.command.is_some(),
                    Some(placeholder) if own => lacking.push(placeholder.field),
                    Some(_) => {}
                },
                Err(message) if own => check.fail("steps", message),
                Err(_) => {}
            }
        }
    }
    if !given {
        check.fail("steps", "no step has a command whose fields the rule prints".to_owned());
    }
    for field in lacking {
        let otherwise = rule.steps.iter().any(|step| match step {
            StepOrName::Step(step) => step.unless.as_deref() == Some(field),
            StepOrName::Name(_) => false,
        });
        if !otherwise {
            let message =
                format!("the rule does not print `{field}`: add a step with `unless = \"{field}\"` for that");
            check.fail("steps", message);
        }
    }
}
