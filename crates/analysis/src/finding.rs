//! What could not be read, where it stands, and what to do about it.

use serde::{Deserialize, Serialize};

/// A place in an input file. Lines and columns count from 1, columns in bytes; the offset counts
/// bytes from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u64,
    /// Column in bytes, from 1.
    pub column: u64,
    /// Bytes before it.
    pub offset: u64,
}

impl Position {
    /// The first byte of a file.
    pub const START: Self = Self { line: 1, column: 1, offset: 0 };

    /// The place reached after `bytes` that begin here.
    #[must_use]
    pub fn after(self, bytes: &[u8]) -> Self {
        let offset = self.offset + bytes.len() as u64;
        let newlines = memchr::memchr_iter(b'\n', bytes);
        match newlines.fold((0, 0), |(count, _), at| (count + 1, at)) {
            (0, _) => Self { column: self.column + bytes.len() as u64, offset, ..self },
            (count, last) => Self { line: self.line + count, column: (bytes.len() - last) as u64, offset },
        }
    }
}

/// Why a record is not an alert: a stable code, a reason for people, a next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Code {
    /// Not JSON.
    MalformedJson,
    /// The input ends inside a record.
    Truncated,
    /// A line ends inside a quoted string.
    CutString,
    /// A new record begins where the one before is not finished.
    TornRecord,
    /// Longer than [`crate::limits::RECORD_BYTES`].
    RecordTooLong,
    /// Nested deeper than [`crate::limits::RECORD_DEPTH`].
    NestedTooDeep,
    /// More keys than [`crate::limits::RECORD_FIELDS`].
    TooManyFields,
    /// JSON, but without what makes an alert.
    NotAnAlert,
    /// A list of records that is never closed.
    OpenList,
    /// Compressed data or an archive that ends early or contradicts itself.
    DamagedArchive,
    /// A way of packing that is not read, encrypted or rare.
    UnknownPacking,
    /// Unpacks to more than [`crate::limits`] allow.
    UnpacksTooFar,
}

impl Code {
    /// The code as reports spell it; never renamed.
    pub fn name(self) -> &'static str {
        match self {
            Self::MalformedJson => "malformed_json",
            Self::Truncated => "truncated",
            Self::CutString => "cut_string",
            Self::TornRecord => "torn_record",
            Self::RecordTooLong => "record_too_long",
            Self::NestedTooDeep => "nested_too_deep",
            Self::TooManyFields => "too_many_fields",
            Self::NotAnAlert => "not_an_alert",
            Self::OpenList => "open_list",
            Self::DamagedArchive => "damaged_archive",
            Self::UnknownPacking => "unknown_packing",
            Self::UnpacksTooFar => "unpacks_too_far",
        }
    }

    /// What a person can do next.
    pub fn help(self) -> &'static str {
        match self {
            Self::MalformedJson => "compare the text at this place with the line as Falco wrote it",
            Self::Truncated | Self::OpenList => "load the complete file; the end of this copy is missing",
            Self::CutString => "copy the alert from the log file instead of a wrapped terminal",
            Self::TornRecord => "take the two alerts apart, or copy them from the log file again",
            Self::RecordTooLong => "check that this is a Falco log; alerts are far shorter",
            Self::NestedTooDeep => "check that this is a Falco log; alerts have three levels",
            Self::NotAnAlert => "load the JSON that Falco or Falcosidekick wrote, with its `rule` key",
            Self::TooManyFields => "check that this is a Falco log; alerts have some dozens of fields",
            Self::DamagedArchive => "copy the archive again, or unpack what can be unpacked and load that",
            Self::UnknownPacking => "unpack it and load the files in it",
            Self::UnpacksTooFar => "unpack it where there is room, and load the part that matters",
        }
    }
}

/// A record that was skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The input file.
    pub file: String,
    /// Where it was noticed.
    pub position: Position,
    /// What kind of trouble it is.
    pub code: Code,
    /// What is wrong, in lower case, with the input's own words in backticks.
    pub message: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Position { line, column, .. } = self.position;
        let (file, code, help) = (&self.file, self.code.name(), self.code.help());
        write!(out, "{file}:{line}:{column}: {} [{code}]; {help}", self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_follow_the_bytes() {
        let start = Position { line: 3, column: 5, offset: 100 };
        assert_eq!(start.after(b""), start);
        assert_eq!(start.after(b"abc"), Position { line: 3, column: 8, offset: 103 });
        assert_eq!(start.after(b"abc\n"), Position { line: 4, column: 1, offset: 104 });
        assert_eq!(start.after(b"a\nb\ncd"), Position { line: 5, column: 3, offset: 106 });
    }
}
