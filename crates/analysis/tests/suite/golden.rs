//! Whole reports of one alert, read by people: `golden/*.toml` has the alerts, a snapshot beside them what
//! the report says.
//!
//! Mitigations and what depends on them have tests of their own, as has the appendix.

use std::collections::BTreeMap;
use std::path::PathBuf;

use analysis::report;
use knowledge::{Facts, Shipped};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::files::analyse;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// Values that the alerts of one kind share.
    base: BTreeMap<String, Map<String, Value>>,
    alert: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    rule: String,
    /// The kind in `base`.
    at: String,
    fields: Map<String, Value>,
}

/// What Falco adds to the output of a rule for programs.
const ADDED: [&str; 6] = [
    "container.id",
    "container.name",
    "container.image.repository",
    "container.image.tag",
    "k8s.ns.name",
    "k8s.pod.name",
];

/// The alert as Falco writes it: every field that the rule prints, and no other.
fn alert(written: &Written, shipped: &Shipped, base: &Map<String, Value>) -> Value {
    let rule = &written.rule;
    let added = ADDED.iter().filter(|_| shipped.source == "syscall").map(|field| (*field).to_owned());
    let printed: Vec<String> = shipped.fields.iter().cloned().chain(added).collect();
    for field in written.fields.keys() {
        assert!(printed.contains(field), "{rule} does not print {field}");
    }
    let value = |field: &String| match written.fields.get(field).or_else(|| base.get(field)) {
        Some(Value::String(null)) if null == "<null>" => Value::Null,
        Some(value) => value.clone(),
        None => panic!("{rule} prints {field}, which is not given"),
    };
    let fields: Map<String, Value> = printed.iter().map(|field| (field.clone(), value(field))).collect();
    json!({
        "hostname": "node-7", "output": format!("10:00:00.000000000: {} {rule}", shipped.priority),
        "output_fields": fields, "priority": shipped.priority, "rule": rule, "source": shipped.source,
        "tags": shipped.tags, "time": "2026-01-02T10:00:00.000000000Z",
    })
}

/// The report without the parts that have tests of their own.
fn told(markdown: &str) -> String {
    let (before, rest) = markdown.split_once("## Mitigation Strategies\n").unwrap();
    let (_, rest) = rest.split_once("## Conclusion\n").unwrap();
    let (conclusion, rest) = rest.split_once("## Recommendation\n").unwrap();
    let (_, rest) = rest.split_once("## Next Steps\n").unwrap();
    let (steps, _) = rest.split_once("## Appendix\n").unwrap();
    format!("{before}## Conclusion\n{conclusion}## Next Steps\n{steps}")
}

#[test]
fn reports_read_by_people() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let data = |name: &str| std::fs::read_to_string(root.join("data").join(name)).unwrap();
    let facts = Facts::parse(&data("rules.tsv"), &data("attack.tsv"));
    let (mut written, mut sources) = (0, std::collections::BTreeSet::new());
    for name in ["syscall", "k8s_audit", "cloud", "internal"] {
        let text = std::fs::read_to_string(root.join(format!("tests/golden/{name}.toml"))).unwrap();
        let table: Table = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        for one in &table.alert {
            let shipped = &facts.rules[&one.rule];
            let alert = alert(one, shipped, &table.base[&one.at]).to_string();
            let markdown = report::markdown(&analyse("alert.json", alert.as_bytes()).report);
            let file: String =
                one.rule.chars().map(|at| if at.is_alphanumeric() { at } else { '_' }).collect();
            insta::with_settings!({
                snapshot_path => "../golden", prepend_module_to_snapshot => false, omit_expression => true,
            }, {
                insta::assert_snapshot!(format!("{} {file}", shipped.source), told(&markdown));
            });
            written += 1;
            sources.insert(shipped.source.clone());
        }
    }
    assert!(written >= 50 && sources.len() == 7, "{written} reports of {sources:?}");
}
