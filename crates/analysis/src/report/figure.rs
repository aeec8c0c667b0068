//! Figures as SVG, of attributes only: the page's policy allows no inline style. They show numbers and
//! words of ours; every figure stands before a table that says the same.

use std::fmt::Write;

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

/// What stands for a priority: most severe first, then none.
fn colour(severity: usize) -> &'static str {
    match severity {
        0..=2 => "#c5221f",
        3 => "#d9480f",
        4 => "#e08e00",
        5 => "#3b78d8",
        _ => "#8a949e",
    }
}

fn open(height: usize, label: &str) -> String {
    format!("<svg viewBox=\"0 0 {WIDTH} {height}\" width=\"100%\" role=\"img\" aria-label=\"{label}\">\n")
}

fn timeline(periods: &[[u64; 9]], begin: &str, end: &str) -> String {
    const HEIGHT: usize = 150;
    const LEFT: usize = 60;
    let most = periods.iter().map(|period| period.iter().sum::<u64>()).max().unwrap_or_default().max(1);
    let mut out = open(HEIGHT + 40, "Alerts by time and priority");
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "<text x=\"0\" y=\"20\" {TEXT}>{most}</text><text x=\"0\" y=\"{HEIGHT}\" {TEXT}>0</text>"
    );
    let step = (WIDTH - LEFT) / periods.len().max(1);
    for (at, period) in periods.iter().enumerate() {
        let mut below = 0;
        for (severity, count) in period.iter().enumerate().rev() {
            let scaled =
                |count: u64| usize::try_from(u128::from(count) * 140 / u128::from(most)).unwrap_or(140);
            let (from, to) = (scaled(below), scaled(below + count));
            below += count;
            if *count > 0 {
                let (x, width) = (LEFT + at * step, step.saturating_sub(1).max(1));
                let (y, height) = (HEIGHT - to, (to - from).max(1));
                let fill = colour(severity);
                let _ = writeln!(
                    out,
                    "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"/>"
                );
            }
        }
    }
    let y = HEIGHT + 16;
    let _ = writeln!(
        out,
        "<text x=\"{LEFT}\" y=\"{y}\" {TEXT}>{begin}</text><text x=\"{WIDTH}\" y=\"{y}\" text-anchor=\"end\" {TEXT}>{end}</text>"
    );
    legend(&mut out, LEFT, HEIGHT + 34);
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
        let (fill, top, after) = (colour(priority.number()), y - 9, x + 14);
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{top}\" width=\"10\" height=\"10\" fill=\"{fill}\"/><text x=\"{after}\" y=\"{y}\" {TEXT}>{words}</text>"
        );
        x += 40 + words.len() * 6;
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
        assert!(svg.contains("y=\"10\" width=\"329\" height=\"35\" fill=\"#c5221f\""), "{svg}");
        assert!(!svg.contains("style") && !svg.contains("<script"));
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
