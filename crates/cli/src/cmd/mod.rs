//! One file a verb.

pub mod diff;
pub mod link;
pub mod mitigate;
pub mod open;
pub mod report;
