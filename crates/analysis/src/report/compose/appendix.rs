//! Appendix: the fields of each finding's alert, and what became of every record of the input.

use std::collections::BTreeSet;

use super::super::Report;
use super::super::document::{Block, Line, fields_title};
use super::{Told, counted, heading};
use crate::alert::Value;
use crate::ingest::{Encoding, FileSummary};
use crate::insight::signals::Signal;
use crate::knowledge;

pub fn write(report: &Report, told: &[Told<'_>], blocks: &mut Vec<Block>) {
    blocks.push(heading(2, "Appendix"));
    for told in told {
        blocks.push(Block::Heading { level: 3, title: fields_title(told.number), about: None });
        blocks.push(Block::Bullets(fields(*told)));
    }
    input(report, blocks);
    redaction(report, told, blocks);
}

fn fields(told: Told<'_>) -> Vec<Line> {
    let alert = &told.group.example;
    let provenance = alert.provenance();
    let marks = provenance.marks.iter().map(|mark| Line::prose(&format!("This alert {}.", mark.phrase())));
    let filled = |name: &str| provenance.filled.iter().any(|filled| filled == name);
    let own = alert.object().iter().filter(|(name, _)| !matches!(*name, "output" | "output_fields"));
    let own = own.map(|(name, value)| field(name, value, filled(name)));
    let inner = alert.fields().map(|(name, value)| field(name, value, filled("output_fields")));
    marks.chain(own).chain(inner).collect()
}

fn field(name: &str, value: &Value, is_filled: bool) -> Line {
    let line = Line::default().value(name).text(": ");
    let line = match value {
        Value::Null => line.text("null"),
        Value::String(text) => line.value(text),
        other => line.value(&other.json()),
    };
    if is_filled { line.text(" (from the envelope)") } else { line }
}

fn input(report: &Report, blocks: &mut Vec<Block>) {
    blocks.push(heading(3, "Input"));
    let total = report.total;
    blocks.push(super::paragraph(&format!(
        "{}: {}, {}, {} skipped, {}. Knowledge {}{}.",
        counted(total.total(), "record"),
        counted(total.alerts, "alert"),
        counted(total.duplicates, "duplicate"),
        total.skipped,
        counted(total.noise, "other line"),
        knowledge::VERSION,
        match report.own.files.len() as u64 {
            0 => String::new(),
            files => format!(" and {} of your own", counted(files, "file")),
        }
    )));
    let files = report.files.iter().map(|file| {
        let (records, bytes) = (file.records, file.in_bytes);
        Line::default()
            .value(&file.name)
            .text(&format!(
                ": {}, {}: {} in alerts, {} in duplicates, {} skipped, {} in other text.",
                file.shape.name().replace('_', " "),
                counted(file.size, "byte"),
                bytes.alerts,
                bytes.duplicates,
                bytes.skipped,
                bytes.noise
            ))
            .text(&format!(
                " {}, {}, {} skipped, {}.",
                counted(records.alerts, "alert"),
                counted(records.duplicates, "duplicate"),
                records.skipped,
                counted(records.noise, "other line")
            ))
            .text(&wrapping(file))
            .then(hash(file))
    });
    let files: Vec<Line> = files.collect();
    if !files.is_empty() {
        blocks.push(Block::Bullets(files));
    }
    notes(report, blocks);
    if report.skipped.is_empty() {
        return;
    }
    blocks.push(heading(3, "Skipped records"));
    let skipped = report.skipped.iter().map(|finding| {
        let position = finding.position;
        Line::default()
            .value(&finding.file)
            .text(&format!(
                ", line {}, column {} (byte {}): ",
                position.line, position.column, position.offset
            ))
            .then(message(&finding.message))
            .text(&format!(" ({}). To do: {}.", finding.code.name(), finding.code.help()))
    });
    blocks.push(Block::Bullets(skipped.collect()));
    let listed = report.skipped.len() as u64;
    if total.skipped > listed {
        blocks.push(super::paragraph(&format!(
            "Further skipped records, counted but not listed: {}.",
            total.skipped - listed
        )));
    }
}

/// The file's SHA-256, where it was asked for.
fn hash(file: &FileSummary) -> Line {
    match &file.sha256 {
        Some(sha256) if file.packing.is_empty() => Line::prose(&format!(" SHA-256 `{sha256}`.")),
        Some(sha256) => Line::prose(&format!(" SHA-256 of the packed file `{sha256}`.")),
        None => Line::default(),
    }
}

/// What was replaced, and which verdicts rest on fields in which something was.
fn redaction(report: &Report, told: &[Told<'_>], blocks: &mut Vec<Block>) {
    let Some(redaction) = &report.redaction else { return };
    blocks.push(heading(3, "Redaction"));
    let counts: Vec<String> = redaction.counts.iter().map(|(name, count)| counted(*count, name)).collect();
    let replaced = if counts.is_empty() { "nothing was found".to_owned() } else { counts.join(", ") };
    blocks.push(super::paragraph(&format!(
        "Before anything was read, values were looked for that should not be handed on, and replaced by pseudonyms: {replaced}. The same value has the same pseudonym everywhere."
    )));
    let mut lines = Vec::new();
    for told in told {
        let Some(touched) = redaction.fields.get(&told.group.rule) else { continue };
        let cited = told.group.verdict.signals.iter().flat_map(Signal::fields);
        let rests: BTreeSet<&str> = cited.filter(|field| touched.contains(*field)).collect();
        if rests.is_empty() {
            continue;
        }
        let mut line = Line::prose(&format!(
            "The verdict on finding {} reads fields in which something was replaced:",
            told.number
        ));
        for (at, field) in rests.iter().enumerate() {
            line = line.text(if at == 0 { " " } else { ", " }).value(field);
        }
        lines.push(line.text("."));
    }
    if lines.is_empty() {
        lines.push(Line::prose("No verdict rests on a replaced value."));
    }
    blocks.push(Block::Bullets(lines));
}

/// What a file was packed, encoded and wrapped in; nothing for plain text.
fn wrapping(file: &FileSummary) -> String {
    let mut parts: Vec<String> =
        file.packing.iter().map(|packing| format!("unpacked from {packing}")).collect();
    if file.encoding != Encoding::Utf8 {
        parts.push(format!("encoded in {}", file.encoding.name().to_ascii_uppercase()));
    }
    for (name, records) in &file.envelopes {
        parts.push(format!("{} in envelopes of {}", counted(*records, "record"), name.replace('_', " ")));
    }
    if parts.is_empty() { String::new() } else { format!(" Read as {}.", parts.join(", ")) }
}

fn notes(report: &Report, blocks: &mut Vec<Block>) {
    if report.notes.is_empty() {
        return;
    }
    blocks.push(heading(3, "How alerts were read"));
    let notes = report.notes.iter().map(|noted| {
        Line::prose(&format!("{}: {} First: ", counted(noted.alerts, "alert"), noted.note.meaning()))
            .value(&noted.file)
            .text(&format!(", line {}.", noted.position.line))
    });
    blocks.push(Block::Bullets(notes.collect()));
}

/// A message of ours may quote the input in backticks, and JSON errors quote it without any.
fn message(text: &str) -> Line {
    match text.split_once('`').and_then(|(before, rest)| Some((before, rest.rsplit_once('`')?))) {
        Some((before, (quoted, after))) => Line::prose(before).value(quoted).text(after),
        None => Line::prose(text),
    }
}
