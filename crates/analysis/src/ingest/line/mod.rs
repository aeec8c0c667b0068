//! Lines: what programs that copy lines put before them, Falco's text form, and Falco's own log.

pub mod cef;
pub mod noise;
mod prefix;
pub mod text;

pub use prefix::strip;
