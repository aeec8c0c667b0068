//! Mitigation Strategies: three headings, always printed.

use std::borrow::Cow;

use super::super::Report;
use super::super::document::{Block, Line};
use super::{Told, counted, heading};
use crate::limits;
use crate::mitigation::{Heading, Mitigation, Proof};

pub fn write(report: &Report, told: &[Told<'_>], blocks: &mut Vec<Block>) {
    blocks.push(heading(2, "Mitigation Strategies"));
    for section in Heading::ALL {
        blocks.push(heading(3, section.title()));
        let mut empty = true;
        let mut offered: Vec<&Mitigation> =
            report.plan.mitigations.iter().filter(|mitigation| mitigation.heading == section).collect();
        // Tuning has a bound of its own.
        let bound = if section == Heading::Configuration { usize::MAX } else { limits::CONTROLS_TOLD };
        let further = offered.split_off(offered.len().min(bound));
        let mut tuned = Untold::default();
        for mitigation in offered {
            empty = false;
            if mitigation.kind.starts_with("falco_") && !tuned.tell(mitigation) {
                continue;
            }
            write_one(mitigation, told, blocks);
        }
        if !further.is_empty() {
            blocks.push(super::paragraph(
                "Further, less direct or for other tools; their files are in the export, not in this text:",
            ));
            blocks.push(Block::Bullets(further.into_iter().map(|one| listed(one, told)).collect()));
        }
        blocks.extend(tuned.rest().map(|text| super::paragraph(&text)));
        for (_, reason) in report.plan.withheld.iter().filter(|(heading, _)| *heading == section) {
            blocks.push(super::paragraph(reason));
            empty = false;
        }
        if empty {
            let reason = if report.insight.groups.is_empty() {
                "Nothing: there is no alert to act on."
            } else {
                "Nothing: no setting of this kind acts on these findings."
            };
            blocks.push(super::paragraph(reason));
        }
    }
}

/// Falco tuning that is exported, and not printed because there is so much of it.
#[derive(Default)]
struct Untold {
    told: usize,
    files: u64,
    hides: u64,
}

impl Untold {
    /// Whether a file is to be printed.
    fn tell(&mut self, mitigation: &Mitigation) -> bool {
        if self.told < limits::TUNED_SHOWN {
            self.told += 1;
            return true;
        }
        self.files += 1;
        self.hides += mitigation.proof.as_ref().map_or(0, |proof| proof.hides_total);
        false
    }

    /// What is not printed.
    fn rest(&self) -> Option<String> {
        (self.files > 0).then(|| {
            format!(
                "{} more for Falco hide {} and are among the exported files, each with its proof.",
                counted(self.files, "file"),
                counted(self.hides, "alert")
            )
        })
    }
}

fn write_one(mitigation: &Mitigation, told: &[Told<'_>], blocks: &mut Vec<Block>) {
    blocks.push(heading(4, &mitigation.title));
    blocks.push(super::paragraph(&mitigation.effect));
    if !mitigation.table.is_empty() {
        let row = |row: &Vec<Cow<'static, str>>| row.iter().map(|cell| Line::prose(cell)).collect();
        blocks.push(Block::Table(mitigation.table.iter().map(row).collect()));
    }
    let mut items = vec![
        labelled("May break", &mitigation.may_break),
        labelled("Apply", &mitigation.apply),
        labelled("Roll back", &mitigation.roll_back),
        labelled("Afterwards", &mitigation.afterwards),
    ];
    if let Some(proof) = &mitigation.proof {
        items.push(labelled("Proof", &proof_text(proof)));
    }
    items.push(rests_on(mitigation, told));
    blocks.push(Block::Bullets(items));
    if mitigation.file.is_some() {
        blocks.push(Block::File(mitigation.id.clone()));
    }
}

fn listed(mitigation: &Mitigation, told: &[Told<'_>]) -> Line {
    let file = mitigation.file.as_ref().map(|file| format!(": `{}`", file.name)).unwrap_or_default();
    Line::prose(&format!("{}{file}. Rests on {}", mitigation.title, basis(mitigation, told)))
}

fn labelled(label: &str, text: &str) -> Line {
    Line::default().strong(label).text(": ").text(text)
}

fn rests_on(mitigation: &Mitigation, told: &[Told<'_>]) -> Line {
    labelled("Rests on", &basis(mitigation, told))
}

/// The findings that it rests on, by their numbers in the report.
fn basis(mitigation: &Mitigation, told: &[Told<'_>]) -> String {
    let numbers: Vec<String> = told
        .iter()
        .filter(|told| mitigation.basis.contains(&told.group.id))
        .map(|told| told.number.to_string())
        .collect();
    let beyond = mitigation.basis.len() - numbers.len();
    let mut text = match numbers.as_slice() {
        [] => return format!("{} not described in this report.", counted(beyond as u64, "finding")),
        [one] => format!("finding {one}"),
        several => format!("findings {}", several.join(", ")),
    };
    if beyond > 0 {
        text = format!("{text} and {beyond} that this report does not describe");
    }
    format!("{text}.")
}

fn proof_text(proof: &Proof) -> String {
    let all = proof.hides_total + proof.also_hides_total + proof.keeps_total + proof.undecided_total;
    let shadow = if proof.shadowed_by.is_empty() {
        "No other shipped rule is known to alert on the hidden events instead.".to_owned()
    } else {
        format!(
            "Under Falco's `rule_matching: first`, hidden events may come back as {}.",
            proof.shadowed_by.join(", ")
        )
    };
    format!(
        "of {} of the rules that it changes it hides {}, hides {} that were not meant, leaves {}, undecided {}. {shadow}",
        counted(all, "loaded alert"),
        proof.hides_total,
        proof.also_hides_total,
        proof.keeps_total,
        proof.undecided_total
    )
}
