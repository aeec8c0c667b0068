//! Points in time, always in UTC, always printed with nine digits.

use std::fmt;

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// A point in time with nanoseconds. Prints as `2025-01-01T00:02:33.123456789Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(OffsetDateTime);

impl Timestamp {
    /// Reads RFC 3339, with any offset and up to nine digits of a second.
    pub fn parse(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339).ok().and_then(Self::in_utc)
    }

    /// From nanoseconds since 1970, as Falco writes `evt.time`.
    pub fn from_nanoseconds(nanoseconds: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(nanoseconds)).ok().map(Self)
    }

    /// The point that is so many minutes later, or earlier where they are negative.
    pub fn after_minutes(self, minutes: i32) -> Option<Self> {
        self.0.checked_add(Duration::minutes(minutes.into())).map(Self)
    }

    /// `2025-01-01T00:02:33Z`, as command lines take it.
    pub fn to_the_second(self) -> String {
        let mut text = self.to_string();
        text.truncate("2025-01-01T00:02:33".len());
        text + "Z"
    }

    fn in_utc(time: OffsetDateTime) -> Option<Self> {
        time.checked_to_offset(time::UtcOffset::UTC).map(Self)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.0.year(), u8::from(self.0.month()), self.0.day());
        let (hour, minute, second, nanosecond) = self.0.to_hms_nano();
        write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{nanosecond:09}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[track_caller]
    fn check(text: &str, printed: &str) {
        assert_eq!(Timestamp::parse(text).unwrap().to_string(), printed);
    }

    #[test]
    fn reads_what_falco_and_falcosidekick_write() {
        check("2025-01-01T00:02:33.123456789Z", "2025-01-01T00:02:33.123456789Z");
        check("2025-01-01T00:02:33.5771595Z", "2025-01-01T00:02:33.577159500Z");
        check("2025-01-01T00:02:33+02:00", "2024-12-31T22:02:33.000000000Z");
    }

    #[test]
    fn nanoseconds_since_1970() {
        let time = Timestamp::from_nanoseconds(1_735_689_753_123_456_789).unwrap();
        assert_eq!(time.to_string(), "2025-01-01T00:02:33.123456789Z");
    }

    #[test]
    fn moved_by_minutes() {
        let time = Timestamp::parse("2025-01-01T00:02:33.5Z").unwrap();
        assert_eq!(time.after_minutes(-15).unwrap().to_the_second(), "2024-12-31T23:47:33Z");
        assert_eq!(Timestamp::parse("9999-12-31T23:59:00Z").unwrap().after_minutes(1), None);
    }

    #[test]
    fn rubbish_is_no_time() {
        for text in ["", "12:00:00", "2025-13-01T00:00:00Z", "0000-01-01T00:00:00+23:59x"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
