//! The alert beside the table: what it consists of, where its process comes from, what was made of its finding.

use analysis::{mitigation::Language, shelf};
use leptos::prelude::*;

use super::{keys::go_to_sibling, lineage::lineage};
use crate::{
    commands::Commands,
    state::{AppState, words::count},
    ui::{Button, CopyButton, Kind, code},
    views::review::Marks,
    worker::protocol::{Details, Topic},
};

/// Everything that an alert consists of, beside the table.
#[component]
pub fn DetailsPane() -> impl IntoView {
    let desk = expect_context::<AppState>().desk();
    let is_open = Memo::new(move |_| desk.details().read().is_some());
    let is_raw = RwSignal::new(false);
    let title = move || desk.details().read().as_ref().map(|details| format!("Alert #{}", details.record));
    let finding = Memo::new(move |_| {
        desk.details().with(|details| Some(details.as_ref()?.siblings.as_ref()?.finding.clone()))
    });
    let body = move || desk.details().get().map(|details| body(details, is_raw));
    view! {
        <Show when=move || is_open.get()>
            <aside class="detail" id="details" aria-label="The alert" tabindex="0">
                <header class="detail__bar">
                    <div class="detail__head">
                        <h2 class="detail__title">{title}</h2>
                        <Button kind=Kind::Quiet on_press=move |()| desk.forget(Topic::Details)>"Close"</Button>
                    </div>
                    {move || finding.read().is_some().then(|| view! { <SiblingsLine/> })}
                </header>
                {move || finding.get().map(|id| view! { <Marks id/> })}
                {body}
            </aside>
        </Show>
    }
}

/// Where the alert stands among those of its finding, and the way to the others.
#[component]
fn SiblingsLine() -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let siblings =
        Memo::new(move |_| state.desk().details().with(|details| details.as_ref()?.siblings.clone()));
    let words = move || {
        let siblings = siblings.get()?;
        Some(format!("{} of {} in its finding", count(siblings.place), count(siblings.count)))
    };
    let lacks = move |is_next: bool| {
        Signal::derive(move || {
            siblings.with(|siblings| {
                let siblings = siblings.as_ref();
                siblings.is_none_or(|one| if is_next { one.next } else { one.previous }.is_none())
            })
        })
    };
    let go = move |is_next: bool| {
        go_to_sibling(state, commands, is_next);
    };
    view! {
        <nav class="detail__siblings" aria-label="Alerts of this finding">
            <Button id="sibling-previous" kind=Kind::Quiet resting=lacks(false) on_press=move |()| go(false)>"Previous"</Button>
            <span id="siblings" role="status">{words}</span>
            <Button id="sibling-next" kind=Kind::Quiet resting=lacks(true) on_press=move |()| go(true)>"Next"</Button>
        </nav>
    }
    .into_any()
}

fn body(details: Details, is_raw: RwSignal<bool>) -> AnyView {
    let Details { groups, lineage: ancestors, json, .. } = details;
    let mut groups = groups.into_iter().map(group);
    let first = groups.next();
    view! { {first} {lineage(ancestors)} {groups.collect_view()} {raw(json, is_raw)} }.into_any()
}

/// The alert as JSON. It is laid out once it is wanted, and stays open for the next alert.
fn raw(json: String, is_open: RwSignal<bool>) -> AnyView {
    let text = json.clone();
    let tokens = move || is_open.get().then(|| code(Language::Json, &text));
    let toggle = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        is_open.update(|is_open| *is_open = !*is_open);
    };
    view! {
        <details class="detail__raw" prop:open=move || is_open.get()>
            <summary class="detail__group" id="raw-toggle" on:click=toggle>"Raw JSON"</summary>
            <CopyButton id="raw-copy" text=json source="raw"/>
            <pre class="code__body" tabindex="0"><code id="raw">{tokens}</code></pre>
        </details>
    }
    .into_any()
}

fn group(group: shelf::Group) -> AnyView {
    let fields = group.fields.into_iter().map(field).collect_view();
    view! { <h3 class="detail__group">{group.title}</h3><dl class="fields">{fields}</dl> }.into_any()
}

fn field(field: shelf::Field) -> AnyView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let narrow = move |condition: &str| {
        let desk = state.desk();
        let query = desk.query().get_untracked();
        let joined =
            if query.trim().is_empty() { condition.to_owned() } else { format!("({query}) and {condition}") };
        desk.query().set(joined);
        desk.other_rows();
        commands.search(0);
    };
    let buttons = field.condition.map(|condition| {
        let (only, without) = (condition.clone(), format!("not {condition}"));
        view! {
            <span class="detail__filters">
                <button type="button" class="detail__filter" aria-label=format!("Only alerts with {condition}") on:click=move |_| narrow(&only)>"+"</button>
                <button type="button" class="detail__filter" aria-label=format!("No alerts with {condition}") on:click=move |_| narrow(&without)>"\u{2212}"</button>
            </span>
        }
    });
    let meaning = (!field.meaning.is_empty())
        .then(|| view! { <span class="detail__meaning">{field.meaning}</span> }.into_any());
    view! { <dt>{field.name} {meaning}</dt><dd>{field.value}{buttons}</dd> }.into_any()
}
