//! Fuzzes the decoder of links, behind its checksum: `cargo xtask fuzz links SECONDS`.

#![cfg_attr(fuzzing, no_main)]

#[path = "../../crates/analysis/tests/suite/link_promises.rs"]
mod link_promises;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|code: &[u8]| link_promises::check(code));
