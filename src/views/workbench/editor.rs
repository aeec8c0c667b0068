use analysis::lab::Findings;
use leptos::{html, prelude::*};

use super::candidate::proof;
use crate::{
    commands::Commands,
    platform::download,
    state::AppState,
    ui::CodeView,
    views::lab::Diagnostics,
    worker::{bench::Proved, protocol::CodeFile},
};

/// The file of a tuning, to be edited while its proof follows.
#[component]
pub fn Editor(
    /// The tuning.
    id: StoredValue<String>,
) -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let workbench = state.desk().workbench();
    let field = NodeRef::<html::Textarea>::new();
    let text = move || id.with_value(|id| workbench.text(id));
    let typed = move |event| {
        id.with_value(|id| workbench.write(id, event_target_value(&event)));
        commands.bench_changed(id.get_value());
    };
    let insists = move || id.with_value(|id| workbench.insists(id));
    let insist = move |event| {
        id.with_value(|id| workbench.insist(id, event_target_checked(&event)));
        id.with_value(|id| commands.prove(id));
    };
    let of_proof = move |part: fn(&Proved) -> bool| workbench.proved().read().as_ref().is_some_and(part);
    let is_refused = Memo::new(move |_| of_proof(|proved| proved.refused.is_some()));
    let findings = Memo::new(move |_| {
        workbench.proved().read().as_ref().map(|proved| {
            let refused = proved.refused.as_ref().map(ToString::to_string);
            (proved.findings.clone(), refused)
        })
    });
    let forms = move || {
        let proved = workbench.proved().read();
        proved.as_ref().map(|proved| proved.forms.iter().cloned().map(form).collect_view())
    };
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
            <div id="bench-proof" role="status">
                {move || findings.get().map(|(findings, refused)| proved(&untrack(text), findings, refused, field))}
            </div>
            <Show when=move || is_refused.get()>
                <p>
                    <label>
                        <input id="bench-insist" type="checkbox" prop:checked=insists on:change=insist/>
                        " Hide them all the same; the file then says that somebody insisted"
                    </label>
                </p>
            </Show>
            <div id="bench-forms">{forms}</div>
        </div>
    }
}

/// What the text does to all loaded alerts, and what is wrong with it.
fn proved(
    text: &str,
    findings: Findings,
    refused: Option<String>,
    field: NodeRef<html::Textarea>,
) -> AnyView {
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
        {refused.map(|sentence| view! { <p class="bench__refused">{format!("Refused. {sentence}.")}</p> })}
        <Diagnostics text=text.to_owned() diagnostics=findings.diagnostics field/>
    }
    .into_any()
}

/// The file as it is exported, in one form.
fn form(file: CodeFile) -> AnyView {
    let (id, title) = (format!("{}-form", file.id), file.title.clone());
    view! {
        <details class="bench__form" id=id>
            <summary>{title}</summary>
            <CodeView file on_save=move |file: CodeFile| save(&file)/>
        </details>
    }
    .into_any()
}

fn save(file: &CodeFile) {
    let name = file.name.rsplit('/').next().unwrap_or_default();
    download::save(name, "text/plain;charset=utf-8", file.content.as_bytes());
}
