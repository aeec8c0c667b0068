//! Summary: what happened, what we take it for, what to do first.

use super::super::Report;
use super::super::document::{Block, Line};
use super::{Told, counted, detail, heading, overall};
use crate::insight::Class;
use crate::insight::signals::{Direction, Signal};

pub fn write(report: &Report, told: &[Told<'_>], blocks: &mut Vec<Block>) {
    blocks.push(heading(2, "Summary"));
    blocks.push(Block::Paragraph(headline(report, told)));
    if let Some(partial) = report.partial {
        let text = format!(
            "This report is partial: reading was stopped after {} of {} bytes. What comes later is not in it.",
            partial.read, partial.total
        );
        blocks.push(Block::Paragraph(Line::default().strong(&text)));
    }
    match told {
        [] => blocks.push(Block::Paragraph(Line::prose(nothing_read(report)))),
        [only] => blocks.push(Block::Paragraph(verdict(*only))),
        several => {
            overall::write(report, several, blocks);
            blocks.push(Block::Bullets(several.iter().map(|told| overview(*told)).collect()));
        }
    }
    blocks.push(Block::Review(None, super::review::counts(report)));
    let described = told.len();
    let all = report.insight.groups.len();
    if all > described {
        let text = format!(
            "Only the {described} most urgent of {all} findings are described here; the JSON report lists them all."
        );
        blocks.push(Block::Paragraph(Line::prose(&text)));
    }
    if report.insight.beyond > 0 {
        let text = format!(
            "This set holds more different findings than can be told apart: {} were counted but not judged. Load fewer files at once.",
            counted(report.insight.beyond, "alert")
        );
        blocks.push(Block::Paragraph(Line::default().strong(&text)));
    }
    if report.total.skipped > 0 {
        let text = format!(
            "{} could not be read and {} not part of this report; the appendix says where and why.",
            counted(report.total.skipped, "record"),
            if report.total.skipped == 1 { "is" } else { "are" }
        );
        blocks.push(Block::Paragraph(Line::prose(&text)));
    }
}

/// The report in one sentence.
pub fn headline(report: &Report, told: &[Told<'_>]) -> Line {
    let alerts = report.total.alerts;
    match told {
        [] => Line::prose("No alert was found."),
        [only] if only.group.count == 1 => detail::what_happened(*only),
        [only] => {
            Line::prose(&format!("{} tell of the same thing. The earliest: ", counted(alerts, "alert")))
                .then(detail::what_happened(*only))
        }
        _ => {
            let findings = counted(report.insight.groups.len() as u64, "finding");
            let mut line = Line::prose(&format!("{} amount to {findings}", counted(alerts, "alert")));
            if let (Some(first), Some(last)) = (report.insight.first, report.insight.last) {
                line = line.text(&format!(", from {first} to {last}"));
            }
            line.text(&format!(": {}.", by_class(report)))
        }
    }
}

fn by_class(report: &Report) -> String {
    let classes = [
        Class::LikelyMalicious,
        Class::BlindSpot,
        Class::NeedsReview,
        Class::TestActivity,
        Class::LikelyBenign,
    ];
    let told = classes.into_iter().filter_map(|class| {
        let count = report.insight.groups.iter().filter(|group| group.verdict.class == class).count();
        let words = match (class, count) {
            (_, 0) => return None,
            (Class::LikelyMalicious, _) => "likely malicious",
            (Class::BlindSpot, 1) => "a blind spot",
            (Class::BlindSpot, _) => "blind spots",
            (Class::NeedsReview, 1) => "needs review",
            (Class::NeedsReview, _) => "need review",
            (Class::TestActivity, 1) => "looks like test activity",
            (Class::TestActivity, _) => "look like test activity",
            (Class::LikelyBenign, _) => "likely benign",
        };
        Some(format!("{count} {words}"))
    });
    told.collect::<Vec<_>>().join(", ")
}

fn nothing_read(report: &Report) -> &'static str {
    if report.total.total() == 0 {
        "The input is empty."
    } else if !report.recognised {
        "Nothing in the input could be read as a Falco alert."
    } else {
        "The input is readable, but holds no Falco alert."
    }
}

fn verdict(told: Told<'_>) -> Line {
    let verdict = &told.group.verdict;
    let spoken = verdict.signals.iter().filter(|signal| signal.direction != Direction::Context);
    let fields = spoken.flat_map(Signal::fields);
    let line = Line::prose("This ").strong(verdict.class.phrase()).text(&format!(
        " (confidence {} of 100). {}",
        verdict.confidence,
        consequence(verdict.class)
    ));
    told.cite(line, fields)
}

/// What follows from a class, in a sentence.
pub fn consequence(class: Class) -> &'static str {
    match class {
        Class::LikelyMalicious => "Treat it as an incident now: contain first, then investigate.",
        Class::BlindSpot => "Falco lost events, so the absence of other alerts proves nothing for that time.",
        Class::NeedsReview => {
            "The alert alone does not decide it: a person has to check, starting with its next steps."
        }
        Class::TestActivity => {
            "Confirm with whoever runs the test before you close it: the marks of a test can be forged."
        }
        Class::LikelyBenign => "No action is urgent; tune the rule if it keeps alerting.",
    }
}

fn overview(told: Told<'_>) -> Line {
    let group = told.group;
    let mut line = Line::default()
        .strong(&super::finding_title(told.number))
        .text(": ")
        .value(&group.rule)
        .text(&format!(", {}", counted(group.count, "alert")));
    if let Some(process) = told.text("proc.name") {
        line = line.text(", process ").value(process);
    }
    if let Some(image) = group.actor.image.known() {
        line = line.text(" in image ").value(image);
    }
    line.text(&format!(": {} (confidence {}).", group.verdict.class.phrase(), group.verdict.confidence))
}
