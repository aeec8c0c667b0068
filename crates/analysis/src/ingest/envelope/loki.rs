//! Loki and Grafana. Falcosidekick pushes `{"streams":[{"stream":LABELS,"values":[[NANOSECONDS, LINE]]}]}`;
//! queries answer the same pairs under `data.result`; `logcli -o jsonl` and Grafana's download print one
//! object a line. In Falcosidekick's text format the rule, priority and host are labels only.
//! Source: falcosidekick, `outputs/loki.go`.

use super::sidekick::fields_of_labels;
use super::{Context, Opened};
use crate::alert::{Object, Timestamp, Value};

/// What the labels of a stream say about the lines in it.
pub fn stream(head: &Object) -> Option<Context> {
    Some(of_labels(head.object("stream")?))
}

/// One pair of a stream's `values`.
pub fn entry(items: &[Value]) -> Option<Opened> {
    let [Value::String(time), Value::String(line), ..] = items else { return None };
    let mut context = Context::named("loki");
    context.time = Timestamp::from_nanoseconds(time.parse().ok()?);
    Some(Opened::line(line, context))
}

/// One line of `logcli -o jsonl`, with `labels`, or of Grafana's download, with `fields`.
pub fn log_line(object: &Object) -> Option<Opened> {
    let line = object.get("line")?.as_str()?;
    let labels = object.object("labels").or_else(|| object.object("fields"))?;
    let mut context = of_labels(labels);
    context.names = vec!["loki"];
    let time = object.text("timestamp")?;
    context.time = time.parse().ok().and_then(Timestamp::from_nanoseconds).or_else(|| Timestamp::parse(time));
    Some(Opened::line(line, context))
}

fn of_labels(labels: &Object) -> Context {
    let owned = |key| labels.text(key).map(str::to_owned);
    let tags = labels.text("tags").unwrap_or_default().split(',').filter(|tag| !tag.is_empty());
    Context {
        host: owned("hostname"),
        rule: owned("rule"),
        priority: owned("priority"),
        source: owned("source"),
        tags: tags.map(str::to_owned).collect(),
        fields: fields_of_labels(labels),
        ..Context::default()
    }
}
