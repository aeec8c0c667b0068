//! `falco-report check`: rule files, checked as Falco checks them and further.

use rules::{FileReport, Item, Level, line_column, render};
use serde_json::{Value, json};

use crate::args::CheckArgs;
use crate::output::{self, Stop};
use crate::rule_files::{RuleFiles, engine, use_color};

/// Prints what is found; whether all files load.
pub fn run(args: &CheckArgs) -> Result<bool, Stop> {
    let files = RuleFiles::read(&args.files)?;
    let mut engine = engine(&args.engine);
    if args.assume_shipped {
        engine = engine.assuming_base();
    }
    let loaded = rules::load(&files.files(), &engine);
    let text = if args.json {
        let reports: Vec<Value> =
            loaded.files.iter().map(|report| report_json(report, &loaded.files)).collect();
        json!({ "files": reports }).to_string() + "\n"
    } else {
        words(&loaded.files)
    };
    output::write(None, &text)?;
    Ok(loaded.loads())
}

/// A report as the contract has it.
fn report_json(report: &FileReport, files: &[FileReport]) -> Value {
    json!({
        "name": report.name,
        "successful": report.successful,
        "errors": items_json(&report.errors, files),
        "warnings": items_json(&report.warnings, files),
        "notes": items_json(&report.notes, files),
    })
}

/// Findings as the contract has them. A finding in an earlier file says so, and advice is added.
pub fn items_json<'a>(items: impl IntoIterator<Item = &'a Item>, files: &[FileReport]) -> Vec<Value> {
    let item = |item: &Item| {
        let (line, column) =
            files.get(item.file).map_or((1, 1), |file| line_column(&file.text, item.span.start));
        json!({
            "code": item.code.name(),
            "message": item.message,
            "hint": item.hint,
            "item_type": item.item_type,
            "item_name": item.item_name,
            "file": files.get(item.file).map(|file| file.name.as_str()),
            "line": line,
            "column": column,
        })
    };
    items.into_iter().map(item).collect()
}

/// Findings with their lines, and a verdict on each file.
fn words(files: &[FileReport]) -> String {
    let color = use_color();
    let mut text = String::new();
    for report in files {
        for (level, items) in
            [(Level::Error, &report.errors), (Level::Warning, &report.warnings), (Level::Note, &report.notes)]
        {
            for item in items {
                text.push_str(&render(item, level, files, color));
                text.push('\n');
            }
        }
        let verdict = if report.successful { "loads" } else { "does not load" };
        let count = |count: usize, what: &str| match count {
            0 => String::new(),
            1 => format!(", 1 {what}"),
            _ => format!(", {count} {what}s"),
        };
        let warnings = count(report.warnings.len(), "warning");
        let notes = count(report.notes.len(), "note");
        let name = analysis::report::escape::visible(&report.name).to_string();
        text.extend([&name, ": ", verdict, &warnings, &notes, "\n"]);
    }
    text
}
