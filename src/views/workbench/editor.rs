use analysis::{lab::Findings, mitigation::Language};
use leptos::{html, prelude::*};

use super::candidate::proof;
use crate::{
    commands::Commands,
    platform::download,
    state::AppState,
    ui::{Button, CodeView, CopyButton, Kind},
    views::lab::Diagnostics,
    worker::protocol::CodeFile,
};

/// The file of a tuning, to be edited while its proof follows.
#[component]
pub fn Editor(
    /// The tuning.
    id: StoredValue<String>,
    /// The name to save its file by.
    name: String,
    /// The proposed file in other forms.
    forms: Vec<(String, String)>,
) -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let workbench = state.desk().workbench();
    let field = NodeRef::<html::Textarea>::new();
    let text = move || id.with_value(|id| workbench.text(id));
    let typed = move |event| {
        id.with_value(|id| workbench.write(id, event_target_value(&event)));
        commands.bench_changed(id.get_value());
    };
    let save = move |()| save(&name, &untrack(text));
    let forms = forms.into_iter().map(|(name, content)| form(name, content)).collect_view();
    view! {
        <div class="bench__editor">
            <label class="lab__label" for="bench-text">"The file; its proof follows while you type"</label>
            <textarea
                class="intake__text"
                id="bench-text"
                rows="16"
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                node_ref=field
                prop:value=text
                on:input=typed
            ></textarea>
            <p class="bench__actions">
                {move || view! { <CopyButton text=text() source="bench-text".to_owned()/> }}
                <Button kind=Kind::Quiet on_press=save>"Download"</Button>
            </p>
            <div id="bench-proof" role="status">
                {move || workbench.proved().get().map(|findings| proved(&untrack(text), findings, field))}
            </div>
            {forms}
        </div>
    }
}

/// What the text does to all loaded alerts, and what is wrong with it.
fn proved(text: &str, findings: Findings, field: NodeRef<html::Textarea>) -> AnyView {
    let figures = findings.effect.map(|effect| {
        let unwanted = effect.unwanted.min(effect.hits.count);
        proof(&[
            ("hit", "hidden, as wanted", effect.hits.count - unwanted),
            ("unwanted", "hidden beside them", unwanted),
            ("miss", "still alert, of all rules", effect.misses.count + effect.contradicted.count),
            ("undecided", "undecided", effect.undecided.count),
        ])
    });
    let silent = figures
        .is_none()
        .then(|| view! { <p class="effect__none">"It does not load, so it hides nothing."</p> });
    view! {
        {figures}
        {silent}
        <Diagnostics text=text.to_owned() diagnostics=findings.diagnostics field/>
    }
    .into_any()
}

fn form(name: String, content: String) -> AnyView {
    let base = name.rsplit('/').next().unwrap_or_default().to_owned();
    let file = CodeFile {
        id: "bench-form".to_owned(),
        title: "the proposed file for Falco before 0.37".to_owned(),
        name,
        language: Language::Yaml,
        content,
    };
    view! {
        <details class="bench__form">
            <summary>"As proposed, for Falco before 0.37"</summary>
            <CodeView file on_save=move |file: CodeFile| save(&base, &file.content)/>
        </details>
    }
    .into_any()
}

fn save(name: &str, content: &str) {
    download::save(name, "text/plain;charset=utf-8", content.as_bytes());
}
