//! Alerts in Falco's text form, `json_output: false`: `TIME: PRIORITY MESSAGE`.
//!
//! The form names no rule, escapes nothing, and separates values by blanks that values may hold, so only
//! this much is certain: the priority; the time, where it has a date; and the fields that Falco 0.41 and
//! later append to every alert of the `syscall` source, because nothing follows them and none of their
//! values can hold a blank.

use crate::alert::{Object, Priority, Timestamp, Value};

const FRACTION: std::ops::RangeInclusive<usize> = 6..=9;

/// What Falco prints right after the last alert when it ends.
const SUMMARY: &str = "Events detected: ";

/// What Falco appends, as `name=value`, and the field it prints.
const APPENDED: [(&str, &str); 6] = [
    ("container_id", "container.id"),
    ("container_name", "container.name"),
    ("container_image_repository", "container.image.repository"),
    ("container_image_tag", "container.image.tag"),
    ("k8s_pod_name", "k8s.pod.name"),
    ("k8s_ns_name", "k8s.ns.name"),
];

/// Whether an alert in text form begins here.
pub fn begins(line: &[u8]) -> bool {
    parts(line).is_some()
}

/// Where in a line an alert in text form begins, looking past its start.
pub fn find(line: &[u8]) -> Option<usize> {
    let line = line.get(..line.len().min(4096)).unwrap_or(line);
    let colons = memchr::memmem::find_iter(line, b": ");
    colons.into_iter().find_map(|colon| {
        let clock = line.get(..colon)?.iter().rposition(u8::is_ascii_whitespace).map_or(0, |at| at + 1);
        line.get(clock..).filter(|rest| begins(rest)).map(|_| clock)
    })
}

/// An alert in text form as an object: `time` where it has a date, `priority`, `output`, the certain
/// fields, and `rule` where Falco itself says it.
pub fn alert(line: &[u8]) -> Option<Object> {
    let (time, priority, message) = parts(line)?;
    let line = String::from_utf8_lossy(line);
    let mut output = line.trim_end();
    let mut message = String::from_utf8_lossy(message).trim_end().to_owned();
    if let Some((before, count)) = output.rsplit_once(SUMMARY)
        && !count.is_empty()
        && count.bytes().all(|byte| byte.is_ascii_digit())
    {
        message.truncate(message.len() - (output.len() - before.len()));
        output = before;
    }
    let mut alert = Object::default();
    if let Some(time) = std::str::from_utf8(time).ok().and_then(Timestamp::parse) {
        alert.push("time", Value::String(time.to_string()));
    }
    alert.push("priority", Value::String(priority.name().to_owned()));
    if let Some(rule) = internal_rule(&message) {
        alert.push("rule", Value::String(rule.to_owned()));
    }
    alert.push("output", Value::String(output.to_owned()));
    if let Some(fields) = appended_fields(&message) {
        alert.push("output_fields", Value::Object(fields));
    }
    Some(alert)
}

/// The time, the priority and the message.
fn parts(line: &[u8]) -> Option<(&[u8], Priority, &[u8])> {
    let colon = memchr::memmem::find(line.get(..line.len().min(40))?, b": ")?;
    let (time, rest) = line.split_at_checked(colon)?;
    let rest = rest.get(2..)?;
    let space = memchr::memchr(b' ', rest.get(..rest.len().min(16))?)?;
    let (priority, message) = rest.split_at_checked(space)?;
    let name = std::str::from_utf8(priority).ok()?;
    let priority = Priority::parse(name).filter(|priority| priority.name() == name)?;
    (is_time(time) && !message.trim_ascii().is_empty()).then_some((time, priority, message.get(1..)?))
}

/// `HH:MM:SS.n`, or `YYYY-MM-DDTHH:MM:SS.n+0000`, with six to nine digits of a second.
fn is_time(text: &[u8]) -> bool {
    let has_shape = |text: &[u8], shape: &[u8]| {
        text.len() == shape.len()
            && text.iter().zip(shape).all(|(byte, shape)| match shape {
                b'0' => byte.is_ascii_digit(),
                other => byte == other,
            })
    };
    let (clock, has_date) = match text.split_at_checked(11) {
        Some((date, clock)) if has_shape(date, b"0000-00-00T") => (clock, true),
        _ => (text, false),
    };
    let clock = match clock.len().checked_sub(5).and_then(|at| clock.split_at_checked(at)) {
        Some((clock, [b'+' | b'-', offset @ ..])) if has_date && offset.iter().all(u8::is_ascii_digit) => {
            clock
        }
        _ => clock,
    };
    let Some((clock, fraction)) = clock.split_at_checked(9) else { return false };
    has_shape(clock, b"00:00:00.")
        && FRACTION.contains(&fraction.len())
        && fraction.iter().all(u8::is_ascii_digit)
}

/// The rule of an alert about Falco itself, whose message begins with its name.
fn internal_rule(message: &str) -> Option<&'static str> {
    const RULES: [(&str, &str); 3] = [
        ("Falco internal: syscall event drop", "Falco internal: syscall event drop"),
        ("Falco internal: timeouts notification", "Falco internal: timeouts notification"),
        ("Falco metrics snapshot", "Falco internal: metrics snapshot"),
    ];
    RULES.iter().find(|(begins, _)| message.starts_with(begins)).map(|(_, rule)| *rule)
}

fn appended_fields(message: &str) -> Option<Object> {
    let at = message.rfind(" container_id=")?;
    let mut words = message.get(at + 1..)?.split(' ');
    let fields: Option<Object> = APPENDED
        .iter()
        .map(|(name, field)| {
            let value = words.next()?.strip_prefix(name)?.strip_prefix('=')?;
            let value = if value == "<NA>" { Value::Null } else { Value::String(value.to_owned()) };
            Some(((*field).to_owned(), value))
        })
        .collect();
    fields.filter(|_| words.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, json: &str) {
        assert_eq!(Value::Object(alert(line.as_bytes()).unwrap()).json(), json);
    }

    #[test]
    fn what_is_certain() {
        check(
            "10:22:33.123456789: Notice A shell (user=root)",
            r#"{"priority":"Notice","output":"10:22:33.123456789: Notice A shell (user=root)"}"#,
        );
        check(
            "2026-01-02T10:22:33.123456+0000: Debug Falco internal: syscall event drop. 3 lost",
            r#"{"time":"2026-01-02T10:22:33.123456000Z","priority":"Debug","rule":"Falco internal: syscall event drop","output":"2026-01-02T10:22:33.123456+0000: Debug Falco internal: syscall event drop. 3 lost"}"#,
        );
    }

    #[test]
    fn appended_fields_are_read_from_the_end() {
        let tail = "container_id=0123456789ab container_name=web container_image_repository= container_image_tag=1.27 k8s_pod_name=<NA> k8s_ns_name=shop";
        let forged = format!("x | command=sh -c container_id=host container_name=forged {tail}");
        let fields = appended_fields(&forged).unwrap();
        assert_eq!(fields.text("container.name"), Some("web"));
        assert_eq!(fields.get("container.image.repository"), Some(&Value::String(String::new())));
        assert_eq!(fields.get("k8s.pod.name"), Some(&Value::Null));
        assert_eq!(appended_fields(&format!("{forged} more")), None);
        assert_eq!(appended_fields("x (container_id=host image=<NA>)"), None);
    }

    #[test]
    fn the_closing_summary_is_no_part_of_an_alert() {
        check(
            "10:22:33.000000000: Warning verb=get resource=secretsEvents detected: 12",
            r#"{"priority":"Warning","output":"10:22:33.000000000: Warning verb=get resource=secrets"}"#,
        );
    }

    #[test]
    fn other_lines() {
        for line in
            ["", "Events detected: 1", "   WARNING: 1", "10:22: Notice x", "10:22:33.123456789: Noticed x"]
        {
            assert!(!begins(line.as_bytes()), "{line}");
        }
        assert!(!begins(b"10:22:33.123456789: notice x"));
        assert!(!begins("10:22:33.123456789: ".repeat(3).as_bytes()));
    }

    #[test]
    fn inside_other_text() {
        assert_eq!(find(b"app: 10:22:33.123456789: Notice x"), Some(5));
        assert_eq!(find(b"app: 10:22:33: Notice x"), None);
    }
}
