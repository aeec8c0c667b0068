//! What of an alert a rule can be tuned by: the fields that say who acted, where and on what, without the
//! parts that change each time.
//!
//! Alerts with the same portrait are hidden or kept together by everything that tuning proposes, so a
//! proof over portraits is a proof over alerts. There are far fewer of them, and [`limits::PORTRAITS`]
//! bounds them: a set with more gives up the finest fields for all of its alerts, which leaves a proof
//! undecided and never wrong. So the portraits of a set do not depend on the order of its alerts.

use std::borrow::Cow;

use foldhash::HashMap;
use serde::{Deserialize, Serialize};

use super::Held;
use super::fingerprint::pattern_in;
use crate::alert::{Alert, Value};
use crate::limits;

/// What a field says about an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Who acted.
    Actor,
    /// Where.
    Place,
    /// What was done, or to what.
    Target,
}

/// A field to tune by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub role: Role,
}

/// Fields that shipped rules print and that stay the same when the same thing happens again, by name.
/// Left out are names that a process gives itself, command lines, numbers of processes, users' numbers,
/// ports, times and addresses of clients.
pub const FIELDS: [Field; 36] = [
    place("container.id"),
    place("container.image.repository"),
    target("ct.name"),
    place("ct.region"),
    target("ct.request.functionname"),
    target("ct.request.groupname"),
    target("ct.request.name"),
    actor("ct.user"),
    target("evt.arg.filename"),
    target("evt.arg.name"),
    target("evt.arg.newpath"),
    target("evt.arg.oldpath"),
    target("evt.arg.path"),
    target("fd.name"),
    target("fd.sip.name"),
    target("fs.path.name"),
    target("gcp.methodName"),
    place("gcp.projectId"),
    target("gcp.serviceName"),
    target("gcp.storage.bucket"),
    actor("gcp.user"),
    place("github.org"),
    target("github.repo.name"),
    actor("github.user"),
    place("k8s.ns.name"),
    target("ka.target.name"),
    place("ka.target.namespace"),
    target("ka.target.resource"),
    target("ka.target.subresource"),
    actor("ka.user.name"),
    target("ka.verb"),
    actor("okta.actor.name"),
    target("okta.target.app.alternateid"),
    target("okta.target.user.name"),
    actor("proc.exepath"),
    target("s3.bucket"),
];

/// The field that says whether an event happened on the host; the number of a container is no part of a
/// portrait.
pub const CONTAINER: &str = "container.id";

const fn actor(name: &'static str) -> Field {
    Field { name, role: Role::Actor }
}

const fn place(name: &'static str) -> Field {
    Field { name, role: Role::Place }
}

const fn target(name: &'static str) -> Field {
    Field { name, role: Role::Target }
}

/// The fields of a portrait, by name; those that the alert lacks are left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Portrait(Vec<(&'static str, Held)>);

impl Portrait {
    /// What is known of a field.
    pub fn get(&self, field: &str) -> &Held {
        let found = self.0.binary_search_by_key(&field, |(name, _)| name).ok();
        found.and_then(|at| self.0.get(at)).map_or(&Held::Absent, |(_, held)| held)
    }

    /// The fields that are there, by name.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &Held)> {
        self.0.iter().map(|(name, held)| (*name, held))
    }
}

/// How much of an alert its portrait keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
enum Detail {
    #[default]
    All,
    /// Without targets.
    Actors,
    Nothing,
}

impl Detail {
    fn keeps(self, role: Role) -> bool {
        match self {
            Self::All => true,
            Self::Actors => role != Role::Target,
            Self::Nothing => false,
        }
    }

    fn coarser(self) -> Self {
        match self {
            Self::All => Self::Actors,
            Self::Actors | Self::Nothing => Self::Nothing,
        }
    }
}

/// The portraits of a set, each with a number.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Gallery {
    numbers: HashMap<Box<[u8]>, u32>,
    detail: Detail,
    /// Where the numbers went when detail was given up; empty while none was.
    moved: Vec<u32>,
    next: u32,
    #[serde(skip)]
    key: Vec<u8>,
    #[serde(skip)]
    room: String,
}

const NULL: u8 = 0;
const TEXT: u8 = 1;
const LIKE: u8 = 2;
/// Such a value is in no portrait.
const ABSENT: u8 = 3;

impl Gallery {
    /// The number of the alert's portrait.
    pub fn number(&mut self, alert: &Alert) -> u32 {
        self.number_of(alert.fields())
    }

    /// As [`Gallery::number`], from the alert's fields; those of no portrait may be missing. A number stays
    /// good for alerts with the same portrait, whatever comes later.
    pub fn number_of<'a>(&mut self, fields: impl Iterator<Item = (&'a str, &'a Value)>) -> u32 {
        self.write(fields);
        if let Some(number) = self.numbers.get(self.key.as_slice()) {
            return *number;
        }
        let number = self.insert(self.key.as_slice().into());
        if self.bound() { self.moved.get(number as usize).copied().unwrap_or(number) } else { number }
    }

    /// Takes in another part's portraits; the numbers that they have here, by their numbers there.
    pub fn merge(&mut self, other: &Self) -> Vec<u32> {
        while self.detail < other.detail {
            self.coarsen();
        }
        let mut numbers = vec![0; other.next as usize];
        #[expect(clippy::iter_over_hash_type, reason = "numbers are labels until the set is sealed")]
        for (key, old) in &other.numbers {
            let key = kept(key, self.detail);
            let number = match self.numbers.get(key.as_slice()) {
                Some(number) => *number,
                None => self.insert(key.into()),
            };
            if let Some(entry) = numbers.get_mut(*old as usize) {
                *entry = number;
            }
        }
        self.bound();
        let here = |old| numbers.get(other.settled(old) as usize).copied().unwrap_or_default();
        (0..other.next).map(here).collect()
    }

    /// The portraits in order, and the place of each number among them.
    pub fn seal(self) -> (Vec<Portrait>, Vec<u32>) {
        let mut keys: Vec<(&Box<[u8]>, u32)> =
            self.numbers.iter().map(|(key, number)| (key, *number)).collect();
        keys.sort_unstable();
        let mut places = vec![0; self.next as usize];
        for (place, (_, number)) in (0..).zip(&keys) {
            if let Some(entry) = places.get_mut(*number as usize) {
                *entry = place;
            }
        }
        let portraits = keys.iter().map(|(key, _)| read(key)).collect();
        let settled = |number| places.get(self.settled(number) as usize).copied().unwrap_or_default();
        let places = (0..self.next).map(settled).collect();
        (portraits, places)
    }

    /// Whether portraits still keep such fields.
    pub fn keeps(&self, role: Role) -> bool {
        self.detail.keeps(role)
    }

    fn insert(&mut self, key: Box<[u8]>) -> u32 {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        self.numbers.insert(key, number);
        if !self.moved.is_empty() {
            self.moved.push(number);
        }
        number
    }

    /// Gives up detail until there are few enough; whether that was needed.
    fn bound(&mut self) -> bool {
        let mut gave_up = false;
        while self.numbers.len() > limits::PORTRAITS && self.detail != Detail::Nothing {
            self.coarsen();
            gave_up = true;
        }
        gave_up
    }

    fn coarsen(&mut self) {
        self.detail = self.detail.coarser();
        let before = std::mem::take(&mut self.numbers);
        let mut moved: Vec<u32> = (0..self.next).collect();
        #[expect(clippy::iter_over_hash_type, reason = "numbers are labels until the set is sealed")]
        for (key, number) in before {
            let number_here = *self.numbers.entry(kept(&key, self.detail).into()).or_insert(number);
            if let Some(entry) = moved.get_mut(number as usize) {
                *entry = number_here;
            }
        }
        let again = |number: u32| moved.get(number as usize).copied().unwrap_or(number);
        self.moved = (0..self.next).map(|number| again(self.settled(number))).collect();
    }

    /// Where a number went.
    fn settled(&self, number: u32) -> u32 {
        self.moved.get(number as usize).copied().unwrap_or(number)
    }

    /// The fields as bytes, by name: the place in [`FIELDS`], what it holds, the text's length, the text.
    fn write<'a>(&mut self, fields: impl Iterator<Item = (&'a str, &'a Value)>) {
        self.key.clear();
        let mut values = [None; FIELDS.len()];
        for (name, value) in fields {
            if let Ok(at) = FIELDS.binary_search_by_key(&name, |field| field.name)
                && let Some(entry) = values.get_mut(at)
            {
                *entry = Some(value);
            }
        }
        for ((at, field), value) in (0..).zip(&FIELDS).zip(values) {
            let Some(value) = value.filter(|_| self.detail.keeps(field.role)) else { continue };
            let Some((kind, stable)) = part(field.name, value, &mut self.room) else { continue };
            let length = u32::try_from(stable.len()).unwrap_or(u32::MAX).to_le_bytes();
            self.key.extend([at, kind]);
            self.key.extend(length);
            self.key.extend(stable.as_bytes());
        }
    }
}

/// What a portrait keeps of a field's value: its kind, and its text without what changes each time.
fn part<'a>(field: &str, value: &'a Value, room: &'a mut String) -> Option<(u8, Cow<'a, str>)> {
    let text = match value {
        Value::List(_) | Value::Object(_) => return None,
        Value::Null => return Some((NULL, Cow::Borrowed(""))),
        value => value.text(),
    };
    match field {
        CONTAINER if text == "host" => return Some((TEXT, text)),
        CONTAINER => return Some((LIKE, Cow::Borrowed("<container>"))),
        _ => {}
    }
    if pattern_in(room, &text) == text { Some((TEXT, text)) } else { Some((LIKE, Cow::Borrowed(room))) }
}

/// What a field says; nothing if it belongs to no portrait.
pub(super) fn role(field: &str) -> Option<Role> {
    let at = FIELDS.binary_search_by_key(&field, |own| own.name).ok()?;
    FIELDS.get(at).map(|own| own.role)
}

/// Two values of a field with the same key are the same to every portrait.
pub(super) fn key_of(field: &str, value: &Value) -> (u8, String) {
    part(field, value, &mut String::new())
        .map_or((ABSENT, String::new()), |(kind, stable)| (kind, stable.into_owned()))
}

/// The fields of a key, each as it is written.
fn parts(mut key: &[u8]) -> impl Iterator<Item = (&'static Field, u8, &str, &[u8])> {
    std::iter::from_fn(move || {
        let [at, kind, length @ ..] = key.first_chunk::<6>()?;
        let end = 6 + u32::from_le_bytes(*length) as usize;
        let (part, rest) = key.split_at_checked(end)?;
        key = rest;
        let text = std::str::from_utf8(part.get(6..)?).ok()?;
        Some((FIELDS.get(usize::from(*at))?, *kind, text, part))
    })
}

fn kept(key: &[u8], detail: Detail) -> Vec<u8> {
    let parts = parts(key).filter(|(field, ..)| detail.keeps(field.role));
    parts.flat_map(|(.., part)| part).copied().collect()
}

fn read(key: &[u8]) -> Portrait {
    let held = |kind, text: &str| match kind {
        NULL => Held::Null,
        TEXT => Held::Text(text.to_owned()),
        _ => Held::Like(text.to_owned()),
    };
    Portrait(parts(key).map(|(field, kind, text, _)| (field.name, held(kind, text))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Object;

    fn alert(fields: &str) -> Alert {
        let line = format!(r#"{{"rule":"R","output_fields":{{{fields}}}}}"#);
        Alert::from_object(Object::parse(line.as_bytes()).unwrap()).unwrap()
    }

    fn gallery(alerts: &[String]) -> (Gallery, Vec<u32>) {
        let mut gallery = Gallery::default();
        let numbers = alerts.iter().map(|fields| gallery.number(&alert(fields))).collect();
        (gallery, numbers)
    }

    fn portraits(gallery: Gallery, numbers: &[u32]) -> Vec<Portrait> {
        let (portraits, places) = gallery.seal();
        numbers.iter().map(|number| portraits[places[*number as usize] as usize].clone()).collect()
    }

    #[test]
    fn fields_are_in_order() {
        assert!(FIELDS.is_sorted_by_key(|field| field.name));
    }

    #[test]
    fn what_changes_each_time_is_no_part_of_it() {
        let alerts = [
            r#""proc.pid":1,"proc.exepath":"/a","fd.name":"/proc/4711/mem","container.id":"0123456789ab""#,
            r#""proc.pid":2,"proc.exepath":"/a","fd.name":"/proc/4712/mem","container.id":"web""#,
            r#""proc.exepath":"/a","fd.name":null,"container.id":"host""#,
        ];
        let (gallery, numbers) = gallery(&alerts.map(str::to_owned));
        let [first, second, third] = portraits(gallery, &numbers).try_into().unwrap();
        assert_eq!(first, second);
        assert_eq!(first.get("fd.name"), &Held::Like("/proc/<pid>/mem".to_owned()));
        assert_eq!(first.get(CONTAINER), &Held::Like("<container>".to_owned()));
        assert_eq!((third.get("fd.name"), third.get("ka.verb")), (&Held::Null, &Held::Absent));
        assert_eq!(third.get(CONTAINER), &Held::Text("host".to_owned()));
    }

    #[test]
    fn beyond_the_bound_all_give_up_the_same_detail_in_any_order() {
        let files = limits::PORTRAITS + 5;
        let name = |mut at: usize| {
            let letters = std::iter::from_fn(|| {
                let letter = char::from(b'a' + u8::try_from(at % 26).unwrap());
                at /= 26;
                Some(letter)
            });
            letters.take(5).collect::<String>()
        };
        let alerts: Vec<String> = (0..files)
            .map(|at| format!(r#""proc.exepath":"/bin/p{}","fd.name":"/f/{}""#, at % 3, name(at)))
            .collect();
        let (whole, numbers) = gallery(&alerts);
        let whole = portraits(whole, &numbers);
        assert!(whole.iter().all(|portrait| portrait.get("fd.name") == &Held::Absent));
        assert_eq!(whole[4].get("proc.exepath"), &Held::Text("/bin/p1".to_owned()));
        let (left, right) = alerts.split_at(files / 3);
        let (mut first, one) = gallery(right);
        let (second, two) = gallery(left);
        let moved = first.merge(&second);
        let two: Vec<u32> = two.into_iter().map(|number| moved[number as usize]).collect();
        assert_eq!(portraits(first, &[two, one].concat()), whole);
    }
}
