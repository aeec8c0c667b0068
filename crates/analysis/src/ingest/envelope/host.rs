//! What the programs of a host and its containers write around a line: Docker, Fluent Bit, journald.

use super::{Context, Opened, Payload};
use crate::alert::{Object, Timestamp, Value};

/// Docker's json-file driver: `{"log":"LINE\n","stream":"stdout","time":"RFC 3339"}`. A line longer
/// than 16 KiB is spread over several records, of which only the last ends with a line end.
pub fn docker(object: &Object) -> Option<Opened> {
    let (log, stream) = (object.get("log")?.as_str()?, object.text("stream")?);
    if object.len() > 4 || !matches!(stream, "stdout" | "stderr") {
        return None;
    }
    let mut context = Context::named("docker");
    context.time = object.text("time").and_then(Timestamp::parse);
    let ends = log.ends_with('\n');
    let text = log.trim_end_matches(['\n', '\r']).to_owned();
    Some(Opened::new(Payload::Piece { stream: stream.to_owned(), text, ends }, context))
}

/// Fluent Bit, Fluentd and `FireLens`: the line is in `log`, or parsed in `log_processed`; the node is
/// `kubernetes.host`, or `hostname` beside the facts of an EC2 instance.
pub fn fluent(object: &Object) -> Option<Opened> {
    let mut context = Context::named("fluent");
    context.host = node(object).map(str::to_owned);
    context.time = ["time", "@timestamp"].iter().find_map(|key| Timestamp::parse(object.text(key)?));
    if let Some(parsed) = object.object("log_processed") {
        return Some(Opened::new(Payload::Object(parsed.clone()), context));
    }
    Some(Opened::line(object.text("log")?.trim_end_matches(['\n', '\r']), context))
}

/// The node that a shipper of a cluster or cloud names.
pub fn node(object: &Object) -> Option<&str> {
    let in_cluster = object.object("kubernetes").and_then(|kubernetes| kubernetes.text("host"));
    in_cluster.or_else(|| object.text("ec2_instance_id").and_then(|_| object.text("hostname")))
}

/// `journalctl -o json`: the line is in `MESSAGE`, a text, or a list of its bytes where it is not UTF-8.
/// What another program wrote is not Falco's word, whatever it says.
pub fn journald(object: &Object) -> Option<Opened> {
    let message = object.get("MESSAGE")?;
    let known = ["__REALTIME_TIMESTAMP", "_HOSTNAME", "SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT"];
    if !known.iter().any(|key| object.get(key).is_some()) {
        return None;
    }
    let mut context = Context::named("journald");
    context.host = object.text("_HOSTNAME").map(str::to_owned);
    let microseconds = object.text("__REALTIME_TIMESTAMP").and_then(|text| text.parse::<i64>().ok());
    context.time =
        microseconds.and_then(|count| count.checked_mul(1000)).and_then(Timestamp::from_nanoseconds);
    context.foreign = !is_written_by_falco(object);
    match message {
        Value::String(text) => Some(Opened::line(text, context)),
        Value::List(bytes) => {
            let bytes = bytes.iter().map(|byte| u8::try_from(byte.as_i64()?).ok());
            let bytes: Vec<u8> = bytes.collect::<Option<_>>()?;
            Some(Opened::line(&String::from_utf8_lossy(&bytes), context))
        }
        _ => Some(Opened::new(Payload::Nothing, context)),
    }
}

/// A process can choose its identifier and not its unit, program or container, which journald adds
/// itself; the identifier counts where those are not in the export.
fn is_written_by_falco(entry: &Object) -> bool {
    let trusted = ["_SYSTEMD_UNIT", "_COMM", "CONTAINER_NAME"];
    let mut added = trusted.iter().filter_map(|key| entry.text(key)).peekable();
    if added.peek().is_none() {
        return entry.text("SYSLOG_IDENTIFIER").is_some_and(is_falco);
    }
    added.any(is_falco) || entry.text("CONTAINER_NAME").is_some_and(|name| name.contains("falco"))
}

/// Whether a program or unit is Falco or Falcosidekick, by its name.
pub fn is_falco(name: &str) -> bool {
    name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("falco"))
}
