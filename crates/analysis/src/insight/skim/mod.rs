//! Takes an alert into its group from its bytes, without reading it in full.
//!
//! Nearly every alert of a large set is like one before it: the same rule, the same keys, and values that
//! say the same to every signal. So each value of a field is judged once, by every test that any signal makes
//! of that field, and gets the number of what came out, its *sign*. Alerts with the same keys and the same
//! signs belong to the same group, which the first of them has found by being read in full. Of the others
//! only times, counts, links and what differs are taken.
//!
//! Whatever is unusual is refused, and read in full then: other keys than Falco's own, an alert that is to
//! become the example of its group, a field that differs from the example for the first time. So skimming
//! changes how long it takes, and nothing else.

mod column;
mod layout;

use foldhash::HashMap;

use column::{SPARE, ValueId};
use layout::{Columns, Layout};

use super::links::{self, Datum};
use super::portrait::Gallery;
use super::spread::Spreads;
use crate::alert::{Alert, TimeNote, Timestamp, compare_times, event_time_of};
use crate::ingest;
use crate::limits;

/// The key under which an alert has its fields.
const FIELDS: &[u8] = b"output_fields";

/// What is known from other alerts, and room for the one that is looked at.
#[derive(Debug)]
pub(super) struct Skim {
    reader: glance::Reader,
    layouts: Vec<Option<Layout>>,
    columns: Columns,
    hosts: column::Column,
    /// Groups by what decides about them.
    slots: HashMap<Box<[u32]>, u32>,
    /// Portraits by what they keep of each value.
    portraits: HashMap<Box<[u32]>, u32>,
    texts: HashMap<Box<[u8]>, u32>,
    /// Bytes that may still be kept.
    room: usize,
    key: Vec<u32>,
    ids: Vec<ValueId>,
    host: Option<ValueId>,
    time: Option<Timestamp>,
    /// The alert that was refused because its group is not known yet; `key` is its.
    pending: Option<ingest::Place>,
}

impl Default for Skim {
    fn default() -> Self {
        Self {
            reader: glance::Reader::default(),
            layouts: Vec::new(),
            columns: Columns::default(),
            hosts: column::Column::new(super::spread::HOST, Vec::new()),
            slots: HashMap::default(),
            portraits: HashMap::default(),
            texts: HashMap::default(),
            room: limits::SKIMMED_BYTES,
            key: Vec::new(),
            ids: Vec::new(),
            host: None,
            time: None,
            pending: None,
        }
    }
}

/// An alert that was looked at and whose group is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looked {
    pub slot: u32,
    pub shape: glance::Shape,
    pub time: Timestamp,
    pub note: Option<TimeNote>,
}

/// A group's example, as its alerts are compared with it.
#[derive(Debug, Default)]
pub(super) enum Face {
    /// Not looked at yet.
    #[default]
    Unknown,
    /// It cannot be skimmed, and so no alert of the group is.
    Unfit,
    /// It is of this shape.
    Known(Box<Features>),
}

#[derive(Debug)]
pub(super) struct Features {
    shape: glance::Shape,
    host: Option<Feature>,
    fields: Vec<Feature>,
    /// For each field, where its values are counted.
    tallied: Vec<Option<usize>>,
    host_tallied: Option<usize>,
    /// Fields that are counted and not in the shape.
    others: Vec<usize>,
    /// How many fields were counted when that was found out.
    tallies: usize,
}

#[derive(Debug)]
enum Feature {
    Kept(ValueId),
    Raw(Box<[u8]>),
}

impl Skim {
    /// Looks at a line that is one object. What it found stays until the next one.
    pub fn look(&mut self, line: &[u8], place: ingest::Place) -> Option<Looked> {
        self.pending = None;
        let (shape, note) = self.values(line)?;
        let Some(slot) = self.slots.get(self.key.as_slice()).copied() else {
            self.pending = Some(place);
            return None;
        };
        Some(Looked { slot, shape, time: self.time?, note })
    }

    /// Notes the group of an alert that was read in full after it had been looked at in vain.
    pub fn learn(&mut self, place: ingest::Place, slot: u32) {
        if self.pending.take() != Some(place) {
            return;
        }
        if self.slots.len() > 2 * limits::GROUPS {
            self.slots.clear();
        }
        self.slots.insert(self.key.as_slice().into(), slot);
    }

    /// Finds the values of an object and writes the key.
    fn values(&mut self, line: &[u8]) -> Option<(glance::Shape, Option<TimeNote>)> {
        let shape = self.reader.read(line, FIELDS)?;
        while self.layouts.len() <= shape {
            let layout = Layout::of(self.reader.keys(self.layouts.len()), &mut self.columns);
            self.layouts.push(layout);
        }
        let layout = self.layouts.get(shape)?.as_ref()?;
        let value = |at: usize| self.reader.value(line, at);
        let own = plain_text(value(layout.time)?).and_then(Timestamp::parse_plain)?;
        let event = match layout.event_time {
            None => None,
            Some(at) => Some(event_time_of(integer(value(at)?)?)?),
        };
        self.time = Some(own);
        for number in layout.numbers.iter().filter(|number| number.is_tested) {
            let raw = value(number.at)?;
            if raw != b"null" {
                integer(raw)?;
            }
        }
        self.key.clear();
        self.key.push(u32::try_from(shape).ok()?);
        plain_text(value(layout.rule)?).filter(|rule| !rule.is_empty())?;
        if let Some(priority) = layout.priority {
            plain_text(value(priority)?)?;
        }
        for at in [Some(layout.rule), layout.priority, layout.source].into_iter().flatten() {
            let raw = value(at)?;
            let number = if let Some(number) = self.texts.get(raw) {
                *number
            } else {
                self.room = self.room.checked_sub(2 * raw.len())?;
                let next = u32::try_from(self.texts.len()).ok()?;
                self.texts.insert(raw.into(), next);
                next
            };
            self.key.push(number);
        }
        self.host = match layout.hostname {
            None => None,
            Some(at) => {
                let raw = value(at)?;
                plain_text(raw).filter(|host| !host.is_empty())?;
                Some(self.hosts.look_up(raw, &mut self.room)?)
            }
        };
        self.ids.clear();
        for field in &layout.fields {
            let column = self.columns.all.get_mut(field.column)?;
            let id = column.look_up(value(field.at)?, &mut self.room)?;
            if field.decides {
                self.key.push(column.get(id)?.sign);
            }
            self.ids.push(id);
        }
        Some((shape, compare_times(own, event)))
    }

    /// The host of the alert that was looked at last.
    pub fn host(&self) -> Option<&str> {
        self.hosts.get(self.host?)?.value.as_str()
    }

    /// Whether the alert agrees with the example of its group wherever values are not counted; `face` is
    /// made to fit where it does not yet.
    pub fn agrees(
        &mut self,
        line: &[u8],
        looked: Looked,
        example: &Alert,
        face: &mut Face,
        spreads: &Spreads,
    ) -> bool {
        if let Face::Unknown = face {
            *face = self.features(example).map_or(Face::Unfit, |features| Face::Known(Box::new(features)));
            // The example was read in between.
            if self.values(line).is_none() {
                return false;
            }
        }
        let Face::Known(features) = face else { return false };
        let Some(layout) = self.layouts.get(looked.shape).and_then(Option::as_ref) else { return false };
        if features.shape != looked.shape {
            return false;
        }
        if features.tallies != spreads.len() {
            features.find(layout, &self.columns, spreads);
        }
        let host = layout.hostname.and_then(|at| self.reader.value(line, at)).unwrap_or_default();
        let same_host = features.host_tallied.is_some()
            || match (&features.host, self.host) {
                (None, None) => true,
                (Some(feature), Some(id)) => feature.is(id, host),
                _ => false,
            };
        let mut fields =
            layout.fields.iter().zip(&self.ids).zip(features.fields.iter().zip(&features.tallied));
        same_host
            && fields.all(|((field, id), (feature, tallied))| {
                tallied.is_some() || feature.is(*id, self.reader.value(line, field.at).unwrap_or_default())
            })
    }

    /// Counts the values of an alert that agrees.
    pub fn count(&self, looked: Looked, face: &Face, spreads: &mut Spreads) {
        let Face::Known(features) = face else { return };
        let Some(layout) = self.layouts.get(looked.shape).and_then(Option::as_ref) else { return };
        for ((field, id), tallied) in layout.fields.iter().zip(&self.ids).zip(&features.tallied) {
            let Some(tally) = *tallied else { continue };
            let entry = self.columns.all.get(field.column).and_then(|column| column.get(*id));
            spreads.count(tally, entry.map(|entry| (entry.checksum, &*entry.counted)));
        }
        if let Some(tally) = features.host_tallied {
            let entry = self.host.and_then(|id| self.hosts.get(id));
            spreads.count(tally, entry.map(|entry| (entry.checksum, &*entry.counted)));
        }
        for tally in &features.others {
            spreads.count(*tally, None);
        }
    }

    /// The number of the alert's portrait.
    pub fn portrait(&mut self, looked: Looked, gallery: &mut Gallery) -> u32 {
        let Some(layout) = self.layouts.get(looked.shape).and_then(Option::as_ref) else { return 0 };
        self.key.clear();
        self.key.extend(u32::try_from(looked.shape));
        let mut is_known = true;
        for (field, id) in layout.fields.iter().zip(&self.ids) {
            if field.role.is_some_and(|role| gallery.keeps(role)) {
                let entry = self.columns.all.get(field.column).and_then(|column| column.get(*id));
                let likeness = entry.and_then(|entry| entry.likeness);
                is_known &= likeness.is_some();
                self.key.extend(likeness);
            }
        }
        if let Some(number) = self.portraits.get(self.key.as_slice()).filter(|_| is_known) {
            return *number;
        }
        let fields = layout.fields.iter().zip(&self.ids).filter_map(|(field, id)| {
            let column = self.columns.all.get(field.column)?;
            Some((&*column.name, &column.get(*id)?.value))
        });
        let number = gallery.number_of(fields);
        if is_known {
            if self.portraits.len() > limits::PORTRAITS {
                self.portraits.clear();
            }
            self.portraits.insert(self.key.as_slice().into(), number);
        }
        number
    }

    /// Names every link of the alert.
    pub fn links(&self, line: &[u8], looked: Looked, each: impl FnMut(links::Kind, &str, &str)) {
        let Some(layout) = self.layouts.get(looked.shape).and_then(Option::as_ref) else { return };
        let kept = || {
            layout.fields.iter().zip(&self.ids).filter_map(|(field, id)| {
                let entry = self.columns.all.get(field.column)?.get(*id)?;
                Some((field.link?, Datum::of(&entry.value)))
            })
        };
        let numbers = || {
            layout.numbers.iter().filter_map(|number| {
                let role = number.link?;
                Some((role, Datum::Int(integer(self.reader.value(line, number.at)?)?)))
            })
        };
        let source = layout.source.and_then(|at| plain_text(self.reader.value(line, at)?));
        links::of_fields(
            || kept().chain(numbers()),
            self.host(),
            source.filter(|source| !source.is_empty()),
            each,
        );
    }

    fn features(&mut self, example: &Alert) -> Option<Features> {
        let json = example.json();
        let (shape, _) = self.values(json.as_bytes())?;
        let layout = self.layouts.get(shape)?.as_ref()?;
        let feature = |id: ValueId, at: usize| match id {
            SPARE => Feature::Raw(self.reader.value(json.as_bytes(), at).unwrap_or_default().into()),
            id => Feature::Kept(id),
        };
        let fields = layout.fields.iter().zip(&self.ids).map(|(field, id)| feature(*id, field.at)).collect();
        let host = self.host.zip(layout.hostname).map(|(id, at)| feature(id, at));
        let (tallied, others) = (Vec::new(), Vec::new());
        Some(Features { shape, host, fields, tallied, host_tallied: None, others, tallies: usize::MAX })
    }
}

impl Features {
    /// Finds where values are counted.
    fn find(&mut self, layout: &Layout, columns: &Columns, spreads: &Spreads) {
        let name = |column: usize| columns.all.get(column).map(|column| &*column.name);
        let tallied = layout.fields.iter().map(|field| spreads.position(name(field.column)?));
        self.tallied = tallied.collect();
        self.host_tallied = spreads.position(super::spread::HOST);
        let found = |tally: &usize| self.tallied.contains(&Some(*tally)) || self.host_tallied == Some(*tally);
        self.others = (0..spreads.len()).filter(|tally| !found(tally)).collect();
        self.tallies = spreads.len();
    }
}

impl Feature {
    fn is(&self, id: ValueId, raw: &[u8]) -> bool {
        match self {
            Self::Kept(own) => *own == id,
            Self::Raw(own) => **own == *raw,
        }
    }
}

/// The text of a value that is one, if it stands there as it is.
fn plain_text(raw: &[u8]) -> Option<&str> {
    let text = raw.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if text.contains(&b'\\') { None } else { std::str::from_utf8(text).ok() }
}

fn integer(raw: &[u8]) -> Option<i64> {
    std::str::from_utf8(raw).ok()?.parse().ok()
}
