//! A part of a fold, to be sent to another worker: plain values, from which the same part comes back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fold::{Beyond, Fold, Seen, short_number};
use super::key::Key;
use super::part::Part;
use super::portrait::Gallery;
use super::skim::Face;
use super::spread::Spreads;
use super::{judge, signals};
use crate::alert::{Alert, Object, Timestamp};
use crate::ingest;

/// See [`Fold::into_portion`].
#[derive(Debug, Serialize, Deserialize)]
pub struct Portion {
    groups: Vec<Group>,
    seen: Vec<Sent>,
    links: Vec<u32>,
    /// The texts that link, by the number they go by in `links`.
    values: Vec<String>,
    gallery: Gallery,
    beyond: Beyond,
}

#[derive(Debug, Serialize, Deserialize)]
struct Group {
    /// Canonical JSON; key and verdict follow from it.
    example: String,
    count: u64,
    last: Option<i128>,
    hosts: BTreeMap<String, u64>,
    spreads: Spreads,
}

/// A [`Seen`], whose slot is a place in [`Portion::groups`].
#[derive(Debug, Serialize, Deserialize)]
struct Sent {
    place: ingest::Place,
    time: Option<i128>,
    slot: u32,
    portrait: u32,
    links: u32,
}

impl Fold {
    /// Everything that was taken, to be sent.
    pub fn into_portion(self) -> Portion {
        let mut slots = vec![u32::MAX; self.parts.len()];
        let mut groups = Vec::new();
        for ((part, slot), place) in self.parts.into_iter().zip(&mut slots).filter_map(kept).zip(0..) {
            *slot = place;
            groups.push(Group {
                example: part.example.json(),
                count: part.count,
                last: part.last.map(Timestamp::nanoseconds),
                hosts: part.hosts,
                spreads: part.spreads,
            });
        }
        let sent = |seen: Seen| Sent {
            place: seen.place,
            time: seen.time.map(Timestamp::nanoseconds),
            slot: slots.get(seen.slot as usize).copied().unwrap_or(u32::MAX),
            portrait: seen.portrait,
            links: seen.links,
        };
        let seen = self.seen.into_iter().map(sent).collect();
        let mut values = vec![String::new(); self.values.len()];
        #[expect(clippy::iter_over_hash_type, reason = "each text goes to the place of its number")]
        for (text, number) in self.values {
            if let Some(place) = values.get_mut(number as usize) {
                *place = text;
            }
        }
        Portion { groups, seen, links: self.links, values, gallery: self.gallery, beyond: self.beyond }
    }

    /// What was sent.
    pub fn of_portion(portion: Portion) -> Self {
        let mut fold = Self::default();
        (fold.links, fold.gallery, fold.beyond) = (portion.links, portion.gallery, portion.beyond);
        for group in portion.groups {
            let place = short_number(fold.parts.len());
            let example = Object::parse(group.example.as_bytes()).ok();
            let example = example.and_then(|object| Alert::from_object(object).ok());
            let part = example.map(|example| {
                let verdict = judge(signals::collect(&example));
                fold.slots.insert(Key::of(&example, &verdict), place);
                let Group { count, hosts, spreads, .. } = group;
                let last = group.last.and_then(Timestamp::from_all_nanoseconds);
                Box::new(Part { count, last, hosts, spreads, example, face: Face::Unknown, verdict })
            });
            fold.parts.push(part);
        }
        let seen = |sent: Sent| Seen {
            place: sent.place,
            time: sent.time.and_then(Timestamp::from_all_nanoseconds),
            slot: sent.slot,
            portrait: sent.portrait,
            links: sent.links,
        };
        fold.seen = portion.seen.into_iter().map(seen).collect();
        fold.values = portion.values.into_iter().zip(0..).collect();
        fold
    }
}

fn kept((part, slot): (Option<Box<Part>>, &mut u32)) -> Option<(Box<Part>, &mut u32)> {
    part.map(|part| (part, slot))
}
