//! Findings of a set by urgency, each in the shape of a report of its own.

use super::super::Report;
use super::super::document::{Block, Line};
use super::{Told, detail, finding_title, heading, risk, steps};
use crate::mitigation::Mitigation;

/// Writes every finding that the report tells of; a step that an earlier one has is not repeated.
pub fn write(report: &Report, told: &[Told<'_>], blocks: &mut Vec<Block>) {
    blocks.push(heading(2, "Findings"));
    blocks.push(super::paragraph(
        "The most urgent first. What mitigates several of them stands once, under Mitigation Strategies.",
    ));
    let mut given = Vec::new();
    for (at, one) in told.iter().enumerate() {
        let number = one.number;
        blocks.push(Block::Heading {
            level: 3,
            title: finding_title(number),
            about: Some(one.group.rule.clone()),
        });
        detail::finding(report, *one, told.get(..at).unwrap_or_default(), blocks);
        blocks.push(heading(4, &format!("Risk of finding {number}")));
        risk::finding(*one, blocks);
        mitigations(report, *one, blocks);
        let steps = steps::steps(*one);
        let own: Vec<_> = steps.into_iter().filter(|step| !given.contains(step)).collect();
        blocks.push(heading(4, &format!("Next steps for finding {number}")));
        if own.is_empty() {
            blocks.push(super::paragraph("None but those of earlier findings."));
            continue;
        }
        given.extend(own.iter().cloned());
        blocks.push(Block::Steps(own));
    }
}

/// The mitigations that rest on a finding, by name; nothing where there are none.
fn mitigations(report: &Report, told: Told<'_>, blocks: &mut Vec<Block>) {
    let rests_on_it = |mitigation: &&Mitigation| mitigation.basis.contains(&told.group.id);
    let titles: Vec<Line> = report
        .plan
        .mitigations
        .iter()
        .filter(rests_on_it)
        .map(|mitigation| Line::prose(&format!("{}: {}", mitigation.heading.title(), mitigation.title)))
        .collect();
    if !titles.is_empty() {
        blocks.push(heading(4, &format!("Mitigations for finding {}", told.number)));
        blocks.push(Block::Bullets(titles));
    }
}
