//! What Falcosidekick puts around an alert for other systems. Sources: falcosidekick,
//! `outputs/cloudevents.go` and `outputs/alertmanager.go`.

use super::context::field_of_label;
use super::{Context, Opened, Payload};
use crate::alert::{Object, Timestamp, Value};

/// A structured `CloudEvent`: attributes at the top, the alert under `data`.
pub fn cloudevents(object: &Object) -> Option<Opened> {
    object.get("specversion")?;
    let context = attributes(|key| object.text(key));
    match object.get("data")? {
        Value::Object(alert) => Some(Opened::new(Payload::Object(alert.clone()), context)),
        Value::String(line) => Some(Opened::line(line, context)),
        _ => None,
    }
}

/// What the attributes and extensions of a `CloudEvent` say about the alert.
pub fn attributes<'a>(text: impl Fn(&str) -> Option<&'a str>) -> Context {
    let owned = |key| text(key).map(str::to_owned);
    Context {
        host: owned("hostname"),
        time: text("time").and_then(Timestamp::parse),
        rule: owned("rule"),
        priority: owned("priority"),
        source: owned("eventsource"),
        ..Context::named("cloudevents")
    }
}

/// An alert as Alertmanager keeps it: labels and annotations, all of them texts, without the fields'
/// types. The event source is in `eventsource`; `source` is always `falco`.
pub fn alertmanager(object: &Object) -> Option<Opened> {
    let labels = object.object("labels")?;
    let annotations = object.object("annotations")?;
    let rule = labels.text("rule").or_else(|| labels.text("alertname"))?;
    let mut context = Context::named("alertmanager");
    context.rule = Some(rule.to_owned());
    context.priority = labels.text("priority").map(str::to_owned);
    context.source = labels.text("eventsource").map(str::to_owned);
    context.host = labels.text("hostname").map(str::to_owned);
    context.time = object.text("startsAt").and_then(Timestamp::parse);
    let tags = labels.text("tags").unwrap_or_default().split(',').filter(|tag| !tag.is_empty());
    context.tags = tags.map(str::to_owned).collect();
    context.fields = fields_of_labels(labels);
    let output = ["info", "description", "summary"].iter().find_map(|key| annotations.text(key))?;
    let mut alert = Object::default();
    alert.push("output", Value::String(output.to_owned()));
    Some(Opened::new(Payload::Object(alert), context))
}

/// Falco's fields among labels.
pub fn fields_of_labels(labels: &Object) -> Vec<(&'static str, Value)> {
    labels.iter().filter_map(|(label, value)| Some((field_of_label(label)?, value.clone()))).collect()
}
