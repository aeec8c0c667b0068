//! What a tuning file does to alerts, by the engine's semantics.

use std::collections::BTreeSet;

use analysis::alert::{Alert, Value};
use analysis::report::Report;
use condition::Lookup;
use rules::{Effect, Engine, RuleFile, Simulation};

pub fn engine() -> Engine {
    Engine::falco_0_44().with_all_plugins()
}

/// The records that an overlay hides by the engine's semantics, and those it leaves undecided.
pub fn simulated(content: &str, alerts: &[Alert]) -> (BTreeSet<u64>, u64) {
    let file = RuleFile { name: "overlay.yaml", bytes: content.as_bytes() };
    let simulation = Simulation::new(&[], &[file], &engine());
    assert!(simulation.loads(), "{content}\n{:?}", simulation.files[0].errors);
    let (mut hidden, mut undecided) = (BTreeSet::new(), 0);
    for (record, alert) in (1..).zip(alerts) {
        let row: Vec<Lookup<'_>> = simulation.fields().iter().map(|name| lookup(alert, name)).collect();
        match simulation.judge(Some(alert.rule()), &row) {
            Effect::Hidden => drop(hidden.insert(record)),
            Effect::Undecided => undecided += 1,
            _ => {}
        }
    }
    (hidden, undecided)
}

fn lookup<'a>(alert: &'a Alert, name: &str) -> Lookup<'a> {
    match alert.field(name) {
        None | Some(Value::List(_) | Value::Object(_)) => Lookup::Absent,
        Some(Value::Null) => Lookup::Null,
        Some(Value::String(text)) => Lookup::Value(condition::Value::Text(text)),
        Some(Value::Int(number)) => Lookup::Value(condition::Value::Int(*number)),
        Some(Value::Uint(number)) => Lookup::Value(condition::Value::Uint(*number)),
        Some(Value::Bool(flag)) => Lookup::Value(condition::Value::Bool(*flag)),
        Some(Value::Decimal(digits)) => Lookup::Value(condition::Value::Decimal(digits)),
    }
}

/// Every tuning file of a report loads, and hides as many of its alerts as its proof says.
pub fn check(report: &Report, alerts: &[Alert]) {
    for mitigation in &report.plan.mitigations {
        let (Some(proof), Some(file)) = (&mitigation.proof, &mitigation.file) else { continue };
        let (hidden, undecided) = simulated(&file.content, alerts);
        assert_eq!(proof.hides_total + proof.also_hides_total, hidden.len() as u64, "{}", file.content);
        assert_eq!(proof.undecided_total, undecided, "{}", file.content);
        assert!(proof.hides.iter().all(|record| hidden.contains(record)), "{}", file.content);
    }
}
