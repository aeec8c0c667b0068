use leptos::prelude::*;

use crate::{
    commands::Commands,
    state::AppState,
    ui::{Button, Kind},
    worker::protocol::Topic,
};

/// Everything that an alert consists of, beside the table.
#[component]
pub fn DetailsPane() -> impl IntoView {
    let desk = expect_context::<AppState>().desk();
    move || {
        desk.details().get().map(|details| {
            let close = move |()| desk.forget(Topic::Details);
            let groups = details.groups.into_iter().map(group).collect_view();
            view! {
                <aside class="detail" id="details" aria-label="The alert" tabindex="0">
                    <header class="detail__head">
                        <h2 class="detail__title">{format!("Alert #{}", details.record)}</h2>
                        <Button kind=Kind::Quiet on_press=close>"Close"</Button>
                    </header>
                    {groups}
                </aside>
            }
        })
    }
}

fn group(group: analysis::shelf::Group) -> AnyView {
    let fields = group.fields.into_iter().map(field).collect_view();
    view! { <h3 class="detail__group">{group.title}</h3><dl class="fields">{fields}</dl> }.into_any()
}

fn field(field: analysis::shelf::Field) -> AnyView {
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
    view! { <dt>{field.name}</dt><dd>{field.value}{buttons}</dd> }.into_any()
}
