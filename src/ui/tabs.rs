use leptos::{ev, prelude::*};

/// One of several views; left and right go to the next one.
#[component]
pub fn Tabs(
    /// What the views are about.
    label: &'static str,
    /// Names for ids (`tab-NAME`, `panel-NAME`) and titles, in order.
    tabs: Vec<(&'static str, &'static str)>,
    /// The name of the view that is shown.
    #[prop(into)]
    chosen: Signal<&'static str>,
    /// Called with the name of another view.
    #[prop(into)]
    on_choose: Callback<&'static str>,
) -> impl IntoView {
    let names: Vec<&'static str> = tabs.iter().map(|(name, _)| *name).collect();
    let on_key = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => names.len() - 1,
            _ => return,
        };
        let at = names.iter().position(|name| *name == chosen.get_untracked()).unwrap_or_default();
        if let Some(next) = names.get((at + step) % names.len()) {
            event.prevent_default();
            on_choose.run(next);
        }
    };
    let tab = |(name, title): (&'static str, &'static str)| {
        let is_chosen = move || chosen.get() == name;
        let button = NodeRef::<leptos::html::Button>::new();
        // The focus follows the choice when it was made with the keyboard.
        Effect::new(move |before: Option<bool>| {
            let now = is_chosen();
            if let (Some(false), true, Some(button)) = (before, now, button.get_untracked()) {
                // A button in the document can always be focused.
                let _ = button.focus();
            }
            now
        });
        view! {
            <button
                type="button"
                role="tab"
                class="tabs__tab"
                id=format!("tab-{name}")
                node_ref=button
                aria-controls=format!("panel-{name}")
                aria-selected=move || if is_chosen() { "true" } else { "false" }
                tabindex=move || if is_chosen() { "0" } else { "-1" }
                on:click=move |_| on_choose.run(name)
            >
                {title}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=on_key>
            {tabs.into_iter().map(tab).collect_view()}
        </div>
    }
}

/// What a tab shows. It is made when it is first shown, and stays.
#[component]
pub fn TabPanel(
    /// The tab's name.
    name: &'static str,
    /// The name of the view that is shown.
    #[prop(into)]
    chosen: Signal<&'static str>,
    /// Its content.
    children: ChildrenFn,
) -> impl IntoView {
    let was_chosen = RwSignal::new(false);
    Effect::new(move |_| {
        if chosen.get() == name {
            was_chosen.set(true);
        }
    });
    view! {
        <div
            class="panel"
            role="tabpanel"
            id=format!("panel-{name}")
            aria-labelledby=format!("tab-{name}")
            hidden=move || chosen.get() != name
        >
            <Show when=move || was_chosen.get()>{children()}</Show>
        </div>
    }
}
