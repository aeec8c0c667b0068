//! Falco conditions that select alerts, written so that Falco reads exactly the value meant.
//!
//! Source of the quoting rules: libs 0.25.4, `userspace/libsinsp/filter/parser.cpp`, and Falco
//! 0.44.1, `userspace/engine/rule_loader_compiler.cpp`.

use crate::insight::{Actor, Group, Held};
use crate::limits;
use crate::report::escape::is_hidden;

use crate::mitigation::Proof;

/// `field = value`, joined by `and`: a narrow selection of one actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    executable: String,
    within: Within,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Within {
    Image(String),
    Host,
}

/// Why no sound selector exists for an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSelector {
    /// `proc.exepath` is missing, and a process name alone can be taken by anyone.
    NoExecutable,
    /// Neither an image nor the host is named.
    NoPlace,
    /// Program or image have another name each time.
    Changing,
    /// Falco would not read or compare the value as it stands in the alert.
    Unwritable,
}

impl NoSelector {
    /// The reason, as a sentence.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NoExecutable => {
                "No tuning is offered for a process whose alert lacks `proc.exepath`: a process name alone can be taken by anyone."
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
}

impl Selector {
    /// Selects what this actor did: by executable path and image, or by executable path on hosts.
    pub fn of(actor: &Actor) -> Result<Self, NoSelector> {
        if [&actor.executable, &actor.image].iter().any(|held| matches!(held, Held::Like(_))) {
            return Err(NoSelector::Changing);
        }
        let executable = actor.executable.known().ok_or(NoSelector::NoExecutable)?;
        let within = match (actor.place.is_host(), actor.image.known()) {
            (Some(true), _) => Within::Host,
            (_, Some(image)) => Within::Image(image.to_owned()),
            (_, None) => return Err(NoSelector::NoPlace),
        };
        let selector = Self { executable: executable.to_owned(), within };
        let writable = selector.values().into_iter().all(|value| literal(value).is_some());
        writable.then_some(selector).ok_or(NoSelector::Unwritable)
    }

    /// The condition, in parentheses.
    pub fn condition(&self) -> String {
        let quoted = |value| literal(value).unwrap_or_default();
        let within = match &self.within {
            Within::Image(image) => format!("container.image.repository = {}", quoted(image)),
            Within::Host => "container.id = host".to_owned(),
        };
        format!("(proc.exepath = {} and {within})", quoted(&self.executable))
    }

    /// Whether Falco's condition holds for the alerts of a group; nothing where a field is missing
    /// that would decide it.
    pub fn matches(&self, actor: &Actor) -> Option<bool> {
        let within = match &self.within {
            Within::Image(image) => actor.image.equals(image),
            Within::Host => actor.place.is_host(),
        };
        match (actor.executable.equals(&self.executable), within) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    fn values(&self) -> Vec<&str> {
        match &self.within {
            Within::Image(image) => vec![&self.executable, image],
            Within::Host => vec![&self.executable],
        }
    }
}

/// What any of the selectors hides among `all` groups of the rules it touches. `wanted` are the
/// groups that the selectors were made for.
pub fn prove(selectors: &[Selector], wanted: &[&Group], all: &[&Group]) -> Proof {
    let mut proof = Proof::default();
    for group in all {
        let verdicts = || selectors.iter().map(|selector| selector.matches(&group.actor));
        if verdicts().any(|verdict| verdict == Some(true)) {
            let was_wanted = wanted.iter().any(|wanted| wanted.id == group.id);
            let (listed, total) = if was_wanted {
                (&mut proof.hides, &mut proof.hides_total)
            } else {
                (&mut proof.also_hides, &mut proof.also_hides_total)
            };
            listed.extend(&group.records);
            *total += group.count;
        } else if verdicts().any(|verdict| verdict.is_none()) {
            proof.undecided_total += group.count;
        } else {
            proof.keeps_total += group.count;
        }
    }
    for listed in [&mut proof.hides, &mut proof.also_hides] {
        listed.sort_unstable();
        listed.truncate(limits::RECORDS_LISTED);
    }
    proof
}

/// A value as Falco's condition grammar takes it, bare or in double quotes; nothing where no way of
/// writing it compares equal in the engine.
///
/// Refused are values that Falco does not load (over 255 bytes), values whose printed form differs
/// from what is compared (control and replacement characters), and values with a word between two
/// delimiters: should a list of that name exist, its items would be pasted into the quoted text.
fn literal(value: &str) -> Option<String> {
    let delimiters = |character: char| matches!(character, ' ' | ',' | '(' | ')' | '=');
    let inner_word = value.split(delimiters).count() > 2;
    if value.is_empty()
        || value.len() > limits::CONDITION_VALUE_BYTES
        || value.contains(|character| is_hidden(character) || character == '\u{FFFD}')
        || value.ends_with("[...]")
        || inner_word
    {
        return None;
    }
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"_./:@%+-".contains(&byte);
    // A bare word could be the name of a list; a path or an image with its slash cannot.
    if value.bytes().all(safe) && value.contains('/') {
        return Some(value.to_owned());
    }
    let mut quoted = String::from("\"");
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek().is_none() => quoted.push_str("\\ "),
            '\\' | '"' => {
                quoted.push('\\');
                quoted.push(character);
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    Some(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::Place;

    fn actor(executable: &str, image: Held, place: Place) -> Actor {
        let executable = Held::Text(executable.to_owned());
        Actor { executable, process: Held::Absent, image, place, namespace: Held::Null }
    }

    fn text(value: &str) -> Held {
        Held::Text(value.to_owned())
    }

    #[test]
    fn literals() {
        let check =
            |value: &str, expected: Option<&str>| assert_eq!(literal(value).as_deref(), expected, "{value}");
        check("/bin/event-generator", Some("/bin/event-generator"));
        check("nginx", Some("\"nginx\""));
        check("/opt/a b", Some("\"/opt/a b\""));
        check("/opt/a\"b", Some("\"/opt/a\\\"b\""));
        check("/opt/x\\", Some("\"/opt/x\\ \""));
        check("/opt/é", Some("\"/opt/é\""));
        check("", None);
        check("/opt/a shell_binaries b", None);
        check("/opt/a\nb", None);
        check("/opt/a\u{FFFD}b", None);
        check("/opt/a\u{202E}b", None);
        check(&format!("/{}", "a".repeat(255)), None);
    }

    #[test]
    fn conditions_name_program_and_place() {
        let image = actor("/bin/gdb", text("docker.io/acme/debug"), Place::Container);
        assert_eq!(
            Selector::of(&image).unwrap().condition(),
            "(proc.exepath = /bin/gdb and container.image.repository = docker.io/acme/debug)"
        );
        let host = actor("/usr/bin/gdb", text(""), Place::Host);
        assert_eq!(
            Selector::of(&host).unwrap().condition(),
            "(proc.exepath = /usr/bin/gdb and container.id = host)"
        );
        let nowhere = actor("/usr/bin/gdb", Held::Null, Place::Container);
        assert_eq!(Selector::of(&nowhere), Err(NoSelector::NoPlace));
    }

    #[test]
    fn null_is_false_and_absent_is_unknown() {
        let selector = Selector::of(&actor("/a", text("i/i"), Place::Container)).unwrap();
        assert_eq!(selector.matches(&actor("/a", text("i/i"), Place::Container)), Some(true));
        assert_eq!(selector.matches(&actor("/a", Held::Null, Place::Container)), Some(false));
        assert_eq!(selector.matches(&actor("/a", Held::Absent, Place::Container)), None);
        assert_eq!(selector.matches(&actor("/b", Held::Absent, Place::Container)), Some(false));
    }

    #[test]
    fn a_name_that_changes_each_time_selects_nothing() {
        let mut changing = actor("/a", text("i/i"), Place::Container);
        changing.executable = Held::Like("/tmp/tmp.<tmp>".to_owned());
        assert_eq!(Selector::of(&changing), Err(NoSelector::Changing));
        let selector = Selector::of(&actor("/tmp/tmp.x8Yk2aBcQ1", text("i/i"), Place::Container));
        let selector = selector.unwrap();
        assert_eq!(selector.matches(&changing), None);
        changing.executable = Held::Like("/tmp/other.<tmp>".to_owned());
        assert_eq!(selector.matches(&changing), Some(false));
    }
}
