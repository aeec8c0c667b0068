//! Fuzzes the writer of tuning files: each loads, and hides what it says: `cargo xtask fuzz tuning SECONDS`.

#![cfg_attr(fuzzing, no_main)]

#[path = "../../crates/analysis/tests/suite/simulated.rs"]
mod simulated;
mod values;

use analysis::alert::{Alert, Object};
use analysis::{Options, Session};
use libfuzzer_sys::fuzz_target;

/// One rule with a hook of its own, one without.
const RULES: [&str; 2] = ["Read sensitive file untrusted", "Directory traversal monitored file read"];

fuzz_target!(|data: &[u8]| {
    let [executable, image, namespace, target, name, pod] = values::six(data);
    let lines = RULES.map(|rule| {
        serde_json::json!({
            "rule": rule, "priority": "Notice", "source": "syscall", "output": "o",
            "output_fields": {
                "proc.exepath": executable, "proc.name": name, "container.image.repository": image,
                "k8s.ns.name": namespace, "k8s.pod.name": pod, "fd.name": target, "container.id": "0123456789ab",
            },
        })
        .to_string()
    });
    let mut session = Session::new(Options::default());
    session.open("input");
    session.feed(lines.join("\n").as_bytes());
    session.close();
    let alerts: Vec<Alert> = lines
        .iter()
        .filter_map(|line| Alert::from_object(Object::parse(line.as_bytes()).ok()?).ok())
        .collect();
    simulated::check(&session.finish().report, &alerts);
});
