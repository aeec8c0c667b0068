//! One alert, exactly as it was read, with typed access to what Falco defines.
//!
//! Falco writes `hostname, message, output, output_fields, priority, rule, source, tags, time`;
//! Falcosidekick adds `uuid`. Older releases have fewer keys, and every key may be missing, so each
//! accessor says what it gives then. Keys that nobody defined stay in [`Alert::object`].

mod priority;
mod timestamp;
mod value;

pub use priority::Priority;
pub use timestamp::Timestamp;
pub use value::{Object, Value};

/// A Falco alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    object: Object,
    priority: Option<Priority>,
    time: Option<Timestamp>,
}

/// Keys of which an alert has at least one beside `rule`.
const COMPANIONS: [&str; 4] = ["output", "output_fields", "priority", "time"];

impl Alert {
    /// Takes a JSON object for an alert. The error says, in lower case, what is missing.
    pub fn from_object(object: Object) -> Result<Self, &'static str> {
        match object.get_in_any_case("rule") {
            Some(Value::String(rule)) if !rule.is_empty() => {}
            Some(Value::String(_)) => return Err("its `rule` is empty"),
            Some(_) => return Err("its `rule` is not a text"),
            None => return Err("it has no `rule`"),
        }
        if !COMPANIONS.iter().any(|key| object.get_in_any_case(key).is_some()) {
            return Err("it has a `rule` but none of `output`, `output_fields`, `priority`, `time`");
        }
        let priority = object.get_in_any_case("priority").and_then(Value::as_str).and_then(Priority::parse);
        let time = time_of(&object);
        Ok(Self { object, priority, time })
    }

    /// Everything that was read, in the order of the file.
    pub fn object(&self) -> &Object {
        &self.object
    }

    /// The alert as one line of canonical JSON: no blanks, keys in file order.
    pub fn json(&self) -> String {
        serde_json::to_string(&self.object).unwrap_or_default()
    }

    /// The rule's name.
    pub fn rule(&self) -> &str {
        self.text("rule").unwrap_or_default()
    }

    /// The priority; nothing if it is missing or no Falco priority.
    pub fn priority(&self) -> Option<Priority> {
        self.priority
    }

    /// The alert's own `time`, else the event time among its fields.
    pub fn time(&self) -> Option<Timestamp> {
        self.time
    }

    /// The event source, `syscall` for example. Alerts from before Falco 0.30 have none.
    pub fn source(&self) -> Option<&str> {
        self.text("source")
    }

    /// The host that Falco ran on, as Falco knew it.
    pub fn hostname(&self) -> Option<&str> {
        self.text("hostname")
    }

    /// The identifier that Falcosidekick gives.
    pub fn uuid(&self) -> Option<&str> {
        self.text("uuid")
    }

    /// The formatted line.
    pub fn output(&self) -> Option<&str> {
        self.text("output")
    }

    /// The rule's tags.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        let tags = match self.object.get_in_any_case("tags") {
            Some(Value::List(tags)) => tags.as_slice(),
            _ => &[],
        };
        tags.iter().filter_map(Value::as_str)
    }

    /// `output_fields`, in the order of the file.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.output_fields().into_iter().flat_map(Object::iter)
    }

    /// One of `output_fields`; `Some(Value::Null)` and `None` (absent) differ.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.output_fields()?.get(name)
    }

    /// The text of a string field that is there and not empty.
    pub fn field_text(&self, name: &str) -> Option<&str> {
        self.field(name)?.as_str().filter(|text| !text.is_empty())
    }

    fn output_fields(&self) -> Option<&Object> {
        match self.object.get_in_any_case("output_fields") {
            Some(Value::Object(fields)) => Some(fields),
            _ => None,
        }
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.object.get_in_any_case(key)?.as_str().filter(|text| !text.is_empty())
    }
}

/// `evt.time` and `evt.time.iso8601` are both integers of nanoseconds in `output_fields`.
fn time_of(object: &Object) -> Option<Timestamp> {
    if let Some(time) = object.get_in_any_case("time").and_then(Value::as_str).and_then(Timestamp::parse) {
        return Some(time);
    }
    let Some(Value::Object(fields)) = object.get_in_any_case("output_fields") else { return None };
    ["evt.time", "evt.time.iso8601"]
        .iter()
        .find_map(|name| fields.get(name)?.as_i64())
        .and_then(Timestamp::from_nanoseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(json: &str) -> Result<Alert, &'static str> {
        Alert::from_object(Object::parse(json.as_bytes()).unwrap())
    }

    #[test]
    fn typed_access() {
        let alert = alert(
            r#"{"rule":"R","priority":"Warning","time":"2025-01-01T00:00:00Z","tags":["a",1,"b"],
                "output_fields":{"proc.name":"sh","k8s.ns.name":null,"proc.args":""},"extra":1}"#,
        )
        .unwrap();
        assert_eq!(alert.rule(), "R");
        assert_eq!(alert.priority(), Some(Priority::Warning));
        assert_eq!(alert.tags().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(alert.field_text("proc.name"), Some("sh"));
        assert_eq!(alert.field("k8s.ns.name"), Some(&Value::Null));
        assert_eq!(alert.field("fd.name"), None);
        assert_eq!(alert.field_text("proc.args"), None);
        assert_eq!(alert.object().get("extra"), Some(&Value::Int(1)));
    }

    #[test]
    fn the_event_time_stands_in_for_a_missing_time() {
        let alert =
            alert(r#"{"rule":"R","output_fields":{"evt.time.iso8601":1735689753123456789}}"#).unwrap();
        assert_eq!(alert.time().unwrap().to_string(), "2025-01-01T00:02:33.123456789Z");
    }

    #[test]
    fn keys_in_another_case_are_the_same_keys() {
        let alert = alert(r#"{"Rule":"R","Priority":"Notice","output":"x"}"#).unwrap();
        assert_eq!((alert.rule(), alert.priority()), ("R", Some(Priority::Notice)));
    }

    #[test]
    fn says_why_something_is_no_alert() {
        assert_eq!(alert(r#"{"output":"x"}"#), Err("it has no `rule`"));
        assert_eq!(alert(r#"{"rule":{},"output":"x"}"#), Err("its `rule` is not a text"));
        assert!(alert(r#"{"rule":"R"}"#).unwrap_err().starts_with("it has a `rule` but none"));
    }
}
