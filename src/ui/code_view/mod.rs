//! A mitigation file to read, copy and save.
//!
//! The text reaches the page as text nodes, one per token, so whatever a file contains stays text.

mod highlight;

use leptos::prelude::*;

pub use self::highlight::{Token, TokenKind, highlight};
use super::{Button, CopyButton, Kind};
use crate::worker::protocol::CodeFile;

/// A file with its name, what it is for, and buttons to copy and save it.
#[component]
pub fn CodeView(
    /// The file.
    file: CodeFile,
    /// Called to save it.
    #[prop(into)]
    on_save: Callback<CodeFile>,
) -> impl IntoView {
    let code_id = format!("code-{}", file.id);
    let tokens = highlight(file.language, &file.content)
        .into_iter()
        .map(|Token { kind, text }| view! { <span class=kind.class()>{text.to_owned()}</span> })
        .collect_view();
    let label = format!("{}: {}", file.name, file.title);
    let copied = file.content.clone();
    view! {
        <figure class="code" aria-label=label>
            <figcaption class="code__head">
                <span class="code__name">{file.name.clone()}</span>
                <span class="code__language">{file.language.title()}</span>
                <span class="code__actions">
                    <CopyButton text=copied source=code_id.clone()/>
                    <Button kind=Kind::Quiet on_press=move |()| on_save.run(file.clone())>"Download"</Button>
                </span>
            </figcaption>
            <pre class="code__body" tabindex="0"><code id=code_id>{tokens}</code></pre>
        </figure>
    }
}
