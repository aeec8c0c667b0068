use leptos::prelude::*;

/// How much is done, as a bar. Until the total is known it only says that something goes on.
#[component]
pub fn ProgressBar(
    /// For tests and labels.
    id: &'static str,
    /// What is going on.
    label: &'static str,
    /// Done so far.
    #[prop(into)]
    done: Signal<u64>,
    /// All there is to do.
    #[prop(into)]
    total: Signal<u64>,
) -> impl IntoView {
    let value = move || (total.get() > 0).then(|| done.get().to_string());
    let max = move || total.get().max(1).to_string();
    view! { <progress class="progress" id=id aria-label=label value=value max=max></progress> }
}
