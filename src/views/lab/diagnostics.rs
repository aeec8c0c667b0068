use analysis::diagnostic::Diagnostic;
use leptos::{html, prelude::*};

use crate::{
    state::{places, words::count},
    ui::Quoting,
};

/// What is wrong with a text or surprising about it, each with its line and a way to its place.
#[component]
pub fn Diagnostics(
    /// The text that they are about.
    text: String,
    /// In order of their weight.
    diagnostics: Vec<Diagnostic>,
    /// The field that the text is written in.
    field: NodeRef<html::Textarea>,
) -> impl IntoView {
    let item = move |diagnostic: Diagnostic| {
        let (start, end) = (place(diagnostic.start), place(diagnostic.end));
        let (from, to) = (places::units_of(&text, start), places::units_of(&text, end));
        let go = move |_| {
            if let Some(field) = field.get_untracked() {
                // A field in the document can always be focused and has a selection.
                let _ = field.focus();
                let _ = field.set_selection_range(from, to);
            }
        };
        let snippet = snippet(places::line_around(&text, start, end), diagnostic.line);
        view! {
            <li class="diagnostic" data-level=diagnostic.level.name()>
                <p class="diagnostic__head">
                    <strong class="diagnostic__level">{diagnostic.level.name()}</strong>
                    <button type="button" class="diagnostic__place" on:click=go>
                        {format!("line {}, column {}", count(diagnostic.line), count(diagnostic.column))}
                    </button>
                    <code class="diagnostic__code">{diagnostic.code}</code>
                </p>
                <p class="diagnostic__message"><Quoting text=diagnostic.message/></p>
                {diagnostic.hint.map(|hint| view! { <p class="diagnostic__hint"><Quoting text=hint/></p> })}
                <pre class="diagnostic__snippet">{snippet}</pre>
            </li>
        }
    };
    let items = diagnostics.into_iter().map(item).collect_view();
    view! { <ol class="diagnostics">{items}</ol> }
}

fn place(byte: u64) -> usize {
    usize::try_from(byte).unwrap_or(usize::MAX)
}

/// The line with its number, and carets under the place.
fn snippet([before, marked, rest]: [&str; 3], line: u64) -> String {
    let number = line.to_string();
    let blanks = |text: &str| " ".repeat(text.chars().count());
    let carets = "^".repeat(marked.chars().count().max(1));
    let shown = [before, marked, rest].concat().replace('\t', " ");
    format!("{number} | {shown}\n{} | {}{carets}", blanks(&number), blanks(before))
}
