use leptos::{ev, html, prelude::*};

/// A text field with a list of what can be typed next. Arrows go through the list, Enter takes what is
/// marked, Escape closes the list.
#[component]
pub fn ComboBox(
    /// For tests and labels; the list gets `{id}-list`.
    id: &'static str,
    /// The id of the element that says how to use it.
    described_by: &'static str,
    /// What is written.
    text: RwSignal<String>,
    /// What can be chosen: what is written then, and what it is.
    #[prop(into)]
    choices: Signal<Vec<(String, String)>>,
    /// Called after a change by typing, with the place of the cursor as the browser counts.
    #[prop(into)]
    on_input: Callback<u32>,
    /// Called with the number of a choice; gives the place of the cursor after it.
    #[prop(into)]
    on_choose: Callback<usize, u32>,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let closed = RwSignal::new(true);
    let marked = RwSignal::new(None::<usize>);
    let count = move || choices.read().len();
    let is_open = Memo::new(move |_| !closed.get() && count() > 0);
    Effect::watch(move || choices.get(), move |_, _, _| marked.set(None), false);

    let cursor = move || field.get_untracked().and_then(|field| field.selection_start().ok().flatten());
    let typed = move || {
        closed.set(false);
        on_input.run(cursor().unwrap_or(u32::MAX));
    };
    let choose = move |at: usize| {
        let place = on_choose.run(at);
        marked.set(None);
        if let Some(field) = field.get_untracked() {
            field.set_value(&text.read_untracked());
            // Refused only for fields that have no selection.
            let _ = field.set_selection_range(place, place);
        }
        typed();
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let (at, last) = (marked.get_untracked(), count().saturating_sub(1));
        match event.key().as_str() {
            "Escape" if is_open.get_untracked() => closed.set(true),
            "ArrowDown" if !is_open.get_untracked() => typed(),
            "ArrowDown" => marked.set(Some(at.map_or(0, |at| if at == last { 0 } else { at + 1 }))),
            "ArrowUp" if is_open.get_untracked() => {
                marked.set(Some(at.map_or(last, |at| at.checked_sub(1).unwrap_or(last))));
            }
            "Enter" => match at.filter(|_| is_open.get_untracked()) {
                Some(at) => choose(at),
                None => closed.set(true),
            },
            _ => return,
        }
        event.prevent_default();
    };
    let option = move |(at, (text, detail)): (usize, (String, String))| {
        let is_marked = move || marked.get() == Some(at);
        view! {
            <li
                class="combo__choice"
                role="option"
                id=format!("{id}-{at}")
                aria-selected=move || if is_marked() { "true" } else { "false" }
                // A press would take the focus away before the click.
                on:mousedown=|event| event.prevent_default()
                on:click=move |_| choose(at)
            >
                <code class="combo__text">{text}</code>
                <span class="combo__detail">{detail}</span>
            </li>
        }
    };
    view! {
        <div class="combo">
            <input
                class="combo__field"
                id=id
                node_ref=field
                type="text"
                role="combobox"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-autocomplete="list"
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                aria-controls=format!("{id}-list")
                aria-activedescendant=move || marked.get().filter(|_| is_open.get()).map(|at| format!("{id}-{at}"))
                aria-describedby=described_by
                bind:value=text
                on:input=move |_| typed()
                on:keydown=on_key
                on:blur=move |_| closed.set(true)
            />
            <ul class="combo__list" role="listbox" id=format!("{id}-list") aria-label="Suggestions" hidden=move || !is_open.get()>
                {move || choices.get().into_iter().enumerate().map(option).collect_view()}
            </ul>
        </div>
    }
}
