//! From a claim to the very fields that it rests on.
//!
//! In Markdown the evidence of a claim is one link to the list of a finding's fields. Here each field's name
//! becomes a link of its own, to the line of that list which has its value.

use std::collections::BTreeSet;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::super::document::{Block, Document, Inline, Line, anchor};

/// What the anchors of those lists begin with.
const LIST: &str = "fields-of-finding-";

/// The fields of a report that have anchors.
#[derive(Debug, Default)]
pub struct Fields(BTreeSet<String>);

impl Fields {
    /// Those of a document.
    pub fn of(document: &Document) -> Self {
        let mut anchors = BTreeSet::new();
        let follows = document.blocks.iter().skip(1);
        for (block, next) in document.blocks.iter().zip(follows) {
            let (Block::Heading { title, .. }, Block::Bullets(lines)) = (block, next) else { continue };
            let list = anchor(title);
            if list.starts_with(LIST) {
                let name = |line: &Line| match line.0.first() {
                    Some(Inline::Value(name)) if is_name(name) => Some(format!("{list}.{name}")),
                    _ => None,
                };
                anchors.extend(lines.iter().filter_map(name));
            }
        }
        Self(anchors)
    }
}

/// Gives each field in a list an anchor, and takes links to the list apart.
pub fn lead_to_fields<'a>(events: Vec<Event<'a>>, fields: &Fields) -> Vec<Event<'a>> {
    let mut out = Vec::with_capacity(events.len());
    let mut list: Option<CowStr<'_>> = None;
    let mut events = events.into_iter().peekable();
    while let Some(event) = events.next() {
        match &event {
            Event::Start(Tag::Heading { id, .. }) => list = id.clone().filter(|id| id.starts_with(LIST)),
            Event::Start(Tag::Item) => {
                let named = events.next_if(|next| matches!(next, Event::Code(_)));
                out.push(event);
                out.extend(named.map(|name| anchored(name, list.as_deref())));
                continue;
            }
            Event::Start(Tag::Link { dest_url, .. }) if is_list(dest_url) => {
                let list = dest_url.clone();
                let names = events.next_if(|next| matches!(next, Event::Text(text) if are_names(text)));
                if let Some(Event::Text(names)) = names {
                    out.extend(links(&list, &names, fields));
                    // The end of the link that was taken apart.
                    events.next_if(|next| matches!(next, Event::End(TagEnd::Link)));
                    continue;
                }
            }
            _ => {}
        }
        out.push(event);
    }
    out
}

fn is_list(address: &str) -> bool {
    address.strip_prefix('#').is_some_and(|anchor| anchor.starts_with(LIST))
}

fn are_names(text: &str) -> bool {
    text.split(", ").all(is_name)
}

/// Whether a field's name needs no escaping anywhere. Keys of an alert can be anything.
fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._[]".contains(&byte);
    !name.is_empty() && name.bytes().all(is_plain)
}

fn anchored<'a>(name: Event<'a>, list: Option<&str>) -> Event<'a> {
    match (name, list) {
        (Event::Code(name), Some(list)) if is_name(&name) => {
            Event::InlineHtml(format!("<code id=\"{list}.{name}\">{name}</code>").into())
        }
        (name, _) => name,
    }
}

/// A link for each name. A claim can rest on a field that is not there; its link leads to the list.
fn links<'a>(list: &str, names: &str, fields: &Fields) -> Vec<Event<'a>> {
    let mut links = Vec::new();
    for name in names.split(", ") {
        if !links.is_empty() {
            links.push(Event::Text(CowStr::from(", ")));
        }
        let own = format!("{list}.{name}");
        let is_there = own.strip_prefix('#').is_some_and(|anchor| fields.0.contains(anchor));
        let dest_url = if is_there { own } else { list.to_owned() };
        links.push(Event::Start(Tag::Link {
            link_type: LinkType::Inline,
            dest_url: dest_url.into(),
            title: CowStr::from(""),
            id: CowStr::from(""),
        }));
        links.push(Event::Text(name.to_owned().into()));
        links.push(Event::End(TagEnd::Link));
    }
    links
}

#[cfg(test)]
mod tests {
    use super::super::super::document::fields_title;
    use super::super::fragment;
    use super::*;

    fn fields(names: &[&str]) -> Fields {
        let lines = names.iter().map(|name| Line::default().value(name).text(": ").value("x")).collect();
        let heading = Block::Heading { level: 3, title: fields_title(1), about: None };
        Fields::of(&Document { blocks: vec![heading, Block::Bullets(lines)] })
    }

    #[test]
    fn a_claim_leads_to_each_of_its_fields() {
        let html = fragment(
            "It ran. [proc.name, proc.aname[2], time](#fields-of-finding-1)\n\n### Fields of finding 1\n\n- `proc.name`: `x`\n",
            &fields(&["proc.name", "proc.aname[2]"]),
        );
        for part in [
            "<a href=\"#fields-of-finding-1.proc.name\">proc.name</a>, ",
            "<a href=\"#fields-of-finding-1.proc.aname%5B2%5D\">proc.aname[2]</a>, ",
            "<a href=\"#fields-of-finding-1\">time</a>",
            "<li><code id=\"fields-of-finding-1.proc.name\">proc.name</code>: <code>x</code>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn names_that_could_be_markup_stay_text() {
        let name = "a\"><b>";
        let html = fragment(
            "### Fields of finding 1\n\n- `a\"><b>`: `x`\n\n[a\", b](#fields-of-finding-1)",
            &fields(&[name]),
        );
        assert!(html.contains("<code>a\"&gt;&lt;b&gt;</code>"), "{html}");
        assert!(html.contains("<a href=\"#fields-of-finding-1\">a\", b</a>"), "{html}");
    }
}
