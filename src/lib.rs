//! Falco Report in the browser: alerts in, a report out, nothing sent anywhere.
//!
//! The crate only shows: reading, judging and writing are the `analysis` crate's. One module serves the
//! page and its worker. [`state`] holds the facts, [`commands`] the verbs, [`worker`] the analysis away
//! from the page, [`platform`] the browser, [`ui`] the parts and [`views`] the screens made of them.

mod app;
pub mod commands;
pub mod platform;
pub mod state;
pub mod ui;
pub mod views;
pub mod worker;

/// Starts the page, or the worker, whichever this instance of the module is.
pub fn start() {
    // A release's panics carry no words.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    if platform::scope::is_worker() {
        worker::host::run();
    } else {
        platform::page::remove_shell();
        leptos::mount::mount_to_body(app::App);
    }
}
