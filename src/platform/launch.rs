//! Files that the system opens with the installed app.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::blobs::NamedBlob;

/// Calls `then` with the files whenever the system opens some with the app; where the browser has no such thing,
/// never. For as long as the page lives.
pub fn on_files(then: impl Fn(Vec<NamedBlob>) + Clone + 'static) {
    let queue = web_sys::window().and_then(|window| Reflect::get(&window, &"launchQueue".into()).ok());
    let Some(queue) = queue.filter(|queue| !queue.is_undefined()) else { return };
    let Some(listen) = function(&queue, "setConsumer") else { return };
    let take = Closure::<dyn Fn(JsValue)>::new(move |launch: JsValue| {
        let then = then.clone();
        spawn_local(async move {
            let files = files_of(&launch).await;
            if !files.is_empty() {
                then(files);
            }
        });
    });
    // Takes any function.
    let _ = listen.call1(&queue, take.as_ref());
    take.forget();
}

/// The files behind the handles of a launch; what may no longer be read is left out.
async fn files_of(launch: &JsValue) -> Vec<NamedBlob> {
    let handles = Reflect::get(launch, &"files".into()).unwrap_or_default();
    let mut files = Vec::new();
    for handle in handles.dyn_into::<Array>().unwrap_or_default() {
        let file = function(&handle, "getFile").and_then(|get| get.call0(&handle).ok());
        if let Some(Ok(promise)) = file.map(JsCast::dyn_into::<Promise>)
            && let Ok(file) = JsFuture::from(promise).await
            && let Ok(file) = file.dyn_into::<web_sys::File>()
        {
            files.push(NamedBlob::from_file(file));
        }
    }
    files
}

fn function(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}
