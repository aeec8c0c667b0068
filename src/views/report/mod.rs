//! The report with everything around it: contents, ways to save and share it, what it was made from.

mod accounting;
mod contents;
mod hits;
mod redacted;
mod share;
mod toolbar;

use std::sync::Arc;

use analysis::insight::FINDING_QUERY;
use leptos::prelude::*;

use self::{
    accounting::AccountingLine, contents::Contents, redacted::RedactedDialog, share::ShareDialog,
    toolbar::Toolbar,
};
use crate::{
    commands::Commands,
    platform::download,
    state::{AppState, Tab},
    ui::{Button, CodeView, Kind, MarkdownView, TabPanel, Tabs, VerdictBadge},
    views::{
        alerts::Alerts,
        compare::Compare,
        lab::Lab,
        overview::OverviewView,
        review::{self, Marks, ReviewLine},
        workbench::Benches,
    },
    worker::protocol::{CodeFile, Piece, Rendered, Verdict},
};

/// The last report.
#[component]
pub fn ReportView() -> impl IntoView {
    let state = expect_context::<AppState>();
    move || state.report().get().map(|shown| view! { <Views report=shown.report/> })
}

/// The report and what can be asked about its alerts.
#[component]
fn Views(report: Arc<Rendered>) -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    review::begin(state, commands);
    let desk = state.desk();
    let chosen = Signal::derive(move || desk.tab().get().name());
    let choose = move |name| {
        if let Some(tab) = Tab::named(name) {
            desk.show(tab);
        }
    };
    let tabs = Tab::ALL.map(|tab| (tab.name(), tab.title())).to_vec();
    let files = report.rule_files.clone();
    view! {
        <p class="visually-hidden" role="status" id="undone">{move || desk.history().said().get()}</p>
        <Tabs label="Views" tabs=tabs chosen=chosen on_choose=choose/>
        <TabPanel name="overview" chosen=chosen><OverviewView/></TabPanel>
        <TabPanel name="report" chosen=chosen><Report report=Arc::clone(&report)/></TabPanel>
        <TabPanel name="alerts" chosen=chosen><Alerts/></TabPanel>
        <TabPanel name="mitigations" chosen=chosen><Benches/></TabPanel>
        <TabPanel name="lab" chosen=chosen><Lab files=files.clone()/></TabPanel>
        <TabPanel name="compare" chosen=chosen><Compare/></TabPanel>
    }
}

#[component]
fn Report(report: Arc<Rendered>) -> impl IntoView {
    let sharing = RwSignal::new(false);
    let redacting = RwSignal::new(None);
    let commands = expect_context::<Commands>();
    let is_shared = !report.remarks.is_empty();
    let verdict = report.verdict.clone();
    let remarks = report.remarks.iter().cloned();
    let remarks = remarks.map(|remark| view! { <p class="notice-page__fact">{remark}</p> }).collect_view();
    let body = report.pieces.iter().cloned().map(piece).collect_view();
    view! {
        <div class="report">
            <aside class="report__aside">
                <Toolbar files=report.files can_embed=report.can_embed redacting on_share=move |()| sharing.set(true)/>
                <Contents entries=report.contents.clone()/>
            </aside>
            <article class="report__body" id="report" aria-label="Alert Analysis Report">
                <div class="report__summary">
                    {verdict.map(|Verdict { class, words, confidence }| view! { <VerdictBadge class words confidence/> })}
                    <AccountingLine input=report.input.clone() skipped=report.skipped.clone()/>
                </div>
                {remarks}
                {(is_shared && commands.has_before()).then(|| view! {
                    <p><Button id="restore" on_press=move |()| commands.restore()>"Back to what was open before"</Button></p>
                })}
                {body}
            </article>
            <ShareDialog open=sharing/>
            <RedactedDialog format=redacting/>
        </div>
    }
}

fn piece(piece: Piece) -> AnyView {
    match piece {
        Piece::Html(html) => view! { <MarkdownView html/> }.into_any(),
        Piece::Review(Some(id)) => view! { <Marks id/> }.into_any(),
        Piece::Review(None) => view! { <ReviewLine/> }.into_any(),
        Piece::Members(id, count) => view! { <Members id count/> }.into_any(),
        Piece::Code(file) => view! { <CodeView file on_save=|file: CodeFile| save(&file)/> }.into_any(),
    }
}

/// The way from a finding to its alerts.
#[component]
fn Members(id: String, count: u64) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let show = move |()| commands.show_alerts(format!("{FINDING_QUERY}{id}"));
    let words = if count == 1 { "Show its alert".to_owned() } else { format!("Show its {count} alerts") };
    view! { <p class="report__members"><Button kind=Kind::Quiet on_press=show>{words}</Button></p> }
}

fn save(file: &CodeFile) {
    let name = file.name.rsplit('/').next().unwrap_or_default();
    download::save(name, "text/plain;charset=utf-8", file.content.as_bytes());
}
