//! The commands of `cargo xtask`, one a file.

pub mod bench;
pub mod codegen;
mod codegen_rules;
pub mod serve;
pub mod test;
