//! Finds secrets and names in alerts, and replaces them by pseudonyms.
//!
//! Two passes: [`Search`] looks at every alert, then [`Redactor`] replaces what was found, in every text
//! of every alert, wherever it stands. The same value has the same pseudonym everywhere, numbered as they
//! first appear, so that a pseudonym tells nothing of its value. An address keeps its network class, on
//! which verdicts rest. What is redacted stays the same when it is redacted again.
//!
//! No detector knows a password that nothing marks as one; that is what [`Search::hits`] is shown for.

mod detect;
mod replace;
mod survey;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Object, Value};
use crate::limits;

pub use replace::Redactor;
pub use survey::Survey;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// A private key in PEM form.
    PrivateKey,
    /// A JSON web token.
    Jwt,
    /// A key of a cloud's interface.
    CloudKey,
    /// A cookie of a session.
    Cookie,
    /// A password.
    Password,
    /// Any other token or key.
    Token,
    /// An e-mail address.
    Email,
    /// A person's account.
    User,
    /// A host name that the world does not know.
    Host,
    /// An address in a private network.
    Address,
    /// What the user asked for.
    Chosen,
}

impl Kind {
    const ALL: [Self; 11] = [
        Self::PrivateKey,
        Self::Jwt,
        Self::CloudKey,
        Self::Cookie,
        Self::Password,
        Self::Token,
        Self::Email,
        Self::User,
        Self::Host,
        Self::Address,
        Self::Chosen,
    ];

    /// In words: `password`.
    pub fn name(self) -> &'static str {
        match self {
            Self::PrivateKey => "private key",
            Self::Jwt => "web token",
            Self::CloudKey => "cloud key",
            Self::Cookie => "cookie",
            Self::Password => "password",
            Self::Token => "token",
            Self::Email => "e-mail address",
            Self::User => "user name",
            Self::Host => "host name",
            Self::Address => "internal address",
            Self::Chosen => "chosen text",
        }
    }

    /// Names are words of a text; a secret may also be part of one.
    fn is_name(self) -> bool {
        matches!(self, Self::Email | Self::User | Self::Host | Self::Address)
    }

    fn pseudonym(self, number: usize, value: &str) -> String {
        match (self, network(value)) {
            (Self::Address, Some(network)) => network.member(number),
            (Self::Email, _) => format!("{PSEUDONYM}{}-{number}@example.invalid", self.word()),
            _ => format!("{PSEUDONYM}{}-{number}", self.word()),
        }
    }

    /// As pseudonyms name it, in front of their number.
    fn word(self) -> String {
        match self {
            Self::Email => "person".to_owned(),
            _ => self.name().replace(' ', "-").replace("-name", ""),
        }
    }
}

/// How pseudonyms begin, but for addresses.
const PSEUDONYM: &str = "redacted-";

/// Whether a pseudonym stands in a text, but for those of addresses.
fn has_pseudonym(text: &str) -> bool {
    let is_number = |rest: &str| {
        rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let is_one = |rest: &str| {
        Kind::ALL.iter().any(|kind| rest.strip_prefix(kind.word().as_str()).is_some_and(is_number))
    };
    text.split(PSEUDONYM).skip(1).any(is_one)
}

/// A private network, by which addresses are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Network {
    V4(u8, u8),
    Local6,
    Link6,
}

impl Network {
    /// An address of the same class.
    fn member(self, number: usize) -> String {
        let [high, low] = u16::try_from(number).unwrap_or(u16::MAX).to_be_bytes();
        match self {
            Self::V4(first, second) => Ipv4Addr::new(first, second, high, low).to_string(),
            Self::Local6 => format!("fd00::{number:x}"),
            Self::Link6 => format!("fe80::{number:x}"),
        }
    }
}

/// The private network of an address; none for any other text. The address that clouds answer questions
/// about a machine on is the same everywhere, and tells much.
fn network(text: &str) -> Option<Network> {
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return match address.octets() {
            [169, 254, 169, 254] => None,
            [10, ..] => Some(Network::V4(10, 254)),
            [172, 16..=31, ..] => Some(Network::V4(172, 31)),
            [192, 168, ..] => Some(Network::V4(192, 168)),
            [100, 64..=127, ..] => Some(Network::V4(100, 127)),
            [169, 254, ..] => Some(Network::V4(169, 254)),
            _ => None,
        };
    }
    let address = text.parse::<Ipv6Addr>().ok()?;
    match address.segments() {
        [0xfc00..=0xfdff, ..] => Some(Network::Local6),
        [0xfe80..=0xfebf, ..] => Some(Network::Link6),
        [0, 0, 0, 0, 0, 0xffff, ..] => network(&address.to_ipv4_mapped()?.to_string()),
        _ => None,
    }
}

/// A value that is replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// What it seems to be.
    pub kind: Kind,
    /// The value.
    pub value: String,
    /// What stands in its place.
    pub pseudonym: String,
    /// The field or key in which it was first seen.
    pub field: String,
    /// What stands before and after it there, cut.
    pub context: (String, String),
}

/// What the user wants otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// Texts to replace that no detector finds.
    pub add: Vec<String>,
    /// Values to leave as they are.
    pub keep: Vec<String>,
}

/// Characters of context on either side of a hit.
const CONTEXT: usize = 32;

/// Looks for what to replace.
#[derive(Debug, Clone, Default)]
pub struct Search {
    wishes: Wishes,
    hits: Vec<Hit>,
    known: BTreeSet<String>,
    /// The last number of each kind, and of each network.
    numbers: BTreeMap<(Kind, Option<Network>), usize>,
    /// Whether there was more than [`limits::REDACTIONS`].
    is_full: bool,
}

impl Search {
    /// A search that follows wishes.
    pub fn new(wishes: Wishes) -> Self {
        Self { wishes, ..Self::default() }
    }

    /// Looks at an alert.
    pub fn look(&mut self, alert: &Alert) {
        // A service runs under its own name; that names nobody.
        let program = alert.field_text("proc.name").unwrap_or_default();
        self.look_at_object(alert.object(), program);
    }

    /// Looks at any other text, such as a file's name.
    pub fn look_at(&mut self, field: &str, text: &str) {
        let chosen: Vec<String> =
            self.wishes.add.iter().filter(|value| text.contains(value.as_str())).cloned().collect();
        for value in chosen {
            if let Some(start) = text.find(&value) {
                self.take(Kind::Chosen, field, text, start, start + value.len());
            }
        }
        for found in detect::scan(text) {
            self.take(found.kind, field, text, found.start, found.end);
        }
    }

    /// What was found so far, in order of appearance.
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// Whether there are more values than are replaced: then nothing may be handed on as redacted.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    fn look_at_object(&mut self, object: &Object, program: &str) {
        for (key, value) in object.iter() {
            if !is_structure(key, value) {
                self.look_at(key, key);
                self.look_at_value(key, value, program);
            }
        }
    }

    fn look_at_value(&mut self, key: &str, value: &Value, program: &str) {
        match value {
            Value::String(text) => {
                if let Some(kind) = detect::named(key).filter(|kind| *kind != Kind::User || text != program) {
                    let kind = if text.contains('@') { Kind::Email } else { kind };
                    self.take(kind, key, text, 0, text.len());
                }
                self.look_at(key, text);
            }
            Value::List(items) => items.iter().for_each(|item| self.look_at_value(key, item, program)),
            Value::Object(object) => self.look_at_object(object, program),
            _ => {}
        }
    }

    fn take(&mut self, kind: Kind, field: &str, text: &str, start: usize, end: usize) {
        let Some(value) = text.get(start..end) else { return };
        let wanted = kind == Kind::Chosen || !detect::is_common(kind, value);
        let kept = self.wishes.keep.iter().any(|keep| keep == value);
        if !wanted || kept || value.is_empty() || value.contains(PSEUDONYM) || self.known.contains(value) {
            return;
        }
        if self.hits.len() >= limits::REDACTIONS {
            self.is_full = true;
            return;
        }
        let number =
            self.numbers.entry((kind, network(value).filter(|_| kind == Kind::Address))).or_default();
        *number += 1;
        let before: String = text.get(..start).unwrap_or_default().chars().rev().take(CONTEXT).collect();
        let context = (
            before.chars().rev().collect(),
            text.get(end..).unwrap_or_default().chars().take(CONTEXT).collect(),
        );
        let pseudonym = kind.pseudonym(*number, value);
        self.known.insert(value.to_owned());
        self.hits.push(Hit { kind, value: value.to_owned(), pseudonym, field: field.to_owned(), context });
    }
}

/// Whether an entry says what kind of alert it is, in words that Falco or the knowledge base defines.
fn is_structure(key: &str, value: &Value) -> bool {
    let Value::String(text) = value else { return false };
    match key {
        "rule" => crate::knowledge::entry(text).is_some(),
        "priority" => crate::alert::Priority::parse(text).is_some(),
        "time" => crate::alert::Timestamp::parse(text).is_some(),
        "source" | "evt.type" | "evt.source" => {
            text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        }
        _ => false,
    }
}

/// Alerts as JSON lines, redacted, and what was replaced; nothing if that is more than can be.
pub fn lines(lines: &str, wishes: Wishes) -> Option<(String, Vec<Hit>)> {
    let mut search = Search::new(wishes);
    let alerts = || {
        let objects = lines.lines().filter_map(|line| Object::parse(line.as_bytes()).ok());
        objects.filter_map(|object| Alert::from_object(object).ok())
    };
    alerts().for_each(|alert| search.look(&alert));
    if search.is_full() {
        return None;
    }
    let hits = search.hits().to_vec();
    let redactor = Redactor::new(search);
    let lines = alerts().map(|alert| redactor.alert(&alert).0.json() + "\n").collect();
    Some((lines, hits))
}
