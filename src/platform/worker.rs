//! The page's side of the wall: a worker that runs the same module as the page.

use gloo::file::Blob;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, MessageEvent};

use super::{blobs::reason, page, scope::bytes_of};

/// A running worker; dropping it ends the worker.
#[derive(Debug)]
pub struct Worker {
    inner: web_sys::Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Worker {
    /// Starts a worker on this page's compiled module, so the two can never differ in version.
    ///
    /// `message` gets each message and the file's bytes that came with it, `failure` the browser's words when the worker breaks.
    /// Nothing may be posted before the worker has said that it is ready.
    ///
    /// # Errors
    /// The browser's reason, when workers are not available.
    pub fn start(
        mut message: impl FnMut(Vec<u8>, Option<Vec<u8>>) + 'static,
        mut failure: impl FnMut(String) + 'static,
    ) -> Result<Self, String> {
        let address = page::worker_address().ok_or("the page does not name its worker")?;
        let worker = web_sys::Worker::new(&address).map_err(|error| reason(&error))?;

        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let parts = Array::from(&event.data());
            if let Some(bytes) = bytes_of(&parts.get(0)) {
                message(bytes, bytes_of(&parts.get(1)));
            }
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            // Otherwise the browser reports the error once more, as one of the page's own.
            event.prevent_default();
            // A script that cannot be fetched reports a plain event without a message.
            let words = Reflect::get(&event, &"message".into()).ok().and_then(|words| words.as_string());
            failure(words.unwrap_or_else(|| "the worker could not be loaded".to_owned()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));

        let script = page::script_address().ok_or("the page does not name its script")?;
        let start = Object::new();
        for (key, value) in [("js", JsValue::from(script)), ("module", wasm_bindgen::module())] {
            Reflect::set(&start, &key.into(), &value).map_err(|error| reason(&error))?;
        }
        worker.post_message(&start).map_err(|error| reason(&error))?;
        Ok(Self { inner: worker, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a message and the handles of some blobs.
    pub fn post(&self, message: &[u8], blobs: &[Blob]) {
        let message = Array::of1(&Uint8Array::from(message));
        for blob in blobs {
            let raw: &web_sys::Blob = blob.as_ref();
            message.push(raw);
        }
        // Refused only for what cannot be cloned; bytes and blobs can.
        let _ = self.inner.post_message(&message);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.inner.set_onmessage(None);
        self.inner.set_onerror(None);
        self.inner.terminate();
    }
}
