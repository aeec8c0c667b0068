use analysis::insight::overview::{Moment, Story};
use leptos::prelude::*;

use super::Number;
use crate::{commands::Commands, state::words::count};

/// Between two lanes of the drawing.
const LANE: usize = 36;

/// From the top of a lane to its line; its name stands above.
const LINE: usize = 26;

/// An incident: lanes by host or container over time, and the story beside them.
#[component]
pub fn Incident(
    /// What happened.
    story: Story,
) -> impl IntoView {
    let Story { count: alerts, class, lanes, moments, more, links } = story;
    let height = LANE * lanes.len().max(1);
    let drawn = lanes.iter().enumerate().map(|(at, name)| {
        let y = (at * LANE + LINE).to_string();
        view! {
            <line x1="0" x2="1000" y1=y.clone() y2=y stroke="currentColor" stroke-opacity="0.25"></line>
            <text x="0" y=(at * LANE + LINE / 2).to_string() fill="currentColor" font-size="13">{name.clone()}</text>
        }
        .into_any()
    });
    let drawn: Vec<AnyView> = drawn.collect();
    let dots = moments.iter().map(|moment| {
        let y = moment.lane as usize * LANE + LINE;
        let x = 8 + moment.at as usize * 984 / 1000;
        view! { <circle cx=x.to_string() cy=y.to_string() r="6" fill="currentColor"></circle> }.into_any()
    });
    let dots: Vec<AnyView> = dots.collect();
    let title = alerts.label.clone();
    let query = alerts.query.clone();
    let steps: Vec<AnyView> = moments.into_iter().map(|moment| step(moment, &lanes, &query)).collect();
    let links: Vec<AnyView> = links.into_iter().map(|link| view! { <li>{link}</li> }.into_any()).collect();
    view! {
        <article class="incident" data-class=class>
            <h3>{title} " " <Number count=alerts/></h3>
            <div class="incident__drawing">
                <svg viewBox=format!("0 0 1000 {height}") role="img" aria-label="Steps over time, a lane for each host or container">
                    {drawn} {dots}
                </svg>
            </div>
            <ol class="incident__steps">{steps}</ol>
            {(more > 0).then(|| view! { <p class="overview__more">{format!("and {} more steps", count(more))}</p> })}
            <details><summary>"Why these alerts belong together"</summary><ul>{links}</ul></details>
        </article>
    }
    .into_any()
}

fn step(moment: Moment, lanes: &[String], query: &str) -> AnyView {
    let commands = expect_context::<Commands>();
    let Moment { record, time, lane, rule, alerts, tactic, .. } = moment;
    let lane = lanes.get(lane as usize).cloned().unwrap_or_default();
    let query = query.to_owned();
    let show = move |_| commands.show_alert(query.clone(), record);
    let times = (alerts > 1).then(|| format!(" \u{d7} {}", count(alerts)));
    view! {
        <li>
            <span class="overview__more">{time}</span>
            " "
            <button type="button" class="overview__number" on:click=show>{rule} {times}</button>
            <span class="overview__more">{format!(" {tactic} \u{2013} {lane}")}</span>
        </li>
    }
    .into_any()
}
