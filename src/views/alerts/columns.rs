use leptos::prelude::*;

use super::grid::title;
use crate::{
    commands::Commands,
    platform::storage,
    state::{AppState, Column},
};

/// Fields that are listed at once.
const LISTED: usize = 60;

/// Chooses the columns of the table among all keys and fields of the alerts.
#[component]
pub fn ColumnChooser() -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let desk = state.desk();
    let wanted = RwSignal::new(String::new());
    let toggle = move |name: &str| {
        desk.columns().update(|columns| Column::toggle(columns, name));
        storage::set(storage::Key::Columns, &Column::written(&desk.columns().read_untracked()));
        commands.search(0);
    };
    let choice = move |name: String| {
        let (label, key) = (title(&name), name.clone());
        let is_shown = move || desk.columns().read().iter().any(|column| column.name == key);
        view! {
            <label class="chooser__choice">
                <input type="checkbox" prop:checked=is_shown on:change=move |_| toggle(&name)/>
                <span>{label}</span>
            </label>
        }
    };
    let fitting = move || {
        let wanted = wanted.get().to_lowercase();
        let names = desk.known_columns().get();
        let fits = names.into_iter().filter(|name| title(name).to_lowercase().contains(&wanted));
        fits.take(LISTED).map(choice).collect_view()
    };
    view! {
        <details class="chooser">
            <summary class="chooser__head">"Columns"</summary>
            <div class="chooser__body">
                <label class="visually-hidden" for="column-search">"Find a column"</label>
                <input class="combo__field" id="column-search" type="search" placeholder="Find a column" bind:value=wanted/>
                <div class="chooser__list" role="group" aria-label="Columns" tabindex="0">{fitting}</div>
            </div>
        </details>
    }
}
