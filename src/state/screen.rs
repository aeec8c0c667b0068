//! The screens, of which exactly one is shown.

use super::words::{bytes, count, counted};
use crate::worker::protocol::{Problem, Progress};

/// Before so many milliseconds a speed says nothing.
const SPEED_KNOWN: u64 = 500;

/// What the window shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Screen {
    /// What this is and how to begin.
    Welcome,
    /// An analysis is running.
    Loading,
    /// The person stopped it.
    Cancelled,
    /// It could not be done.
    Problem(Problem),
    /// The report.
    Report,
}

impl Screen {
    /// Its name for style sheets and tests.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Loading => "loading",
            Self::Cancelled => "cancelled",
            Self::Problem(_) => "problem",
            Self::Report => "report",
        }
    }
}

/// How far an analysis is, in one line.
pub fn progress_line(progress: Progress) -> String {
    format!(
        "{} of {} read, {} so far",
        bytes(progress.done),
        bytes(progress.total),
        counted(progress.alerts, "alert", "alerts")
    )
}

/// How fast it goes and how long it will still take; nothing until that can be told.
pub fn speed_line(progress: Progress) -> String {
    let Progress { done, total, milliseconds, .. } = progress;
    let Some(rate) = done.saturating_mul(1000).checked_div(milliseconds).filter(|rate| *rate > 0) else {
        return String::new();
    };
    if milliseconds < SPEED_KNOWN {
        return String::new();
    }
    let left = match total.saturating_sub(done) / rate {
        0 => "less than a second".to_owned(),
        seconds if seconds < 120 => format!("about {}", counted(seconds, "second", "seconds")),
        seconds => format!("about {}", counted(seconds / 60, "minute", "minutes")),
    };
    format!("{} a second, {left} left", bytes(rate))
}

/// What had been read when an analysis was cancelled.
pub fn cancelled_line(progress: Progress) -> String {
    let Progress { done, total, alerts, .. } = progress;
    let found = match alerts {
        0 => "no alert had been found".to_owned(),
        1 => "1 alert had been found".to_owned(),
        more => format!("{} alerts had been found", count(more)),
    };
    format!("{} of {} had been read and {found}.", bytes(done), bytes(total))
}

/// What went wrong, as a heading.
pub fn problem_title(problem: &Problem) -> String {
    match problem {
        Problem::Empty => "There is nothing to read".to_owned(),
        Problem::Unrecognised { .. } => "No Falco alert was recognised".to_owned(),
        Problem::File { name, .. } => format!("\u{201c}{name}\u{201d} could not be read"),
        Problem::Link(_) => "This shared link cannot be opened".to_owned(),
        Problem::Password { .. } => "This shared report is encrypted".to_owned(),
        Problem::Worker(_) => "The analysis broke off".to_owned(),
    }
}
