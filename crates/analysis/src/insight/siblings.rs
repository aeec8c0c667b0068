//! The alerts of the same finding.

use serde::{Deserialize, Serialize};

use super::Insight;

/// Where an alert stands among those of its finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Siblings {
    /// The finding, by its identifier.
    pub finding: String,
    /// Which of its alerts it is, from 1, in reading order.
    pub place: u64,
    /// How many there are.
    pub count: u64,
    /// The record number of the one before.
    pub previous: Option<u64>,
    /// The record number of the one after.
    pub next: Option<u64>,
}

impl Insight {
    /// The alerts of the same finding; nothing where the alert is of no finding that is listed.
    pub fn siblings(&self, record: u64) -> Option<Siblings> {
        let at = usize::try_from(record.checked_sub(1)?).ok()?;
        let group = self.sightings.get(at)?.group?;
        let finding = self.groups.get(group)?.id.clone();
        let mut siblings = Siblings { finding, place: 0, count: 0, previous: None, next: None };
        for member in self.members(group) {
            siblings.count += 1;
            if member < record {
                siblings.previous = Some(member);
            } else if member == record {
                siblings.place = siblings.count;
            } else if siblings.next.is_none() {
                siblings.next = Some(member);
            }
        }
        Some(siblings)
    }
}
