use leptos::prelude::*;

/// A message in which backticks mark names and quoted input.
#[component]
pub fn Quoting(
    /// The message.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let part = |(index, part): (usize, &str)| {
        let part = part.to_owned();
        if index % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
    };
    move || text.read().split('`').enumerate().map(part).collect_view()
}
