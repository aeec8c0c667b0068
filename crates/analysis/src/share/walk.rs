//! Alerts as symbols for the coder, and back: one walk for both ways, so that they cannot differ.
//!
//! Each step hands a symbol to the [`Channel`] and goes on with the one that comes back. Writing and
//! learning, it is the same; reading, the step's own symbol means nothing and the one of the link comes.
//!
//! Of an alert, first the keys come, then the values: `time` before all that may repeat it, `output`
//! after the fields that it repeats.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use squeeze::{Decoder, Encoder, Model, Place};

use super::output::{self, Around, Segment};
use crate::alert::{Object, Timestamp, Value};
use crate::limits;

/// Where symbols go to or come from.
pub trait Channel {
    /// The next symbols belong to another place.
    fn begin(&mut self, place: Place);
    /// Takes a symbol and answers the one that counts.
    fn symbol(&mut self, given: u8, expected: Option<u8>) -> u8;
}

impl Channel for Model {
    fn begin(&mut self, place: Place) {
        Self::begin(self, place);
    }

    fn symbol(&mut self, given: u8, expected: Option<u8>) -> u8 {
        self.pass(given, expected);
        given
    }
}

impl Channel for Encoder {
    fn begin(&mut self, place: Place) {
        Self::begin(self, place);
    }

    fn symbol(&mut self, given: u8, expected: Option<u8>) -> u8 {
        self.write(given, expected);
        given
    }
}

impl Channel for Decoder<'_> {
    fn begin(&mut self, place: Place) {
        Self::begin(self, place);
    }

    fn symbol(&mut self, _: u8, expected: Option<u8>) -> u8 {
        self.read(expected)
    }
}

/// Why reading stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// No walk gives these symbols.
    Nonsense,
    /// More than any link holds.
    TooFar,
}

/// Symbols of texts below this are commands; as bytes of a text they are escaped.
pub const COMMANDS: u8 = 8;
const END: u8 = 0;
const ESCAPE: u8 = 1;
const NO_MORE: u8 = 2;
const FIELD: u8 = 3;
const ITEM: u8 = 4;
const CLOCK: u8 = 5;
const DATE: u8 = 6;

/// Times are differences to the alert before; the first one to this, 2026 in nanoseconds.
const EPOCH: i64 = 1_767_225_600_000_000_000;

/// A number that is no further from the alert's time is a time, too: some days, in nanoseconds.
const NEAR: u64 = 1 << 50;

/// What is mixed alike.
#[derive(Clone, Copy)]
enum Kind {
    Form,
    Key,
    Text,
    Number,
    Output,
    Name,
    Raw,
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Null,
    False,
    True,
    Int,
    Uint,
    Decimal,
    Text,
    List,
    Object,
    /// The integer that is the alert's time in nanoseconds.
    SameTime,
    /// An integer that is a time near the alert's.
    NearTime,
    /// RFC 3339 as Falco prints it, and as Go does, without zeros at the end.
    Time,
    ShortTime,
    Uuid,
    /// Lower-case hexadecimal digits, an even number.
    Hex,
    End,
}

const FORMS: [Form; 16] = [
    Form::Null,
    Form::False,
    Form::True,
    Form::Int,
    Form::Uint,
    Form::Decimal,
    Form::Text,
    Form::List,
    Form::Object,
    Form::SameTime,
    Form::NearTime,
    Form::Time,
    Form::ShortTime,
    Form::Uuid,
    Form::Hex,
    Form::End,
];

/// One way along alerts.
pub struct Walk<'c> {
    channel: &'c mut dyn Channel,
    /// Of the alert at hand once it is known, in nanoseconds; before that, of the one before.
    time: i64,
    /// A hash of the rule at hand.
    rule: u32,
    /// The last text at each place.
    before: BTreeMap<u32, String>,
    /// Symbols and bytes that may still come.
    left: usize,
}

impl<'c> Walk<'c> {
    /// A walk that has seen nothing.
    pub fn new(channel: &'c mut dyn Channel) -> Self {
        Self { channel, time: EPOCH, rule: 0, before: BTreeMap::new(), left: limits::LINK_SYMBOLS }
    }

    /// Whether something is so.
    pub fn flag(&mut self, name: &str, given: bool) -> Result<bool, Stop> {
        self.begin(Kind::Form, hash(1, name), 0);
        match self.symbol(u8::from(given), None)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Stop::Nonsense),
        }
    }

    /// A text on its own.
    pub fn words(&mut self, name: &str, given: &str) -> Result<String, Stop> {
        self.text(Kind::Text, hash(2, name), 0, given)
    }

    /// One alert.
    pub fn alert(&mut self, given: &Object) -> Result<Object, Stop> {
        self.object(TOP, given, 0)
    }

    fn object(&mut self, path: u32, given: &Object, depth: usize) -> Result<Object, Stop> {
        if depth > limits::RECORD_DEPTH {
            return Err(Stop::TooFar);
        }
        let keys = self.keys(path, given)?;
        let mut values: Vec<Option<Value>> = keys.iter().map(|_| None).collect();
        let given: Vec<&Value> = given.iter().map(|(_, value)| value).collect();
        for turn in 0..=LAST_TURN {
            for at in 0..keys.len() {
                let key = keys.get(at).map(String::as_str).unwrap_or_default();
                if path == TOP && self::turn(key) != turn || path != TOP && turn > 0 {
                    continue;
                }
                let one = given.get(at).copied().unwrap_or(&Value::Null);
                let value = if path == TOP && turn == LAST_TURN {
                    self.output(one, &around(&keys, &values), key)?
                } else {
                    self.value(hash(path, key), self.rule, one, depth)?
                };
                if path == TOP {
                    self.note(key, &value);
                }
                if let Some(slot) = values.get_mut(at) {
                    *slot = Some(value);
                }
            }
        }
        Ok(keys.into_iter().zip(values.into_iter().flatten()).collect())
    }

    /// What later values depend on.
    fn note(&mut self, key: &str, value: &Value) {
        match (key, value) {
            ("time", Value::String(text)) => self.time = nanoseconds(text).unwrap_or(self.time),
            ("rule", Value::String(text)) => self.rule = hash(3, text),
            _ => {}
        }
    }

    fn keys(&mut self, path: u32, given: &Object) -> Result<Vec<String>, Stop> {
        let mut keys = Vec::new();
        let (mut last, mut before) = (0, 0);
        let mut given = given.iter().map(|(key, _)| key);
        loop {
            self.begin(Kind::Key, mix(hash(4, ""), mix(path, last)), mix(before, self.rule));
            let Some(key) = self.rest(given.next(), None)? else { return Ok(keys) };
            if keys.len() > limits::RECORD_FIELDS {
                return Err(Stop::TooFar);
            }
            (last, before) = (hash(5, &key), last);
            keys.push(key);
        }
    }

    fn value(&mut self, path: u32, within: u32, given: &Value, depth: usize) -> Result<Value, Stop> {
        self.item(path, within, Some(given), depth)?.ok_or(Stop::Nonsense)
    }

    /// A value; none at the end of a list.
    fn item(
        &mut self,
        path: u32,
        within: u32,
        given: Option<&Value>,
        depth: usize,
    ) -> Result<Option<Value>, Stop> {
        let form = given.map_or(Form::End, |given| self.form_of(given));
        let given = given.unwrap_or(&Value::Null);
        let form = self.form(path, within, form)?;
        let text = given.text();
        let value = match form {
            Form::End => return Ok(None),
            Form::Null => Value::Null,
            Form::False => Value::Bool(false),
            Form::True => Value::Bool(true),
            Form::Int => Value::Int(self.digits(path, within, &text)?.parse().map_err(|_| Stop::Nonsense)?),
            Form::Uint => Value::Uint(self.digits(path, within, &text)?.parse().map_err(|_| Stop::Nonsense)?),
            Form::Decimal => Value::Decimal(self.digits(path, within, &text)?),
            Form::Text => Value::String(self.text(Kind::Text, path, within, &text)?),
            Form::List => Value::List(self.list(path, within, given, depth)?),
            Form::Object => {
                let nothing = Object::default();
                let given = if let Value::Object(object) = given { object } else { &nothing };
                Value::Object(self.object(path, given, depth + 1)?)
            }
            Form::SameTime => Value::Int(self.time),
            Form::NearTime => Value::Int(self.near(path, given.as_i64().unwrap_or_default())?),
            Form::Time | Form::ShortTime => {
                let time = self.near(path, nanoseconds(&text).unwrap_or_default())?;
                let text = Timestamp::from_nanoseconds(time).ok_or(Stop::Nonsense)?.to_string();
                Value::String(if form == Form::Time { text } else { shorter(&text) })
            }
            Form::Uuid => Value::String(self.uuid(path, &text)?),
            Form::Hex => Value::String(self.hex(path, &text)?),
        };
        Ok(Some(value))
    }

    fn form_of(&self, value: &Value) -> Form {
        match value {
            Value::Null => Form::Null,
            Value::Bool(false) => Form::False,
            Value::Bool(true) => Form::True,
            Value::Int(number) if *number == self.time => Form::SameTime,
            Value::Int(number) if number.abs_diff(self.time) < NEAR => Form::NearTime,
            Value::Int(_) => Form::Int,
            Value::Uint(_) => Form::Uint,
            Value::Decimal(_) => Form::Decimal,
            Value::List(_) => Form::List,
            Value::Object(_) => Form::Object,
            Value::String(text) => form_of_text(text),
        }
    }

    fn form(&mut self, path: u32, within: u32, given: Form) -> Result<Form, Stop> {
        self.begin(Kind::Form, hash(path, "form"), within);
        let given = FORMS.iter().position(|form| *form == given).unwrap_or_default();
        let symbol = self.symbol(u8::try_from(given).unwrap_or_default(), None)?;
        FORMS.get(usize::from(symbol)).copied().ok_or(Stop::Nonsense)
    }

    fn list(&mut self, path: u32, within: u32, given: &Value, depth: usize) -> Result<Vec<Value>, Stop> {
        if depth > limits::RECORD_DEPTH {
            return Err(Stop::TooFar);
        }
        let given = if let Value::List(items) = given { items.as_slice() } else { &[] };
        let (mut given, mut items) = (given.iter(), Vec::new());
        let path = hash(path, "item");
        let mut last = within;
        loop {
            let Some(item) = self.item(path, last, given.next(), depth + 1)? else { return Ok(items) };
            last = hash(within, &item.text());
            items.push(item);
        }
    }

    fn digits(&mut self, path: u32, within: u32, given: &str) -> Result<String, Stop> {
        self.text(Kind::Number, path, within, given)
    }

    /// A text whose likeliest form is that of the last one at its place.
    fn text(&mut self, kind: Kind, path: u32, within: u32, given: &str) -> Result<String, Stop> {
        self.begin(kind, path, within);
        let before = self.before.remove(&path);
        let text = self.rest(Some(given), before.as_deref())?.ok_or(Stop::Nonsense)?;
        self.before.insert(path, text.clone());
        Ok(text)
    }

    /// A text at a place that has begun; nothing, where nothing more comes.
    fn rest(&mut self, given: Option<&str>, before: Option<&str>) -> Result<Option<String>, Stop> {
        let mut symbols = given.map_or_else(|| [].iter(), |text| text.as_bytes().iter()).copied();
        let mut text = Vec::new();
        let end = if given.is_some() { END } else { NO_MORE };
        loop {
            let expected = before.map(str::as_bytes).and_then(|before| {
                let rest = before.strip_prefix(text.as_slice())?;
                Some(rest.first().copied().unwrap_or(END)).filter(|next| *next >= COMMANDS || *next == END)
            });
            let byte = symbols.next();
            let symbol = byte.map_or(end, |byte| if byte < COMMANDS { ESCAPE } else { byte });
            match self.symbol(symbol, expected)? {
                END => return String::from_utf8(text).map(Some).map_err(|_| Stop::Nonsense),
                NO_MORE if text.is_empty() => return Ok(None),
                ESCAPE => text.push(self.symbol(byte.unwrap_or_default(), None)?),
                command if command < COMMANDS => return Err(Stop::Nonsense),
                byte => text.push(byte),
            }
        }
    }

    /// A time, as its difference from the alert's or from that of the one before.
    fn near(&mut self, path: u32, given: i64) -> Result<i64, Stop> {
        let difference = given.wrapping_sub(self.time);
        let folded = (difference << 1 ^ difference >> 63).cast_unsigned().to_be_bytes();
        let skipped = folded.iter().take_while(|byte| **byte == 0).count();
        self.begin(Kind::Raw, hash(path, "length"), 0);
        let skipped = self.symbol(u8::try_from(skipped).unwrap_or_default(), None)?;
        let mut read = [0; 8];
        for (at, (slot, byte)) in read.iter_mut().zip(folded).enumerate().skip(skipped.into()) {
            self.begin(
                Kind::Raw,
                mix(hash(path, "digit"), u32::try_from(at).unwrap_or_default()),
                skipped.into(),
            );
            *slot = self.symbol(byte, None)?;
        }
        let folded = u64::from_be_bytes(read);
        Ok(self.time.wrapping_add((folded >> 1).cast_signed() ^ (folded & 1).cast_signed().wrapping_neg()))
    }

    fn uuid(&mut self, path: u32, given: &str) -> Result<String, Stop> {
        let given: String = given.chars().filter(|character| *character != '-').collect();
        let digits = self.hex_digits(path, &given, 16)?;
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| digits.get(range).unwrap_or_default());
        Ok(parts.join("-"))
    }

    fn hex(&mut self, path: u32, given: &str) -> Result<String, Stop> {
        self.begin(Kind::Form, hash(path, "bytes"), 0);
        let bytes = self.symbol(u8::try_from(given.len() / 2).unwrap_or_default(), None)?;
        self.hex_digits(path, given, bytes)
    }

    fn hex_digits(&mut self, path: u32, given: &str, bytes: u8) -> Result<String, Stop> {
        let before = self.before.remove(&path).unwrap_or_default();
        self.begin(Kind::Raw, hash(path, "hex"), 0);
        let mut digits = String::new();
        for at in 0..usize::from(bytes) {
            let byte =
                |text: &str| text.get(at * 2..at * 2 + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
            let expected = byte(&before).filter(|_| before.starts_with(&digits));
            let byte = self.symbol(byte(given).unwrap_or_default(), expected)?;
            // Writing to a string cannot fail.
            let _ = write!(digits, "{byte:02x}");
        }
        self.before.insert(path, digits.clone());
        Ok(digits)
    }

    /// `output`, in which values of the fields need not be said again.
    fn output(&mut self, given: &Value, around: &Around, key: &str) -> Result<Value, Stop> {
        let Form::Text = self.form(
            hash(6, key),
            self.rule,
            if given.as_str().is_some() { Form::Text } else { self.form_of(given) },
        )?
        else {
            return self.value(hash(7, key), self.rule, given, 0);
        };
        let segments = output::segments(given.as_str().unwrap_or_default(), around, self.time);
        let mut segments = segments.iter();
        let (mut text, mut last) = (Vec::new(), 0);
        let path = hash(8, key);
        self.begin(Kind::Output, path, self.rule);
        loop {
            let segment = segments.next();
            let command = match segment {
                None => END,
                Some(Segment::Byte(byte)) if *byte < COMMANDS => ESCAPE,
                Some(Segment::Byte(byte)) => *byte,
                Some(Segment::Clock) => CLOCK,
                Some(Segment::Date) => DATE,
                Some(Segment::Field(_)) => FIELD,
                Some(Segment::Item(_)) => ITEM,
            };
            let command = self.symbol(command, None)?;
            let more = match command {
                END => return String::from_utf8(text).map(Value::String).map_err(|_| Stop::Nonsense),
                ESCAPE => {
                    let given = if let Some(Segment::Byte(byte)) = segment { *byte } else { 0 };
                    vec![self.symbol(given, None)?]
                }
                CLOCK => output::clock(around, self.time).ok_or(Stop::Nonsense)?.into_bytes(),
                DATE => output::date(around, self.time).ok_or(Stop::Nonsense)?.into_bytes(),
                FIELD | ITEM => {
                    let given = match segment {
                        Some(Segment::Field(name) | Segment::Item(name)) => *name,
                        _ => "",
                    };
                    self.begin(Kind::Name, mix(hash(9, ""), last), mix(self.rule, command.into()));
                    let name = self.rest(Some(given), None)?.ok_or(Stop::Nonsense)?;
                    last = hash(10, &name);
                    let said = output::said(around, &name).ok_or(Stop::Nonsense)?;
                    self.begin(Kind::Output, path, mix(self.rule, last));
                    if command == ITEM { output::label(&name) + &said } else { said }.into_bytes()
                }
                command if command < COMMANDS => return Err(Stop::Nonsense),
                byte => vec![byte],
            };
            self.left = self.left.checked_sub(more.len()).ok_or(Stop::TooFar)?;
            text.extend(more);
        }
    }

    fn begin(&mut self, kind: Kind, name: u32, within: u32) {
        self.channel.begin(Place { name, within, kind: kind as u8 });
    }

    fn symbol(&mut self, given: u8, expected: Option<u8>) -> Result<u8, Stop> {
        self.left = self.left.checked_sub(1).ok_or(Stop::TooFar)?;
        Ok(self.channel.symbol(given, expected))
    }
}

/// The path of the alert itself.
const TOP: u32 = 0;

/// When `output` comes.
const LAST_TURN: u8 = 7;

/// When the value of a key comes.
fn turn(key: &str) -> u8 {
    match key {
        "time" => 0,
        "rule" => 1,
        "source" => 2,
        "priority" => 3,
        "tags" => 4,
        "output_fields" => 6,
        "output" | "message" => LAST_TURN,
        _ => 5,
    }
}

fn around(keys: &[String], values: &[Option<Value>]) -> Around {
    let value = |wanted: &str| {
        keys.iter().zip(values).find(|(key, _)| *key == wanted).and_then(|(_, value)| value.clone())
    };
    let fields =
        if let Some(Value::Object(fields)) = value("output_fields") { fields } else { Object::default() };
    let priority =
        if let Some(Value::String(priority)) = value("priority") { priority } else { String::new() };
    Around { priority, fields }
}

fn nanoseconds(text: &str) -> Option<i64> {
    // Far from 1970 they fit no 64 bits.
    i64::try_from(Timestamp::parse(text)?.nanoseconds()).ok()
}

/// A time without the zeros at the end of its second, as Go prints it.
fn shorter(time: &str) -> String {
    let short = time.trim_end_matches('Z').trim_end_matches('0').trim_end_matches('.');
    format!("{short}Z")
}

fn form_of_text(text: &str) -> Form {
    if let Some(time) = nanoseconds(text).and_then(Timestamp::from_nanoseconds) {
        let printed = time.to_string();
        if text == printed {
            return Form::Time;
        }
        if text == shorter(&printed) {
            return Form::ShortTime;
        }
    }
    let hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let dashes = |text: &str| {
        text.bytes().enumerate().all(|(at, byte)| (byte == b'-') == matches!(at, 8 | 13 | 18 | 23))
    };
    if text.len() == 36 && dashes(text) && hex(&text.replace('-', "")) {
        return Form::Uuid;
    }
    if hex(text) && text.len().is_multiple_of(2) && (12..=128).contains(&text.len()) {
        Form::Hex
    } else {
        Form::Text
    }
}

fn mix(left: u32, right: u32) -> u32 {
    (left.rotate_left(7) ^ right).wrapping_mul(0x9e37_79b1)
}

fn hash(path: u32, name: &str) -> u32 {
    name.bytes().fold(mix(path, 11), |hash, byte| mix(hash, byte.into()))
}
