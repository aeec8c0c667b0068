//! What the alerts that were found have most often; a press narrows the search to it, another one takes that back.

use analysis::{
    insight::overview::Count,
    search::{facets::Facet, terms},
};
use gloo::timers::callback::Timeout;
use leptos::{ev, prelude::*};

use crate::{
    commands::Commands,
    platform::{keys, page},
    state::{
        AppState,
        words::{count, counted},
    },
};

/// What arrow keys move among.
const VALUES: &str = ".facet__value";

/// Shows the values, or no longer.
#[component]
pub fn FacetsButton() -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let is_shown = state.desk().narrowing();
    if page::is_wide() {
        commands.narrow(true);
    }
    view! {
        <button
            type="button"
            class="button"
            id="show-facets"
            data-kind="quiet"
            aria-controls="facets"
            aria-expanded=move || is_shown.get().to_string()
            on:click=move |_| commands.narrow(!is_shown.get_untracked())
        >
            "Frequent values"
        </button>
    }
}

/// The values by what they are of.
#[component]
pub fn Facets() -> impl IntoView {
    let desk = expect_context::<AppState>().desk();
    let pressed = StoredValue::new(None::<String>);
    let facets = move || {
        let facets = desk.facets().get().into_iter().enumerate();
        facets.map(|(at, one)| facet(at, one, pressed)).collect_view()
    };
    // The button that was pressed is a new one now; the keyboard goes on from there.
    Effect::watch(
        move || desk.facets().get(),
        move |facets, _, _| {
            let Some(term) = pressed.try_update_value(Option::take).flatten() else { return };
            let id = facets.iter().enumerate().find_map(|(at, facet)| {
                Some(id_of(at, facet.values.iter().position(|value| value.query == term)?))
            });
            let id = id.unwrap_or_else(|| id_of(0, 0));
            Timeout::new(0, move || {
                if keys::is_nowhere() {
                    keys::focus(&id);
                }
            })
            .forget();
        },
        false,
    );
    let key = move |event: ev::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Home" => isize::MIN,
            "End" => isize::MAX,
            _ => return,
        };
        if keys::step(VALUES, by) {
            event.prevent_default();
        }
    };
    view! {
        <section class="facets" id="facets" aria-label="Frequent values" hidden=move || !desk.narrowing().get() on:keydown=key>
            {facets}
        </section>
    }
}

fn id_of(facet: usize, value: usize) -> String {
    format!("facet-{facet}-{value}")
}

fn facet(at: usize, facet: Facet, pressed: StoredValue<Option<String>>) -> AnyView {
    let Facet { title, values, more } = facet;
    let most = values.iter().map(|value| value.alerts).max().unwrap_or_default();
    let values: Vec<AnyView> = values
        .into_iter()
        .enumerate()
        .map(|(place, one)| value(id_of(at, place), one, most, pressed))
        .collect();
    let more = (more > 0).then(|| {
        view! { <p class="facet__more">{format!("and {}", counted(more, "other", "others"))}</p> }.into_any()
    });
    view! { <h2 class="facets__title">{title}</h2> <ul class="facet">{values}</ul> {more} }.into_any()
}

fn value(id: String, of: Count, most: u64, pressed: StoredValue<Option<String>>) -> AnyView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let Count { label, alerts, query: term } = of;
    let sought = term.clone();
    let is_on = move || {
        let is_on =
            state.desk().query().with(|query| terms::named(query).iter().any(|(_, _, one)| *one == sought));
        if is_on { "true" } else { "false" }
    };
    let press = move |_| {
        pressed.set_value(Some(term.clone()));
        commands.toggle_term(&term);
    };
    let share = format!("{}%", alerts.saturating_mul(100).checked_div(most).unwrap_or_default());
    // One stop of the Tab key; arrows go on from there.
    let stop = if id == id_of(0, 0) { "0" } else { "-1" };
    let said = label.clone();
    view! {
        <li>
            <button type="button" class="facet__value" id=id title=said tabindex=stop aria-pressed=is_on style:--share=share on:click=press>
                <span class="facet__label">{label}</span>
                <span class="facet__count">{count(alerts)}</span>
            </button>
        </li>
    }
    .into_any()
}
