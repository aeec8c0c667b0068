//! Alerts that people judged before the weights were chosen, `data/judged_*.toml`.

use std::path::Path;

use analysis::alert::{Alert, Object};
use analysis::insight::{Verdict, judge, signals};
use serde::Deserialize;

/// A file of judged alerts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    case: Vec<Case>,
}

/// A situation, and what may be different in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    rule: String,
    #[serde(default = "syscall")]
    source: String,
    fields: Fields,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    class: String,
    why: String,
    #[serde(default)]
    with: Fields,
}

type Fields = serde_json::Map<String, serde_json::Value>;

fn syscall() -> String {
    "syscall".to_owned()
}

/// One judged alert.
struct Judged {
    rule: String,
    source: String,
    fields: Fields,
    class: String,
    why: String,
}

impl Judged {
    fn alert(&self) -> Alert {
        let object = serde_json::json!({
            "rule": self.rule, "source": self.source, "priority": "Warning", "output_fields": self.fields,
        });
        Alert::from_object(Object::parse(object.to_string().as_bytes()).unwrap()).unwrap()
    }

    fn verdict(&self) -> Verdict {
        judge(signals::collect(&self.alert()))
    }
}

fn judged() -> Vec<Judged> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let cases = files.iter().flat_map(|file| {
        let table: Table = toml::from_str(&std::fs::read_to_string(file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        table.case
    });
    let rows = cases.flat_map(|Case { rule, source, fields, rows }| {
        rows.into_iter().map(move |Row { class, why, with }| {
            let mut fields = fields.clone();
            fields.extend(with);
            Judged { rule: rule.clone(), source: source.clone(), fields, class, why }
        })
    });
    rows.collect()
}

#[test]
fn every_row_is_an_alert_with_a_class_and_a_reason() {
    const CLASSES: [&str; 5] =
        ["likely_malicious", "blind_spot", "needs_review", "test_activity", "likely_benign"];
    let rows = judged();
    assert!(rows.len() >= 197, "{} rows", rows.len());
    let mut seen = std::collections::BTreeSet::new();
    for row in &rows {
        assert!(CLASSES.contains(&row.class.as_str()), "{}: {}", row.rule, row.class);
        assert!(row.why.len() >= 10, "{}: `{}` is no reason", row.rule, row.why);
        let alert = row.alert();
        assert_eq!(alert.rule(), row.rule);
        assert!(seen.insert(alert.json()), "{}: judged twice: {}", row.rule, row.why);
    }
}

#[test]
fn every_row_comes_out_as_judged() {
    let rows = judged();
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let verdict = row.verdict();
            let signals: Vec<_> = verdict.signals.iter().map(|signal| (signal.name, signal.weight)).collect();
            let class = verdict.class.name();
            (class != row.class)
                .then(|| format!("{} ({}): {class} instead of {}: {signals:?}", row.rule, row.why, row.class))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}
