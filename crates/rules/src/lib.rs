//! Falco rule files.
pub mod code;
mod collect;
mod compile;
mod engine;
mod exception;
mod filter;
mod findings;
mod item;
mod limits;
mod load;
mod priority;
mod read;
mod shipped;
mod text;
mod version;
mod yaml;

pub use engine::Engine;
pub use item::Item;
pub use load::{FileReport, Loaded, RuleFile, load};
pub use priority::Priority;
pub use version::Version;
