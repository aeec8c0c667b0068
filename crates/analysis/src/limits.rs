//! Every bound on what a stranger's input may cost, by name.

/// A record longer than this is skipped with a message and not held in memory, in bytes.
pub const RECORD_BYTES: usize = 16 * 1024 * 1024;

/// Nesting of one JSON record. Falco's own alerts have three levels.
pub const RECORD_DEPTH: usize = 100;

/// Keys of one JSON record, nested ones included. Falco's own alerts have some dozens.
pub const RECORD_FIELDS: usize = 10_000;

/// Envelopes around one alert: a shipper's document in a chat's message in a queue's entry, and so on.
pub const ENVELOPES: usize = 6;

/// The text before the list in a container such as a search answer, whose values complete the alerts in
/// it, is read up to this length, in bytes.
pub const CONTAINER_HEAD_BYTES: usize = 256 * 1024;

/// Containers in containers, such as the values of a stream in a list of streams.
pub const CONTAINERS: usize = 8;

/// Compressed data and archives in archives: `.zip` in `.tar` in `.gz`, and so on.
pub const PACKINGS: usize = 4;

/// Files in one archive; those beyond are reported and not read.
pub const PACKED_FILES: u64 = 10_000;

/// What one input file may unpack to, all files of an archive together, in bytes.
pub const UNPACKED_BYTES: u64 = 64 * 1024 * 1024 * 1024;

/// How many times its packed size an input may unpack to, beyond [`UNPACKED_FREE_BYTES`]. Alerts pack
/// at 10 to 60.
pub const UNPACK_RATIO: u64 = 400;

/// What any input may unpack to, however small it is, in bytes.
pub const UNPACKED_FREE_BYTES: u64 = 64 * 1024 * 1024;

/// The largest window that zstd data may ask for, in bytes; `zstd --long=27` needs it all.
pub const ZSTD_WINDOW_BYTES: u64 = 128 * 1024 * 1024;

/// Skipped records that are listed; all are counted.
pub const SKIPPED_LISTED: usize = 200;

/// Record numbers that a group lists; all are counted.
pub const RECORDS_LISTED: usize = 1000;

/// Groups that the report describes in full; all are counted and listed in the JSON report.
pub const GROUPS_DESCRIBED: usize = 20;

/// Groups that are told apart. Alerts beyond are counted and reported as an error, never cut silently.
pub const GROUPS: usize = 50_000;

/// A value longer than this is cut in the report, with its length, in characters.
pub const VALUE_SHOWN: usize = 4000;

/// Falco refuses a condition value longer than this, in bytes.
pub const CONDITION_VALUE_BYTES: usize = 255;

/// Alerts that one share link may carry, as JSON lines before compression, in bytes.
pub const LINK_ALERT_BYTES: usize = 512 * 1024;

/// A share link longer than this is refused unread, in characters.
pub const LINK_CHARACTERS: usize = 1024 * 1024;

/// Alerts from one link may unfold to this many bytes and no more.
pub const LINK_UNFOLDED_BYTES: usize = 4 * 1024 * 1024;

/// Rule files that are read, in all, in bytes. Falco's own have half a million.
pub const RULE_BYTES: usize = 8 * 1024 * 1024;

/// Findings of one rule file that a report lists; all are counted.
pub const RULE_FINDINGS_LISTED: usize = 20;

/// Alerts that are kept for questions after the report, in bytes; those beyond are counted, and every
/// answer says so.
pub const SHELF_BYTES: usize = 96 * 1024 * 1024;

/// Record numbers that an answer lists; all are counted.
pub const ANSWER_RECORDS: usize = 200;

/// A question longer than this is not answered, in bytes.
pub const QUESTION_BYTES: usize = 256 * 1024;

/// Things that can be typed next, at most so many.
pub const COMPLETIONS: usize = 12;

/// Rules under which an exception without a rule is tried.
pub const EXCEPTION_RULES: usize = 200;

/// Parts of a condition that an explanation lists.
pub const EXPLAINED_PARTS: usize = 400;
