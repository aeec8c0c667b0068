//! Elasticsearch and what ships to it: hits, bulk bodies, Beats, the Falco integration of Elastic Agent,
//! Logz.io, and Wazuh, which stores alerts of its own there.

use super::host::node;
use super::{Context, Opened, Payload};
use crate::alert::{Object, Timestamp, Value};

/// A document in a search answer or a dump.
pub fn hit(object: &Object) -> Option<Opened> {
    object.get("_index").or_else(|| object.get("_id"))?;
    let source = object.object("_source")?;
    Some(Opened::new(Payload::Object(source.clone()), Context::named("elasticsearch")))
}

/// The line before a document of a bulk body: `{"create":{"_index":"falco-2026.01.02"}}`.
pub fn bulk_action(object: &Object) -> Option<Opened> {
    if object.len() != 1 {
        return None;
    }
    let action = ["create", "index", "update", "delete"].iter().find_map(|action| object.object(action))?;
    let names_place =
        action.is_empty() || action.iter().all(|(key, _)| key.starts_with('_') || key == "routing");
    names_place.then(|| Opened::new(Payload::Nothing, Context::named("elasticsearch")))
}

/// Elastic Agent's Falco integration: the line as Falco wrote it in `event.original`, and the same
/// under `falco`, with the fields as nested objects. `host` is the machine of the agent.
pub fn integration(object: &Object) -> Option<Opened> {
    let alert = object.object("falco").filter(|alert| alert.text("rule").is_some())?;
    let mut context = Context::named("elastic_agent");
    let observer = object.object("observer").and_then(|observer| observer.text("hostname"));
    context.host = observer.or_else(|| alert.text("hostname")).map(str::to_owned);
    context.time = object.text("@timestamp").and_then(Timestamp::parse);
    let dotted = || object.text("event.original");
    if let Some(line) = object.object("event").and_then(|event| event.text("original")).or_else(dotted) {
        return Some(Opened::line(line, context));
    }
    let unnested = alert.iter().map(|(key, value)| match value {
        Value::Object(fields) if key == "output_fields" => {
            (key.to_owned(), Value::Object(fields.flattened()))
        }
        other => (key.to_owned(), other.clone()),
    });
    Some(Opened::new(Payload::Object(unnested.collect()), context))
}

/// A document of a Beat or of Logz.io: the line in `message`, its keys perhaps beside it. The line
/// counts: numbers that passed through other programs may be rounded, and `tags` are the shipper's.
pub fn beat(object: &Object) -> Option<Opened> {
    let time = object.text("@timestamp").and_then(Timestamp::parse);
    let mut context = Context::named("beats");
    let agent = ["host", "agent", "beat_agent", "beat"].iter().find_map(|key| object.object(key));
    let name = agent.and_then(|agent| agent.text("hostname").or_else(|| agent.text("name")));
    context.host = node(object).or(name).map(str::to_owned);
    context.time = time;
    if let Some(line) = object.text("message").filter(|_| time.is_some())
        && (line.starts_with('{') || object.get("rule").is_none())
    {
        return Some(Opened::line(line, context));
    }
    None
}

/// A Wazuh alert: its own `rule` is an object; the Falco alert is `data`, all values texts, and, as it
/// was written, `full_log`.
pub fn wazuh(object: &Object) -> Option<Opened> {
    object.object("rule")?;
    let data = object.object("data").filter(|data| data.text("rule").is_some())?;
    let mut context = Context::named("wazuh");
    context.host = object.object("agent").and_then(|agent| agent.text("name")).map(str::to_owned);
    context.time = object.text("timestamp").and_then(Timestamp::parse);
    match object.text("full_log").filter(|line| line.contains('{')) {
        Some(line) => Some(Opened::line(line, context)),
        None => Some(Opened::new(Payload::Object(data.clone()), context)),
    }
}
