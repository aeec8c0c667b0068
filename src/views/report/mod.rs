//! The report with everything around it: contents, ways to save and share it, what it was made from.

mod accounting;
mod contents;
mod share;
mod toolbar;

use std::sync::Arc;

use leptos::prelude::*;

use self::{accounting::AccountingLine, contents::Contents, share::ShareDialog, toolbar::Toolbar};
use crate::{
    platform::download,
    state::AppState,
    ui::{CodeView, MarkdownView, VerdictBadge},
    worker::protocol::{CodeFile, Piece, Rendered, Verdict},
};

/// The last report.
#[component]
pub fn ReportView() -> impl IntoView {
    let state = expect_context::<AppState>();
    move || state.report().get().map(|shown| view! { <Report report=shown.report/> })
}

#[component]
fn Report(report: Arc<Rendered>) -> impl IntoView {
    let sharing = RwSignal::new(false);
    let verdict = report.verdict.clone();
    let body = report.pieces.iter().cloned().map(piece).collect_view();
    view! {
        <div class="report">
            <aside class="report__aside">
                <Toolbar files=report.files on_share=move |()| sharing.set(true)/>
                <Contents entries=report.contents.clone()/>
            </aside>
            <article class="report__body" id="report" aria-label="Alert Analysis Report">
                <div class="report__summary">
                    {verdict.map(|Verdict { class, words, confidence }| view! { <VerdictBadge class words confidence/> })}
                    <AccountingLine input=report.input.clone() skipped=report.skipped.clone()/>
                </div>
                {body}
            </article>
            <ShareDialog open=sharing link=report.link.clone()/>
        </div>
    }
}

fn piece(piece: Piece) -> AnyView {
    match piece {
        Piece::Html(html) => view! { <MarkdownView html/> }.into_any(),
        Piece::Code(file) => view! { <CodeView file on_save=|file: CodeFile| save(&file)/> }.into_any(),
    }
}

fn save(file: &CodeFile) {
    let name = file.name.rsplit('/').next().unwrap_or_default();
    download::save(name, "text/plain;charset=utf-8", file.content.as_bytes());
}
