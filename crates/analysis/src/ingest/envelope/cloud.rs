//! Log services of clouds and vendors: `CloudWatch`, Splunk, Datadog, OCSF.

use super::{Context, Opened, Payload};
use crate::alert::{Object, Timestamp, Value};

/// One event of `CloudWatch` Logs, from `get-log-events`, `filter-log-events`, `tail` or a subscription:
/// the line is in `message`, beside milliseconds since 1970.
pub fn cloudwatch(object: &Object) -> Option<Opened> {
    let milliseconds = object.get("timestamp")?.as_i64()?;
    let known = ["ingestionTime", "eventId", "logStreamName", "id"];
    if !known.iter().any(|key| object.get(key).is_some()) {
        return None;
    }
    let mut context = Context::named("cloudwatch");
    context.time = Timestamp::from_milliseconds(milliseconds);
    Some(Opened::line(object.text("message")?, context))
}

/// What a subscription's record says about the events in it: nothing that an alert lacks, but what it is.
pub fn subscription(head: &Object) -> Option<Context> {
    head.text("logGroup").map(|_| Context::default())
}

/// Splunk: what its HTTP collector takes, `{"event":ALERT,"host":…,"time":SECONDS}`, and what its
/// searches export, `{"result":{"_raw":LINE,"host":…}}`.
pub fn splunk(object: &Object) -> Option<Opened> {
    let mut context = Context::named("splunk");
    if let Some(result) = object.object("result").or(Some(object))
        && let Some(raw) = result.text("_raw")
    {
        context.host = result.text("host").map(str::to_owned);
        context.time = result.text("_time").and_then(Timestamp::parse);
        return Some(Opened::line(raw, context));
    }
    let known = ["sourcetype", "time", "index", "host"];
    if !known.iter().any(|key| object.get(key).is_some()) {
        return None;
    }
    context.host = object.text("host").map(str::to_owned);
    context.time = object.get("time").and_then(seconds);
    match object.get("event")? {
        Value::Object(alert) => Some(Opened::new(Payload::Object(alert.clone()), context)),
        Value::String(line) => Some(Opened::line(line, context)),
        _ => None,
    }
}

/// Seconds since 1970, with or without a fraction, as a number or a text.
fn seconds(value: &Value) -> Option<Timestamp> {
    let text = match value {
        Value::Int(seconds) => return Timestamp::from_seconds(*seconds, 0),
        Value::Decimal(text) | Value::String(text) => text,
        _ => return None,
    };
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let nanoseconds: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    Timestamp::from_seconds(seconds.parse().ok()?, nanoseconds.parse().ok()?)
}

/// Datadog: what is sent to its intake, `{"ddsource":"falco","message":LINE}`, and what its search
/// answers, `{"attributes":{"message":LINE,"host":…}}`.
pub fn datadog(object: &Object) -> Option<Opened> {
    let mut context = Context::named("datadog");
    if object.get("ddsource").is_some() {
        context.host = object.text("hostname").map(str::to_owned);
        return Some(Opened::line(object.text("message")?, context));
    }
    let found = object.object("attributes").filter(|_| object.get("id").is_some())?;
    context.host = found.text("host").map(str::to_owned);
    context.time = found.text("timestamp").and_then(Timestamp::parse);
    Some(Opened::line(found.text("message")?, context))
}

/// An OCSF finding, as Security Lake stores it: the alert as Falcosidekick wrote it in `raw_data`. Where
/// a collector wrapped the finding, it is a text in `input.message`.
pub fn ocsf(object: &Object) -> Option<Opened> {
    let context = Context::named("ocsf");
    if object.get("class_uid").is_some() {
        return Some(Opened::line(object.text("raw_data")?, context));
    }
    let message = object.object("input")?.text("message").filter(|text| text.contains("raw_data"))?;
    Some(Opened::line(message, context))
}
