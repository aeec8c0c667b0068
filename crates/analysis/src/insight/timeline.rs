//! When alerts came: counts by period and priority.
//!
//! Periods are as long as one of a few round lengths, begin at its multiples, and cover the set from its
//! first to its last alert in at most [`limits::PERIODS`].

use crate::alert::{Priority, Timestamp};
use crate::limits;

/// Lengths of a period in seconds: 1, 5, 15 and 30 seconds, the same of minutes, 1, 2, 4, 8 and 12 hours,
/// 1, 2, 7 and 30 days; beyond, whole years of 365 days.
const LENGTHS: [u64; 17] = [
    1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 172_800, 604_800, 2_592_000,
];

/// Alerts by period and priority.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    /// Where the first period begins, in seconds since 1970.
    start: i64,
    /// How long a period is, in seconds; 0 where no alert has a time.
    length: u64,
    /// For each period, alerts of the eight priorities, most severe first, then of none.
    pub periods: Vec<[u64; 9]>,
    /// Seconds from the first to the last alert.
    pub span: u64,
}

impl Timeline {
    /// Empty periods over this span.
    pub(super) fn over(first: Option<Timestamp>, last: Option<Timestamp>) -> Self {
        let (Some(first), Some(last)) = (first, last) else { return Self::default() };
        let (first, last) = (first.seconds(), last.seconds());
        let most = u64::from(limits::PERIODS);
        let begin = |length: u64| first - first.rem_euclid(i64::try_from(length).unwrap_or(i64::MAX));
        let needed = |length: u64| last.abs_diff(begin(length)) / length + 1;
        let years = (1..=400).map(|years| years * 31_536_000);
        let length =
            LENGTHS.into_iter().chain(years).find(|length| needed(*length) <= most).unwrap_or(u64::MAX);
        let periods = usize::try_from(needed(length)).unwrap_or(1);
        Self { start: begin(length), length, periods: vec![[0; 9]; periods], span: last.abs_diff(first) }
    }

    /// Counts an alert, and answers its period.
    pub(super) fn add(&mut self, time: Timestamp, priority: Option<Priority>) -> Option<usize> {
        let at = usize::try_from(time.seconds().abs_diff(self.start).checked_div(self.length)?).ok()?;
        let severity = priority.map_or(8, Priority::number);
        *self.periods.get_mut(at)?.get_mut(severity)? += 1;
        Some(at)
    }

    /// How many periods there are.
    pub fn len(&self) -> usize {
        self.periods.len()
    }

    /// Whether no alert has a time.
    pub fn is_empty(&self) -> bool {
        self.periods.is_empty()
    }

    /// When a period begins.
    pub fn begin(&self, period: usize) -> Option<Timestamp> {
        let seconds = u64::try_from(period).ok()?.checked_mul(self.length)?;
        Timestamp::from_seconds(self.start.checked_add_unsigned(seconds)?, 0)
    }

    /// How long a period is: `15 minutes`.
    pub fn length(&self) -> String {
        let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
        let unit = units.into_iter().find(|(seconds, _)| self.length.is_multiple_of(*seconds));
        let (seconds, unit) = unit.unwrap_or((1, "second"));
        let count = self.length / seconds;
        format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

/// Counts as a line of blocks, one a period: the highest is full, and only a period without alerts is empty.
pub fn sparkline(counts: &[u64]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = counts.iter().copied().max().unwrap_or_default();
    let block = |count: &u64| {
        let eighths = count.saturating_mul(8).div_ceil(most.max(1));
        let full = usize::try_from(eighths).unwrap_or(BLOCKS.len()).min(BLOCKS.len());
        full.checked_sub(1).and_then(|at| BLOCKS.get(at)).copied().unwrap_or('·')
    };
    counts.iter().map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(first: &str, last: &str) -> Timeline {
        Timeline::over(Timestamp::parse(first), Timestamp::parse(last))
    }

    #[test]
    fn periods_are_round_and_few() {
        let day = over("2026-03-04T00:07:00Z", "2026-03-04T23:59:59Z");
        assert_eq!((day.len(), day.length()), (48, "30 minutes".to_owned()));
        assert_eq!(day.begin(1).unwrap().to_string(), "2026-03-04T00:30:00.000000000Z");
        let moment = over("2026-03-04T00:07:00Z", "2026-03-04T00:07:00.9Z");
        assert_eq!((moment.len(), moment.length()), (1, "1 second".to_owned()));
        let ever = over("0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z");
        assert!(ever.len() <= 48);
        assert!(Timeline::over(None, None).is_empty());
    }

    #[test]
    fn every_alert_is_counted_in_its_period() {
        let mut timeline = over("2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z");
        for time in ["2026-03-04T00:00:00Z", "2026-03-04T23:59:59.9Z", "2026-03-05T00:00:00Z"] {
            timeline.add(Timestamp::parse(time).unwrap(), Some(Priority::Warning)).unwrap();
        }
        let counted: u64 = timeline.periods.iter().flatten().sum();
        assert_eq!((timeline.periods[0][4], counted), (1, 3));
    }

    #[test]
    fn sparklines() {
        assert_eq!(sparkline(&[0, 1, 4, 8]), "·▁▄█");
        assert_eq!(sparkline(&[0, 0]), "··");
        assert_eq!(sparkline(&[5, 5]), "██");
        assert_eq!(sparkline(&[1]), "█");
    }
}
