//! Parts without opinions: props in, callbacks out, no context.

mod badge;
mod button;
mod code_view;
mod copy_button;
mod dialog;
mod drop_hint;
mod markdown_view;
mod progress_bar;
mod quoting;
mod theme_toggle;
mod wordmark;

pub use self::{
    badge::VerdictBadge,
    button::{Button, Kind},
    code_view::{CodeView, Token, TokenKind, highlight},
    copy_button::CopyButton,
    dialog::Dialog,
    drop_hint::DropHint,
    markdown_view::MarkdownView,
    progress_bar::ProgressBar,
    quoting::Quoting,
    theme_toggle::ThemeToggle,
    wordmark::Wordmark,
};
