use leptos::prelude::*;

use crate::{
    commands::Commands,
    state::{AppState, cancelled_line},
    ui::{Button, Kind},
};

/// An analysis was stopped on request.
#[component]
pub fn Cancelled() -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    view! {
        <section class="notice-page" id="cancelled">
            <h1 class="notice-page__title">"Cancelled"</h1>
            <p>{move || cancelled_line(state.progress().get())}</p>
            <div class="notice-page__actions">
                <Show when=move || state.progress().get().done != 0>
                    <Button id="conclude" kind=Kind::Primary on_press=move |()| commands.conclude()>
                        "Report on what was read"
                    </Button>
                </Show>
                <Button id="again"  on_press=move |()| commands.again()>"Start again"</Button>
                <WaysOut/>
            </div>
        </section>
    }
}

/// From a screen without a report to one with something on it.
#[component]
pub fn WaysOut() -> impl IntoView {
    let state = expect_context::<AppState>();
    view! {
        <Button id="new-report" on_press=move |()| state.begin_anew()>"Load something else"</Button>
        <Show when=move || state.report().read().is_some()>
            <Button id="back-to-report" on_press=move |()| state.back_to_report()>"Back to the report"</Button>
        </Show>
    }
}
