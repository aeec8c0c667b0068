//! An element that the person scrolls through.

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
