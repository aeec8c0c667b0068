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
        if let Some(offered) = state.offer().get_untracked() {
            commands.link(offered.fragment);
        }
    };
    let facts = move || match state.offer().get().map(|offered| offered.facts) {
        None => ().into_any(),
        Some(None) => view! { <p>"Looking at the link …"</p> }.into_any(),
        Some(Some(Err(sentence))) => view! { <p class="notice-page__fact">{sentence}</p> }.into_any(),
        Some(Some(Ok(facts))) => facts
            .into_iter()
            .map(|fact| view! { <p class="notice-page__fact">{fact}</p> })
            .collect_view()
            .into_any(),
    };
    view! {
        <Dialog
            id="offer"
            title="Open the shared report?"
            open=Signal::derive(move || state.offer().read().is_some())
            on_close=move |()| state.decline()
        >
            {facts}
            <p>"If you open it, it takes the place of what you have here now, which one button brings back."</p>
            <div class="dialog__actions">
                <Button id="offer-open" kind=Kind::Primary on_press=open>"Open the shared report"</Button>
                <Button id="offer-keep" on_press=move |()| state.decline()>"Keep what I have"</Button>
            </div>
        </Dialog>
    }
}
