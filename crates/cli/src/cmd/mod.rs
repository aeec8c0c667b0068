//! One file a verb.

pub mod check;
pub mod diff;
pub mod eval;
pub mod link;
pub mod mitigate;
pub mod myself;
pub mod open;
pub mod redact;
pub mod report;
pub mod simulate;
