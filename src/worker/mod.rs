//! The analysis, away from the page.
//!
//! Parsing and analysing happen in a worker so that the page always answers. Page and worker speak the
//! [`protocol`]; the [`handle`] is the page's end, the [`host`] the worker's. The host keeps the last
//! outcome, so an export is made from exactly the analysis that is shown.

pub mod bench;
mod beside;
mod desk;
pub mod handle;
pub mod host;
mod pool;
pub mod protocol;
mod redacted;
mod render;
mod slice;
