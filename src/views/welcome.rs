use leptos::{ev, prelude::*};

use super::examples::{EXAMPLES, Example};
use crate::{
    commands::Commands,
    platform::blobs::{NamedBlob, take_chosen},
    state::AppState,
    ui::{Button, Kind},
};

/// What this is and how to begin, in one look.
#[component]
pub fn Welcome() -> impl IntoView {
    view! {
        <div class="welcome">
            <div class="welcome__pitch">
                <h1 class="welcome__title">"What is Falco telling you?"</h1>
                <p class="welcome__lead">
                    "Paste an alert and read an analysis of it: what happened, how bad it is and why, and what to do next."
                </p>
            </div>
            <Intake/>
            <section class="examples" aria-labelledby="examples-title">
                <h2 class="examples__title" id="examples-title">"No alert at hand? Try an example"</h2>
                <ul class="examples__list">
                    {EXAMPLES.map(|example| view! { <li><ExampleCard example/></li> }).collect_view()}
                </ul>
            </section>
            <dl class="welcome__points">
                <dt>"A verdict with its evidence"</dt>
                <dd>"Every sentence names the fields it rests on. What an alert cannot tell is said to be unknown."</dd>
                <dt>"Mitigation files to apply"</dt>
                <dd>"Falco rules, container settings and host settings that bear on this very behaviour."</dd>
                <dt>"A report to hand on"</dt>
                <dd>"As Markdown, as one web page, as data, or as a link."</dd>
            </dl>
            <Privacy/>
        </div>
    }
}

/// The text field and the file picker.
#[component]
fn Intake() -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let draft = state.draft();
    let analyse = move || commands.text(&draft.get_untracked());
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            analyse();
        }
    };
    view! {
        <section class="intake" aria-label="Load alerts">
            <label class="intake__label" for="paste">"Falco alerts as JSON"</label>
            <textarea
                id="paste"
                class="intake__text"
                rows="9"
                spellcheck="false"
                autocomplete="off"
                placeholder="{\"priority\":\"Warning\",\"rule\":\"PTRACE attached to process\",\u{2026}}"
                aria-describedby="paste-hint"
                bind:value=draft
                on:keydown=on_key
            ></textarea>
            <div class="intake__actions">
                <Button id="analyse" kind=Kind::Primary on_press=move |()| analyse()>"Analyse"</Button>
                <input
                    class="visually-hidden"
                    id="file-input"
                    type="file"
                    multiple
                    on:change:target=move |event| commands.files(take_chosen(&event.target()))
                />
                <label class="button" data-kind="plain" for="file-input">"Choose files\u{2026}"</label>
                <input
                    class="visually-hidden"
                    id="folder-input"
                    type="file"
                    multiple
                    prop:webkitdirectory=true
                    on:change:target=move |event| commands.files(take_chosen(&event.target()))
                />
                <label class="button" data-kind="plain" for="folder-input">"Choose a folder\u{2026}"</label>
                <Show when=move || state.report().read().is_some()>
                    <Button id="back-to-report" on_press=move |()| state.back_to_report()>"Back to the report"</Button>
                </Show>
            </div>
            <p class="intake__hint" id="paste-hint">
                "You can also press Ctrl+V or drop files anywhere on this page. One alert or a log of many; a link to a shared report works too."
            </p>
        </section>
    }
}

#[component]
fn ExampleCard(example: Example) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let load = move |_| commands.files(vec![NamedBlob::from_text(example.name, &(example.text)())]);
    view! {
        <button type="button" class="example" id=example.id on:click=load>
            <span class="example__title">{example.title}</span>
            <span class="example__about">{example.about}</span>
        </button>
    }
}

#[component]
fn Privacy() -> impl IntoView {
    view! {
        <details class="privacy">
            <summary class="privacy__summary">"How to check that nothing leaves this page"</summary>
            <p>"Your alerts are read by this page, in your browser; there is no server behind it. You need not take our word for that:"</p>
            <ul class="privacy__ways">
                <li>
                    <strong>"Watch it. "</strong>
                    "Open the developer tools of your browser (F12), choose the network panel, and load an alert: the list stays empty."
                </li>
                <li>
                    <strong>"Cut it off. "</strong>
                    "Switch the network off now, or choose \u{201c}Offline\u{201d} in that panel: everything here goes on working."
                </li>
                <li>
                    <strong>"Read its policy. "</strong>
                    "In that panel, reload and select the page itself: its "
                    <code>"Content-Security-Policy"</code>
                    " has the browser refuse connections to any other place."
                </li>
            </ul>
        </details>
    }
}
