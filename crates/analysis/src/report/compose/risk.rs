//! Risk Assessment: the verdict, its evidence, and what would change it.

use super::super::document::{Block, Line};
use super::{Told, heading, steps};
use crate::insight::Class;
use crate::insight::signals::{Direction, Piece, Written};
use crate::knowledge::{Entry, Technique};

pub fn write(told: &[Told<'_>], blocks: &mut Vec<Block>) {
    blocks.push(heading(2, "Risk Assessment"));
    if told.is_empty() {
        blocks.push(super::paragraph("Without an alert there is no risk to assess."));
    }
    for one in told {
        finding(*one, blocks);
    }
}

/// The verdict of one finding, its evidence, and what would change it.
pub fn finding(told: Told<'_>, blocks: &mut Vec<Block>) {
    let verdict = &told.group.verdict;
    let line = Line::default()
        .strong("Verdict:")
        .text(" this ")
        .strong(verdict.class.phrase())
        .text(&format!(", confidence {} of 100. ", verdict.confidence))
        .text(how_sure(told));
    blocks.push(Block::Paragraph(line));
    if let Some(priority) = told.group.example.priority() {
        let line = Line::prose(&format!(
            "The rule's author gave it the priority {}. That is how grave the behaviour would be, not how likely an attack is.",
            priority.name()
        ));
        blocks.push(Block::Paragraph(told.cite(line, ["priority"])));
    }
    evidence(told, blocks);
    attack(told, blocks);
    blocks.push(Block::Paragraph(Line::default().strong("What would change this verdict:")));
    let mut lines = changes(verdict.class, Actor::of(told));
    if verdict.class != Class::TestActivity && steps::bears_marks_of_a_test(told) {
        lines.push(Line::prose(
            "Whoever tests Falco's rules here confirms that this was their run: then it is a test. Its marks alone are no proof.",
        ));
    }
    blocks.push(Block::Bullets(lines));
}

/// Why the confidence is what it is.
fn how_sure(told: Told<'_>) -> &'static str {
    match told.group.verdict.class {
        Class::TestActivity if told.group.verdict.test_rests_on(Written::ByProcess) => {
            "Every sign of a test here was written by the process itself, which proves nothing in its favour, so the confidence is held at 30 or less."
        }
        Class::TestActivity if told.group.verdict.test_rests_on(Written::ByService) => {
            "Falco's own companion writes this alert to see whether it arrives."
        }
        Class::TestActivity => {
            "The image or namespace is chosen by whoever deploys the workload, which weighs more than what a process calls itself; someone who can start containers can still choose it."
        }
        Class::LikelyMalicious => "The signs below are rare in ordinary work.",
        Class::LikelyBenign => "The signs below fit ordinary work.",
        Class::BlindSpot => "Falco itself reports that it lost events.",
        Class::NeedsReview => "The alert's fields speak clearly neither for an attack nor for ordinary work.",
    }
}

fn evidence(told: Told<'_>, blocks: &mut Vec<Block>) {
    let signals = &told.group.verdict.signals;
    if signals.is_empty() {
        blocks.push(super::paragraph("No named signal fired for this alert, in either direction."));
        return;
    }
    blocks.push(Block::Paragraph(Line::default().strong("Evidence:")));
    let lines = signals.iter().map(|signal| {
        let lead = match signal.direction {
            Direction::Test => "For a test",
            Direction::Malice => "For an attack",
            Direction::Benign => "For ordinary work",
            Direction::Doubt => "Less sure",
            Direction::Blindness => "Blind",
            Direction::Context => "Context",
        };
        let by = match signal.written {
            Written::ByProcess => " (chosen by whoever acted)",
            Written::ByDeployer => " (set by the deployer)",
            Written::ByCounting => " (counted over what was loaded)",
            Written::ByKernel | Written::ByService => "",
        };
        let mut line = Line::default().strong(lead);
        if signal.weight > 0 {
            line = line.text(&format!(", weight {}", signal.weight));
        }
        line = signal.pieces().into_iter().fold(line.text(": "), |line, piece| match piece {
            Piece::Words(words) => line.text(words),
            Piece::Value(value) => line.value(value),
        });
        told.cite(line.text(&format!("{by}.")), signal.fields())
    });
    blocks.push(Block::Bullets(lines.collect()));
}

fn attack(told: Told<'_>, blocks: &mut Vec<Block>) {
    let line = match told.entry {
        Some(entry) => by_knowledge(entry),
        None => by_tags(told),
    };
    let says = |tag: &str, entry: &Entry| {
        let attack = entry.attack.iter().map(|one| one.technique);
        attack.chain(entry.contradicted.iter().map(|(tag, _)| *tag)).any(|named| named == tag)
    };
    let rests_on_tags = told.entry.is_none_or(|entry| told.group.example.tags().any(|tag| says(tag, entry)));
    let cited = rests_on_tags.then_some("tags");
    blocks.push(Block::Paragraph(told.cite(line, cited)));
}

fn by_knowledge(entry: &Entry) -> Line {
    let mut line = Line::prose("MITRE ATT&CK: ");
    for (at, Technique { technique, name, tactic }) in entry.attack.iter().enumerate() {
        line = line.text(if at > 0 { "; " } else { "" });
        line = line.strong(technique).text(if name.is_empty() { "" } else { " " }).text(name);
        line = line.text(&format!(", tactic {}", tactic_name(tactic)));
    }
    line = line.text(if entry.attack.is_empty() { "no technique describes this behaviour." } else { "." });
    for (tag, why) in &entry.contradicted {
        line = line.text(&format!(" The rule's own tag `{tag}` does not fit: {why}"));
    }
    line
}

fn by_tags(told: Told<'_>) -> Line {
    let is_technique = |tag: &str| {
        let digits = tag.strip_prefix('T').unwrap_or_default();
        digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    let tags = told.group.example.tags().filter(|tag| is_technique(tag) || tag.starts_with("mitre_"));
    let mut line = Line::prose("MITRE ATT&CK, by the rule's own tags: ");
    let mut none = true;
    for tag in tags {
        line = line.text(if none { "" } else { ", " }).value(tag);
        none = false;
    }
    if none { Line::prose("The rule's tags name no MITRE ATT&CK technique.") } else { line.text(".") }
}

/// ATT&CK's short name of a tactic as its title: `privilege-escalation` is Privilege Escalation.
fn tactic_name(short: &str) -> String {
    let word = |word: &str| match word {
        "and" => word.to_owned(),
        _ => word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect(),
    };
    short.split('-').map(word).collect::<Vec<String>>().join(" ")
}

/// Who acts, as far as what would change a verdict depends on it.
#[derive(Clone, Copy)]
enum Actor {
    Program,
    /// A user or service account of an audit log.
    Identity,
    Falco,
}

impl Actor {
    fn of(told: Told<'_>) -> Self {
        match told.actor().name {
            "" => Self::Falco,
            "proc.name" => Self::Program,
            _ => Self::Identity,
        }
    }
}

fn changes(class: Class, actor: Actor) -> Vec<Line> {
    let texts: &[&str] = match (class, actor) {
        (Class::TestActivity, Actor::Program) => &[
            "Nobody ran a test at that time: then it is an attempt to look like one, and likely malicious.",
            "The image's digest differs from the published one, or the program's hash from the one in the image.",
            "Whoever is responsible confirms the test: then it is closed.",
        ],
        (Class::TestActivity, _) => &[
            "Nobody ran a test at that time: then it is an attempt to look like one, and likely malicious.",
            "Whoever is responsible confirms the test: then it is closed.",
        ],
        (Class::LikelyMalicious, Actor::Program) => &[
            "The owner of the workload can name the program, its source and the change that brought it.",
            "The same program is part of every instance of this workload and was before.",
        ],
        (Class::LikelyMalicious, _) => &[
            "The owner of the identity can name the change that it belongs to, and from where it was made.",
            "The same identity has done the same before, as part of its work.",
        ],
        (Class::BlindSpot, _) => {
            &["Another source (audit log, EDR, network) covers the time in which events were lost."]
        }
        (Class::LikelyBenign, Actor::Program) => {
            &["The same program does something it did not do before, or reaches a new target."]
        }
        (Class::LikelyBenign, _) => {
            &["The same identity does something it did not do before, or comes from a new address."]
        }
        (Class::NeedsReview, Actor::Program) => &[
            "A person or a change ticket accounts for it: then it is benign.",
            "The program is not part of the image or of a package, or nobody can account for it: then it is likely malicious.",
        ],
        (Class::NeedsReview, Actor::Identity) => &[
            "A person or a change ticket accounts for it: then it is benign.",
            "The identity's owner knows nothing of it, or it came from an address or a client that is not theirs: then it is likely malicious.",
        ],
        (Class::NeedsReview, Actor::Falco) => &[
            "A restart, a change of settings or the load on the host accounts for it: then it is benign.",
            "Somebody stopped, changed or flooded Falco, and nobody planned it: then it is likely malicious.",
        ],
    };
    texts.iter().map(|text| Line::prose(text)).collect()
}
