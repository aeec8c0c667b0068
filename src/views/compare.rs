//! The loaded alerts beside a second set: what is new, louder, quieter, gone.

use leptos::prelude::*;

use crate::{
    commands::Commands,
    platform::{blobs::take_chosen, download},
    state::AppState,
    ui::{Button, MarkdownView},
    views::alerts::Lost,
    worker::protocol::Compared,
};

/// The file picker and the comparison.
#[component]
pub fn Compare() -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let desk = state.desk();
    let answer = move || {
        desk.compared().get().map(|compared| match compared {
            Ok(compared) => view! { <Comparison compared/> }.into_any(),
            Err(reason) => view! { <p class="notice-page__fact">{reason}</p> }.into_any(),
        })
    };
    view! {
        <section class="compare" aria-labelledby="compare-title">
            <h1 class="panel__title" id="compare-title">"Compare"</h1>
            <p class="lab__lead">
                "Choose a second set of alerts, or drop it here. The earlier of the two sets counts as the one before."
            </p>
            <p>
                <input
                    class="visually-hidden"
                    id="compare-input"
                    type="file"
                    multiple
                    on:change:target=move |event| commands.compare(take_chosen(&event.target()))
                />
                <label class="button" data-kind="plain" for="compare-input">"Choose files\u{2026}"</label>
            </p>
            <Lost/>
            <p role="status" id="compare-status">
                {move || desk.is_comparing().get().then_some("Reading the second set.")}
            </p>
            <div id="comparison">{answer}</div>
        </section>
    }
}

#[component]
fn Comparison(compared: Compared) -> impl IntoView {
    let Compared { html, markdown } = compared;
    let save = move |()| {
        download::save("falco-comparison.md", "text/markdown;charset=utf-8", markdown.as_bytes());
    };
    view! {
        <p><Button id="save-comparison" on_press=save>"Save as Markdown"</Button></p>
        <MarkdownView html/>
    }
}
