//! What every output of any report must keep. Tests check it over hostile values, the fuzzer over everything.

use analysis::Outcome;
use analysis::mitigation::Language;
use analysis::report::escape::is_hidden;
use analysis::report::{self, Report};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use saphyr::{LoadableYamlNode, Yaml};

/// Pieces of text that have a meaning somewhere: HTML, Markdown, YAML, Falco, shell, terminals.
pub const SHARP: [&str; 40] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</code></pre>",
    "&lt;",
    "&#106;",
    "<!--",
    "]]>",
    "`",
    "```",
    "~~~",
    "[x](javascript:alert(1))",
    "![x](https://e.example/i)",
    "\n# h",
    "\n\n---\n",
    "|",
    "\\",
    "*",
    "_",
    "https://e.example",
    "@everyone",
    "\n- macro: x\n",
    ": ",
    " #",
    "'",
    "\"",
    "{",
    "}",
    "[",
    ",",
    "&a",
    "*a",
    "!!str",
    "%",
    "(",
    ")",
    " or ",
    "$(reboot)",
    "; reboot",
    "\u{202E}",
    "\u{1B}[2J",
];

/// An alert of the ptrace rule with this text in every place that takes one.
pub fn alert_with(values: &[String; 6]) -> String {
    let [host, process, path, image, key, output] = values;
    serde_json::json!({
        "hostname": host, "uuid": key, "output": output, "priority": "Warning", "source": "syscall",
        "rule": "PTRACE attached to process", "time": "2026-01-01T00:00:00Z", "tags": [key, process],
        key: {key: [output]},
        "output_fields": {
            "proc.name": process, "proc.exepath": path, "proc.pname": host, "proc.cmdline": output,
            "container.id": "0123456789ab", "container.name": key, "container.image.repository": image,
            "k8s.pod.name": host, "k8s.ns.name": key, format!("proc.aname[{key}]"): "event-generator",
            key: format!("falco-event-generator-syscall-{output}"),
        },
    })
    .to_string()
}

/// Headings and links of a Markdown text, as a reader of it sees them.
fn structure(markdown: &str) -> (Vec<String>, Vec<String>, usize) {
    let (mut headings, mut links, mut html) = (Vec::new(), Vec::new(), 0);
    let mut inside = None;
    let extensions = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    for event in Parser::new_ext(markdown, extensions) {
        match event {
            Event::Start(Tag::Heading { .. }) => inside = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => headings.extend(inside.take()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(title) = &mut inside {
                    title.push_str(&text);
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                links.push(dest_url.to_string());
            }
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => html += 1,
            _ => {}
        }
    }
    (headings, links, html)
}

/// Every output of a report keeps its structure, whatever the values are.
pub fn check(report: &Report) {
    let markdown = report::markdown(report);
    let (headings, links, html) = structure(&markdown);
    let described = report.insight.groups.len().min(analysis::limits::GROUPS_DESCRIBED);
    assert_eq!(html, 0, "{markdown}");
    assert!(links.iter().all(|link| link.starts_with("#fields-of-finding-")), "{links:?}");
    let own: Vec<String> = report::document(report)
        .blocks
        .into_iter()
        .filter_map(|block| match block {
            report::document::Block::Heading { title, .. } => Some(title),
            _ => None,
        })
        .collect();
    assert_eq!(headings, own);
    assert_eq!(headings.iter().filter(|title| title.starts_with("Fields of finding")).count(), described);
    assert!(!markdown.contains(|character| character != '\n' && is_hidden(character)));

    let page = report::page(report);
    check_page(&page);
    let figures = FIGURES;
    let attributes = page.split('<').filter(|tag| figures.iter().any(|name| tag.starts_with(name)));
    for tag in attributes.map(|rest| rest.split('>').next().unwrap()) {
        assert!(["style=", "href", " on", "url("].iter().all(|bad| !tag.contains(bad)), "<{tag}>");
    }
    for piece in report::pieces(report) {
        if let report::Piece::Html(html) = piece {
            check_html(&html, &figures);
        }
    }
    let files = report::export(report);
    let (_, readme) = files.iter().find(|(name, _)| name == "README.md").unwrap();
    let (_, links, html) = structure(readme);
    assert!(links.is_empty() && html == 0, "{links:?} {readme}");
    assert!(!readme.contains(|character| character != '\n' && is_hidden(character)), "{readme}");
    check_yaml(report);
    for entry in report::contents(report) {
        assert!(!entry.title.contains(is_hidden));
    }
}

/// What figures are made of.
const FIGURES: [&str; 6] = ["svg", "rect", "path", "text", "details", "summary"];

/// Only the elements that a page has.
fn check_page(page: &str) {
    check_html(page, &[&["html", "head", "meta", "title", "style", "body", "main"][..], &FIGURES].concat());
}

/// A page that holds its alerts is the page without them, and one block that nothing in it ends.
pub fn check_page_with_alerts(outcome: &Outcome) {
    const BLOCK: &str = "<script type=\"application/x-ndjson\" id=\"falco-alerts\">\n";
    let page = report::page_with_alerts(&outcome.report, &outcome.parcel).unwrap();
    let (before, rest) = page.split_once(BLOCK).unwrap();
    let (lines, after) = rest.split_once('<').unwrap();
    let after = after.strip_prefix("/script>\n</head>\n").unwrap();
    assert!(before.contains("content=\"default-src 'none'; style-src 'sha256-"), "the policy stands first");
    let read = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
    let alerts = outcome.parcel.lines().unwrap_or_default();
    assert!(lines.lines().map(read).eq(alerts.lines().map(read)), "{lines}");
    let without = format!("{before}</head>\n{after}");
    let opening = "<!doctype html><html lang=\"en\" data-holds=\"falco-alerts\">";
    let without = without.replacen(opening, "<!doctype html>\n<html lang=\"en\">", 1);
    assert!(without == report::page(&outcome.report), "{without}");
    check_page(&without);
}

/// Only the elements that a report has, and no attribute but anchors and classes.
fn check_html(html: &str, also: &[&str]) {
    const OWN: [&str; 21] = [
        "h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "code", "pre", "strong", "em", "a", "table", "thead",
        "tbody", "tr", "th", "td", "br", "hr",
    ];
    for tag in html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default()) {
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        assert!(OWN.contains(&name) || also.contains(&name) || name == "!doctype", "<{tag}>");
        if OWN.contains(&name) {
            let attributes: Vec<&str> = tag.split(' ').skip(1).collect();
            let known = ["id=\"", "href=\"#fields-of-finding-", "class=\"language-", "start=\""];
            assert!(
                attributes.iter().all(|attribute| known.iter().any(|known| attribute.starts_with(known))),
                "<{tag}>"
            );
        }
    }
}

/// Every YAML file has exactly the keys it was meant to have, by a parser that is not ours.
pub fn check_yaml(report: &Report) {
    for file in report.plan.files().into_iter().filter(|file| file.language == Language::Yaml) {
        let documents = Yaml::load_from_str(&file.content).unwrap();
        let is_structured = |document: &Yaml| document.as_vec().is_some() || document.as_mapping().is_some();
        assert!(!documents.is_empty() && documents.iter().all(is_structured), "{}", file.content);
        for comment in file.content.lines().filter(|line| line.starts_with('#')) {
            assert!(comment.is_ascii(), "{comment}");
        }
    }
}
