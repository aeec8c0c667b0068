//! Where keys go.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Whether keys are being typed into something, or belong to a dialog.
pub fn takes_keys(event: &web_sys::KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    super::page::dialog_is_open()
        || element.is_some_and(|element| {
            element.matches("input, textarea, select, [contenteditable]").unwrap_or(false)
        })
}

/// Whether an event is about the element with this id itself.
pub fn is_on(event: &web_sys::KeyboardEvent, id: &str) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.id() == id)
}

/// Puts the focus on the element with this id.
pub fn focus(id: &str) {
    let element = web_sys::window().and_then(|window| window.document()?.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Refused only for elements that cannot be focused.
        let _ = element.focus();
    }
}
