use analysis::insight::overview::Histogram;
use leptos::prelude::*;

use super::brush::Brush;
use crate::{
    commands::Commands,
    state::words::{counted, moment},
    ui::{Button, Kind},
};

/// When the alerts came. Two sliders, or a pointer that is dragged over it, choose a span of periods, to be shown as alerts or looked into.
#[component]
pub fn HistogramView(
    /// The periods.
    histogram: Histogram,
) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let Histogram { periods, edges, length, svg, bars } = histogram;
    let last = periods.len().saturating_sub(1);
    if periods.is_empty() {
        return view! { <p class="overview__more">"No alert says when it happened."</p> }.into_any();
    }
    let totals: Vec<u64> = periods.iter().map(|period| period.iter().sum()).collect();
    let rows = edges.iter().zip(&totals).filter(|(_, total)| **total > 0).map(|(from, total)| {
        view! { <tr><th scope="row">{moment(from)}</th><td>{*total}</td></tr> }.into_any()
    });
    let rows: Vec<AnyView> = rows.collect();
    let (from, to) = (RwSignal::new(0_usize), RwSignal::new(last));
    // Whichever slider was passed by the other, the span is between them.
    let chosen = move || (from.get().min(to.get()), from.get().max(to.get()));
    let span = {
        let edges = edges.clone();
        move || {
            let (from, to) = chosen();
            edges.get(from).cloned().zip(edges.get(to + 1).cloned())
        }
    };
    let said = {
        let span = span.clone();
        move || {
            let (from, to) = chosen();
            let alerts: u64 = totals.iter().take(to + 1).skip(from).sum();
            let (begin, end) = span()?;
            let alerts = counted(alerts, "alert", "alerts");
            Some(format!("{} to {} (UTC): {alerts}", moment(&begin), moment(&end)))
        }
    };
    let show = {
        let span = span.clone();
        move |()| {
            if let Some((from, to)) = span() {
                commands.show_alerts(format!("from:{from} to:{to}"));
            }
        }
    };
    let slider = move |label: &'static str, value: RwSignal<usize>| {
        view! {
            <label>
                {label}
                <input
                    type="range"
                    class="overview__slider"
                    min="0"
                    max=last.to_string()
                    prop:value=move || value.get().to_string()
                    on:input:target=move |event| value.set(event.target().value().parse().unwrap_or_default())
                />
            </label>
        }
        .into_any()
    };
    view! {
        <h2>"When"</h2>
        <Brush svg bars last from to on_whole=move |()| {
            from.set(0);
            to.set(last);
            commands.look(None);
        }/>
        <div class="overview__span" role="group" aria-label="Span of time">
            {slider("From", from)} {slider("To", to)}
            <output>{said}</output>
            <Button kind=Kind::Quiet on_press=show>"Show these alerts"</Button>
            <Button kind=Kind::Quiet on_press=move |()| commands.look(span())>"Zoom in"</Button>
            <Button kind=Kind::Quiet on_press=move |()| commands.look(None)>"Whole time"</Button>
        </div>
        <details>
            <summary>{format!("The numbers, in periods of {length}")}</summary>
            <table class="overview__table">
                <thead><tr><th scope="col">"From (UTC)"</th><th scope="col">"Alerts"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
    .into_any()
}
