//! The worker's side of the wall: which global scope this is, and messages to and from the page.

use std::cell::RefCell;

use gloo::{file::Blob, timers::callback::Timeout};
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Whether this instance of the module runs in a worker.
pub fn is_worker() -> bool {
    scope().is_some()
}

/// The name that the worker was started under.
pub fn name() -> String {
    scope().map(|scope| scope.name()).unwrap_or_default()
}

/// The address of the app's script, as whoever started this worker said.
pub(super) fn script_address() -> Option<String> {
    Reflect::get(&js_sys::global(), &"appScript".into()).ok()?.as_string()
}

/// The address of the script that started this worker.
pub(super) fn worker_address() -> Option<String> {
    let location = Reflect::get(&js_sys::global(), &"location".into()).ok()?;
    Reflect::get(&location, &"href".into()).ok()?.as_string()
}

/// How many threads the machine has for the page.
pub fn threads() -> u32 {
    let threads = web_sys::window().map_or(1.0, |window| window.navigator().hardware_concurrency());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
    let threads = threads.clamp(1.0, 1024.0) as u32;
    threads
}

/// Fills bytes with the browser's random numbers; false where it gives none.
pub fn randomise(bytes: &mut [u8]) -> bool {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into());
    let crypto = crypto.ok().and_then(|crypto| crypto.dyn_into::<web_sys::Crypto>().ok());
    crypto.is_some_and(|crypto| crypto.get_random_values_with_u8_array(bytes).is_ok())
}

/// Something to wait for that may happen at any time.
#[derive(Debug, Default)]
pub struct Bell {
    waiting: RefCell<Option<Function>>,
}

impl Bell {
    /// Waits until it rings.
    pub async fn heard(&self) {
        let promise = Promise::new(&mut |resolve, _| drop(self.waiting.replace(Some(resolve))));
        // It is never rejected.
        let _ = JsFuture::from(promise).await;
    }

    /// Whoever waits goes on.
    pub fn ring(&self) {
        if let Some(resolve) = self.waiting.take() {
            // A promise that is resolved cannot refuse to be.
            let _ = resolve.call0(&JsValue::NULL);
        }
    }
}

/// Calls `each` for every message of the page: its bytes and the blobs that came with it.
pub fn serve(mut each: impl FnMut(Vec<u8>, Vec<Blob>) + 'static) {
    let Some(scope) = scope() else { return };
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let message = Array::from(&event.data());
        let Some(bytes) = bytes_of(&message.get(0)) else { return };
        let blobs = message.iter().skip(1).filter_map(|item| item.dyn_into::<web_sys::Blob>().ok());
        each(bytes, blobs.map(Blob::from).collect());
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // The worker serves until it is terminated from outside.
    listener.forget();
}

/// Sends a message, and a file's bytes if there are any, to the page.
pub fn post(message: &[u8], bytes: Option<&[u8]>) {
    let Some(scope) = scope() else { return };
    let message = Array::of1(&Uint8Array::from(message));
    if let Some(bytes) = bytes {
        message.push(&Uint8Array::from(bytes));
    }
    // Refused only for what cannot be cloned; bytes can.
    let _ = scope.post_message(&message);
}

/// Runs `task` to its end without blocking the scope.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(task);
}

/// Lets the scope hear what has been said to it in the meantime.
pub async fn turn() {
    let turn = Promise::new(&mut |resolve, _| {
        // A promise that is resolved cannot refuse to be.
        Timeout::new(0, move || drop(resolve.call0(&JsValue::NULL))).forget();
    });
    // It is never rejected.
    let _ = JsFuture::from(turn).await;
}

/// The bytes in a part of a message.
pub(super) fn bytes_of(part: &JsValue) -> Option<Vec<u8>> {
    part.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}

fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}
