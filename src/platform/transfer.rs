//! Dropping and pasting anywhere in the window.

use std::{cell::Cell, rc::Rc};

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Event};

use super::blobs::NamedBlob;

/// The name under which pasted text appears in reports, as on the command line.
pub const PASTED: &str = "input";

/// From this many bytes on, pasted text is read at once instead of being put into a text field, which
/// browsers lay out far slower than this app reads it.
const TOO_LONG_TO_EDIT: usize = 200_000;

/// What arrived.
#[derive(Debug, Clone)]
pub enum Arrival {
    /// One file or several.
    Files(Vec<NamedBlob>),
    /// Text without a file.
    Text(String),
}

/// The listeners; dropping it removes them.
#[derive(Debug)]
pub struct Listeners {
    _guards: Vec<EventListener>,
}

/// Listens on the whole window. `hover` hears when files are held over it and when no longer; `arrive`
/// gets what was dropped or pasted. A paste into a text field stays there, unless it is huge.
pub fn listen(hover: impl Fn(bool) + 'static, arrive: impl Fn(Arrival) + 'static) -> Option<Listeners> {
    let window = web_sys::window()?;
    let (hover, arrive) = (Rc::new(hover), Rc::new(arrive));
    // Every element under the pointer sends its own enter and leave.
    let depth = Rc::new(Cell::new(0_u32));
    let on = |name: &'static str, handle: Box<dyn Fn(&Event)>| {
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&window, name, options, move |event| handle(event))
    };
    let enter = {
        let (hover, depth) = (Rc::clone(&hover), Rc::clone(&depth));
        on(
            "dragenter",
            Box::new(move |event| {
                event.prevent_default();
                depth.set(depth.get().saturating_add(1));
                hover(true);
            }),
        )
    };
    let leave = {
        let (hover, depth) = (Rc::clone(&hover), Rc::clone(&depth));
        on(
            "dragleave",
            Box::new(move |_| {
                depth.set(depth.get().saturating_sub(1));
                if depth.get() == 0 {
                    hover(false);
                }
            }),
        )
    };
    let over = on("dragover", Box::new(Event::prevent_default));
    let drop = {
        let arrive = Rc::clone(&arrive);
        on(
            "drop",
            Box::new(move |event| {
                event.prevent_default();
                depth.set(0);
                hover(false);
                let transfer = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
                if let Some(arrival) = transfer.and_then(|transfer| read(&transfer)) {
                    arrive(arrival);
                }
            }),
        )
    };
    let paste = on(
        "paste",
        Box::new(move |event| {
            let transfer = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
            let Some(arrival) = transfer.and_then(|transfer| read(&transfer)) else { return };
            let editable = matches!(&arrival, Arrival::Text(text) if text.len() < TOO_LONG_TO_EDIT);
            if !(editable && is_text_field(event)) {
                event.prevent_default();
                arrive(arrival);
            }
        }),
    );
    Some(Listeners { _guards: vec![enter, leave, over, drop, paste] })
}

fn read(transfer: &DataTransfer) -> Option<Arrival> {
    let files = transfer.files().map(|files| NamedBlob::from_list(&files)).unwrap_or_default();
    if !files.is_empty() {
        return Some(Arrival::Files(files));
    }
    transfer.get_data("text/plain").ok().filter(|text| !text.trim().is_empty()).map(Arrival::Text)
}

fn is_text_field(event: &Event) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.matches("textarea, input:not([type=file])").unwrap_or(false))
}
