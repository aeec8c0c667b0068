use leptos::prelude::*;

/// How a whole is made up, as a bar. The figures beside it say the same.
#[component]
pub fn Shares(
    /// The bar in words.
    label: String,
    /// The parts, each with its kind for the style sheet and its size.
    parts: Vec<(&'static str, u64)>,
) -> impl IntoView {
    /// The bar's width, in units that need no fractions.
    const WIDTH: u64 = 10_000;
    let total = parts.iter().map(|(_, size)| *size).sum::<u64>().max(1);
    let mut done = 0;
    let part = |(kind, size): (&'static str, u64)| {
        let start = done * WIDTH / total;
        done += size;
        let width = done * WIDTH / total - start;
        view! { <rect data-share=kind x=start.to_string() y="0" width=width.to_string() height="100"/> }
    };
    let rects = parts.into_iter().map(part).collect_view();
    view! {
        <svg class="shares" role="img" aria-label=label viewBox="0 0 10000 100" preserveAspectRatio="none">{rects}</svg>
    }
}
