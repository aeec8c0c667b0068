//! Pages of ours that hold their alerts: how they are written so that they can be read again.
//!
//! The alerts stand in one block that browsers do not run, as lines of canonical JSON in which `<` is
//! written as an escape. So nothing in it can end it, and whatever reads it knows its end by the first
//! `<`. All around it is text for people, in which nothing is looked for.

/// The first line of such a page, which tells it from every other file.
pub const OPENING: &str = r#"<!doctype html><html lang="en" data-holds="falco-alerts">"#;

/// The line before the alerts.
pub(super) const BLOCK: &str = r#"<script type="application/x-ndjson" id="falco-alerts">"#;

/// The line after them.
pub(super) const END: &str = "</script>";

/// The block with these alerts, which are lines of canonical JSON.
pub fn block(lines: &str) -> String {
    // JSON has this character in texts alone, where it may be escaped.
    format!("{BLOCK}\n{}{END}\n", lines.replace('<', "\\u003c"))
}
