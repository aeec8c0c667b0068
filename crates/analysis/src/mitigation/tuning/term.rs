//! What a tuning selects by: comparisons of stable fields, all of which must hold.

use std::collections::BTreeSet;

use super::literal::literal;
use crate::insight::Held;
use crate::insight::portrait::{CONTAINER, FIELDS, Portrait, Role};
use crate::limits;

/// The executable's path; the only field by which a system call tells who made it that the process did not
/// choose by itself.
pub const EXECUTABLE: &str = "proc.exepath";
const IMAGE: &str = "container.image.repository";
/// Where anyone may put a program.
const TEMPORARY: [&str; 3] = ["/tmp/", "/var/tmp/", "/dev/shm/"];

/// A comparison of one field. Operands are written as Falco reads them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The field.
    pub field: &'static str,
    /// `=`, `in` or `startswith`.
    pub operator: &'static str,
    /// One operand, for `in` several.
    pub operands: Vec<String>,
}

impl Term {
    fn equals(field: &'static str, value: &str) -> Option<Self> {
        Some(Self { field, operator: "=", operands: vec![literal(value)?] })
    }

    /// The comparison as a condition.
    pub fn condition(&self) -> String {
        let operands = self.operands.join(", ");
        match self.operator {
            "in" => format!("{} in ({operands})", self.field),
            operator => format!("{} {operator} {operands}", self.field),
        }
    }
}

/// How much more than the alerts it was made from a tuning may hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It names who acted, where, and on what.
    Narrow,
    /// It names who acted, and where or on what.
    Medium,
    /// It names who acted, or a program where anyone may put one.
    Broad,
}

impl Grade {
    /// From narrow to broad.
    pub const ALL: [Self; 3] = [Self::Narrow, Self::Medium, Self::Broad];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Narrow => "narrow",
            Self::Medium => "medium",
            Self::Broad => "broad",
        }
    }
}

/// Comparisons that hold together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Selector {
    /// In the order in which they are written.
    pub terms: Vec<Term>,
    /// How broad it is.
    pub grade: Grade,
}

/// Why no sound selector exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoSelector {
    /// No field says who acted.
    NoActor,
    /// Neither where it happened nor on what.
    NoPlace,
    /// The actor has another name each time.
    Changing,
    /// Falco would not read or compare the value as it stands in the alert.
    Unwritable,
}

impl NoSelector {
    /// The reason, as a sentence.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NoActor => {
                "No tuning is offered for alerts without a trustworthy actor: of a process that is `proc.exepath`, as a process name alone can be taken by anyone."
            }
            Self::NoPlace => {
                "No tuning is offered for a process whose alert names neither its container image nor the host: the path alone would hide it everywhere."
            }
            Self::Changing => {
                "No tuning is offered for a process whose path or image has another name each time, such as that of a temporary file: it would not hide the next alert."
            }
            Self::Unwritable => {
                "No tuning is offered for a process whose path or image Falco cannot compare as the alert shows it: it is too long, or holds blanks or characters that do not print."
            }
        }
    }

    /// Whether an alert that says more could be tuned.
    pub fn lacks_fields(self) -> bool {
        matches!(self, Self::NoActor | Self::NoPlace)
    }
}

/// What alerts of the same actor at the same place have in common, in the order of [`FIELDS`].
pub fn identity(portrait: &Portrait) -> Vec<(&'static str, &Held)> {
    portrait.fields().filter(|(name, _)| role(name) != Role::Target).collect()
}

/// The selectors for alerts of one identity, from narrow to broad, each broader than the one before.
pub fn selectors(portraits: &[&Portrait]) -> Result<Vec<Selector>, NoSelector> {
    let first = portraits.first().ok_or(NoSelector::NoActor)?;
    let actors: Vec<&'static str> =
        names(Role::Actor).filter(|name| first.get(name) != &Held::Absent).collect();
    let mut who = Vec::new();
    for name in &actors {
        match first.get(name) {
            Held::Like(_) => return Err(NoSelector::Changing),
            held => {
                let Some(value) = held.known() else { continue };
                who.push(Term::equals(name, value).ok_or(NoSelector::Unwritable)?);
            }
        }
    }
    let executable = first.get(EXECUTABLE);
    let is_program = actors.contains(&EXECUTABLE);
    if who.is_empty() || (is_program && !executable.known().is_some_and(|path| path.starts_with('/'))) {
        return Err(NoSelector::NoActor);
    }
    let place = places(first)?;
    if place.is_empty() && is_program {
        return Err(NoSelector::NoPlace);
    }
    let targets = targets(portraits);
    let anyone = is_program && executable.known().is_some_and(is_temporary);
    let grade = |narrowest| if anyone { Grade::Broad } else { narrowest };
    let mut found: Vec<Selector> = Vec::new();
    let mut offer = |terms: [&[Term]; 3], grade| {
        let selector = Selector { terms: terms.concat(), grade };
        if found.last().is_none_or(|last| last.terms != selector.terms) {
            found.push(selector);
        }
    };
    match (place.is_empty(), targets.is_empty()) {
        (false, false) => {
            offer([&who, &place, &targets], grade(Grade::Narrow));
            offer([&who, &place, &[]], grade(Grade::Medium));
        }
        (false, true) => offer([&who, &place, &[]], grade(Grade::Medium)),
        (true, false) => offer([&who, &[], &targets], grade(Grade::Medium)),
        (true, true) => {}
    }
    offer([&who, &[], &[]], Grade::Broad);
    Ok(found)
}

/// The image or the host, and whatever else says where.
fn places(portrait: &Portrait) -> Result<Vec<Term>, NoSelector> {
    let mut terms = Vec::new();
    let on_host = portrait.get(CONTAINER) == &Held::Text("host".to_owned());
    if on_host {
        terms.extend(Term::equals(CONTAINER, "host"));
    }
    for name in names(Role::Place).filter(|name| *name != CONTAINER) {
        if on_host && matches!(name, IMAGE | "k8s.ns.name") {
            continue;
        }
        match portrait.get(name) {
            Held::Like(_) if name == IMAGE => return Err(NoSelector::Changing),
            held => match held.known().map(|value| Term::equals(name, value)) {
                Some(None) if name == IMAGE => return Err(NoSelector::Unwritable),
                term => terms.extend(term.flatten()),
            },
        }
    }
    // A namespace alone does not say which of its containers.
    let has_image = terms.iter().any(|term| term.field == IMAGE);
    let in_container = portrait.get(EXECUTABLE) != &Held::Absent && !on_host;
    if in_container && !has_image {
        terms.clear();
    }
    Ok(terms)
}

/// What all of these alerts acted on, as far as it can be named.
fn targets(portraits: &[&Portrait]) -> Vec<Term> {
    names(Role::Target).filter_map(|name| target(name, portraits)).collect()
}

fn target(name: &'static str, portraits: &[&Portrait]) -> Option<Term> {
    let mut values: BTreeSet<&str> = BTreeSet::new();
    let mut is_stable = true;
    for portrait in portraits {
        match portrait.get(name) {
            Held::Like(text) => {
                values.insert(text);
                is_stable = false;
            }
            held => {
                values.insert(held.known()?);
            }
        }
    }
    let literals: Option<Vec<String>> =
        if is_stable { values.iter().map(|value| literal(value)).collect() } else { None };
    match literals {
        Some(operands) if operands.len() == 1 => Some(Term { field: name, operator: "=", operands }),
        Some(operands) if operands.len() <= limits::TUNED_TARGETS => {
            Some(Term { field: name, operator: "in", operands })
        }
        _ => {
            let folder = shared_folder(&values)?;
            Some(Term { field: name, operator: "startswith", operands: vec![literal(folder)?] })
        }
    }
}

/// The deepest folder that all of these paths lie in, with its last slash; nothing that half of a machine
/// lies in, or where anyone may write.
fn shared_folder<'a>(paths: &BTreeSet<&'a str>) -> Option<&'a str> {
    let first = paths.first()?;
    let mut end = first.find('<').unwrap_or(first.len());
    for path in paths {
        end = end.min(first.bytes().zip(path.bytes()).take_while(|(left, right)| left == right).count());
    }
    let folder = first.get(..first.as_bytes().get(..end)?.iter().rposition(|byte| *byte == b'/')? + 1)?;
    let is_path = folder.starts_with('/') && !folder.contains("..");
    (is_path && folder.matches('/').count() > 2 && !is_temporary(folder)).then_some(folder)
}

fn is_temporary(path: &str) -> bool {
    TEMPORARY.iter().any(|folder| path.starts_with(folder))
}

fn names(role: Role) -> impl Iterator<Item = &'static str> {
    FIELDS.iter().filter(move |field| field.role == role).map(|field| field.name)
}

fn role(name: &str) -> Role {
    FIELDS.iter().find(|field| field.name == name).map_or(Role::Target, |field| field.role)
}
