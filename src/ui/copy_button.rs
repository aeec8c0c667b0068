use gloo::timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};

use super::Kind;
use crate::platform::clipboard;

/// How long the button says what happened, in milliseconds.
const SHOWN: u32 = 2_500;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Copied,
    Refused,
}

/// Copies a text and says whether that worked. Where the browser refuses, the text is selected so that
/// the keyboard can copy it.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// The id of the element that shows the text.
    #[prop(into)]
    source: String,
    /// For tests and labels.
    #[prop(optional)]
    id: Option<&'static str>,
    /// How much it stands out.
    #[prop(default = Kind::Quiet)]
    kind: Kind,
) -> impl IntoView {
    let outcome = RwSignal::new(None::<Outcome>);
    let reset = StoredValue::new_local(None::<Timeout>);
    let copy = move |_| {
        let (text, source) = (text.get_untracked(), source.clone());
        spawn_local(async move {
            let copied = clipboard::copy(&text).await;
            if !copied {
                clipboard::select_contents(&source);
            }
            // The button may be gone by now.
            outcome.try_set(Some(if copied { Outcome::Copied } else { Outcome::Refused }));
            reset.try_set_value(Some(Timeout::new(SHOWN, move || {
                outcome.try_set(None);
            })));
        });
    };
    let words = move || match outcome.get() {
        None => "Copy",
        Some(Outcome::Copied) => "Copied",
        Some(Outcome::Refused) => "Press Ctrl+C",
    };
    view! {
        <button type="button" class="button" data-kind=kind.name() id=id on:click=copy>
            <span class="button__steady" aria-live="polite">{words}</span>
        </button>
    }
}
