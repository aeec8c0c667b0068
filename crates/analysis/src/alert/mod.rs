//! One alert, exactly as it was read, with typed access to what Falco defines.
//!
//! Falco writes `hostname, message, output, output_fields, priority, rule, source, tags, time`;
//! Falcosidekick adds `uuid`. Older releases have fewer keys, and every key may be missing, so each
//! accessor says what it gives then. Keys that nobody defined stay in [`Alert::object`].

mod clock;
mod parse;
pub(crate) mod provenance;
mod timestamp;
mod value;

pub use clock::TimeNote;
pub(crate) use clock::{compare as compare_times, of_number as event_time_of};
pub use parse::ParseError;
pub use provenance::{Mark, Marks, Provenance};
pub use rules::Priority;
pub use timestamp::Timestamp;
pub use value::{Object, Value};

/// A Falco alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    object: Object,
    priority: Option<Priority>,
    time: Option<Timestamp>,
    time_note: Option<TimeNote>,
    provenance: Provenance,
    /// What an alert without a rule's name is called: the constant beginning of its message.
    title: Option<String>,
}

/// Keys of which an alert has at least one beside `rule`.
const COMPANIONS: [&str; 4] = ["output", "output_fields", "priority", "time"];

/// What an alert is called that has neither a rule's name nor a message that begins with words.
const UNNAMED: &str = "Unnamed rule";

/// How much of a message names an alert, in characters.
const TITLE_CHARACTERS: usize = 80;

impl Alert {
    /// Takes a JSON object for an alert, together with what its canonical form notes about how it was
    /// read. The error says, in lower case, what is missing.
    pub fn from_object(object: Object) -> Result<Self, &'static str> {
        Self::read(object, Provenance::default())
    }

    /// Takes a JSON object for an alert that was read in a way to be remembered.
    pub fn read(mut object: Object, mut provenance: Provenance) -> Result<Self, &'static str> {
        if let Some(noted) = object.remove(provenance::KEY) {
            provenance.add(Provenance::of_value(&noted));
        }
        let title = match object.get_in_any_case("rule") {
            Some(Value::String(rule)) if !rule.is_empty() => None,
            None if [Mark::Text, Mark::CutOff].iter().any(|mark| provenance.marks.contains(*mark)) => {
                Some(title(&object))
            }
            Some(Value::String(_)) => return Err("its `rule` is empty"),
            Some(_) => return Err("its `rule` is not a text"),
            None => return Err("it has no `rule`"),
        };
        if !COMPANIONS.iter().any(|key| object.get_in_any_case(key).is_some()) {
            return Err("it has a `rule` but none of `output`, `output_fields`, `priority`, `time`");
        }
        let priority = object.get_in_any_case("priority").and_then(|value| match value {
            Value::String(text) => Priority::parse(text),
            Value::Int(number) => Priority::from_number(*number),
            _ => None,
        });
        let (time, time_note) = clock::read(&object);
        Ok(Self { object, priority, time, time_note, provenance, title })
    }

    /// Everything that was read, in the order of the file.
    pub fn object(&self) -> &Object {
        &self.object
    }

    /// The alert as one line of canonical JSON: no blanks, keys in file order, then what there is to
    /// note about how it was read.
    pub fn json(&self) -> String {
        let json = serde_json::to_string(&self.object).unwrap_or_default();
        match json.strip_suffix('}') {
            Some(open) if !self.provenance.is_plain() => {
                let comma = if self.object.is_empty() { "" } else { "," };
                format!("{open}{comma}\"{}\":{}}}", provenance::KEY, self.provenance.to_value().json())
            }
            _ => json,
        }
    }

    /// The rule's name. An alert in text form, or cut off, may have none; the words that its message begins with
    /// stand in then, and [`Alert::names_its_rule`] is false.
    pub fn rule(&self) -> &str {
        self.title.as_deref().or_else(|| self.text("rule")).unwrap_or_default()
    }

    /// Whether [`Alert::rule`] is the rule's name.
    pub fn names_its_rule(&self) -> bool {
        self.title.is_none()
    }

    /// Notes that a process could have written it, which what was read before it makes possible.
    pub fn doubt(&mut self) {
        self.provenance.marks = self.provenance.marks.and(Mark::Recovered);
    }

    /// How the alert came to be read.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Whether a process could have written the whole alert: it stood inside other text, or in Falco's
    /// text form, whose values may hold line ends. Such an alert supports no benign reading.
    pub fn is_forgeable(&self) -> bool {
        [Mark::Recovered, Mark::Text].iter().any(|mark| self.provenance.marks.contains(*mark))
    }

    /// What there is to say about its time.
    pub fn time_note(&self) -> Option<TimeNote> {
        self.time_note
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

/// The time of an object that may become an alert.
pub(crate) fn time_of(object: &Object) -> Option<Timestamp> {
    clock::read(object).0
}

/// The words before the first value of a text alert's message, with an ellipsis, so that they are never
/// taken for the name of a rule: `A shell was spawned …` of
/// `10:22:33.123456789: Notice A shell was spawned (user=root)`.
fn title(object: &Object) -> String {
    let output = object.text("output").unwrap_or_default();
    let message = output.split_once(": ").map_or(output, |(_, rest)| rest);
    let message = message.split_once(' ').map_or("", |(_, rest)| rest);
    let words = message.split(" (").next().unwrap_or_default().split(" | ").next().unwrap_or_default();
    let words = match words.split_once('=') {
        Some((before, _)) => before.rsplit_once(' ').map_or("", |(before, _)| before),
        None => words,
    };
    let words: String = words.trim().chars().take(TITLE_CHARACTERS).collect();
    if words.is_empty() { UNNAMED.to_owned() } else { format!("{words} …") }
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
    fn canonical_json_remembers_how_the_alert_was_read() {
        let json = r#"{"rule":"R","output":"x","hostname":"n","falco_report":{"marks":["recovered"],"filled":["hostname"]}}"#;
        let alert = alert(json).unwrap();
        assert!(alert.is_forgeable());
        assert_eq!(alert.provenance().filled, ["hostname"]);
        assert_eq!(alert.object().get("falco_report"), None);
        assert_eq!(alert.json(), json);
    }

    #[test]
    fn a_text_alert_is_called_by_the_words_of_its_message() {
        let check = |output: &str, title: &str| {
            let text = format!(r#"{{"output":"{output}","falco_report":{{"marks":["text"]}}}}"#);
            let alert = alert(&text).unwrap();
            assert_eq!((alert.rule(), alert.names_its_rule()), (title, false));
        };
        check("10:22:33.123456789: Notice A shell was spawned (user=root)", "A shell was spawned …");
        check("10:22:33.123456789: Warning Detected ptrace | process=gdb", "Detected ptrace …");
        check("10:22:33.123456789: Notice Seen verb=get name=<NA>", "Seen …");
        check("10:22:33.123456789: Notice verb=get name=<NA>", "Unnamed rule");
    }

    #[test]
    fn numbers_of_the_grpc_interface() {
        let alert = alert(r#"{"rule":"R","priority":3,"time":{"seconds":1735689753,"nanos":5}}"#).unwrap();
        assert_eq!(alert.priority(), Some(Priority::Error));
        assert_eq!(alert.time().unwrap().to_string(), "2025-01-01T00:02:33.000000005Z");
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
