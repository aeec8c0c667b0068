//! ATT&CK and Timeline: what the alerts stand for, and when they came.

use super::super::Report;
use super::super::document::{Block, Figure, Line};
use super::{counted, heading};
use crate::alert::{Priority, Timestamp};
use crate::insight::coverage::{self, TACTICS};
use crate::insight::timeline::Timeline;

pub fn coverage(report: &Report, blocks: &mut Vec<Block>) {
    blocks.push(heading(2, "ATT&CK Coverage"));
    let matrix = coverage::matrix(&report.insight.groups);
    if matrix.is_empty() {
        blocks.push(super::paragraph(
            "Neither knowledge nor the rules' tags name an ATT&CK tactic or technique for these alerts.",
        ));
        return;
    }
    blocks.push(super::paragraph(
        "What the rules stand for, by the knowledge entry or else by the rule's tags. It shows what was alerted on, not what was done.",
    ));
    let head = ["Tactic", "Technique", "Alerts", "Findings"].map(Line::prose).to_vec();
    let mut rows = vec![head];
    let mut columns: Vec<(&'static str, Vec<(String, u64)>)> = Vec::new();
    for ((tactic, technique), cell) in &matrix {
        let title = TACTICS.get(*tactic).map_or("Tactic not known", |(_, title)| title);
        let name = if technique.is_empty() { "not named" } else { technique };
        rows.push(vec![
            Line::prose(title),
            Line::prose(name),
            Line::prose(&cell.alerts.to_string()),
            Line::prose(&cell.groups.len().to_string()),
        ]);
        match columns.last_mut().filter(|(last, _)| *last == title) {
            Some((_, cells)) => cells.push((name.to_owned(), cell.alerts)),
            None => columns.push((title, vec![(name.to_owned(), cell.alerts)])),
        }
    }
    blocks.push(Block::Figure(Figure::Matrix(columns), rows));
}

pub fn timeline(report: &Report, blocks: &mut Vec<Block>) {
    let timeline = &report.insight.timeline;
    let undated = report.insight.sightings.iter().filter(|sighting| sighting.time.is_none()).count() as u64;
    blocks.push(heading(2, "Timeline"));
    if timeline.is_empty() {
        blocks.push(super::paragraph("No alert says when it happened."));
        return;
    }
    let mut text = format!(
        "Periods of {}, in UTC. Periods without alerts are left out of the table.",
        timeline.length()
    );
    if undated > 0 {
        text = format!(
            "{text} {} without a time {} not in it.",
            counted(undated, "alert"),
            if undated == 1 { "is" } else { "are" }
        );
    }
    blocks.push(super::paragraph(&text));
    let total = |at: usize| timeline.periods.iter().filter_map(|period| period.get(at)).sum::<u64>();
    let met: Vec<usize> = (0..9).filter(|at| total(*at) > 0).collect();
    let name = |at: &usize| Priority::ALL.get(*at).map_or("None", |priority| priority.name());
    let head = ["From", "Alerts"].into_iter().chain(met.iter().map(name)).map(Line::prose).collect();
    let begin = |at: usize| timeline.begin(at).map(Timestamp::to_the_second).unwrap_or_default();
    let mut rows = vec![head];
    for (at, period) in timeline.periods.iter().enumerate() {
        let all: u64 = period.iter().sum();
        if all > 0 {
            let counts = met.iter().filter_map(|at| period.get(*at)).map(u64::to_string);
            let cells = [begin(at), all.to_string()].into_iter().chain(counts);
            rows.push(cells.map(|cell| Line::prose(&cell)).collect());
        }
    }
    blocks.push(Block::Figure(figure(timeline), rows));
}

/// Alerts by time and priority.
pub fn figure(timeline: &Timeline) -> Figure {
    let begin = |at: usize| timeline.begin(at).map(Timestamp::to_read).unwrap_or_default();
    Figure::Timeline {
        periods: timeline.periods.clone(),
        begin: begin(0),
        end: begin(timeline.len().saturating_sub(1)),
    }
}
