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

/// Moves the focus among the elements that a selector finds, by so many; whether it was on one of them.
pub fn step(selector: &str, by: isize) -> bool {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return false };
    let Ok(found) = document.query_selector_all(selector) else { return false };
    let nodes = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<HtmlElement>().ok());
    let nodes: Vec<HtmlElement> = nodes.collect();
    let active = document.active_element();
    let Some(at) = nodes.iter().position(|node| Some(node.as_ref()) == active.as_ref()) else { return false };
    let next = at.saturating_add_signed(by).min(nodes.len() - 1);
    // Refused only for elements that cannot be focused.
    let _ = nodes.get(next).map(HtmlElement::focus);
    true
}

/// Whether nothing has the focus.
pub fn is_nowhere() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_none_or(|document| document.active_element().is_none_or(|active| active.tag_name() == "BODY"))
}

/// Puts the focus on the element with this id.
pub fn focus(id: &str) {
    let element = web_sys::window().and_then(|window| window.document()?.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Refused only for elements that cannot be focused.
        let _ = element.focus();
    }
}
