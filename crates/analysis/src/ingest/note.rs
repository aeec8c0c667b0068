//! What there is to say about how alerts were read: counted, with the first place each.

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Mark, TimeNote};
use crate::finding::Position;

/// Something to know about some of the alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Note {
    /// See [`Mark::Recovered`].
    Recovered,
    /// See [`Mark::Text`].
    TextForm,
    /// See [`Mark::Repaired`].
    Repaired,
    /// See [`Mark::CutOff`].
    CutOff,
    /// Values came from an envelope.
    Filled,
    /// See [`TimeNote::Missing`].
    TimeMissing,
    /// See [`TimeNote::Unreadable`].
    TimeUnreadable,
    /// See [`TimeNote::FromEvent`].
    TimeFromEvent,
    /// See [`TimeNote::Rounded`].
    TimeRounded,
    /// See [`TimeNote::Contradictory`].
    TimeContradictory,
    /// Several alerts with one identifier.
    UuidReused,
}

impl Note {
    /// The note as the JSON report spells it; never renamed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::TextForm => "text_form",
            Self::Repaired => "repaired",
            Self::CutOff => "cut_off",
            Self::Filled => "filled_from_envelope",
            Self::TimeMissing => "time_missing",
            Self::TimeUnreadable => "time_unreadable",
            Self::TimeFromEvent => "time_from_event",
            Self::TimeRounded => "time_rounded",
            Self::TimeContradictory => "time_contradictory",
            Self::UuidReused => "uuid_reused",
        }
    }

    /// What it means, as a sentence about the alerts it holds for.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Recovered => {
                "Found inside other text, where a process could have written them; they support no benign reading."
            }
            Self::TextForm => {
                "In Falco's text form, which names no rule and leaves most fields out; set `json_output: true` in falco.yaml."
            }
            Self::Repaired => "No valid JSON until line breaks or foreign bytes in their texts were removed.",
            Self::CutOff => "Cut off; only what stands before the cut was read.",
            Self::Filled => "Completed from the envelope around them, such as a log collector's record.",
            Self::TimeMissing => "Nothing in them or around them dates them.",
            Self::TimeUnreadable => "Their `time` is no time.",
            Self::TimeFromEvent => "Without `time`; the time of the event stands in.",
            Self::TimeRounded => {
                "`time` and the time of the event differ by less than a second, because one was rounded on the way; `time` counts."
            }
            Self::TimeContradictory => {
                "The time of the event and `time` are at least a second apart; `time` counts."
            }
            Self::UuidReused => "They share a `uuid` with another alert of other content; both are kept.",
        }
    }

    /// What there is to note about an alert, except what only other alerts can tell.
    pub fn of(alert: &Alert) -> impl Iterator<Item = Self> {
        let provenance = alert.provenance();
        let marks = provenance.marks.iter().map(|mark| match mark {
            Mark::Recovered => Self::Recovered,
            Mark::Text => Self::TextForm,
            Mark::Repaired => Self::Repaired,
            Mark::CutOff => Self::CutOff,
        });
        let filled = (!provenance.filled.is_empty()).then_some(Self::Filled);
        marks.chain(filled).chain(alert.time_note().map(Self::from))
    }
}

impl From<TimeNote> for Note {
    fn from(note: TimeNote) -> Self {
        match note {
            TimeNote::Missing => Self::TimeMissing,
            TimeNote::Unreadable => Self::TimeUnreadable,
            TimeNote::FromEvent => Self::TimeFromEvent,
            TimeNote::Rounded => Self::TimeRounded,
            TimeNote::Contradictory => Self::TimeContradictory,
        }
    }
}

/// How many alerts a note holds for, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// What.
    pub note: Note,
    /// How many alerts.
    pub alerts: u64,
    /// The file of the first one.
    pub file: String,
    /// Its place.
    pub position: Position,
}
