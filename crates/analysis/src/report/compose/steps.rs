//! Next Steps: those of an entry's steps that the alert has the values for, with the values filled in.

use std::borrow::Cow;

use super::super::document::{Command, Line};
use super::super::escape::is_hidden;
use super::Told;
use crate::insight::signals::{Direction, Signal, Written};
use crate::insight::{Class, Place};
use crate::knowledge::{self, Step};

/// What to do about a finding, each step with its commands.
pub fn steps(told: Told<'_>) -> Vec<(Line, Vec<Command>)> {
    let mut steps = Vec::new();
    let mut asked: Vec<_> =
        if bears_marks_of_a_test(told) { shared(told, "test_run").collect() } else { Vec::new() };
    // Where it may as well be an attack, the question comes after what cannot wait.
    if told.group.verdict.class == Class::TestActivity {
        steps.append(&mut asked);
    }
    let known = told.entry.into_iter().flat_map(|entry| &entry.steps);
    let known: Vec<_> = known.filter_map(|step| filled(told, *step)).collect();
    if !known.is_empty() {
        steps.extend(known);
        steps.append(&mut asked);
        return steps;
    }
    let alert = &told.group.example;
    let read = Line::prose(if alert.names_its_rule() {
        "Read the description and condition of the rule "
    } else {
        "Find the rule whose `output` begins "
    });
    steps.push((read.value(alert.rule()).text(" in your rule files."), Vec::new()));
    for name in ["pod_yaml", "container_inspect", "package_owner"] {
        steps.extend(shared(told, name));
    }
    let ask = "Ask the owner of the workload whether the program and its command line are theirs.";
    steps.push((Line::prose(ask), Vec::new()));
    steps.append(&mut asked);
    steps
}

/// Whether somebody or something says that this is a test of Falco's rules.
pub fn bears_marks_of_a_test(told: Told<'_>) -> bool {
    let is_mark =
        |signal: &Signal| signal.direction == Direction::Test && signal.written != Written::ByService;
    told.group.verdict.signals.iter().any(is_mark)
}

fn shared<'a>(told: Told<'a>, name: &str) -> impl Iterator<Item = (Line, Vec<Command>)> + use<'a> {
    knowledge::shared_steps(name).filter_map(move |step| filled(told, step))
}

/// A step as it is printed; nothing where it does not fit the alert, or the alert lacks a value.
fn filled(told: Told<'_>, step: Step<'_>) -> Option<(Line, Vec<Command>)> {
    let place = match step.place {
        "host" => told.group.actor.place == Place::Host,
        "container" => told.group.actor.place == Place::Container,
        _ => true,
    };
    let verdict = step.only_for.is_empty() || step.only_for == told.group.verdict.class.name();
    if !place || !verdict || told.known(step.unless).is_some() {
        return None;
    }
    let commands = match step.command {
        "" => Vec::new(),
        template => vec![Command(command(told, template)?)],
    };
    Some((text(told, step.text)?, commands))
}

/// A step's words with the alert's values in place of `<<field>>`.
fn text(told: Told<'_>, template: &str) -> Option<Line> {
    let mut parts = template.split("<<");
    let mut line = Line::prose(parts.next()?);
    for part in parts {
        let (field, rest) = part.split_once(">>")?;
        line = line.value(&value_of(told, field)?).text(rest);
    }
    Some(line)
}

/// A command with the alert's values in shell quotes. A value that should not be pasted into a terminal,
/// or that a program would take for an option, leaves no command; nor does one that could end the quotes
/// that `<<field:inner>>` stands in.
fn command(told: Told<'_>, template: &str) -> Option<String> {
    let mut parts = template.split("<<");
    let mut command = parts.next()?.to_owned();
    for part in parts {
        let (field, rest) = part.split_once(">>")?;
        let inner = field.strip_suffix(":inner");
        let value = value_of(told, inner.unwrap_or(field))?;
        if value.contains(is_hidden) || value.starts_with('-') {
            return None;
        }
        if inner.is_none() {
            command.push_str(&shlex::try_quote(&value).ok()?);
        } else if value.bytes().all(is_plain) {
            command.push_str(&value);
        } else {
            return None;
        }
        command.push_str(rest);
    }
    Some(command)
}

/// Means nothing to a shell, a filter language or JSON, inside quotes of either kind.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" ._:/@+-".contains(&byte)
}

/// The value that `<<field>>` stands for; nothing where Falco did not know it.
fn value_of<'a>(told: Told<'a>, field: &str) -> Option<Cow<'a, str>> {
    let alert = &told.group.example;
    if let Some(minutes) = field.strip_prefix("time").and_then(minutes) {
        return alert.time()?.after_minutes(minutes).map(|time| time.to_the_second().into());
    }
    match field {
        "hostname" => alert.hostname().map(Cow::Borrowed),
        "rule" => Some(Cow::Borrowed(alert.rule())),
        "proc.exepath" if !told.text(field).is_some_and(is_file) => None,
        _ => told.group.example.field(field).and_then(super::known),
    }
}

/// The minutes in `<<time-15m>>`; 0 in `<<time>>`.
fn minutes(moved: &str) -> Option<i32> {
    if moved.is_empty() { Some(0) } else { moved.strip_suffix('m')?.parse().ok() }
}

/// Whether a program's path leads to a file that can still be looked at.
fn is_file(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("/memfd:") && !path.ends_with(" (deleted)")
}
