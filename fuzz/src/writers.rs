//! Fuzzes the writers of Markdown, HTML and YAML with the values of an alert: `cargo xtask fuzz writers SECONDS`.

#![cfg_attr(fuzzing, no_main)]

#[path = "../../crates/analysis/tests/suite/outputs.rs"]
mod outputs;
mod values;

use analysis::{Options, Session};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let line = outputs::alert_with(&values::six(data));
    let mut session = Session::new(Options::default());
    session.open("input");
    session.feed(line.as_bytes());
    session.close();
    let outcome = session.finish();
    outputs::check(&outcome.report);
    outputs::check_page_with_alerts(&outcome);
});
