//! What comes next, from what came before.

use crate::logistic::{Stretch, squash};
use crate::mixer::{Mixer, TRUST};

/// Kinds of places that [`Place::kind`] can tell apart.
pub const KINDS: usize = 8;

/// Contexts that predict, each from a part of what is known.
const CONTEXTS: usize = 14;

/// Slots that all contexts share, as a power of two.
const SLOT_BITS: u32 = 21;

/// A slot that has seen so many bits still moves by a part of that size.
const COUNT_LIMIT: u8 = 250;

/// What bytes belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Which value it is: a hash of its name.
    pub name: u32,
    /// What the value may depend on: a hash of it.
    pub within: u32,
    /// Values of a kind are mixed alike; below [`KINDS`].
    pub kind: u8,
}

/// How often a bit was set in a context.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// Tells contexts apart that share a slot.
    check: u8,
    /// How many bits it has seen; 0 is empty.
    count: u8,
    /// Of a set bit, in 65536ths.
    probability: u16,
}

/// The model, as far as it has learnt.
#[derive(Debug, Clone)]
pub struct Model {
    slots: Vec<Slot>,
    stretch: Stretch,
    by_kind: Mixer,
    by_match: Mixer,
    place: Place,
    /// The bytes before, the last one lowest.
    history: u64,
    /// The letters and digits since the last other byte, and those of the word before.
    word: u32,
    last_word: u32,
    /// The bytes since the place began, as a hash, and how many.
    prefix: u32,
    length: u32,
    /// The bits of the byte so far, behind a one.
    partial: u32,
    expected: Option<u8>,
    /// How many bytes in a row came as expected.
    as_expected: u32,
    /// A hash for each context, made when a byte begins.
    hashes: [u32; CONTEXTS],
    /// The slot of each context for this bit.
    chosen: [usize; CONTEXTS],
    inputs: [(i32, usize); CONTEXTS + 1],
}

impl Default for Model {
    fn default() -> Self {
        Self::new()
    }
}

impl Model {
    /// A model that knows nothing; takes 8 MiB.
    pub fn new() -> Self {
        Self {
            slots: vec![Slot::default(); 1 << SLOT_BITS],
            stretch: Stretch::new(),
            by_kind: Mixer::new(KINDS * 3, CONTEXTS + 1, 6),
            by_match: Mixer::new(64 * 8, CONTEXTS + 1, 6),
            place: Place::default(),
            history: 0,
            word: 0,
            last_word: 0,
            prefix: 0,
            length: 0,
            partial: 1,
            expected: None,
            as_expected: 0,
            hashes: [0; CONTEXTS],
            chosen: [0; CONTEXTS],
            inputs: [(0, 0); CONTEXTS + 1],
        }
    }

    /// Learns the bytes of a place without coding them.
    pub fn learn(&mut self, place: Place, bytes: &[u8]) {
        self.begin(place);
        for byte in bytes {
            self.pass(*byte, None);
        }
    }

    /// The next bytes belong to another place.
    pub fn begin(&mut self, place: Place) {
        self.place = place;
        self.prefix = 0;
        self.length = 0;
        self.as_expected = 0;
    }

    /// Learns one byte.
    pub fn pass(&mut self, byte: u8, expected: Option<u8>) {
        self.expect(expected);
        for shift in (0..8).rev() {
            self.probability();
            self.update(byte >> shift & 1 == 1);
        }
    }

    /// A byte begins; one may be more likely than any other.
    pub(crate) fn expect(&mut self, expected: Option<u8>) {
        self.expected = expected;
        self.partial = 1;
        let Place { name, within, .. } = self.place;
        let last = |bytes: u32| match bytes {
            0 => 0,
            bytes => {
                hash(
                    bytes,
                    u32::try_from(self.history & u64::MAX >> (64 - bytes * 8) & 0xffff_ffff)
                        .unwrap_or_default(),
                ) ^ u32::try_from((self.history & u64::MAX >> (64 - bytes * 8)) >> 32)
                    .unwrap_or_default()
                    .wrapping_mul(0x9e37_79b1)
            }
        };
        let likely = expected.map_or(256, u32::from) | self.as_expected.min(15) << 9;
        let contexts = [
            name,
            hash(name, last(1)),
            hash(name, last(2)),
            hash(name, last(3)),
            hash(name, self.prefix),
            hash(hash(name, within), self.prefix),
            last(1),
            last(2),
            last(3),
            last(4),
            last(6),
            hash(self.word, last(1) & 0xff),
            hash(self.word, self.last_word),
            hash(name, likely),
        ];
        for ((slot, context), number) in self.hashes.iter_mut().zip(contexts).zip(1..) {
            *slot = hash(context, number);
        }
    }

    /// Of a set bit, in 65536ths, never certain.
    pub(crate) fn probability(&mut self) -> u32 {
        let mut sure = 0;
        let contexts = self.hashes.iter().zip(&mut self.chosen).zip(&mut self.inputs);
        for (number, ((context, chosen), input)) in contexts.enumerate() {
            let hashed = hash(*context, self.partial);
            let check = hashed.to_le_bytes()[0];
            *chosen = usize::try_from(hashed >> (32 - SLOT_BITS)).unwrap_or_default();
            *input = (0, 0);
            if let Some(slot) = self.slots.get_mut(*chosen) {
                if slot.check != check {
                    *slot = Slot { check, count: 0, probability: 1 << 15 };
                }
                if slot.count > 0 {
                    *input = (self.stretch.of(slot.probability), trust(slot.count));
                    if matches!(number, 4 | 5 | 9 | 10) {
                        sure |= 1 << [0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 3].get(number).copied().unwrap_or(0);
                    }
                }
            }
        }
        if let Some(bias) = self.inputs.last_mut() {
            *bias = (256, 0);
        }
        let as_expected = match self.expected {
            Some(byte) if (u32::from(byte) | 256) >> (8 - self.partial.ilog2()) == self.partial => {
                1 + usize::from(self.as_expected > 2)
            }
            _ => 0,
        };
        let kind = usize::from(self.place.kind) % KINDS;
        let by_kind = self.by_kind.mix(kind * 3 + as_expected, &self.inputs);
        let by_match = self.by_match.mix(sure * 8 + kind, &self.inputs);
        let probability = squash((by_kind + by_match) >> 1);
        u32::try_from(probability.clamp(24, 65536 - 24)).unwrap_or_default()
    }

    pub(crate) fn update(&mut self, bit: bool) {
        self.by_kind.learn(bit);
        self.by_match.learn(bit);
        for chosen in self.chosen {
            if let Some(slot) = self.slots.get_mut(chosen) {
                let target = if bit { 65535 } else { 0 };
                let before = i32::from(slot.probability);
                let step = (target - before) * 2 / (i32::from(slot.count) * 2 + 3);
                slot.probability = u16::try_from(before + step).unwrap_or_default();
                slot.count = slot.count.saturating_add(1).min(COUNT_LIMIT);
            }
        }
        self.partial = self.partial << 1 | u32::from(bit);
        if self.partial > 255 {
            self.byte_ends();
        }
    }

    fn byte_ends(&mut self) {
        let byte = u8::try_from(self.partial & 255).unwrap_or_default();
        self.as_expected = if self.expected == Some(byte) { self.as_expected + 1 } else { 0 };
        self.history = self.history << 8 | u64::from(byte);
        self.prefix = hash(self.prefix.wrapping_add(1), byte.into());
        self.length = self.length.wrapping_add(1);
        if byte.is_ascii_alphanumeric() || byte >= 128 {
            self.word = hash(self.word.wrapping_add(1), byte.into());
        } else if self.word != 0 {
            self.last_word = self.word;
            self.word = 0;
        }
    }
}

fn trust(count: u8) -> usize {
    match count {
        0 => 0,
        1 => 1,
        2 => 2,
        3..=5 => 3,
        6..=20 => 4,
        _ => TRUST - 1,
    }
}

fn hash(left: u32, right: u32) -> u32 {
    let mixed = left.wrapping_mul(0x9e37_79b1).rotate_left(13) ^ right.wrapping_mul(0x85eb_ca6b);
    let mixed = (mixed ^ mixed >> 15).wrapping_mul(0xc2b2_ae35);
    mixed ^ mixed >> 13
}
