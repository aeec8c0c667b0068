//! The only door to the browser: every `web_sys`, `js_sys` and `wasm_bindgen` name of the app is in here.
//!
//! What leaves this module are plain values, `gloo` blobs and guards that clean up when dropped, so the
//! rest of the app reads as Rust and its logic is tested without a browser. Everything that a browser
//! may refuse (storage, clipboard, workers) comes back as a `Result` or an `Option`, never as a crash.

pub mod blobs;
pub mod clipboard;
pub mod clock;
pub mod download;
pub mod frame;
pub mod keys;
pub mod launch;
pub mod location;
pub mod page;
pub mod pointer;
pub mod scope;
pub mod storage;
pub mod transfer;
pub mod worker;
