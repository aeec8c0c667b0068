//! Fuzzes the condition language: `cargo xtask fuzz condition SECONDS`.

#![cfg_attr(fuzzing, no_main)]

#[path = "../../crates/condition/tests/suite/promises.rs"]
mod promises;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| promises::check(text));
