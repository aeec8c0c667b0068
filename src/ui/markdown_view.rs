use leptos::prelude::*;

/// A part of the report's body. The only place where HTML text becomes nodes: it comes from the report
/// writer, which turns everything an alert contains into plain text first.
#[component]
pub fn MarkdownView(
    /// HTML made by the report writer.
    html: String,
) -> impl IntoView {
    view! { <div class="prose" inner_html=html></div> }
}
