use leptos::prelude::*;

use super::hits::{Hits, Wanted};
use crate::{
    commands::Commands,
    state::AppState,
    ui::{Button, Dialog, Kind},
    worker::protocol::Format,
};

/// What a file with pseudonyms will not say, before it is saved.
#[component]
pub fn RedactedDialog(
    /// The file that is to be saved; closing takes it away.
    format: RwSignal<Option<Format>>,
) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let desk = expect_context::<AppState>().desk();
    let wanted = Wanted::default();
    Effect::new(move || {
        if format.read().is_some() {
            commands.look_for_hits(wanted.wishes());
        }
    });
    let hits = Signal::derive(move || match desk.hits().get() {
        Some(Ok(hits)) => hits,
        _ => Vec::new(),
    });
    let said = move || match desk.hits().get() {
        None => {
            view! { <p id="redacted-wait" role="status">"Looking for secrets and names …"</p> }.into_any()
        }
        Some(Err(sentence)) => view! { <p class="notice-page__fact" role="alert">{sentence}</p> }.into_any(),
        Some(Ok(_)) => ().into_any(),
    };
    let resting = Signal::derive(move || !matches!(desk.hits().get(), Some(Ok(_))));
    let is_edited = move || format.get() == Some(Format::Archive) && !desk.workbench().changes().is_empty();
    let save = move |()| {
        if let Some(format) = format.get_untracked() {
            commands.export_redacted(format, untrack(|| wanted.wishes()));
        }
        format.set(None);
    };
    let name = move || format.get().map(Format::file_name);
    view! {
        <Dialog id="redacted-dialog" title="Save with pseudonyms" open=Signal::derive(move || format.read().is_some()) on_close=move |()| format.set(None)>
            <p>"Secrets, people, hosts and internal addresses have pseudonyms in " <code>{name}</code> ". No detector knows a password that nothing marks as one: look through the values, and add what is missing."</p>
            <Show when=is_edited>
                <p class="notice-page__fact">"Tunings that you edited or left out go into the archive as they were proposed."</p>
            </Show>
            <Show when=move || desk.review().is_any()>
                <p class="notice-page__fact">"Marks and notes that you gave here stay out of it."</p>
            </Show>
            {said}
            <Hits wanted hits name="redacted"/>
            <div class="dialog__actions">
                <Button id="redacted-save" kind=Kind::Primary resting=resting on_press=save>"Save"</Button>
                <Button id="redacted-close" on_press=move |()| format.set(None)>"Cancel"</Button>
            </div>
        </Dialog>
    }
}
