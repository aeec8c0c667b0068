//! Our own cases. `MINT=1 cargo test -p rules --test suite` writes the answers anew, for review.

use std::fmt::Write;
use std::path::PathBuf;

use rules::{Engine, FileReport, RuleFile, Simulation, load};
use serde_json::{Map, Value};

use super::events::judge;

const BASE: &str = "- list: l\n  items: [a, b]\n- macro: m\n  condition: proc.name in (l)\n- rule: R\n  desc: d\n  \
                    condition: evt.type = open and m\n  output: x %proc.name\n  priority: DEBUG\n";

/// Compares the answers of a file of cases, or writes them.
fn check(file: &str, separator: &str, answer: impl Fn(&str) -> String) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let (mut minted, mut wrong) = (String::new(), Vec::new());
    let mut count = 0;
    for line in text.lines() {
        let Some((case, expected)) = line.rsplit_once(separator).filter(|_| !line.starts_with("# ")) else {
            writeln!(minted, "{line}").unwrap();
            continue;
        };
        count += 1;
        let answer = answer(case);
        if answer != expected.trim() {
            wrong.push(format!("{case}\n    expected {expected}\n    found    {answer}"));
        }
        writeln!(minted, "{case}{separator}{answer}").unwrap();
    }
    if std::env::var_os("MINT").is_some() {
        std::fs::write(&path, minted).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{} of {count} cases of {file}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 30, "{file} has cases");
}

fn codes(files: &[&str]) -> String {
    let files: Vec<RuleFile> =
        files.iter().map(|text| RuleFile { name: "r.yaml", bytes: text.as_bytes() }).collect();
    let loaded = load(&files, &Engine::falco_0_44());
    describe(loaded.files.last().unwrap())
}

fn describe(report: &FileReport) -> String {
    let errors = report.errors.iter().map(|item| format!("!{}", item.code));
    let codes: Vec<String> = errors.chain(report.warnings.iter().map(|item| item.code.to_string())).collect();
    if codes.is_empty() { "ok".to_owned() } else { codes.join(" ") }
}

#[test]
fn files_load_as_documented() {
    check("load.txt", " => ", |case| {
        let text = case.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r").replace("\\\\", "\\");
        match text.strip_prefix("BASE; ") {
            Some(file) => codes(&[BASE, file]),
            None => codes(&[&text]),
        }
    });
}

#[test]
fn exceptions_load_as_documented() {
    check("exceptions.txt", " => ", |case| {
        let cells: Vec<&str> = case.splitn(3, " | ").collect();
        let mut exception = "name: e".to_owned();
        for (key, cell) in ["fields", "comps", "values"].into_iter().zip(cells) {
            if cell != "-" {
                write!(exception, ", {key}: {cell}").unwrap();
            }
        }
        let answer = |verb: &str| {
            codes(&[
                BASE,
                &format!("- {{rule: R, exceptions: [{{{exception}}}], override: {{exceptions: {verb}}}}}"),
            ])
        };
        format!("{} | {}", answer("append"), answer("replace"))
    });
}

#[test]
fn overlays_hide_as_documented() {
    check("simulate.txt", " => ", |case| {
        let [rule, overlay, fields] = case.splitn(3, " | ").collect::<Vec<_>>().try_into().unwrap();
        let fields: Map<String, Value> = serde_json::from_str(fields).unwrap();
        let file = |bytes: &'static str| RuleFile { name: "base.yaml", bytes: bytes.as_bytes() };
        let base = if rule.starts_with("BASE") { vec![file(BASE)] } else { vec![] };
        let rule = rule.trim_start_matches("BASE").trim();
        let overlay = RuleFile { name: "overlay.yaml", bytes: overlay.as_bytes() };
        let simulation = Simulation::new(&base, &[overlay], &Engine::falco_0_44());
        if !simulation.loads() {
            let errors = simulation.files.iter().flat_map(|file| &file.errors);
            return errors.map(|item| format!("!{}", item.code)).collect::<Vec<_>>().join(" ");
        }
        let effect = judge(&simulation, (!rule.is_empty()).then_some(rule), &fields);
        format!("{effect:?}").to_lowercase()
    });
}

#[test]
fn surprises_are_noted() {
    check("notes.txt", " => ", |case| {
        let text = case.replace("\\n", "\n");
        let (base, file) = match text.strip_prefix("BASE; ") {
            Some(file) => (vec![BASE], file),
            None => (vec![], text.as_str()),
        };
        let files: Vec<RuleFile> = base
            .iter()
            .chain([&file])
            .map(|text| RuleFile { name: "r.yaml", bytes: text.as_bytes() })
            .collect();
        let loaded = load(&files, &Engine::falco_0_44());
        let report = loaded.files.last().unwrap();
        let notes = report.notes.iter().map(|item| {
            let place =
                report.text.get(item.span.clone()).unwrap_or_default().lines().next().unwrap_or_default();
            format!("{} `{place}`", item.code)
        });
        let notes: Vec<String> = notes.collect();
        if notes.is_empty() { "none".to_owned() } else { notes.join(", ") }
    });
}
