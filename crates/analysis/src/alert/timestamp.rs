//! Points in time, always in UTC, always printed with nine digits.

use std::borrow::Cow;
use std::fmt;

use time::format_description::well_known::Rfc3339;
use time::{Date, Duration, Month, OffsetDateTime, Time};

/// A point in time with nanoseconds. Prints as `2025-01-01T00:02:33.123456789Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(OffsetDateTime);

impl Timestamp {
    /// Reads RFC 3339, with any offset and up to nine digits of a second, and the form of Falco's text
    /// output, whose offset has no colon: `2025-01-01T00:02:33.123456789+0000`.
    pub fn parse(text: &str) -> Option<Self> {
        let colonless = text.len().checked_sub(5).and_then(|at| text.split_at_checked(at)).filter(|(_, offset)| {
            matches!(offset.as_bytes(), [b'+' | b'-', digits @ ..] if digits.iter().all(u8::is_ascii_digit))
        });
        let text = match colonless {
            Some((clock, offset)) => {
                let (hours, minutes) = offset.split_at_checked(3)?;
                Cow::Owned(format!("{clock}{hours}:{minutes}"))
            }
            None => Cow::Borrowed(text),
        };
        OffsetDateTime::parse(&text, &Rfc3339).ok().and_then(Self::in_utc)
    }

    /// Reads the one form in which Falco writes an alert's time, `2025-01-01T00:02:33.123456789Z`.
    pub fn parse_plain(text: &str) -> Option<Self> {
        let (clock, fraction) = text.strip_suffix('Z')?.split_once('.')?;
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2] =
            *<&[u8; 19]>::try_from(clock.as_bytes()).ok()?
        else {
            return None;
        };
        let two = |tens: u8, ones: u8| {
            let digit = |byte: u8| char::from(byte).to_digit(10).and_then(|digit| u8::try_from(digit).ok());
            Some(digit(tens)? * 10 + digit(ones)?)
        };
        let year = i32::from(two(y1, y2)?) * 100 + i32::from(two(y3, y4)?);
        let month = Month::try_from(two(m1, m2)?).ok()?;
        let date = Date::from_calendar_date(year, month, two(d1, d2)?).ok()?;
        if fraction.len() != 9 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let nanosecond = fraction.parse().ok()?;
        let time = Time::from_hms_nano(two(h1, h2)?, two(n1, n2)?, two(s1, s2)?, nanosecond).ok()?;
        Some(Self(OffsetDateTime::new_utc(date, time)))
    }

    /// From nanoseconds since 1970, as Falco writes `evt.time`.
    pub fn from_nanoseconds(nanoseconds: i64) -> Option<Self> {
        Self::from_all_nanoseconds(i128::from(nanoseconds))
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

    /// `2025-01-01 00:02:33`, as people read it; in UTC.
    pub fn to_read(self) -> String {
        let mut text = self.to_the_second().replacen('T', " ", 1);
        text.pop();
        text
    }

    /// From milliseconds since 1970, as cloud services count.
    pub fn from_milliseconds(milliseconds: i64) -> Option<Self> {
        milliseconds.checked_mul(1_000_000).and_then(Self::from_nanoseconds)
    }

    /// From seconds since 1970 and nanoseconds, as protocol buffers carry a time.
    pub fn from_seconds(seconds: i64, nanoseconds: i64) -> Option<Self> {
        seconds.checked_mul(1_000_000_000)?.checked_add(nanoseconds).and_then(Self::from_nanoseconds)
    }

    /// Whole seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// Nanoseconds since 1970.
    pub fn nanoseconds(self) -> i128 {
        self.0.unix_timestamp_nanos()
    }

    /// From what [`Timestamp::nanoseconds`] gave.
    pub fn from_all_nanoseconds(nanoseconds: i128) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok().map(Self)
    }

    /// Nanoseconds from this time to another, either way.
    pub fn distance(self, other: Self) -> u128 {
        self.0.unix_timestamp_nanos().abs_diff(other.0.unix_timestamp_nanos())
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
        check("2025-01-01T00:02:33.123456789+0200", "2024-12-31T22:02:33.123456789Z");
    }

    #[test]
    fn nanoseconds_since_1970() {
        let time = Timestamp::from_nanoseconds(1_735_689_753_123_456_789).unwrap();
        assert_eq!(time.to_string(), "2025-01-01T00:02:33.123456789Z");
        assert_eq!(Timestamp::from_seconds(1_735_689_753, 123_456_789), Some(time));
        assert_eq!(Timestamp::from_seconds(i64::MAX, 0), None);
    }

    #[test]
    fn moved_by_minutes() {
        let time = Timestamp::parse("2025-01-01T00:02:33.5Z").unwrap();
        assert_eq!(time.after_minutes(-15).unwrap().to_the_second(), "2024-12-31T23:47:33Z");
        assert_eq!(time.to_read(), "2025-01-01 00:02:33");
        assert_eq!(Timestamp::parse("9999-12-31T23:59:00Z").unwrap().after_minutes(1), None);
    }

    #[test]
    fn rubbish_is_no_time() {
        for text in
            ["", "12:00:00", "2025-13-01T00:00:00Z", "0000-01-01T00:00:00+23:59x", "2021-04-13T20:58:00Z+2"]
        {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
