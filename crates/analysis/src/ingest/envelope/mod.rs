//! Envelopes: what collectors, stores and queues wrap around an alert.
//!
//! One file a family. Each recognises its objects by their keys and hands out what is inside. Text is
//! unwrapped only where a family says that its program puts the alert there, and never inside an alert:
//! a process may quote an alert in its command line.

mod cloud;
mod context;
mod elastic;
mod host;
mod loki;
mod sidekick;

use crate::alert::{Object, Timestamp, Value};
pub use context::Context;
pub use host::is_falco;
pub use sidekick::attributes;

/// What is in an envelope.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// An object: the alert, or another envelope.
    Object(Object),
    /// A line as Falco or another program wrote it.
    Line(String),
    /// A piece of a line; the rest is in the next records of the same stream, `true` for its last piece.
    Piece {
        /// The stream, `stdout` or `stderr`.
        stream: String,
        /// The text.
        text: String,
        /// Whether it is the last piece.
        ends: bool,
    },
    /// Nothing: the record belongs to the envelope.
    Nothing,
}

/// An envelope that was opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// What is in it.
    pub payload: Payload,
    /// What it says about that.
    pub context: Context,
}

impl Opened {
    fn new(payload: Payload, context: Context) -> Self {
        Self { payload, context }
    }

    fn line(text: &str, context: Context) -> Self {
        Self::new(Payload::Line(text.to_owned()), context)
    }
}

/// Opens an object that may be an envelope.
pub fn open(object: &Object) -> Option<Opened> {
    const FAMILIES: [fn(&Object) -> Option<Opened>; 15] = [
        host::docker,
        host::journald,
        sidekick::cloudevents,
        sidekick::alertmanager,
        loki::log_line,
        elastic::hit,
        elastic::bulk_action,
        elastic::integration,
        elastic::wazuh,
        host::fluent,
        elastic::beat,
        cloud::cloudwatch,
        cloud::splunk,
        cloud::datadog,
        cloud::ocsf,
    ];
    FAMILIES.iter().find_map(|family| family(object))
}

/// Opens a list that stands where a container has records.
pub fn open_list(items: &[Value]) -> Option<Opened> {
    loki::entry(items)
}

/// What the head of a container says about the records in its list.
pub fn of_container(head: &Object) -> Option<Context> {
    loki::stream(head).or_else(|| cloud::subscription(head))
}

/// Whether an object with the keys of an alert is an envelope that repeats some of them, as the
/// extensions of a `CloudEvent` do.
pub fn repeats_alert(object: &Object) -> bool {
    object.get("specversion").is_some() && object.get("data").is_some()
}

/// What a shipper added to the keys of an alert; nothing for an alert as Falco wrote it. Falco itself
/// writes none of these keys, and no process can.
pub fn around_keys_of(alert: &Object) -> Option<Context> {
    let stamp = alert.get("@timestamp");
    if stamp.is_none() && alert.get("kubernetes").is_none() && alert.get("ec2_instance_id").is_none() {
        return None;
    }
    let mut context = Context::named("collector");
    context.host = host::node(alert).map(str::to_owned);
    context.time = stamp.and_then(Value::as_str).and_then(Timestamp::parse);
    Some(context)
}
