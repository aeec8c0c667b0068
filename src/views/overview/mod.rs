//! The loaded alerts at one look. Every number leads to the alerts that it counts.

mod brush;
mod histogram;
mod incident;
mod matrix;

use analysis::insight::overview::{Count, Headline, Overview};
use leptos::prelude::*;

use self::{histogram::HistogramView, incident::Incident};
use super::alerts::Lost;
use crate::{
    commands::Commands,
    state::{
        AppState,
        words::{count, counted},
    },
};

/// The overview, once the worker has made it.
#[component]
pub fn OverviewView() -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    commands.look(None);
    view! {
        <section class="overview" aria-labelledby="overview-title">
            <h1 class="panel__title" id="overview-title">"Overview"</h1>
            <Lost/>
            {move || state.desk().overview().get().map(whole)}
        </section>
    }
}

fn whole(overview: Overview) -> AnyView {
    let more = overview.findings_total.saturating_sub(overview.findings.len() as u64);
    let findings = overview.findings.into_iter().map(headline).collect_view();
    let incidents = overview.incidents.into_iter().map(|story| view! { <Incident story/> }.into_any());
    let incidents: Vec<AnyView> = incidents.collect();
    let more_incidents = overview.incidents_total.saturating_sub(incidents.len() as u64);
    let none = incidents.is_empty().then_some("No alerts were found to belong together.");
    let tops =
        overview.tops.into_iter().map(|(title, counts, more)| list(title, counts, more)).collect_view();
    let [loud, quiet] = overview.volume;
    let beyond = overview.beyond;
    view! {
        <p class="overview__lead">
            {counted(overview.alerts, "alert", "alerts")} " in " {counted(overview.findings_total, "finding", "findings")}
            {(beyond > 0).then(|| format!("; {} are counted but not kept, so searches find fewer", count(beyond)))} "."
        </p>
        {volume(overview.loud_groups, overview.alerts, loud, quiet)}
        <HistogramView histogram=overview.histogram/>
        <h2>"Findings to read first"</h2>
        <ol class="overview__findings">{findings}</ol>
        {more_in_report(more)}
        <h2>"Incidents"</h2>
        <p class="overview__more">{none}</p>
        {incidents}
        {more_in_report(more_incidents)}
        <h2>"What it is made of"</h2>
        <div class="overview__grid">{list("Priorities".to_owned(), overview.priorities, 0)} {tops}</div>
        <h2>"ATT&CK"</h2>
        {matrix::matrix(overview.matrix)}
    }
    .into_any()
}

/// How many more there are than are listed.
fn more_in_report(more: u64) -> Option<AnyView> {
    (more > 0).then(|| {
        view! { <p class="overview__more">{format!("{} more are in the report.", count(more))}</p> }
            .into_any()
    })
}

/// Which groups make most of the volume.
fn volume(groups: u64, alerts: u64, loud: Count, quiet: Count) -> Option<AnyView> {
    let percent = loud.alerts.saturating_mul(100).checked_div(alerts)?;
    (groups > 0).then(|| {
        view! {
            <p class="overview__budget">
                {counted(groups, "finding makes", "findings make")} {format!(" {percent} % of the volume (")} <Number count=loud/>
                "). What is left to read: " <Number count=quiet/> "."
            </p>
        }
        .into_any()
    })
}

fn headline(finding: Headline) -> AnyView {
    let Headline { count, class, verdict, actor } = finding;
    let rule = count.label.clone();
    view! {
        <li class="overview__finding" data-class=class>
            <strong>{rule}</strong>
            <span>{verdict}</span>
            <Number count/>
            <span class="overview__more">{actor}</span>
        </li>
    }
    .into_any()
}

fn list(title: String, counts: Vec<Count>, more: u64) -> AnyView {
    if counts.is_empty() {
        return ().into_any();
    }
    let row = |count: Count| {
        let label = count.label.clone();
        view! { <li><span class="overview__label">{label}</span><Number count/></li> }.into_any()
    };
    let rows: Vec<AnyView> = counts.into_iter().map(row).collect();
    view! {
        <section class="overview__list">
            <h3>{title}</h3>
            <ul>{rows}</ul>
            {(more > 0).then(|| view! { <p class="overview__more">{format!("and {} more", count(more))}</p> })}
        </section>
    }
    .into_any()
}

/// A number that leads to the alerts it counts, where a query can find them.
#[component]
fn Number(count: Count) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let Count { label, alerts, query } = count;
    let words = counted(alerts, "alert", "alerts");
    if query.is_empty() {
        return view! { <span class="overview__number">{words}</span> }.into_any();
    }
    let name = format!("{words}: {label}");
    let show = move |_| commands.show_alerts(query.clone());
    view! { <button type="button" class="overview__number" aria-label=name on:click=show>{words}</button> }
        .into_any()
}
