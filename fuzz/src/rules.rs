//! Fuzzes the loading of rule files: `cargo xtask fuzz rules SECONDS`.

#![cfg_attr(fuzzing, no_main)]

#[path = "../../crates/rules/tests/suite/promises.rs"]
mod promises;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| promises::check(data));
