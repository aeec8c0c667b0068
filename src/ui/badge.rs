use leptos::prelude::*;

/// A verdict in words; shape and colour repeat it and never stand alone.
#[component]
pub fn VerdictBadge(
    /// The verdict's class, for the style sheet.
    class: String,
    /// What it says.
    words: String,
    /// How sure that is, in percent.
    confidence: u8,
) -> impl IntoView {
    view! {
        <p class="verdict" data-verdict=class>
            <span class="verdict__mark" aria-hidden="true"></span>
            <span>
                <strong>{words}</strong>
                " "
                <span class="verdict__confidence">{format!("confidence {confidence} of 100")}</span>
            </span>
        </p>
    }
}
