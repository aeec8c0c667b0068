use leptos::prelude::*;

/// Covers the window while files are held over it.
#[component]
pub fn DropHint(
    /// Whether files are held over the window.
    #[prop(into)]
    over: Signal<bool>,
) -> impl IntoView {
    view! {
        <div class="drop-hint" class:drop-hint--over=move || over.get() aria-hidden="true">
            <p class="drop-hint__words">"Drop to analyse"</p>
        </div>
    }
}
