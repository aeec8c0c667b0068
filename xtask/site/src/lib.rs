//! The built site over HTTP, exactly as a static host would serve it.
//!
//! `cargo xtask serve` and the end-to-end tests both use this crate, so what a person sees and what
//! the tests prove runs under the same headers. [`headers`] is the only place that names them; the
//! `_headers` file of static hosts is generated from it.

#![forbid(unsafe_code)]

mod encoding;
pub mod headers;
mod media;
mod resolve;
mod server;

pub use server::{Request, Server};
