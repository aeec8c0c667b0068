//! The workbench: every tuning with its candidates side by side, to be chosen, edited and exported.

mod candidate;
mod editor;

use leptos::prelude::*;

use self::{candidate::CandidateView, editor::Editor};
use super::alerts::Lost;
use crate::{
    commands::Commands,
    state::{AppState, words::counted},
    ui::{Button, Kind},
    worker::{bench::Bench, protocol::Format},
};

/// All tunings of the report.
#[component]
pub fn Benches() -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let bench = state.desk().workbench();
    Effect::new(move |_| {
        if bench.benches().read().is_none() {
            commands.benches();
        }
    });
    let body = move || match bench.benches().get() {
        None => view! { <p class="bench__none">"Asking for the tunings\u{2026}"</p> }.into_any(),
        Some(benches) if benches.is_empty() => view! {
            <p class="bench__none">
                "There is no tuning for these alerts. The report says why, under its mitigations."
            </p>
        }
        .into_any(),
        Some(benches) => {
            let busy = Signal::derive(move || state.exporting().get() == Some(Format::Archive));
            let title = counted(u64::try_from(benches.len()).unwrap_or(u64::MAX), "tuning", "tunings");
            let items = benches.into_iter().map(|bench| view! { <BenchView bench/> }).collect_view();
            view! {
                <p class="bench__lead">
                    {format!("{title} of Falco, each with its candidates from narrow to broad. The archive holds what is chosen here, and every other mitigation file.")}
                </p>
                <p>
                    <Button id="bench-zip" kind=Kind::Primary resting=busy on_press=move |()| commands.export(Format::Archive)>
                        "Save the archive (.zip)"
                    </Button>
                    <span role="status" class="bench__notice">{move || state.notice().get()}</span>
                </p>
                <ol class="bench__list">{items}</ol>
            }
            .into_any()
        }
    };
    view! {
        <section class="bench" aria-labelledby="bench-title">
            <h1 class="panel__title" id="bench-title">"Mitigation workbench"</h1>
            <Lost/>
            {body}
        </section>
    }
}

#[component]
fn BenchView(bench: Bench) -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let workbench = state.desk().workbench();
    let Bench { id, title, name, candidates } = bench;
    let id = StoredValue::new(id);
    let is_open = Memo::new(move |_| {
        workbench.open().read().as_ref().is_some_and(|open| id.with_value(|id| open == id))
    });
    let is_out = Memo::new(move |_| id.with_value(|id| workbench.is_left_out(id)));
    let edit = move |()| {
        if is_open.get_untracked() {
            workbench.edit(None);
        } else {
            workbench.edit(Some(id.get_value()));
            id.with_value(|id| commands.prove(id));
        }
    };
    let views =
        candidates.into_iter().map(|candidate| view! { <CandidateView id candidate/> }).collect_view();
    view! {
        <li class="bench__tuning">
            <h2 class="bench__title">{title}</h2>
            <p class="bench__file"><code>{name}</code></p>
            <ul class="bench__candidates">{views}</ul>
            <p class="bench__actions">
                <Button on_press=edit>{move || if is_open.get() { "Close the editor" } else { "Show and edit the file" }}</Button>
                <Button kind=Kind::Quiet on_press=move |()| id.with_value(|id| workbench.toggle(id))>
                    {move || if is_out.get() { "Take it into the archive again" } else { "Leave it out of the archive" }}
                </Button>
            </p>
            {move || is_open.get().then(|| view! { <Editor id/> })}
        </li>
    }
}
