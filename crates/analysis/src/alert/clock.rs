//! When an alert happened, and what to say about how that is known.
//!
//! Falco writes `time` exactly. `evt.time` and `evt.time.iso8601` say the same as an integer of
//! nanoseconds, which programs that know only floating-point numbers round.

use super::timestamp::Timestamp;
use super::value::{Object, Value};

/// Something to know about the time of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeNote {
    /// Nothing in the alert dates it.
    Missing,
    /// `time` is there and is no time; another value dates the alert, if any does.
    Unreadable,
    /// `time` is missing; the time of the event stands in.
    FromEvent,
    /// The time of the event and `time` differ by less than a second: one was rounded on the way.
    Rounded,
    /// The time of the event and `time` are at least a second apart.
    Contradictory,
}

/// Further apart than this, two times of one alert contradict each other, in nanoseconds.
const CONTRADICTION: u128 = 1_000_000_000;

/// The alert's own time, else that of its event, else the one its output begins with.
pub fn read(object: &Object) -> (Option<Timestamp>, Option<TimeNote>) {
    let stated = object.get_in_any_case("time");
    let own = stated.and_then(of_value);
    let event = event_time(object);
    match (own, event) {
        (Some(own), event) => (Some(own), compare(own, event)),
        (None, event) => {
            let time = event.or_else(|| output_time(object));
            let note = match (stated, time) {
                (None | Some(Value::Null), None) => TimeNote::Missing,
                (None | Some(Value::Null), Some(_)) => TimeNote::FromEvent,
                (Some(_), _) => TimeNote::Unreadable,
            };
            (time, Some(note))
        }
    }
}

/// What there is to say of an alert's own time and that of its event.
pub fn compare(own: Timestamp, event: Option<Timestamp>) -> Option<TimeNote> {
    let event = event.filter(|event| own != *event)?;
    Some(if own.distance(event) < CONTRADICTION { TimeNote::Rounded } else { TimeNote::Contradictory })
}

/// RFC 3339, or the object that gRPC clients print: `{"seconds":1570094449,"nanos":259268899}`.
fn of_value(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => Timestamp::parse(text),
        Value::Object(time) => {
            let nanoseconds = time.get("nanos").and_then(Value::as_i64).unwrap_or(0);
            Timestamp::from_seconds(time.get("seconds")?.as_i64()?, nanoseconds)
        }
        _ => None,
    }
}

/// The event's time among the fields. Whoever turned its integer into a text kept the digits; the audit
/// log plugin of 2022 wrote RFC 3339; Elastic's integration keeps milliseconds.
fn event_time(object: &Object) -> Option<Timestamp> {
    let Some(Value::Object(fields)) = object.get_in_any_case("output_fields") else { return None };
    ["evt.time", "evt.time.iso8601", "jevt.time.iso8601"].iter().find_map(|name| match fields.get(name)? {
        Value::Int(number) => of_number(*number),
        Value::String(text) => text.parse().ok().and_then(of_number).or_else(|| Timestamp::parse(text)),
        _ => None,
    })
}

/// Nanoseconds or milliseconds since 1970; a number too small for either dates nothing.
pub fn of_number(number: i64) -> Option<Timestamp> {
    const YEAR_2001_IN_MILLISECONDS: i64 = 1_000_000_000_000;
    const YEAR_2001_IN_NANOSECONDS: i64 = 1_000_000_000_000_000_000;
    match number {
        YEAR_2001_IN_NANOSECONDS.. => Timestamp::from_nanoseconds(number),
        YEAR_2001_IN_MILLISECONDS..10_000_000_000_000 => Timestamp::from_milliseconds(number),
        _ => None,
    }
}

/// The time before the first colon and blank of an output, where that has a date. Without a date the
/// clock is local time, which dates nothing.
fn output_time(object: &Object) -> Option<Timestamp> {
    let output = object.get_in_any_case("output")?.as_str()?;
    Timestamp::parse(output.split_once(": ")?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, time: Option<&str>, note: Option<TimeNote>) {
        let (read, noted) = read(&Object::parse(json.as_bytes()).unwrap());
        assert_eq!(read.map(|time| time.to_string()).as_deref(), time, "{json}");
        assert_eq!(noted, note, "{json}");
    }

    const TIME: &str = "2025-01-01T00:02:33.123456789Z";

    #[test]
    fn the_alerts_own_time_counts() {
        check(
            r#"{"time":"2025-01-01T00:02:33.123456789Z","output_fields":{"evt.time":1735689753123456789}}"#,
            Some(TIME),
            None,
        );
        check(r#"{"time":{"seconds":1735689753,"nanos":123456789}}"#, Some(TIME), None);
    }

    #[test]
    fn rounded_and_contradictory_event_times_are_noted() {
        for event in ["1735689753123456800", "1735689753123", "\"1735689753123456800\""] {
            let json = format!(r#"{{"time":"{TIME}","output_fields":{{"evt.time":{event}}}}}"#);
            check(&json, Some(TIME), Some(TimeNote::Rounded));
        }
        check(
            r#"{"time":"2025-01-01T00:02:33.123456789Z","output_fields":{"evt.time.iso8601":1635689753123456789}}"#,
            Some(TIME),
            Some(TimeNote::Contradictory),
        );
    }

    #[test]
    fn other_values_stand_in_for_a_missing_time() {
        for json in [
            r#"{"output_fields":{"evt.time.iso8601":1735689753123456789}}"#,
            r#"{"output_fields":{"jevt.time.iso8601":"2025-01-01T00:02:33.123456789+0000"}}"#,
            r#"{"time":null,"output":"2025-01-01T00:02:33.123456789+0000: Notice x"}"#,
        ] {
            check(json, Some(TIME), Some(TimeNote::FromEvent));
        }
        check(r#"{"time":"yesterday"}"#, None, Some(TimeNote::Unreadable));
    }

    #[test]
    fn a_clock_without_a_date_dates_nothing() {
        check(r#"{"output":"10:22:33.123456789: Notice x"}"#, None, Some(TimeNote::Missing));
        check(r#"{"output_fields":{"evt.time":"10:22:33.123456789"}}"#, None, Some(TimeNote::Missing));
        check(r#"{"output_fields":{"evt.time":5}}"#, None, Some(TimeNote::Missing));
    }
}
