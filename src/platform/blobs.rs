//! Files and pasted text as one thing: a name and bytes that are read piece by piece.
//!
//! A dropped file, a chosen file, a pasted text and an example all become a [`NamedBlob`]. Its bytes stay
//! with the browser; handing one to the worker copies a handle, and reading takes one slice at a time, so
//! a file of two gigabytes costs one slice of memory.

use gloo::file::Blob;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// How much is read at once: large enough that a slice costs little, small enough that a worker which
/// looks up between slices notices a cancel within a few milliseconds.
pub const SLICE: u64 = 1 << 20;

/// Bytes with the name that the report will show for them.
#[derive(Debug, Clone)]
pub struct NamedBlob {
    /// The file's own name, or `input` for pasted text.
    pub name: String,
    /// The bytes, still held by the browser.
    pub blob: Blob,
}

impl NamedBlob {
    /// Text that was pasted or comes with the app.
    pub fn from_text(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), blob: Blob::new(text) }
    }

    /// A file as the browser hands it out. One of a folder is named by its path in there, as on the command line.
    pub fn from_file(file: web_sys::File) -> Self {
        let path = Reflect::get(&file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
        let inside =
            path.as_deref().and_then(|path| path.split_once('/')).map(|(_, inside)| inside.to_owned());
        let file = gloo::file::File::from(file);
        Self { name: inside.unwrap_or_else(|| file.name()), blob: file.into() }
    }

    /// All files of a file input or of a drop, in the browser's order.
    pub fn from_list(files: &web_sys::FileList) -> Vec<Self> {
        (0..files.length()).filter_map(|index| files.get(index)).map(Self::from_file).collect()
    }

    /// The number of bytes.
    pub fn size(&self) -> u64 {
        self.blob.size()
    }
}

/// The files chosen in an `<input type="file">`, which is emptied so that choosing the same file again is
/// noticed.
pub fn take_chosen(input: &web_sys::HtmlInputElement) -> Vec<NamedBlob> {
    let chosen = input.files().map(|files| NamedBlob::from_list(&files)).unwrap_or_default();
    input.set_value("");
    chosen
}

/// The bytes from `start` on, at most [`SLICE`] of them.
///
/// # Errors
/// The browser's reason, when the file was moved, changed or may not be read.
pub async fn read_slice(blob: &Blob, start: u64) -> Result<Vec<u8>, String> {
    let end = start.saturating_add(SLICE).min(blob.size());
    let raw: &web_sys::Blob = blob.as_ref();
    // `gloo`'s own `slice` counts in a type that ends at 4 GiB in wasm32.
    let slice = raw.slice_with_f64_and_f64(as_f64(start), as_f64(end)).map_err(|error| reason(&error))?;
    let buffer = JsFuture::from(slice.array_buffer()).await.map_err(|error| reason(&error))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

#[expect(clippy::cast_precision_loss, reason = "file offsets stay far below 2^53")]
fn as_f64(offset: u64) -> f64 {
    offset as f64
}

/// A browser's error in its own words.
pub(super) fn reason(error: &JsValue) -> String {
    // `DOMException`, which is what browsers reject with here, is not an `Error` in the eyes of wasm-bindgen.
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.filter(|message| !message.is_empty()).unwrap_or_else(|| "no reason was given".to_owned())
}
