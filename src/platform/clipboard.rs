//! Copying text, with a way down for pages that are not served over HTTPS.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Puts `text` on the clipboard. `false` when the browser refuses both ways it can be asked.
pub async fn copy(text: &str) -> bool {
    match modern(text) {
        Some(done) => done.await.is_ok() || old(text),
        None => old(text),
    }
}

/// Selects everything inside the element with this id, for the person to copy by hand.
pub fn select_contents(id: &str) {
    let Some(document) = document() else { return };
    let Some(element) = document.get_element_by_id(id) else { return };
    if let Some(field) = element.dyn_ref::<web_sys::HtmlInputElement>() {
        field.select();
        return;
    }
    let (Ok(range), Ok(Some(selection))) = (document.create_range(), selection()) else { return };
    // Both calls fail only for elements outside the document, where there is nothing to select.
    let _ = range.select_node_contents(&element);
    let _ = selection.remove_all_ranges();
    let _ = selection.add_range(&range);
}

/// `navigator.clipboard` does not exist on pages without HTTPS, whatever its type says.
fn modern(text: &str) -> Option<JsFuture<JsValue>> {
    let navigator = web_sys::window()?.navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).ok()?;
    let clipboard = clipboard.dyn_into::<web_sys::Clipboard>().ok()?;
    Some(JsFuture::from(clipboard.write_text(text)))
}

fn old(text: &str) -> bool {
    let Some(document) = document() else { return false };
    let Some(body) = document.body() else { return false };
    let Ok(element) = document.create_element("textarea") else { return false };
    let Ok(area) = element.dyn_into::<web_sys::HtmlTextAreaElement>() else { return false };
    let focused = document.active_element();
    area.set_class_name("visually-hidden");
    area.set_value(text);
    // Inside an open dialog only its own elements can be selected.
    let parent = focused.as_ref().and_then(|element| element.closest("dialog").ok().flatten());
    let parent = parent.unwrap_or_else(|| body.into());
    if parent.append_child(&area).is_err() {
        return false;
    }
    area.select();
    let copied = document
        .dyn_ref::<web_sys::HtmlDocument>()
        .is_some_and(|document| document.exec_command("copy").unwrap_or(false));
    area.remove();
    if let Some(element) = focused.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
    copied
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

fn selection() -> Result<Option<web_sys::Selection>, JsValue> {
    web_sys::window().map_or(Ok(None), |window| window.get_selection())
}
