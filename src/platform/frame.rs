//! An element that the person scrolls through.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// How far it is scrolled, in pixels.
pub fn scrolled(element: &HtmlElement) -> f64 {
    f64::from(element.scroll_top())
}

/// How tall what shows of it is, in pixels.
pub fn height(element: &HtmlElement) -> f64 {
    f64::from(element.client_height())
}

/// Scrolls it to a place, in pixels.
pub fn scroll_to(element: &HtmlElement, place: f64) {
    #[expect(clippy::cast_possible_truncation, reason = "an element is never so tall")]
    let place = place.round() as i32;
    element.set_scroll_top(place);
}

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

/// Where along the element under the pointer it is: 0 at its left edge, 1 at its right one.
pub fn share_of_width(event: &web_sys::PointerEvent) -> Option<f64> {
    let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let place = element.get_bounding_client_rect();
    let share = (f64::from(event.client_x()) - place.left()) / place.width();
    share.is_finite().then_some(share)
}

/// The element that a pointer was pressed on hears of it until it is released, wherever it goes.
pub fn capture(event: &web_sys::PointerEvent) {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    if let Some(element) = element {
        // Refused only for a pointer that is no longer pressed.
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// Puts the focus on the element with this id.
pub fn focus(id: &str) {
    let element = web_sys::window().and_then(|window| window.document()?.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Refused only for elements that cannot be focused.
        let _ = element.focus();
    }
}
