//! The document around the app: title, attributes that the style sheets read, and facts about the window.

use wasm_bindgen::JsCast;
use web_sys::{ScrollBehavior, ScrollToOptions};

/// Sets the window's title.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Says on `<body data-state>` which screen is shown.
pub fn set_state(state: &str) {
    if let Some(body) = document().and_then(|document| document.body()) {
        // Fails only for a name that is not an attribute name.
        let _ = body.set_attribute("data-state", state);
    }
}

/// Sets `<html data-theme>`; `system` follows the system.
pub fn set_theme(theme: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // The name is a valid one.
        let _ = root.set_attribute("data-theme", theme);
    }
}

/// Removes what the page shows until the app has started.
pub fn remove_shell() {
    if let Some(shell) = document().and_then(|document| document.get_element_by_id("shell")) {
        shell.remove();
    }
}

/// Whether there is room for the table of contents beside the report.
pub fn is_wide() -> bool {
    web_sys::window()
        .and_then(|window| window.match_media("(min-width: 64rem)").ok().flatten())
        .is_some_and(|query| query.matches())
}

/// Scrolls to the top of the page at once.
pub fn scroll_to_top() {
    if let Some(window) = web_sys::window() {
        let top = ScrollToOptions::new();
        top.set_top(0.0);
        top.set_behavior(ScrollBehavior::Instant);
        window.scroll_to_with_scroll_to_options(&top);
    }
}

/// Whether a dialog is open, which then owns the keyboard.
pub fn dialog_is_open() -> bool {
    document().and_then(|document| document.query_selector("dialog[open]").ok().flatten()).is_some()
}

/// The address of the app's script, which the worker loads too.
pub fn script_address() -> Option<String> {
    named_by_script("js")
}

/// The address of the script that starts a worker.
pub fn worker_address() -> Option<String> {
    named_by_script("worker")
}

/// What the script that started the page says in `data-KEY`.
fn named_by_script(key: &str) -> Option<String> {
    let script = document()?.query_selector("script[data-js]").ok()??;
    script.dyn_into::<web_sys::HtmlElement>().ok()?.dataset().get(key)
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}
