//! Falcosidekick's syslog output in the Common Event Format. Source: falcosidekick, `outputs/syslog.go`.
//!
//! ```text
//! CEF:0|Falcosecurity|Falco|1.0|Falco Event|RULE|SEVERITY|uuid=… start=… msg=OUTPUT source=… outputfields=…
//! ```
//!
//! Falcosidekick escapes nothing, so a value can look like what follows it. Certain are the parts before
//! the output; of the output, what ends before the only `source=` there is, or all of the rest.

use super::text;
use crate::alert::{Object, Value};

const HEAD: &str = "CEF:0|Falcosecurity|Falco|1.0|Falco Event|";
const SOURCE: &str = " source=";

/// An alert in this format as an object.
pub fn alert(line: &[u8]) -> Option<Object> {
    let line = String::from_utf8_lossy(line);
    let (rule, rest) = line.strip_prefix(HEAD)?.split_once('|')?;
    let (severity, rest) = rest.split_once("|uuid=")?;
    severity.parse::<u8>().ok()?;
    let (uuid, rest) = rest.split_once(" start=")?;
    let (start, rest) = rest.split_once(" msg=")?;
    let mut alert = Object::default();
    let mut add = |key: &str, value: &str| alert.push(key, Value::String(value.to_owned()));
    add("uuid", uuid);
    add("rule", rule);
    add("time", start);
    let is_certain = rest.matches(SOURCE).count() == 1;
    let (output, after) = rest.split_once(SOURCE).filter(|_| is_certain).unwrap_or((rest, ""));
    add("output", output);
    if let Some(source) = after.split(' ').next().filter(|source| !source.is_empty()) {
        add("source", source);
    }
    if let Some(priority) = text::alert(output.as_bytes()).and_then(|told| told.get("priority").cloned()) {
        alert.push("priority", priority);
    }
    Some(alert)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(line: &str) -> Option<String> {
        alert(line.as_bytes()).map(|alert| Value::Object(alert).json())
    }

    #[test]
    fn parts_that_are_certain() {
        let head = "CEF:0|Falcosecurity|Falco|1.0|Falco Event|R|4|uuid=u start=2026-01-02T08:14:05Z msg=";
        assert_eq!(
            json(&format!(
                "{head}10:22:33.123456789: Notice x source=syscall hostname=n outputfields=proc.name:sh"
            ))
            .as_deref(),
            Some(
                r#"{"uuid":"u","rule":"R","time":"2026-01-02T08:14:05Z","output":"10:22:33.123456789: Notice x","source":"syscall","priority":"Notice"}"#
            )
        );
        assert_eq!(
            json(&format!("{head}sh -c ' source=okta' source=syscall outputfields=")).as_deref(),
            Some(
                r#"{"uuid":"u","rule":"R","time":"2026-01-02T08:14:05Z","output":"sh -c ' source=okta' source=syscall outputfields="}"#
            )
        );
        assert_eq!(json("CEF:0|Other|Product|1.0|x|R|4|uuid=u start=t msg=m"), None);
    }
}
