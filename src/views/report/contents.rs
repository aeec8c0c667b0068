use leptos::prelude::*;

use crate::platform::page;
use analysis::report::Entry;

/// The deepest heading that is listed.
const DEEPEST: u8 = 3;

/// The report's headings. Beside the report where there is room, folded above it where there is not.
#[component]
pub fn Contents(
    /// The headings, in order; the report's own title is left out.
    entries: Vec<Entry>,
) -> impl IntoView {
    let items = entries
        .into_iter()
        .filter(|entry| (2..=DEEPEST).contains(&entry.level))
        .map(|Entry { level, id, title }| {
            view! { <li data-level=level.to_string()><a href=format!("#{id}")>{title}</a></li> }
        })
        .collect_view();
    view! {
        <nav class="contents" id="contents" aria-label="Contents">
            <details open=page::is_wide()>
                <summary class="contents__title">"Contents"</summary>
                <ol class="contents__list">{items}</ol>
            </details>
        </nav>
    }
}
