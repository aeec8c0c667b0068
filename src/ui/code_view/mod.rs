//! A mitigation file to read, copy and save.
//!
//! The text reaches the page as text nodes, one per token, so whatever a file contains stays text.

mod highlight;

use analysis::mitigation::Language;
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
    let tokens = code(file.language, &file.content);
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

/// A text in the colours of its language.
pub fn code(language: Language, text: &str) -> AnyView {
    let token = |Token { kind, text }: Token<'_>| {
        view! { <span class=kind.class()>{text.to_owned()}</span> }.into_any()
    };
    highlight(language, text).into_iter().map(token).collect_view().into_any()
}
