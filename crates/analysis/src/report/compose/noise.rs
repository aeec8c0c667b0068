//! Noise and Tuning: what makes the volume, and what is left to read.

use super::super::Report;
use super::super::document::{Block, Line};
use super::{counted, heading};
use crate::alert::Priority;
use crate::insight::noise::{self, Budget};
use crate::insight::timeline::sparkline;
use crate::limits;

/// Nothing where there are too few alerts for any noise.
pub fn write(report: &Report, blocks: &mut Vec<Block>) {
    let budget = noise::budget(&report.insight);
    if budget.alerts < limits::LOUD_ALERTS {
        return;
    }
    blocks.push(heading(2, "Noise and Tuning"));
    if budget.loud.is_empty() {
        blocks.push(super::paragraph(&format!(
            "No finding that could be noise alerts {} times or more: there is nothing to tune for volume.",
            limits::LOUD_ALERTS
        )));
    } else {
        blocks.push(Block::Paragraph(sentence(report, &budget)));
        loud(report, &budget, blocks);
    }
    rules(report, &budget, blocks);
    priorities(&budget, blocks);
}

/// "3 findings make 97.9 % of the volume; the other 12 alerts are the ones to read."
pub fn sentence(report: &Report, budget: &Budget) -> Line {
    let quiet = report.insight.groups.len().saturating_sub(budget.loud.len()) as u64;
    let volume = format!(
        "{} {} {} of the volume",
        counted(budget.loud.len() as u64, "finding"),
        if budget.loud.len() == 1 { "makes" } else { "make" },
        percent(budget.loud_share())
    );
    Line::prose(&match budget.quiet_alerts() {
        0 => format!("{volume}: read one alert of each, and tune those that are expected."),
        1 => format!("{volume}. The 1 other alert is the one to read."),
        alerts => format!(
            "{volume}. The {alerts} other alerts, in {}, are the ones to read.",
            counted(quiet, "finding")
        ),
    })
}

fn loud(report: &Report, budget: &Budget, blocks: &mut Vec<Block>) {
    blocks.push(super::paragraph(
        "To tune first, by volume weighed with priority (each step from Notice up counts twice the one below). Whether a finding is expected is for its owner to say: tuning hides it from then on.",
    ));
    let head = ["Finding", "Rule", "Alerts", "Share", "Every", "When"].map(Line::prose).to_vec();
    let rows = budget.loud.iter().take(limits::NOISE_ROWS).filter_map(|at| {
        let group = report.insight.groups.get(*at)?;
        let every = group.every().map_or_else(|| "not known".to_owned(), duration);
        Some(vec![
            Line::prose(&(at + 1).to_string()),
            Line::default().value(&group.rule),
            Line::prose(&group.count.to_string()),
            Line::prose(&percent(noise::permille(group.count, budget.alerts))),
            Line::prose(&every),
            Line::prose(&sparkline(&group.periods)),
        ])
    });
    blocks.push(Block::Table(std::iter::once(head).chain(rows).collect()));
    cut(budget.loud.len(), "loud finding", blocks);
}

fn rules(report: &Report, budget: &Budget, blocks: &mut Vec<Block>) {
    blocks.push(heading(3, "Volume by rule"));
    let periods = report.insight.timeline.len();
    let steady = format!("Of {periods} periods");
    let head = ["Rule", "Alerts", "Share", "Findings", "Actors", "Hosts", &steady].map(Line::prose).to_vec();
    let rows = budget.rules.iter().take(limits::NOISE_ROWS).map(|share| {
        let numbers = [
            share.groups.to_string(),
            share.actors.to_string(),
            share.hosts.to_string(),
            share.periods.to_string(),
        ];
        let start = [
            Line::default().value(&share.rule),
            Line::prose(&share.alerts.to_string()),
            Line::prose(&percent(noise::permille(share.alerts, budget.alerts))),
        ];
        start.into_iter().chain(numbers.iter().map(|number| Line::prose(number))).collect()
    });
    blocks.push(Block::Table(std::iter::once(head).chain(rows).collect()));
    cut(budget.rules.len(), "rule", blocks);
}

fn priorities(budget: &Budget, blocks: &mut Vec<Block>) {
    blocks.push(heading(3, "Volume by priority"));
    blocks.push(super::paragraph(
        "What would page whoever alerts on a priority and everything above it, before and after the loud findings are tuned.",
    ));
    let head = ["From", "Alerts", "After tuning", "At this priority", "Findings"].map(Line::prose).to_vec();
    let (mut above, mut quiet_above) = (0, 0);
    let rows = budget.by_priority.iter().map(|(priority, level)| {
        above += level.alerts;
        quiet_above += level.quiet_alerts;
        let name = priority.map_or("no priority", Priority::name).to_owned();
        let numbers = [above, quiet_above, level.alerts, level.groups].map(|number| number.to_string());
        std::iter::once(name).chain(numbers).map(|cell| Line::prose(&cell)).collect()
    });
    blocks.push(Block::Table(std::iter::once(head).chain(rows).collect()));
}

fn cut(all: usize, noun: &str, blocks: &mut Vec<Block>) {
    if let Some(more) = all.checked_sub(limits::NOISE_ROWS).filter(|more| *more > 0) {
        blocks.push(super::paragraph(&format!("{} more: see the JSON report.", counted(more as u64, noun))));
    }
}

fn percent(permille: u64) -> String {
    match permille {
        0 => "under 0.1 %".to_owned(),
        _ => format!("{}.{} %", permille / 10, permille % 10),
    }
}

/// A length of time in its largest unit that has no more than three digits.
pub fn duration(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0 => return "under a second".to_owned(),
        1..120 => (seconds, "second"),
        120..7200 => (seconds / 60, "minute"),
        7200..172_800 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    counted(count, unit)
}
