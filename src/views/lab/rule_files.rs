use leptos::prelude::*;

use crate::{
    commands::Commands,
    platform::blobs::take_chosen,
    state::words::{count, counted},
    views::skipped::SkippedList,
    worker::protocol::RuleFile,
};

/// The rule files beside the alerts, and what is to be said about each.
#[component]
pub fn RuleFiles(
    /// The files, in the order of loading.
    files: Vec<RuleFile>,
) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let is_empty = files.is_empty();
    let items = files.into_iter().map(|file| view! { <File file/> }).collect_view();
    view! {
        <section class="rule-files" id="lab-rule-files" aria-labelledby="lab-rule-files-title">
            <h2 class="rule-files__title" id="lab-rule-files-title">"Rule files"</h2>
            {is_empty.then(|| view! {
                <p>"None yet. Drop the rule files that your Falco loads beside the alerts: they are checked, their macros and lists can be used here, and overlays are tried on them."</p>
            })}
            <ol class="rule-files__list">{items}</ol>
            <input
                class="visually-hidden"
                id="rule-file-input"
                type="file"
                multiple
                on:change:target=move |event| commands.files(take_chosen(&event.target()))
            />
            <label class="button" data-kind="plain" for="rule-file-input">"Add rule files\u{2026}"</label>
        </section>
    }
}

#[component]
fn File(file: RuleFile) -> impl IntoView {
    let RuleFile { name, loads, content, findings, count: all } = file;
    let verdict = if loads { "Falco loads it" } else { "Falco does not load it" };
    let rest = all.saturating_sub(u64::try_from(findings.len()).unwrap_or(u64::MAX));
    let found = (all > 0).then(|| {
        view! {
            <details open=!loads>
                <summary>{counted(all, "finding", "findings")}</summary>
                <SkippedList skipped=findings/>
                {(rest > 0).then(|| view! { <p>{format!("{} more are counted but not listed.", count(rest))}</p> })}
            </details>
        }
    });
    view! {
        <li class="rule-file">
            <p>
                <span class="rule-file__name">{name}</span>
                " "
                <strong class="rule-file__verdict" data-loads=loads.to_string()>{verdict}</strong>
                <span class="rule-file__content">{content}</span>
            </p>
            {found}
        </li>
    }
}
