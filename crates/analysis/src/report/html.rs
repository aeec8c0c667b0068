//! Markdown as HTML, through `pulldown-cmark`, for the page and for exported files.
//!
//! The Markdown is our own, with every stranger's text in code. Should that ever fail, nothing here
//! lets markup through: raw HTML becomes text, images become their words, and links lead only to
//! places in the same document.

mod evidence;

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeStream};
use sha2::{Digest, Sha256};

use super::document::anchor;
use crate::ingest::page;
pub use evidence::Fields;

const STYLE: &str = include_str!("export.css");

/// The HTML of a piece of Markdown. Headings get anchors, and evidence leads to fields that have them.
pub fn fragment(markdown: &str, fields: &Fields) -> String {
    let mut events: Vec<Event<'_>> = TextMergeStream::new(Parser::new_ext(markdown, Options::ENABLE_TABLES))
        .filter_map(harmless)
        .collect();
    name_headings(&mut events);
    let events = evidence::lead_to_fields(events, fields);
    let mut out = String::with_capacity(markdown.len() * 2);
    pulldown_cmark::html::push_html(&mut out, events.into_iter());
    out
}

/// A whole HTML file around a body, which needs nothing else and may load nothing else. Alerts, as lines
/// of canonical JSON, stand in it so that it can be read again.
pub fn page(title: &str, body: &str, alerts: Option<&str>) -> String {
    let (opening, block) = match alerts {
        None => ("<!doctype html>\n<html lang=\"en\">", String::new()),
        Some(lines) => (page::OPENING, page::block(lines)),
    };
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "{opening}\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n{block}</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escape(title)
    );
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn harmless(event: Event<'_>) -> Option<Event<'_>> {
    Some(match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
        Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
            let dest_url = if dest_url.starts_with('#') { dest_url } else { CowStr::from("#") };
            Event::Start(Tag::Link { link_type, dest_url, title: CowStr::from(""), id })
        }
        other => other,
    })
}

fn name_headings(events: &mut [Event<'_>]) {
    let mut rest = events;
    while let Some(at) = rest.iter().position(|event| matches!(event, Event::Start(Tag::Heading { .. }))) {
        let (before, after) = rest.split_at_mut(at + 1);
        let words = after.iter().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
        let title: String = words
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        if let Some(Event::Start(Tag::Heading { id, .. })) = before.last_mut() {
            *id = Some(CowStr::from(anchor(&title)));
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        let html = fragment(
            "<script>x</script>\n\na <b>c</b> ![alt](https://e.example/i.png) [x](javascript&#58;alert(1))",
            &Fields::default(),
        );
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        assert!(!html.contains("<img") && !html.contains("https:") && !html.contains("javascript"), "{html}");
    }

    #[test]
    fn headings_have_anchors_and_links_lead_to_them() {
        let html = fragment("## Next Steps\n\nSee [a](#next-steps).", &Fields::default());
        assert!(html.contains("<h2 id=\"next-steps\">Next Steps</h2>"), "{html}");
        assert!(html.contains("<a href=\"#next-steps\">a</a>"), "{html}");
    }

    #[test]
    fn a_page_stands_alone() {
        let page = page("a < b", &fragment("# T", &Fields::default()), None);
        assert!(page.contains("default-src 'none'") && page.contains("<title>a &lt; b</title>"));
    }
}
