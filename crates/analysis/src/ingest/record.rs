//! What a record or a line amounts to: an alert, nothing, or trouble that a person can understand.

use super::envelope::{self, Context, Opened, Payload};
use super::line::{cef, noise, strip, text};
use super::mend;
use super::scan::may_hold_records;
use crate::alert::{Alert, Mark, Marks, Object, ParseError, Provenance, Value};
use crate::finding::Code;
use crate::limits;

/// What was read.
#[derive(Debug)]
pub enum Outcome {
    /// An alert, and the envelopes it came in.
    Alert(Box<Alert>, Vec<&'static str>),
    /// A piece of a line that continues in another record.
    Piece(Box<Piece>),
    /// Text that is no record. `true` where Falco prints such text around its alerts.
    Noise(bool, Vec<&'static str>),
    /// A record that is no alert, and why.
    Skipped(Trouble),
    /// A record that another one tore, and that other one, which begins `at` bytes further on.
    Torn {
        /// What became of the torn record.
        head: Box<Outcome>,
        /// Where the other one begins.
        at: usize,
        /// The other one.
        alert: Box<Alert>,
    },
}

impl Outcome {
    /// The outcome of a text that an envelope carries: it has no places of its own in the file, and what
    /// tore another record in it is one record with that one.
    pub fn in_envelope(self, context: &Context) -> Self {
        match self {
            Self::Skipped(trouble) => Self::Skipped(Trouble { at: 0, ..trouble }),
            Self::Torn { alert, .. } => Self::Alert(alert, context.names.clone()),
            other => other,
        }
    }
}

/// A piece of a line.
#[derive(Debug)]
pub struct Piece {
    /// The stream that the line is in.
    pub stream: String,
    /// The text.
    pub text: Vec<u8>,
    /// Whether it is the last piece.
    pub ends: bool,
    /// What its envelope says.
    pub context: Context,
}

/// Why something is no alert.
#[derive(Debug)]
pub struct Trouble {
    /// The kind.
    pub code: Code,
    /// What is wrong, in lower case.
    pub message: String,
    /// Where, in bytes from the start of the record.
    pub at: usize,
}

impl Trouble {
    fn at_start(code: Code, message: String) -> Self {
        Self { code, message, at: 0 }
    }

    fn not_an_alert(reason: &str) -> Self {
        Self::at_start(Code::NotAnAlert, format!("JSON, but not an alert: {reason}"))
    }

    fn of_parsing(error: &ParseError, json: &[u8]) -> Self {
        match error {
            ParseError::TooDeep => {
                Self::at_start(Code::NestedTooDeep, "the record is nested too deep".to_owned())
            }
            ParseError::TooManyFields => {
                let most = limits::RECORD_FIELDS;
                Self::at_start(Code::TooManyFields, format!("the record has more than {most} keys"))
            }
            ParseError::Json(error) => {
                let text = error.to_string();
                let reason = text.split(" at line ").next().unwrap_or_default();
                let at = offset_of(error, json);
                Self { code: Code::MalformedJson, message: format!("not valid JSON: {reason}"), at }
            }
        }
    }
}

/// Zero for an error that has no place.
fn offset_of(error: &serde_json::Error, json: &[u8]) -> usize {
    let line_start = match error.line().checked_sub(2) {
        None => 0,
        Some(nth) => memchr::memchr_iter(b'\n', json).nth(nth).map_or(0, |at| at + 1),
    };
    line_start.saturating_add(error.column().saturating_sub(1)).min(json.len())
}

/// Reads a whole line that begins with `{`, if that is all there is to it: one valid object that holds
/// no list of records.
pub fn plain(json: &[u8], marks: Marks, context: &Context) -> Option<Outcome> {
    let object = Object::parse(json).ok()?;
    let may_be_container = object
        .iter()
        .any(|(key, value)| matches!(value, Value::List(_) | Value::Object(_)) && may_hold_records(key));
    (!may_be_container).then(|| of_object(object, marks, context.clone()))
}

/// Reads a complete record.
pub fn complete(json: &[u8], marks: Marks, context: &Context) -> Outcome {
    if json.first() == Some(&b'[') {
        return list(json, marks, context);
    }
    match mend::object(json) {
        Ok((object, mended)) => of_object(object, marks.and(mended), context.clone()),
        Err(error) => {
            let trouble = Trouble::of_parsing(&error, json);
            rescue(json, trouble, marks, context)
        }
    }
}

/// Reads a record that was wrapped by a terminal, if it is JSON once it is joined.
pub fn wrapped(json: &[u8], marks: Marks, context: &Context) -> Option<Outcome> {
    let (object, mended) = mend::object(json).ok()?;
    Some(of_object(object, marks.and(mended), context.clone()))
}

/// Reads what is certain of a record that the scanner gave up.
pub fn broken(code: Code, json: &[u8], bytes: u64, context: &Context) -> Outcome {
    let message = match code {
        Code::Truncated => "the input ends before the record does".to_owned(),
        Code::CutString => "the line ends inside a quoted text".to_owned(),
        Code::TornRecord => "a new record begins before this one is finished".to_owned(),
        Code::OpenList => "the input ends before the list of records does".to_owned(),
        Code::RecordTooLong => format!("the record is {bytes} bytes long"),
        Code::NestedTooDeep => "the record is nested too deep".to_owned(),
        _ => {
            let shown: String = String::from_utf8_lossy(json).chars().take(40).collect();
            format!("`{shown}` is no object")
        }
    };
    let at =
        if matches!(code, Code::Truncated | Code::CutString | Code::TornRecord) { json.len() } else { 0 };
    let trouble = Trouble { code, message, at };
    if at == 0 {
        return Outcome::Skipped(trouble);
    }
    rescue(json, trouble, Marks::default(), context)
}

/// An alert that tore the record, and an alert in what stands before the tear or the cut.
fn rescue(json: &[u8], mut trouble: Trouble, marks: Marks, context: &Context) -> Outcome {
    if let Some((at, object)) = mend::quoted(json)
        && let Some(alert) = alert(object, marks.and(Mark::Recovered), context)
    {
        let before = json.get(..at).unwrap_or_default();
        let message = "a new record begins before this one is finished".to_owned();
        let head = cut_off(before, Trouble { code: Code::TornRecord, message, at }, marks, context);
        return Outcome::Torn { head: Box::new(head), at, alert };
    }
    if trouble.code == Code::MalformedJson {
        let ends = json.last().is_some_and(|byte| matches!(byte, b'}' | b']'));
        if ends {
            return Outcome::Skipped(trouble);
        }
        trouble.code = Code::Truncated;
        "the record is cut off".clone_into(&mut trouble.message);
        trouble.at = json.len();
    }
    cut_off(json, trouble, marks, context)
}

/// The alert of which the end is missing, if enough of it is there.
fn cut_off(json: &[u8], trouble: Trouble, marks: Marks, context: &Context) -> Outcome {
    let marks = marks.and(Mark::CutOff);
    let whole = mend::before_cut(json).filter(is_alert);
    match whole.or_else(|| mend::output_before_cut(json)).and_then(|object| alert(object, marks, context)) {
        Some(alert) => Outcome::Alert(alert, context.names.clone()),
        None => Outcome::Skipped(trouble),
    }
}

/// Reads a line that does not begin with `{`.
pub fn line(line: &[u8], fresh: bool, context: &Context) -> Outcome {
    let marks = if fresh { Marks::default() } else { Mark::Recovered.into() };
    of_line(line, marks, context, limits::ENVELOPES)
}

/// Reads a line that was put together from its pieces.
pub fn joined(text: &[u8], context: &Context) -> Outcome {
    of_line(text, Marks::default(), context, limits::ENVELOPES)
}

fn of_line(line: &[u8], marks: Marks, context: &Context, depth: usize) -> Outcome {
    let found = strip(line);
    let context = found.context.inside(context);
    if let Some((stream, ends)) = found.piece {
        let stream = String::from_utf8_lossy(stream).into_owned();
        return Outcome::Piece(Box::new(Piece { stream, text: found.rest.to_vec(), ends, context }));
    }
    let recovered = marks.and(Mark::Recovered);
    let marks = if context.foreign { recovered } else { marks };
    let rest = found.rest;
    if rest.first() == Some(&b'{') {
        return within(found.at, in_line(rest, marks, &context, depth));
    }
    if let Some(object) = text::alert(rest).or_else(|| cef::alert(rest)) {
        return of_alert(object, marks.and(Mark::Text), &context);
    }
    if let Some((_, object)) = mend::quoted(rest)
        && let Some(alert) = alert(object, recovered, &context)
    {
        return Outcome::Alert(alert, context.names);
    }
    let inner = text::find(rest).and_then(|at| text::alert(rest.get(at..)?));
    if let Some(object) = inner {
        return of_alert(object, recovered.and(Mark::Text), &context);
    }
    Outcome::Noise(noise::is_falco_log(line), context.names)
}

/// JSON that begins a line, perhaps with other text after it.
fn in_line(json: &[u8], marks: Marks, context: &Context, depth: usize) -> Outcome {
    let outcome = match mend::object(json) {
        Ok((object, mended)) => unwrap(object, marks.and(mended), context.clone(), depth),
        Err(error) => rescue(json, Trouble::of_parsing(&error, json), marks, context),
    };
    match outcome {
        Outcome::Skipped(_) if context.foreign => Outcome::Noise(false, context.names.clone()),
        other => other,
    }
}

/// The same outcome, counted from an earlier place.
fn within(before: usize, outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Skipped(trouble) => Outcome::Skipped(Trouble { at: trouble.at + before, ..trouble }),
        Outcome::Torn { head, at, alert } => {
            Outcome::Torn { head: Box::new(within(before, *head)), at: at + before, alert }
        }
        other => other,
    }
}

fn list(json: &[u8], marks: Marks, context: &Context) -> Outcome {
    match Value::parse(json) {
        Err(error) => Outcome::Skipped(Trouble::of_parsing(&error, json)),
        Ok(Value::List(items)) => match envelope::open_list(&items) {
            Some(Opened { payload: Payload::Line(line), context: inner }) => {
                in_text(&line, marks, &inner.inside(context), limits::ENVELOPES)
            }
            _ => Outcome::Skipped(Trouble::not_an_alert("it is a list")),
        },
        Ok(_) => Outcome::Skipped(Trouble::not_an_alert("it is no object")),
    }
}

fn of_object(object: Object, marks: Marks, context: Context) -> Outcome {
    unwrap(object, marks, context, limits::ENVELOPES)
}

/// Opens envelopes until the alert is there.
fn unwrap(mut object: Object, marks: Marks, mut context: Context, depth: usize) -> Outcome {
    for left in (0..depth).rev() {
        if is_alert(&object) && !envelope::repeats_alert(&object) {
            return beside(object, marks, &context, left);
        }
        let Some(Opened { payload, context: inner }) = envelope::open(&object) else {
            return of_alert(object, marks, &context);
        };
        context = inner.inside(&context);
        match payload {
            Payload::Object(inner) => object = inner,
            Payload::Line(line) => return in_text(&line, marks, &context, left),
            Payload::Piece { stream, text, ends } => {
                return Outcome::Piece(Box::new(Piece { stream, text: text.into_bytes(), ends, context }));
            }
            Payload::Nothing => return Outcome::Noise(true, context.names),
        }
    }
    let most = limits::ENVELOPES;
    Outcome::Skipped(Trouble::not_an_alert(&format!("there are more than {most} envelopes around it")))
}

/// A text from an envelope.
fn in_text(text: &str, marks: Marks, context: &Context, depth: usize) -> Outcome {
    of_line(text.as_bytes(), marks, context, depth).in_envelope(context)
}

fn is_alert(object: &Object) -> bool {
    let has_rule = matches!(object.get_in_any_case("rule"), Some(Value::String(rule)) if !rule.is_empty());
    has_rule
        && ["output", "output_fields", "priority", "time"]
            .iter()
            .any(|key| object.get_in_any_case(key).is_some())
}

/// An alert whose keys may stand among those of a shipper, which may also have the line they came from.
fn beside(object: Object, marks: Marks, context: &Context, depth: usize) -> Outcome {
    let Some(around) = envelope::around_keys_of(&object) else {
        return of_alert(object, marks, context);
    };
    if let Some(Opened { payload: Payload::Line(line), context: inner }) = envelope::open(&object)
        && depth > 0
        && let outcome @ Outcome::Alert(..) = in_text(&line, marks, &inner.inside(context), depth)
    {
        return outcome;
    }
    of_alert(object, marks, &around.inside(context))
}

fn of_alert(object: Object, marks: Marks, context: &Context) -> Outcome {
    match make(object, marks, context) {
        Ok(alert) => Outcome::Alert(alert, context.names.clone()),
        Err(reason) => Outcome::Skipped(Trouble::not_an_alert(reason)),
    }
}

fn alert(object: Object, marks: Marks, context: &Context) -> Option<Box<Alert>> {
    make(object, marks, context).ok()
}

fn make(mut object: Object, marks: Marks, context: &Context) -> Result<Box<Alert>, &'static str> {
    let mut provenance = Provenance { marks, filled: Vec::new() };
    context.fill(&mut object, &mut provenance);
    Alert::read(object, provenance).map(Box::new)
}
