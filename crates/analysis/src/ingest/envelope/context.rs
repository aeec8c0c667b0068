//! What an envelope says about the alert in it.

use crate::alert::{Object, Provenance, Timestamp, Value};

/// Facts from around an alert. They fill what the alert lacks and never replace what it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// The envelopes, outermost first, as reports name them.
    pub names: Vec<&'static str>,
    /// The host that Falco ran on.
    pub host: Option<String>,
    /// When the alert was written or shipped.
    pub time: Option<Timestamp>,
    /// The rule's name.
    pub rule: Option<String>,
    /// The priority's name.
    pub priority: Option<String>,
    /// The event source.
    pub source: Option<String>,
    /// The rule's tags.
    pub tags: Vec<String>,
    /// Fields of the event.
    pub fields: Vec<(&'static str, Value)>,
    /// Whether a program other than Falco and Falcosidekick wrote what is in the envelope.
    pub foreign: bool,
}

impl Context {
    /// An envelope without facts.
    pub fn named(name: &'static str) -> Self {
        Self { names: vec![name], ..Self::default() }
    }

    /// This context, inside another one: the inner facts count.
    #[must_use]
    pub fn inside(self, outer: &Self) -> Self {
        Self {
            names: [outer.names.as_slice(), &self.names].concat(),
            host: self.host.or_else(|| outer.host.clone()),
            time: self.time.or(outer.time),
            rule: self.rule.or_else(|| outer.rule.clone()),
            priority: self.priority.or_else(|| outer.priority.clone()),
            source: self.source.or_else(|| outer.source.clone()),
            tags: if self.tags.is_empty() { outer.tags.clone() } else { self.tags },
            fields: if self.fields.is_empty() { outer.fields.clone() } else { self.fields },
            foreign: self.foreign || outer.foreign,
        }
    }

    /// This context, with each envelope named once.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.names.dedup();
        self
    }

    /// Adds to an alert what it lacks, and notes what was added.
    pub fn fill(&self, alert: &mut Object, provenance: &mut Provenance) {
        let texts = [
            ("rule", &self.rule),
            ("priority", &self.priority),
            ("source", &self.source),
            ("hostname", &self.host),
        ];
        for (key, value) in texts {
            if let Some(value) = value
                && is_lacking(alert.get_in_any_case(key))
            {
                alert.remove(key);
                alert.push(key, Value::String(value.clone()));
                provenance.filled.push(key.to_owned());
            }
        }
        if let Some(time) = self.time
            && crate::alert::time_of(alert).is_none()
            && is_lacking(alert.get_in_any_case("time"))
        {
            alert.remove("time");
            alert.push("time", Value::String(time.to_string()));
            provenance.filled.push("time".to_owned());
        }
        if !self.tags.is_empty() && alert.get_in_any_case("tags").is_none() {
            alert.push("tags", Value::List(self.tags.iter().cloned().map(Value::String).collect()));
            provenance.filled.push("tags".to_owned());
        }
        if !self.fields.is_empty() && alert.get_in_any_case("output_fields").is_none() {
            let fields = self.fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
            alert.push("output_fields", Value::Object(fields.collect()));
            provenance.filled.push("output_fields".to_owned());
        }
    }
}

fn is_lacking(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(_) => false,
    }
}

/// Falco's fields that stores rename, because their keys may hold no dots: `k8s_ns_name`. The way back
/// is certain for these only.
const RENAMED: [&str; 22] = [
    "container.id",
    "container.image.repository",
    "container.image.tag",
    "container.name",
    "evt.type",
    "fd.l4proto",
    "fd.name",
    "fd.sip",
    "k8s.ns.name",
    "k8s.pod.name",
    "ka.target.name",
    "ka.target.namespace",
    "ka.user.name",
    "ka.verb",
    "proc.cmdline",
    "proc.exepath",
    "proc.name",
    "proc.pcmdline",
    "proc.pname",
    "proc.tty",
    "user.name",
    "user.uid",
];

/// Falco's name of a field whose dots became underscores.
pub fn field_of_label(label: &str) -> Option<&'static str> {
    RENAMED.into_iter().find(|name| {
        name.len() == label.len()
            && name
                .bytes()
                .zip(label.bytes())
                .all(|(name, label)| name == label || (name == b'.' && label == b'_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_and_nothing_is_replaced() {
        let context = Context {
            host: Some("node-1".to_owned()),
            rule: Some("Other".to_owned()),
            time: Timestamp::parse("2026-01-01T00:00:00Z"),
            ..Context::default()
        };
        let mut alert = Object::parse(br#"{"rule":"R","hostname":"","output":"x"}"#).unwrap();
        let mut provenance = Provenance::default();
        context.fill(&mut alert, &mut provenance);
        assert_eq!(
            Value::Object(alert).json(),
            r#"{"rule":"R","output":"x","hostname":"node-1","time":"2026-01-01T00:00:00.000000000Z"}"#
        );
        assert_eq!(provenance.filled, ["hostname", "time"]);
    }

    #[test]
    fn the_time_of_the_event_is_better_than_that_of_the_envelope() {
        let context = Context { time: Timestamp::parse("2026-01-01T00:00:00Z"), ..Context::default() };
        let json = r#"{"rule":"R","output_fields":{"evt.time":1735689753123456789}}"#;
        let mut alert = Object::parse(json.as_bytes()).unwrap();
        context.fill(&mut alert, &mut Provenance::default());
        assert_eq!(Value::Object(alert).json(), json);
    }

    #[test]
    fn labels_without_dots() {
        assert_eq!(field_of_label("k8s_ns_name"), Some("k8s.ns.name"));
        assert_eq!(field_of_label("proc_aname_2"), None);
    }
}
