//! The alerts, found by a condition or by words.

mod columns;
mod details;
mod facets;
mod grid;
mod keys;
mod lineage;

use analysis::search::{Reading, Window};
use leptos::prelude::*;

use self::{
    columns::ColumnChooser,
    details::DetailsPane,
    facets::{Facets, FacetsButton},
    grid::Grid,
    keys::KeySheet,
};
use crate::{
    commands::Commands,
    state::{AppState, places, words::count, words::counted},
    ui::{Button, ComboBox, Kind, Quoting},
    worker::protocol::Format,
};

/// The search bar and what it finds.
#[component]
pub fn Alerts() -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let desk = state.desk();
    commands.ask_for_columns();
    commands.search(0);
    let sheet = RwSignal::new(false);
    let choices = move || {
        let choices = desk.choices().get().map(|choices| choices.items).unwrap_or_default();
        choices.into_iter().map(|choice| (choice.text, choice.detail)).collect::<Vec<_>>()
    };
    let changed = move |units: u32| {
        let cursor = places::byte_of(&desk.query().read_untracked(), units);
        commands.query_changed(cursor);
    };
    view! {
        <section class="alerts" aria-labelledby="alerts-title">
            <h1 class="panel__title" id="alerts-title">"Alerts"</h1>
            <label class="alerts__label" for="query">"Search"</label>
            <ComboBox
                id="query"
                described_by="query-hint"
                text=desk.query()
                choices=Signal::derive(choices)
                on_input=changed
                on_choose=move |at| take(state, at)
            />
            <p class="alerts__hint" id="query-hint">
                "A condition in Falco\u{2019}s language, such as "
                <code>"proc.name = curl and k8s.ns.name != kube-system"</code>
                ", or plain words."
            </p>
            <Lost/>
            <div class="alerts__said" role="status" id="found">
                {move || desk.found().get().map(|window| said(&window))}
            </div>
            <RowsToolbar sheet/>
            <div class="desk">
                <Facets/>
                <Grid sheet/>
                <DetailsPane/>
            </div>
            <KeySheet open=sheet/>
        </section>
    }
}

/// Says so where the alerts can no longer be asked about.
#[component]
pub fn Lost() -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    view! {
        <Show when=move || state.desk().is_lost().get()>
            <p class="notice-page__fact">"The alerts are no longer in memory."</p>
            <Button on_press=move |()| commands.again()>"Load them again"</Button>
        </Show>
    }
}

/// Writes a choice into the query, with a blank behind it; the place of the cursor then.
fn take(state: AppState, at: usize) -> u32 {
    let desk = state.desk();
    let query = desk.query().get_untracked();
    let taken = desk.choices().with_untracked(|choices| {
        let choices = choices.as_ref()?;
        let (start, end) = (usize::try_from(choices.start).ok()?, usize::try_from(choices.end).ok()?);
        let blank = |text: &str| if text.ends_with('(') { "" } else { " " };
        let text = &choices.items.get(at)?.text;
        let before = format!("{}{text}{}", query.get(..start)?, blank(text));
        let after = query.get(end..)?.trim_start_matches(' ');
        Some((places::units_of(&before, before.len()), before + after))
    });
    let Some((place, query)) = taken else { return u32::MAX };
    desk.query().set(query);
    place
}

/// How many alerts there are, and how the query was understood.
fn said(window: &Window) -> impl IntoView + use<> {
    let found = counted(window.total, "alert", "alerts");
    let of = count(window.searched);
    let line = match &window.reading {
        Reading::Everything => format!("{found}."),
        Reading::Finding => format!("{found} of {of} are this finding of the report."),
        Reading::Terms => format!("{found} of {of} are so."),
        Reading::Condition => format!("The condition holds for {found} of {of}."),
        Reading::Words(_) => format!("{found} of {of} with these words."),
    };
    let lines = [
        (1, line),
        (window.unknown, format!("{} lack a field that would decide.", count(window.unknown))),
        (window.beyond, format!("{} more are not kept in memory and not searched.", count(window.beyond))),
    ];
    let said: Vec<String> = lines.into_iter().filter(|(size, _)| *size > 0).map(|(_, line)| line).collect();
    let why = match &window.reading {
        Reading::Words(Some(why)) => Some(why.clone()),
        _ => None,
    };
    let why = why.map(|why| {
        let hint = why.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
        let text = format!("This is no condition yet: {}{hint}.", why.message);
        view! { <p class="alerts__why"><Quoting text=text/></p> }
    });
    view! { <p>{said.join(" ")}</p>{why} }
}

/// What can be done with the rows.
#[component]
fn RowsToolbar(sheet: RwSignal<bool>) -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let selected = move || match state.desk().selection().read().len() {
        0 => String::new(),
        rows => format!("{} selected", count(rows)),
    };
    let save = move |label: &'static str, format: Format, id: &'static str| {
        view! { <Button id kind=Kind::Quiet on_press=move |()| commands.save_rows(format)>{label}</Button> }
    };
    view! {
        <div class="alerts__tools">
            <FacetsButton/>
            <ColumnChooser/>
            {save("Save as CSV", Format::Csv, "save-csv")}
            {save("Save as JSON lines", Format::Lines, "save-lines")}
            <Button id="show-keys" kind=Kind::Quiet on_press=move |()| sheet.set(true)>"Keys"</Button>
            <span class="alerts__selected" role="status" id="selected">{selected}</span>
        </div>
    }
}
