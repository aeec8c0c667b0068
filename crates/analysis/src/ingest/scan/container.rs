//! Which JSON objects are containers: objects whose list of records is read one record at a time, so
//! that the answer to a search is never held whole.
//!
//! | path to the list | what writes it |
//! |---|---|
//! | `hits.hits` | Elasticsearch and OpenSearch searches, also under `responses[]` |
//! | `results` | the search of Falcosidekick's UI |
//! | `data.result` | Loki and Grafana queries, whose elements have `values` |
//! | `streams` | what is pushed to Loki |
//! | `stream` + `values` | one stream of the two above |
//! | `data` | Datadog's log search |
//! | `events`, `logEvents` | `CloudWatch` Logs, read and subscribed |
//! | `alerts` | what Alertmanager posts |
//! | `Logzio.Logs.Results` | a search of Logz.io |

/// Where in a container's path a bracket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    /// The outermost object of a record.
    Root,
    /// The object `hits` of the outermost one.
    Hits,
    /// The object `data` of the outermost one.
    Data,
    /// Anywhere else.
    Other,
}

/// Keys that begin a path to a list of records. A record without any of them is no container.
const FIRST_KEYS: [&str; 10] =
    ["hits", "results", "data", "streams", "values", "events", "logEvents", "alerts", "responses", LOGZ_IO];

const LOGZ_IO: &str = "Logzio.Logs.Results";

/// Whether an object with this key, at its top, may be a container.
pub fn may_hold_records(key: &str) -> bool {
    FIRST_KEYS.contains(&key)
}

/// What is known of the outermost object before its list begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// It has a key of an alert, so it is one, and no container.
    alert: bool,
    /// It has the labels of a Loki stream, which its `values` need.
    stream: bool,
}

impl Seen {
    /// Takes note of a key of the outermost object.
    pub fn note(&mut self, key: &[u8]) {
        self.alert |=
            [&b"rule"[..], b"output", b"output_fields"].iter().any(|name| key.eq_ignore_ascii_case(name));
        self.stream |= key == b"stream";
    }
}

impl Node {
    /// The object under a key of the object at this node.
    pub fn object(self, key: &[u8]) -> Self {
        match (self, key) {
            (Self::Root, b"hits") => Self::Hits,
            (Self::Root, b"data") => Self::Data,
            _ => Self::Other,
        }
    }

    /// Whether the list under a key of the object at this node is a list of records.
    pub fn is_list_of_records(self, key: &[u8], seen: Seen) -> bool {
        let known = match self {
            Self::Root if key == b"values" => seen.stream,
            Self::Root => std::str::from_utf8(key).is_ok_and(|key| key != "hits" && may_hold_records(key)),
            Self::Hits => key == b"hits",
            Self::Data => key == b"result",
            Self::Other => false,
        };
        known && !seen.alert
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(keys: &[&str], before: &[&str], expected: bool) {
        let mut seen = Seen::default();
        for key in before {
            seen.note(key.as_bytes());
        }
        let Some((list, path)) = keys.split_last() else { panic!("a path") };
        let node = path.iter().fold(Node::Root, |node, key| node.object(key.as_bytes()));
        assert_eq!(node.is_list_of_records(list.as_bytes(), seen), expected, "{keys:?} after {before:?}");
    }

    #[test]
    fn lists_of_records() {
        for path in
            [&["hits", "hits"][..], &["data", "result"], &["data"], &["streams"], &["events"], &["results"]]
        {
            check(path, &[], true);
            check(path, &["took", "output"], false);
        }
        check(&["values"], &["stream"], true);
    }

    #[test]
    fn other_lists() {
        for path in
            [&["hits"][..], &["tags"], &["values"], &["output_fields", "events"], &["hits", "data", "result"]]
        {
            check(path, &[], false);
        }
    }
}
