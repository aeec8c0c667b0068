//! What a rule file beside the alerts says about the rule of a finding, in its author's words.

use super::super::Report;
use super::super::document::{Block, Line};
use super::Told;

/// Writes the rule's own description, tags and condition where a file defines it; `is_first` among the
/// findings of this rule.
pub fn write(report: &Report, told: Told<'_>, is_first: bool, blocks: &mut Vec<Block>) {
    let Some(own) = report.rules.own.get(&told.group.rule).filter(|_| is_first) else { return };
    let mut line =
        Line::default().strong("Your rule file.").text(" ").value(&own.file).text(" defines the rule");
    if !own.desc.is_empty() {
        line = line.text(" and describes it so: ").value(&own.desc);
    }
    line = line.text(if own.desc.ends_with(['.', '!', '?']) { "" } else { "." });
    for (at, tag) in own.tags.iter().enumerate() {
        line = line.text(if at > 0 { ", " } else { " Its tags: " }).value(tag);
    }
    if !own.tags.is_empty() {
        line = line.text(".");
    }
    if !own.enabled {
        line = line.text(
            " It is switched off in the loaded files: these alerts are from before, or from another Falco.",
        );
    }
    blocks.push(Block::Paragraph(line.text(" Its condition:")));
    blocks.push(Block::Quote(own.condition.clone()));
}
