use leptos::prelude::*;

use crate::{
    commands::Commands,
    state::AppState,
    ui::{Button, Kind},
    worker::protocol::Format,
};

/// What can be done with the report.
#[component]
pub fn Toolbar(
    /// How many mitigation files there are.
    files: usize,
    /// Called to share it.
    #[prop(into)]
    on_share: Callback<()>,
) -> impl IntoView {
    let state = expect_context::<AppState>();
    let notice = state.notice();
    view! {
        <div class="toolbar">
            <Button id="new-report" on_press=move |()| state.begin_anew()>"New report"</Button>
            <Button id="share" kind=Kind::Primary on_press=on_share>"Share link"</Button>
            <div class="toolbar__group" role="group" aria-labelledby="export-label">
                <span class="toolbar__label" id="export-label">"Save as"</span>
                <Export id="export-markdown" format=Format::Markdown label="Markdown"/>
                <Export id="export-html" format=Format::Html label="HTML"/>
                <Export id="export-json" format=Format::Json label="JSON"/>
            </div>
            {(files > 0).then(|| view! {
                <Export id="export-zip" format=Format::Archive label="All mitigation files (.zip)"/>
            })}
            <p class="toolbar__notice" role="status">{move || notice.get()}</p>
        </div>
    }
}

#[component]
fn Export(id: &'static str, format: Format, label: &'static str) -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let busy = Signal::derive(move || state.exporting().get() == Some(format));
    view! { <Button id=id resting=busy on_press=move |()| commands.export(format)>{label}</Button> }
}
