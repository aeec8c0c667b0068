//! The values of a field, each once: what it says for a verdict, for a group's key and for what differs.

use std::hash::Hash;

use foldhash::HashMap;

use crate::alert::Value;
use crate::checksum::CRC32;
use crate::insight::Place;
use crate::insight::fingerprint::pattern;
use crate::insight::signals::Test;
use crate::insight::{portrait, spread};

/// A value's place in its column; [`SPARE`] for one that is not kept.
pub(super) type ValueId = u32;

/// The value that was looked up last and is not kept.
pub(super) const SPARE: ValueId = u32::MAX;

/// What keeping a value or a sign takes beside its text, in bytes.
const OVERHEAD: usize = size_of::<Entry>() + size_of::<(Box<[u8]>, ValueId)>();

/// What of a value tells groups apart, beside the tests that it passes.
#[derive(Debug, Clone, Copy)]
enum Part {
    Nothing,
    /// Its text without what changes each time.
    Pattern,
    /// Whether it names a container.
    Place,
}

/// One value of a field.
#[derive(Debug)]
pub(super) struct Entry {
    pub value: Value,
    /// The number of everything about it that may decide where its alert belongs.
    pub sign: u32,
    /// The number of what a portrait keeps of it, where that is kept.
    pub likeness: Option<u32>,
    /// How [`spread`] counts it.
    pub counted: Box<str>,
    pub checksum: u32,
}

/// The values of one field.
#[derive(Debug)]
pub(super) struct Column {
    pub name: Box<str>,
    tests: Vec<Test>,
    part: Part,
    ids: HashMap<Box<[u8]>, ValueId>,
    entries: Vec<Entry>,
    spare: Option<Entry>,
    signs: HashMap<(Vec<bool>, String), u32>,
    /// What its values are to portraits.
    pub role: Option<portrait::Role>,
    likenesses: HashMap<(u8, String), u32>,
}

impl Column {
    pub fn new(name: &str, tests: Vec<Test>) -> Self {
        let part = match name {
            "proc.exepath" | "proc.name" | "container.image.repository" | "k8s.ns.name" => Part::Pattern,
            "container.id" => Part::Place,
            _ => Part::Nothing,
        };
        Self {
            name: name.into(),
            tests,
            part,
            ids: HashMap::default(),
            entries: Vec::new(),
            spare: None,
            signs: HashMap::default(),
            role: portrait::role(name),
            likenesses: HashMap::default(),
        }
    }

    /// Whether a value of this field may decide where its alert belongs.
    pub fn decides(&self) -> bool {
        !self.tests.is_empty() || !matches!(self.part, Part::Nothing)
    }

    /// The value as it stands in the file; `room` is what may still be kept, in bytes.
    pub fn look_up(&mut self, raw: &[u8], room: &mut usize) -> Option<ValueId> {
        match self.ids.get(raw) {
            Some(id) => Some(*id),
            None => self.meet(raw, room),
        }
    }

    #[cold]
    fn meet(&mut self, raw: &[u8], room: &mut usize) -> Option<ValueId> {
        let value = Value::parse(raw).ok()?;
        let (sign, counted) = {
            let text = value.text();
            let pattern = pattern(&text);
            let sign = self.sign(&value, &pattern, room)?;
            let counted: Box<str> =
                if spread::is_name(&self.name) { (*text).into() } else { (*pattern).into() };
            (sign, counted)
        };
        let checksum = CRC32.checksum(counted.as_bytes());
        let mut entry = Entry { value, sign, likeness: None, counted, checksum };
        let likeness = self.role.map(|_| portrait::key_of(&self.name, &entry.value));
        let cost = 3 * raw.len() + likeness.as_ref().map_or(0, |(_, text)| text.len()) + OVERHEAD;
        let Some(left) = room.checked_sub(cost) else {
            self.spare = Some(entry);
            return Some(SPARE);
        };
        *room = left;
        entry.likeness = likeness.map(|likeness| number(&mut self.likenesses, likeness));
        let id = ValueId::try_from(self.entries.len()).ok()?;
        self.ids.insert(raw.into(), id);
        self.entries.push(entry);
        Some(id)
    }

    pub fn get(&self, id: ValueId) -> Option<&Entry> {
        if id == SPARE { self.spare.as_ref() } else { self.entries.get(id as usize) }
    }

    /// The number of what a value says; nothing where it is a new one and there is no room to keep it.
    fn sign(&mut self, value: &Value, pattern: &str, room: &mut usize) -> Option<u32> {
        let passed = self.tests.iter().map(|test| test.passes(value)).collect();
        let part = match self.part {
            Part::Nothing => String::new(),
            Part::Pattern if *value == Value::Null => String::new(),
            Part::Pattern => format!("={pattern}"),
            Part::Place => (Place::of_value(Some(value)) as u8).to_string(),
        };
        let key: (Vec<bool>, String) = (passed, part);
        if !self.signs.contains_key(&key) {
            *room = room.checked_sub(key.0.len() + key.1.len() + OVERHEAD)?;
        }
        Some(number(&mut self.signs, key))
    }
}

fn number<K: Eq + Hash>(numbers: &mut HashMap<K, u32>, key: K) -> u32 {
    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    *numbers.entry(key).or_insert(next)
}
