//! The address of the page: its fragment carries a shared report, the state of the view or a place in the page.

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

/// Puts a fragment (with its `#`, or none) into the address; as a new entry of the history, or into this one.
pub fn show(fragment: &str, is_new: bool) {
    let history = web_sys::window().and_then(|window| window.history().ok());
    let (Some(history), Some(address)) = (history, without_fragment()) else { return };
    let address = address + fragment;
    // Refused only where an address changes too often: the next change says the same and more.
    let _ = if is_new {
        history.push_state_with_url(&JsValue::NULL, "", Some(&address))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
    };
}

/// Whether the place that a fragment names is not to be seen: hidden, or in a view that was not opened yet.
pub fn is_hidden(fragment: &str) -> bool {
    place(fragment).is_none_or(|place| place.get_client_rects().length() == 0)
}

/// Scrolls to the place that a fragment names.
pub fn scroll_to(fragment: &str) {
    if let Some(place) = place(fragment) {
        place.scroll_into_view();
    }
}

fn place(fragment: &str) -> Option<web_sys::Element> {
    web_sys::window()?.document()?.get_element_by_id(fragment.trim_start_matches('#'))
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
