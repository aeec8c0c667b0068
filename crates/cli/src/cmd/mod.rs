//! One file a verb.

pub mod eval;
pub mod link;
pub mod mitigate;
pub mod open;
pub mod report;
