use leptos::prelude::*;

/// The product's name with its mark.
#[component]
pub fn Wordmark() -> impl IntoView {
    view! {
        <span class="wordmark">
            <svg class="wordmark__mark" viewBox="0 0 32 32" aria-hidden="true">
                <path d="M6 27V5h14l6 6v16z"/>
                <path d="M20 5v6h6"/>
                <path d="M10.5 16.5c3.2-.4 5-1.6 6.3-3.5 1.7 1.4 3.5 1.8 5.2 1.7-1 4.3-4.4 7-9 7.3"/>
            </svg>
            "Falco Report"
        </span>
    }
}
