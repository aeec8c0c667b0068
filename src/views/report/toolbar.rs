use leptos::prelude::*;

use crate::{
    commands::Commands,
    platform::storage::{self, Key},
    state::AppState,
    ui::{Button, Kind},
    worker::protocol::Format,
};

/// How a preference that is chosen is stored.
const ON: &str = "on";

/// What can be done with the report.
#[component]
pub fn Toolbar(
    /// How many mitigation files there are.
    files: usize,
    /// Whether a saved page can hold the alerts.
    can_embed: bool,
    /// The file that is to be saved with pseudonyms, once a person has seen what is replaced.
    redacting: RwSignal<Option<Format>>,
    /// Called to share it.
    #[prop(into)]
    on_share: Callback<()>,
) -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let notice = state.notice();
    let redact = RwSignal::new(storage::get(Key::Pseudonyms).is_some_and(|chosen| chosen == ON));
    let choose = move |event| {
        redact.set(event_target_checked(&event));
        storage::set(Key::Pseudonyms, if redact.get_untracked() { ON } else { "" });
    };
    let embed = RwSignal::new(false);
    let export = Callback::new(move |format| {
        let format = match format {
            Format::Html if embed.get_untracked() => Format::HtmlWithAlerts,
            other => other,
        };
        if redact.get_untracked() {
            redacting.set(Some(format));
        } else {
            commands.export(format);
        }
    });
    view! {
        <div class="toolbar">
            <Button id="new-report" on_press=move |()| state.begin_anew()>"New report"</Button>
            <Button id="share" kind=Kind::Primary on_press=on_share>"Share link"</Button>
            <div class="toolbar__group" role="group" aria-labelledby="export-label">
                <span class="toolbar__label" id="export-label">"Save as"</span>
                <Export id="export-markdown" on_press=export format=Format::Markdown label="Markdown"/>
                <Export id="export-html" on_press=export format=Format::Html label="HTML"/>
                <Export id="export-json" on_press=export format=Format::Json label="JSON"/>
            </div>
            {(files > 0).then(|| view! {
                <Export id="export-zip" on_press=export format=Format::Archive label="All mitigation files (.zip)"/>
            })}
            {can_embed.then(|| view! {
                <label class="toolbar__label"><input id="export-embed" type="checkbox" bind:checked=embed/>" HTML holds the alerts, to be loaded again"</label>
            })}
            <label class="toolbar__label"><input id="export-redact" type="checkbox" prop:checked=redact on:change=choose/>" With pseudonyms"</label>
            <p class="toolbar__notice" role="status">{move || notice.get()}</p>
        </div>
    }
}

#[component]
fn Export(
    id: &'static str,
    format: Format,
    label: &'static str,
    on_press: Callback<Format>,
) -> impl IntoView {
    let state = expect_context::<AppState>();
    let busy = Signal::derive(move || state.exporting().get() == Some(format));
    view! { <Button id=id resting=busy on_press=move |()| on_press.run(format)>{label}</Button> }
}
