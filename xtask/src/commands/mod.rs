//! The commands of `cargo xtask`, one a file.

pub mod bench;
pub mod codegen;
pub mod fuzz;
pub mod serve;
pub mod test;
