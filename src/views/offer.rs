use leptos::prelude::*;

use crate::{
    commands::Commands,
    state::AppState,
    ui::{Button, Dialog, Kind},
};

/// A shared report arrived while there is work on the page: the person decides.
#[component]
pub fn Offer() -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let open = move |()| {
        if let Some(fragment) = state.offer().get_untracked() {
            commands.link(fragment);
        }
    };
    view! {
        <Dialog
            id="offer"
            title="Open the shared report?"
            open=Signal::derive(move || state.offer().read().is_some())
            on_close=move |()| state.decline()
        >
            <p>"The address of this page has brought a shared report. If you open it, it takes the place of what you have here now."</p>
            <div class="dialog__actions">
                <Button id="offer-open" kind=Kind::Primary on_press=open>"Open the shared report"</Button>
                <Button id="offer-keep" on_press=move |()| state.decline()>"Keep what I have"</Button>
            </div>
        </Dialog>
    }
}
