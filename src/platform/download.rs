//! Saving bytes as a file.

use gloo::{
    file::{Blob, ObjectUrl},
    timers::callback::Timeout,
};
use wasm_bindgen::JsCast;

/// How long the bytes stay available to the browser's download, in milliseconds.
const KEEP: u32 = 60_000;

/// Offers `content` as a download called `name`. `false` when the page cannot.
pub fn save(name: &str, mime: &str, content: &[u8]) -> bool {
    let url = ObjectUrl::from(Blob::new_with_options(content, Some(mime)));
    let clicked = click(name, &url);
    // A download reads its URL after the click returns; dropping it now would revoke it too early.
    Timeout::new(KEEP, move || drop(url)).forget();
    clicked.is_some()
}

fn click(name: &str, url: &ObjectUrl) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let anchor = document.create_element("a").ok()?.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    anchor.set_href(url);
    anchor.set_download(name);
    anchor.click();
    Some(())
}
