//! The address of the page: its fragment may carry a shared report.

use gloo::events::EventListener;
use wasm_bindgen::JsValue;

/// The fragment with its `#`, or nothing.
pub fn fragment() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Takes the fragment out of the address bar and out of this entry of the history.
pub fn forget_fragment() {
    let Some(window) = web_sys::window() else { return };
    let Ok(history) = window.history() else { return };
    let Some(address) = without_fragment() else { return };
    // Refused only for another origin, which this is not.
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
}

/// The address of the page up to its fragment, to which a share link is appended.
pub fn without_fragment() -> Option<String> {
    let href = web_sys::window()?.location().href().ok()?;
    Some(href.split('#').next().unwrap_or_default().to_owned())
}

/// Runs `then` when the fragment changes, until the guard is dropped.
pub fn on_fragment(then: impl Fn(String) + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "hashchange", move |_| then(fragment())))
}
