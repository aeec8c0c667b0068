//! The pointer over an element.

use wasm_bindgen::JsCast;

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
