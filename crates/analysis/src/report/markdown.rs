//! The document as Markdown, the one text that browser and command line share byte for byte.

use std::fmt::Write;

use super::document::{Block, Command, Document, Inline, Line, anchor, fields_title};
use super::escape::{code_block, code_span, words};
use crate::mitigation::Mitigation;

/// Writes a document; files of mitigations become code blocks.
pub fn write(document: &Document, mitigations: &[Mitigation]) -> String {
    let mut out = String::new();
    for block in &document.blocks {
        block_into(&mut out, block, mitigations);
    }
    out
}

/// Writes one block, with the blank line before it.
pub fn block_into(out: &mut String, block: &Block, mitigations: &[Mitigation]) {
    if matches!(block, Block::Review(_, None)) {
        return;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    match block {
        Block::Heading { level, title, .. } => {
            line(out, &format!("{} {}", "#".repeat(usize::from(*level)), words(title)));
        }
        Block::Paragraph(text) | Block::Members(_, _, text) | Block::Review(_, Some(text)) => {
            line(out, &inlines(text));
        }
        Block::Review(_, None) => {}
        Block::Bullets(items) => {
            for item in items {
                line(out, &format!("- {}", inlines(item)));
            }
        }
        Block::Steps(steps) => {
            for (at, (text, commands)) in steps.iter().enumerate() {
                if at > 0 {
                    out.push('\n');
                }
                step(out, at + 1, text, commands);
            }
        }
        Block::Table(rows) | Block::Figure(_, rows) => table(out, rows),
        Block::Quote(text) => out.push_str(&code_block("text", text)),
        Block::File(id) => {
            let mitigation = mitigations.iter().find(|mitigation| mitigation.id == *id);
            if let Some(file) = mitigation.and_then(|mitigation| mitigation.file.as_ref()) {
                line(out, &format!("File {}:\n", code_span(&file.name)));
                out.push_str(&code_block(file.language.name(), &file.content));
            }
        }
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn step(out: &mut String, number: usize, text: &Line, commands: &[Command]) {
    let mark = format!("{number}. ");
    line(out, &format!("{mark}{}", inlines(text)));
    let indent = " ".repeat(mark.len());
    for Command(command) in commands {
        out.push('\n');
        for part in code_block("sh", command).lines() {
            line(out, &format!("{indent}{part}"));
        }
    }
}

fn table(out: &mut String, rows: &[Vec<Line>]) {
    for (at, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(cell).collect();
        line(out, &format!("| {} |", cells.join(" | ")));
        if at == 0 {
            line(out, &format!("|{}", " --- |".repeat(cells.len())));
        }
    }
}

/// A bar in a value would end its cell, and escapes for it differ between readers of Markdown.
fn cell(text: &Line) -> String {
    let spelt = |inline: &Inline| match inline {
        Inline::Value(text) => Inline::Value(text.replace('|', "⟨U+007C⟩")),
        other => other.clone(),
    };
    inlines(&Line(text.0.iter().map(spelt).collect()))
}

fn inlines(text: &Line) -> String {
    let mut out = String::new();
    for inline in &text.0 {
        // Writing to a String cannot fail.
        let _ = match inline {
            Inline::Text(text) => write!(out, "{}", words(text)),
            Inline::Strong(text) => write!(out, "**{}**", words(text)),
            Inline::Code(text) | Inline::Value(text) => write!(out, "{}", code_span(text)),
            Inline::Cite(fields, finding) => {
                let anchor = anchor(&fields_title(*finding));
                write!(out, " [{}](#{anchor})", words(&fields.join(", ")))
            }
        };
    }
    out
}
