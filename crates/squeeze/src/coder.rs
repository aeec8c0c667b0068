//! Arithmetic coding: bits cost what the model thought them worth.

use crate::model::{Model, Place};

/// Writes.
#[derive(Debug)]
pub struct Encoder {
    model: Model,
    low: u32,
    high: u32,
    code: Vec<u8>,
}

impl Encoder {
    /// Begins with what the model has learnt.
    pub fn new(model: Model) -> Self {
        Self { model, low: 0, high: u32::MAX, code: Vec::new() }
    }

    /// The next bytes belong to another place.
    pub fn begin(&mut self, place: Place) {
        self.model.begin(place);
    }

    /// Writes a byte, of which one is expected, perhaps.
    pub fn write(&mut self, byte: u8, expected: Option<u8>) {
        self.model.expect(expected);
        for shift in (0..8).rev() {
            let bit = byte >> shift & 1 == 1;
            let middle = middle(self.low, self.high, self.model.probability());
            if bit {
                self.high = middle;
            } else {
                self.low = middle + 1;
            }
            self.model.update(bit);
            while (self.low ^ self.high) >> 24 == 0 {
                self.code.push(self.high.to_be_bytes()[0]);
                self.low <<= 8;
                self.high = self.high << 8 | 255;
            }
        }
    }

    /// The code, in the fewest bytes from which all is read again.
    pub fn finish(mut self) -> Vec<u8> {
        // The decoder reads zeros after the end: the shortest number in the interval will do.
        for bytes in 0..=4u32 {
            let mask = u32::MAX.checked_shr(bytes * 8).unwrap_or(0);
            let number = self.low.checked_add(mask).map_or(u32::MAX, |above| above) & !mask;
            if (self.low..=self.high).contains(&number) {
                let take = usize::try_from(bytes).unwrap_or_default();
                self.code.extend(number.to_be_bytes().into_iter().take(take));
                break;
            }
        }
        while self.code.last() == Some(&0) {
            self.code.pop();
        }
        self.code
    }
}

/// Reads; never fails, and gives nonsense for what is no code.
#[derive(Debug)]
pub struct Decoder<'a> {
    model: Model,
    low: u32,
    high: u32,
    window: u32,
    code: std::slice::Iter<'a, u8>,
}

impl<'a> Decoder<'a> {
    /// Begins with what the model had learnt when the code was written.
    pub fn new(model: Model, code: &'a [u8]) -> Self {
        let mut decoder = Self { model, low: 0, high: u32::MAX, window: 0, code: code.iter() };
        for _ in 0..4 {
            decoder.shift();
        }
        decoder
    }

    fn shift(&mut self) {
        self.window = self.window << 8 | self.code.next().copied().map_or(0, u32::from);
    }

    /// The next bytes belong to another place.
    pub fn begin(&mut self, place: Place) {
        self.model.begin(place);
    }

    /// Reads a byte; `expected` is what it was when it was written.
    pub fn read(&mut self, expected: Option<u8>) -> u8 {
        self.model.expect(expected);
        let mut byte = 0;
        for _ in 0..8 {
            let middle = middle(self.low, self.high, self.model.probability());
            let bit = self.window <= middle;
            if bit {
                self.high = middle;
            } else {
                self.low = middle + 1;
            }
            self.model.update(bit);
            while (self.low ^ self.high) >> 24 == 0 {
                self.low <<= 8;
                self.high = self.high << 8 | 255;
                self.shift();
            }
            byte = byte << 1 | u8::from(bit);
        }
        byte
    }
}

/// Where an interval is cut, so that the lower part is as large as a set bit is likely.
fn middle(low: u32, high: u32, probability: u32) -> u32 {
    let range = high - low;
    low + (range >> 16) * probability + (((range & 0xffff) * probability) >> 16)
}
