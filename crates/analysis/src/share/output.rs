//! What of an alert's `output` its other values say already.

use crate::alert::{Object, Timestamp, Value};

/// What the output may repeat.
pub struct Around {
    /// The alert's priority, as written.
    pub priority: String,
    /// Its `output_fields`.
    pub fields: Object,
}

/// A part of an output.
pub enum Segment<'a> {
    /// A byte of its own.
    Byte(u8),
    /// The time of day and the priority, at the beginning.
    Clock,
    /// The same with the date.
    Date,
    /// The value of the field.
    Field(&'a str),
    /// The field as Falco's rules print it, ` user=root`.
    Item(&'a str),
}

/// What Falco's rules call a field in their outputs; most are called by their name, with `_` for what
/// is no letter or digit.
const LABELS: [(&str, &str); 9] = [
    ("user", "user.name"),
    ("process", "proc.name"),
    ("parent", "proc.pname"),
    ("command", "proc.cmdline"),
    ("terminal", "proc.tty"),
    ("gparent", "proc.aname[2]"),
    ("ggparent", "proc.aname[3]"),
    ("gggparent", "proc.aname[4]"),
    ("file", "fd.name"),
];

/// A shorter value is taken for a field's only behind an equals sign.
const TELLING: usize = 4;

/// Cuts an output into what is said elsewhere and what is not. The alert's time is in nanoseconds.
pub fn segments<'a>(output: &str, around: &'a Around, time: i64) -> Vec<Segment<'a>> {
    let mut segments = Vec::new();
    let mut rest = output;
    for (segment, beginning) in [(Segment::Clock, clock(around, time)), (Segment::Date, date(around, time))] {
        if let Some(after) = beginning.and_then(|beginning| rest.strip_prefix(&*beginning)) {
            rest = after;
            segments.push(segment);
            break;
        }
    }
    let said: Vec<(&str, String)> = around
        .fields
        .iter()
        .filter_map(|(name, _)| Some((name, said(around, name)?)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let mut before = b' ';
    while let Some((byte, after)) = rest.as_bytes().split_first() {
        let item = said.iter().filter(|(_, value)| value != NOT_AVAILABLE || *byte == b' ').find_map(
            |(name, value)| {
                let after = rest.strip_prefix(&*label(name))?.strip_prefix(&**value)?;
                after
                    .bytes()
                    .next()
                    .is_none_or(|next| matches!(next, b' ' | b')' | b','))
                    .then_some((*name, after))
            },
        );
        if let Some((name, after)) = item {
            segments.push(Segment::Item(name));
            rest = after;
            before = b' ';
            continue;
        }
        let shortest = if before == b'=' { 1 } else { TELLING };
        let mut best: Option<(&str, &str)> = None;
        if !before.is_ascii_alphanumeric() {
            for (name, value) in &said {
                let longer = best.is_none_or(|(_, after)| value.len() > rest.len() - after.len());
                if let Some(after) = rest
                    .strip_prefix(&**value)
                    .filter(|_| longer && value.len() >= shortest && value != NOT_AVAILABLE)
                {
                    best = Some((name, after));
                }
            }
        }
        if let Some((name, after)) = best {
            segments.push(Segment::Field(name));
            (rest, before) = (after, b'a');
            continue;
        }
        // A value begins with a whole character, so a cut in the middle of one never matters.
        segments.push(Segment::Byte(*byte));
        before = *byte;
        let width = rest.chars().next().map_or(1, char::len_utf8);
        segments.extend(rest.bytes().take(width).skip(1).map(Segment::Byte));
        rest = rest.get(width..).unwrap_or_default();
        let _ = after;
    }
    segments
}

/// What Falco prints for a field that it could not extract.
const NOT_AVAILABLE: &str = "<NA>";

/// A field as outputs print it; nothing for what they print in ways of their own.
pub fn said(around: &Around, name: &str) -> Option<String> {
    match around.fields.get(name)? {
        Value::Null => Some(NOT_AVAILABLE.to_owned()),
        Value::List(_) | Value::Object(_) => None,
        value => Some(value.text().into_owned()),
    }
}

/// ` user=`, of `user.name`.
pub fn label(name: &str) -> String {
    if let Some((label, _)) = LABELS.iter().find(|(_, field)| *field == name) {
        return format!(" {label}=");
    }
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!(" {plain}=")
}

/// `08:14:05.120043577: Warning `
pub fn clock(around: &Around, time: i64) -> Option<String> {
    let text = Timestamp::from_nanoseconds(time)?.to_string();
    let clock = text.split_once('T')?.1.trim_end_matches('Z');
    Some(format!("{clock}: {} ", around.priority))
}

/// `2026-01-02T08:14:05.120043577+0000: Warning `
pub fn date(around: &Around, time: i64) -> Option<String> {
    let text = Timestamp::from_nanoseconds(time)?.to_string();
    Some(format!("{}+0000: {} ", text.trim_end_matches('Z'), around.priority))
}
