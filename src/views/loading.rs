use leptos::prelude::*;

use crate::{
    commands::Commands,
    state::{AppState, progress_line, speed_line},
    ui::{Button, ProgressBar},
};

/// An analysis is running. The screen holds its breath for a moment before it shows anything, so a single
/// alert goes from paste to report without a flicker.
#[component]
pub fn Loading() -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let progress = state.progress();
    view! {
        <section class="notice-page loading">
            <h1 class="notice-page__title">"Reading the alerts"</h1>
            <ProgressBar
                id="progress"
                label="Bytes read"
                done=Signal::derive(move || progress.get().done)
                total=Signal::derive(move || progress.get().total)
            />
            <p class="loading__line">{move || progress_line(progress.get())}</p>
            <p class="loading__line" id="speed">{move || speed_line(progress.get())}</p>
            <div class="notice-page__actions">
                <Button id="cancel" on_press=move |()| commands.cancel()>"Cancel"</Button>
                <span class="loading__key">"or press Esc"</span>
            </div>
        </section>
    }
}
