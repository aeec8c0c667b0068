//! The accounts of a file: records and bytes by class, and what the file turned out to be.

use super::encoding::Encoding;

/// How many records or bytes fell into each of the four classes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Read as alerts.
    pub alerts: u64,
    /// Left out because the same alert was read before.
    pub duplicates: u64,
    /// Could not be read, each with a finding.
    pub skipped: u64,
    /// Lines of other text.
    pub noise: u64,
}

impl Tally {
    /// The sum of the four.
    pub fn total(&self) -> u64 {
        self.alerts + self.duplicates + self.skipped + self.noise
    }

    pub(super) fn of(&mut self, class: Class) -> &mut u64 {
        match class {
            Class::Alert => &mut self.alerts,
            Class::Duplicate => &mut self.duplicates,
            Class::Skipped => &mut self.skipped,
            Class::Noise => &mut self.noise,
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.alerts += other.alerts;
        self.duplicates += other.duplicates;
        self.skipped += other.skipped;
        self.noise += other.noise;
    }
}

/// What became of a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Class {
    /// It is an alert.
    Alert,
    /// It is an alert that was read before.
    Duplicate,
    /// It could not be read.
    Skipped,
    /// It is other text.
    #[default]
    Noise,
}

/// One input file after reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSummary {
    /// Its name in reports; a file in an archive has the archive's name before its own.
    pub name: String,
    /// What it turned out to be.
    pub shape: Shape,
    /// How its text was encoded.
    pub encoding: Encoding,
    /// The packings it was taken out of, outermost first.
    pub packing: Vec<&'static str>,
    /// Its size in bytes, unpacked; the sum of `in_bytes`.
    pub size: u64,
    /// Records by class.
    pub records: Tally,
    /// Bytes by class.
    pub in_bytes: Tally,
    /// How many of its records came in each kind of envelope, in order of the names.
    pub envelopes: Vec<(&'static str, u64)>,
    /// The SHA-256 of the file as the host was given it, packed as it was, in hexadecimal; nothing until asked
    /// for, since hashing takes longer than reading.
    pub sha256: Option<String>,
}

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Nothing in it.
    Empty,
    /// One object.
    JsonObject,
    /// An array of objects.
    JsonArray,
    /// One object a line.
    JsonLines,
    /// Objects one after another, or spread over lines.
    JsonStream,
    /// No JSON record at all.
    Text,
}

impl Shape {
    /// The shape as reports spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::JsonObject => "json_object",
            Self::JsonArray => "json_array",
            Self::JsonLines => "json_lines",
            Self::JsonStream => "json_stream",
            Self::Text => "text",
        }
    }
}

/// What the records of a file had in common.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Observed {
    /// JSON records.
    pub records: u64,
    /// Whether some stood in an array.
    pub in_array: bool,
    /// Whether some spread over lines, or shared one.
    pub apart_from_lines: bool,
}

impl Observed {
    pub(super) fn shape(self, size: u64) -> Shape {
        match self {
            _ if size == 0 => Shape::Empty,
            Self { in_array: true, .. } => Shape::JsonArray,
            Self { records: 0, .. } => Shape::Text,
            Self { records: 1, .. } => Shape::JsonObject,
            Self { apart_from_lines: true, .. } => Shape::JsonStream,
            Self { .. } => Shape::JsonLines,
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.records += other.records;
        self.in_array |= other.in_array;
        self.apart_from_lines |= other.apart_from_lines;
    }
}
