//! Says what comes next and how long it may take, before it starts.
//!
//! The first run on a bare machine compiles tools for ten minutes and must not look hung.

use std::time::{Duration, Instant};

/// A numbered list of steps.
pub struct Steps {
    total: usize,
    begun: usize,
}

/// How long a step may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Moments,
    Minutes(u8),
}

impl Expected {
    fn words(self) -> String {
        match self {
            Self::Moments => "a few seconds".to_owned(),
            Self::Minutes(1) => "about 1 minute".to_owned(),
            Self::Minutes(minutes) => format!("about {minutes} minutes"),
        }
    }
}

impl Steps {
    /// Shows the whole list, then nothing until [`Steps::begin`].
    pub fn announce(heading: &str, plan: &[(&str, Expected)]) -> Self {
        println!("{heading}");
        for (title, expected) in plan {
            println!("      {title}: {}", expected.words());
        }
        Self { total: plan.len(), begun: 0 }
    }

    /// Starts the next step.
    pub fn begin(&mut self, title: &str, expected: Expected) -> Step {
        self.begun += 1;
        println!("\n[{}/{}] {title} ({})", self.begun, self.total, expected.words());
        Step { started: now() }
    }
}

/// A step under way.
pub struct Step {
    started: Instant,
}

impl Step {
    /// Says how it went and how long it took.
    pub fn end(self, outcome: &str) {
        println!("      {outcome}, {}", elapsed(self.started.elapsed()));
    }
}

/// `75.2 s` for people: `1 min 15 s`.
fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f32()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[expect(clippy::disallowed_methods, reason = "tells a person how long a step took; no report sees it")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        assert_eq!(elapsed(Duration::from_millis(1250)), "1.2 s");
        assert_eq!(elapsed(Duration::from_secs(59)), "59 s");
        assert_eq!(elapsed(Duration::from_secs(135)), "2 min 15 s");
        assert_eq!(Expected::Minutes(1).words(), "about 1 minute");
    }
}
