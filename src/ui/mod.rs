//! Parts without opinions: props in, callbacks out, no context.

mod badge;
mod button;
mod code_view;
mod combo_box;
mod copy_button;
mod dialog;
mod drop_hint;
mod markdown_view;
mod progress_bar;
mod qr_code;
mod quoting;
mod shares;
mod tabs;
mod theme_toggle;
mod wordmark;

pub use self::{
    badge::VerdictBadge,
    button::{Button, Kind},
    code_view::{CodeView, Token, TokenKind, code, highlight},
    combo_box::ComboBox,
    copy_button::CopyButton,
    dialog::Dialog,
    drop_hint::DropHint,
    markdown_view::MarkdownView,
    progress_bar::ProgressBar,
    qr_code::qr_code,
    quoting::Quoting,
    shares::Shares,
    tabs::{TabPanel, Tabs},
    theme_toggle::ThemeToggle,
    wordmark::Wordmark,
};
