use leptos::prelude::*;

use crate::{state::words::count, ui::Quoting, worker::protocol::Skipped};

/// Places that could not be read, each with its reason and a next step.
#[component]
pub fn SkippedList(
    /// The places, in order.
    skipped: Vec<Skipped>,
) -> impl IntoView {
    let items = skipped
        .into_iter()
        .map(|Skipped { file, line, column, code, message, help }| {
            view! {
                <li class="skipped__item">
                    <p class="skipped__place">
                        <span class="skipped__file">{file}</span>
                        {format!(", line {}, column {}", count(line), count(column))}
                        <code class="skipped__code">{code}</code>
                    </p>
                    <p class="skipped__message"><Quoting text=message/></p>
                    <p class="skipped__help"><Quoting text=help/></p>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="skipped">{items}</ol> }
}
