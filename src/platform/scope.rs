//! The worker's side of the wall: which global scope this is, and messages to and from the page.

use gloo::file::Blob;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Whether this instance of the module runs in a worker.
pub fn is_worker() -> bool {
    scope().is_some()
}

/// Calls `each` for every message of the page: its text and the blobs that came with it.
pub fn serve(mut each: impl FnMut(String, Vec<Blob>) + 'static) {
    let Some(scope) = scope() else { return };
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let message = Array::from(&event.data());
        let text = message.get(0).as_string().unwrap_or_default();
        let blobs = message.iter().skip(1).filter_map(|item| item.dyn_into::<web_sys::Blob>().ok());
        each(text, blobs.map(Blob::from).collect());
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // The worker serves until it is terminated from outside.
    listener.forget();
}

/// Sends a text, and bytes if there are any, to the page.
pub fn post(text: &str, bytes: Option<&[u8]>) {
    let Some(scope) = scope() else { return };
    let message = Array::of1(&JsValue::from_str(text));
    if let Some(bytes) = bytes {
        message.push(&Uint8Array::from(bytes));
    }
    // Refused only for what cannot be cloned; text and bytes can.
    let _ = scope.post_message(&message);
}

/// Runs `task` to its end without blocking the scope.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(task);
}

fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}
