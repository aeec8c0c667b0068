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

/// Groups that are told apart: the most urgent. Alerts of others are counted and reported as an error,
/// never cut silently.
pub const GROUPS: usize = 50_000;

/// What tells alerts apart that rules can be tuned by: who acted where on what, in so many ways. A set with
/// more gives up the target, then everything, and tuning that would need it is not offered.
pub const PORTRAITS: usize = 65_536;

/// Rules or hooks that are tuned, those with the most alerts first; further ones are counted.
pub const TUNED: usize = 200;

/// Tuning files that the report prints; all are exported.
pub const TUNED_SHOWN: usize = 5;

/// Actors that one tuning file names, those with the most alerts first.
pub const TUNED_ACTORS: usize = 50;

/// Targets of one actor that tuning names one by one; of more, only a folder that they share.
pub const TUNED_TARGETS: usize = 8;

/// Findings that the comment of a tuning file names.
pub const BASIS_NAMED: usize = 20;

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

/// Bytes of a query or a column in the address of a view.
pub const VIEW_TEXT: usize = 2048;

/// The longest address of a view: both texts, every byte in three characters, and the rest.
pub const VIEW_CHARACTERS: usize = 6 * VIEW_TEXT + 128;

/// As [`LINK_UNFOLDED_BYTES`], for links of the second version: symbols of their code, and bytes that
/// these stand for. Bounds the time, too: a symbol takes a microsecond or two.
pub const LINK_SYMBOLS: usize = 2 * 1024 * 1024;

/// Values that redaction replaces; with more, nothing is called redacted.
pub const REDACTIONS: usize = 50_000;

/// Values of a differing field that a group keeps; of more, those with the smallest checksums.
pub const VALUES_KEPT: usize = 16;

/// Differing fields that a finding shows, and values of each.
pub const SPREADS_SHOWN: usize = 8;

/// Values of a differing field that a finding shows.
pub const VALUES_SHOWN: usize = 5;

/// Periods that a timeline has at most.
pub const PERIODS: u32 = 48;

/// A group with fewer alerts is never noise.
pub const LOUD_ALERTS: u64 = 20;

/// Groups are called loud until they make this much of the volume, in percent.
pub const LOUD_PERCENT: u64 = 98;

/// A loud group that shows in this share of all periods, in percent, is steady, and links no incident.
pub const STEADY_PERCENT: u32 = 40;

/// Below this span no group is called steady, in seconds.
pub const STEADY_SPAN: u64 = 3600;

/// Alerts of one container or one pod belong together when no more than this lies between them, in seconds.
pub const LINK_PLACE: u64 = 30 * 60;

/// As [`LINK_PLACE`], for one terminal session of a host.
pub const LINK_SESSION: u64 = 60 * 60;

/// As [`LINK_PLACE`], for one process and its children, by number or by command line; numbers are reused.
pub const LINK_PROCESS: u64 = 10 * 60;

/// As [`LINK_PLACE`], for one login user of a host, or one identity of an audit log.
pub const LINK_USER: u64 = 30 * 60;

/// As [`LINK_PLACE`], for one public address.
pub const LINK_ADDRESS: u64 = 60 * 60;

/// An address that more containers and hosts than this alert on says nothing about them.
pub const ADDRESS_PLACES: usize = 8;

/// Incidents that the JSON report lists; all are counted.
pub const INCIDENTS_LISTED: usize = 200;

/// Incidents that the report tells of; all are counted.
pub const INCIDENTS_TOLD: usize = 10;

/// Steps of an incident's story; further ones are counted.
pub const STEPS_TOLD: usize = 40;

/// Steps of an incident that the JSON report lists; `count` has all alerts.
pub const STEPS_LISTED: usize = 1000;

/// As [`STEPS_LISTED`], for links.
pub const LINKS_LISTED: usize = 200;

/// Links that an incident shows; further ones are counted.
pub const LINKS_SHOWN: usize = 12;

/// Record numbers that a finding names; the JSON report lists more of them.
pub const RECORDS_NAMED: usize = 12;

/// Findings that the next steps of a set name one by one.
pub const FIRST_FINDINGS: usize = 5;

/// Rules and groups in the table of noise; further ones are counted.
pub const NOISE_ROWS: usize = 15;

/// A group with fewer alerts in both of two sets is called neither louder nor quieter.
pub const CHANGE_ALERTS: u64 = 10;

/// Changes of each kind that a comparison lists; all are counted.
pub const CHANGES_LISTED: usize = 50;

/// A file of a user's knowledge that is read, in bytes.
pub const KNOWLEDGE_BYTES: usize = 1024 * 1024;

/// Rule files that are read, in all, in bytes. Falco's own have half a million.
pub const RULE_BYTES: usize = 8 * 1024 * 1024;

/// Findings of one rule file that a report lists; all are counted.
pub const RULE_FINDINGS_LISTED: usize = 20;

/// Alerts that are kept for questions after the report, in bytes; those beyond are counted, and every
/// answer says so.
pub const SHELF_BYTES: usize = 64 * 1024 * 1024;

/// Record numbers that an answer lists; all are counted.
pub const ANSWER_RECORDS: usize = 200;

/// A question longer than this is not answered, in bytes.
pub const QUESTION_BYTES: usize = 256 * 1024;

/// A cell of a table of alerts is cut after so many characters.
pub const CELL_SHOWN: usize = 400;

/// A facet shows so many values.
pub const FACET_VALUES: usize = 6;

/// So many alerts are known to come first before all are sorted.
pub const FIRST_SORTED: usize = 250;

/// Things that can be typed next, at most so many.
pub const COMPLETIONS: usize = 12;

/// Rules under which an exception without a rule is tried.
pub const EXCEPTION_RULES: usize = 200;

/// Parts of a condition that an explanation lists.
pub const EXPLAINED_PARTS: usize = 400;

/// Network policies that are written, one a workload; further workloads are counted.
pub const NETWORK_POLICIES: usize = 10;

/// Peers that a network policy lists in one direction.
pub const NETWORK_PEERS: usize = 50;

/// Namespaces that an object names.
pub const NAMESPACES_NAMED: usize = 20;

/// Preventive controls that a report describes under a heading; further ones are listed with their files.
pub const CONTROLS_TOLD: usize = 4;

/// Controls without a file that a report names under a heading; further ones are counted.
pub const CONTROLS_NAMED: usize = 6;

/// Rows of each list of the overview.
pub const OVERVIEW_LISTED: usize = 10;

/// Steps of an incident in the overview.
pub const MOMENTS_LISTED: usize = 100;

/// A review that is read, in bytes.
pub const REVIEW_BYTES: usize = 1024 * 1024;

/// Findings that a review marks.
pub const REVIEW_MARKS: usize = 10_000;

/// A note of a review, in characters.
pub const NOTE_CHARACTERS: usize = 1000;

/// Values of fields that are kept to tell where an alert belongs without reading it in full, in bytes. With
/// more of them reading is slower, and its result the same.
pub const SKIMMED_BYTES: usize = 16 * 1024 * 1024;
