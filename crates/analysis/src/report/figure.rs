//! Figures as SVG, of attributes only: the page's policy allows no inline style. They show numbers and
//! words of ours; every figure stands before a table that says the same.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::document::Figure;
use crate::alert::Priority;

const WIDTH: usize = 720;
const TEXT: &str = "fill=\"currentColor\" font-size=\"11\"";

/// A figure as an `svg` element.
pub fn svg(figure: &Figure) -> String {
    match figure {
        Figure::Timeline { periods, begin, end } => timeline(periods, begin, end),
        Figure::Matrix(columns) => matrix(columns),
    }
}

/// Where the first bar of a timeline begins; scale and numbers are left of it.
const LEFT: usize = 60;

/// Where the bars of a timeline stand, and how much is below them.
const FLOOR: usize = 150;
const BELOW: usize = 40;

/// What stands for a priority, most severe first, then none: its colour, and how long the stripes and the gaps
/// between them are, so that a bar is told from others by whoever sees no colours, and in print.
const fn look(severity: usize) -> (&'static str, Option<&'static str>) {
    match severity {
        0..=2 => ("#c5221f", None),
        3 => ("#d9480f", Some("6 1.5")),
        4 => ("#e08e00", Some("2.5 1.5")),
        5 => ("#3b78d8", Some("1 2")),
        _ => ("#8a949e", Some("0.5 5")),
    }
}

/// A bar, or its sample in the legend: one colour, or stripes of it over a paler ground.
fn bar(out: &mut String, severity: usize, [x, y, width, height]: [usize; 4]) {
    let (fill, stripes) = look(severity);
    let ground = if stripes.is_some() { " fill-opacity=\"0.4\"" } else { "" };
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"{ground}/>"
    );
    if let Some(stripes) = stripes {
        let (middle, bottom) = (x + width / 2, y + height);
        let half = if width % 2 == 0 { "" } else { ".5" };
        let _ = writeln!(
            out,
            "<path d=\"M{middle}{half} {bottom}V{y}\" stroke=\"{fill}\" stroke-width=\"{width}\" stroke-dasharray=\"{stripes}\"/>"
        );
    }
}

/// Where the bars of a timeline are, in the units of its drawing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bars {
    /// The left edge of the first one.
    pub left: u32,
    /// From one to the next.
    pub step: u32,
    /// Their lower edge.
    pub floor: u32,
    /// The whole drawing's width.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// Those of a timeline of so many periods.
pub fn bars(periods: usize) -> Bars {
    let units = |length: usize| u32::try_from(length).unwrap_or_default();
    Bars {
        left: units(LEFT),
        step: units(step(periods)),
        floor: units(FLOOR),
        width: units(WIDTH),
        height: units(FLOOR + BELOW),
    }
}

const fn step(periods: usize) -> usize {
    (WIDTH - LEFT) / if periods == 0 { 1 } else { periods }
}

fn open(height: usize, label: &str) -> String {
    format!("<svg viewBox=\"0 0 {WIDTH} {height}\" width=\"100%\" role=\"img\" aria-label=\"{label}\">\n")
}

fn timeline(periods: &[[u64; 9]], begin: &str, end: &str) -> String {
    let most = periods.iter().map(|period| period.iter().sum::<u64>()).max().unwrap_or_default().max(1);
    let mut out = open(FLOOR + BELOW, "Alerts by time and priority");
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "<text x=\"0\" y=\"20\" {TEXT}>{most}</text><text x=\"0\" y=\"{FLOOR}\" {TEXT}>0</text>"
    );
    let step = step(periods.len());
    for (at, period) in periods.iter().enumerate() {
        let mut below = 0;
        for (severity, count) in period.iter().enumerate().rev() {
            let scaled =
                |count: u64| usize::try_from(u128::from(count) * 140 / u128::from(most)).unwrap_or(140);
            let (from, to) = (scaled(below), scaled(below + count));
            below += count;
            if *count > 0 {
                let (x, width) = (LEFT + at * step, step.saturating_sub(1).max(1));
                let (y, height) = (FLOOR - to, (to - from).max(1));
                bar(&mut out, severity, [x, y, width, height]);
            }
        }
    }
    let y = FLOOR + 16;
    let _ = writeln!(
        out,
        "<text x=\"{LEFT}\" y=\"{y}\" {TEXT}>{begin}</text><text x=\"{WIDTH}\" y=\"{y}\" text-anchor=\"end\" {TEXT}>{end}</text>"
    );
    legend(&mut out, LEFT, FLOOR + 34);
    out.push_str("</svg>\n");
    out
}

fn legend(out: &mut String, left: usize, y: usize) {
    let words = [
        (Priority::Critical, "Critical and above"),
        (Priority::Error, "Error"),
        (Priority::Warning, "Warning"),
        (Priority::Notice, "Notice"),
        (Priority::Informational, "below, or none"),
    ];
    let mut x = left;
    for (priority, words) in words {
        bar(out, priority.number(), [x, y - 10, 12, 12]);
        let after = x + 17;
        let _ = writeln!(out, "<text x=\"{after}\" y=\"{y}\" {TEXT}>{words}</text>");
        x += 44 + words.len() * 6;
    }
}

fn matrix(columns: &[(&'static str, Vec<(String, u64)>)]) -> String {
    const ROW: usize = 34;
    let step = WIDTH / columns.len().max(1);
    let rows = columns.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default();
    let most =
        columns.iter().flat_map(|(_, cells)| cells).map(|(_, alerts)| *alerts).max().unwrap_or_default();
    let mut out = open(30 + rows * ROW, "ATT&amp;CK tactics and techniques by alerts");
    for (at, (title, cells)) in columns.iter().enumerate() {
        let x = at * step;
        let mut words = title.split(' ');
        let (first, rest) = (words.next().unwrap_or_default(), words.collect::<Vec<_>>().join(" "));
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"10\" {TEXT}>{first}</text><text x=\"{x}\" y=\"22\" {TEXT}>{rest}</text>"
        );
        for (row, (technique, alerts)) in cells.iter().enumerate() {
            // A shade for each factor of about ten below the most; text must be readable on the strongest.
            let shade = 60_u32.saturating_sub(
                10 * most.checked_div(*alerts).map_or(5, |ratio| ratio.max(1).ilog10()).min(5),
            );
            let (y, width) = (30 + row * ROW, step.saturating_sub(4));
            let (name, number, text) = (y + 13, y + 26, x + 4);
            let _ = writeln!(
                out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"30\" fill=\"#c5221f\" fill-opacity=\"0.{shade:02}\"/>\
                 <text x=\"{text}\" y=\"{name}\" {TEXT}>{technique}</text><text x=\"{text}\" y=\"{number}\" {TEXT}>{alerts}</text>"
            );
        }
    }
    out.push_str("</svg>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stack_to_the_whole_and_carry_no_style() {
        let mut period = [0; 9];
        period[2] = 1;
        period[5] = 3;
        let figure = Figure::Timeline { periods: vec![period, [0; 9]], begin: "a".into(), end: "b".into() };
        let svg = svg(&figure);
        assert_eq!(svg.matches("<rect").count(), 2 + 5);
        assert!(svg.contains("y=\"45\" width=\"329\" height=\"105\" fill=\"#3b78d8\""), "{svg}");
        assert!(svg.contains("d=\"M224.5 150V45\" stroke=\"#3b78d8\" stroke-width=\"329\""), "{svg}");
        assert!(svg.contains("y=\"10\" width=\"329\" height=\"35\" fill=\"#c5221f\""), "{svg}");
        assert!(!svg.contains("style") && !svg.contains("<script"));
    }

    #[test]
    fn priorities_are_told_apart_without_colours() {
        let stripes: Vec<_> = [2, 3, 4, 5, 8].map(|severity| look(severity).1).to_vec();
        assert!(stripes.iter().enumerate().all(|(at, one)| !stripes[..at].contains(one)), "{stripes:?}");
    }

    #[test]
    fn a_column_a_tactic() {
        let columns =
            vec![("Initial Access", vec![("T1190".to_owned(), 100)]), ("Impact", vec![(String::new(), 1)])];
        let svg = svg(&Figure::Matrix(columns));
        assert!(
            svg.contains(">Initial</text>")
                && svg.contains(">Access</text>")
                && svg.contains(">T1190</text>")
        );
        assert!(svg.contains("fill-opacity=\"0.60\"") && svg.contains("fill-opacity=\"0.40\""), "{svg}");
    }
}
