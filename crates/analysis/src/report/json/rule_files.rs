//! Rule files in the JSON report, in the form of `falco-report check --json`.

use serde::Serialize;

use crate::rule_files::{CheckedFile, Finding, Rules};

/// A rule file.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RuleFile<'a> {
    name: &'a str,
    bytes: u64,
    successful: bool,
    rules: u64,
    macros: u64,
    lists: u64,
    errors: Vec<Row<'a>>,
    warnings: Vec<Row<'a>>,
    notes: Vec<Row<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Row<'a> {
    code: &'static str,
    message: &'a str,
    hint: Option<&'a str>,
    item_type: &'static str,
    item_name: &'a str,
    file: &'a str,
    line: u64,
    column: u64,
}

/// The files in the order of loading.
pub fn files(rules: &Rules) -> Vec<RuleFile<'_>> {
    rules.files.iter().map(file).collect()
}

fn file(file: &CheckedFile) -> RuleFile<'_> {
    let items = |findings| <[Finding]>::iter(findings).map(item).collect();
    RuleFile {
        name: &file.name,
        bytes: file.size,
        successful: file.loads,
        rules: file.rules,
        macros: file.macros,
        lists: file.lists,
        errors: items(&file.errors),
        warnings: items(&file.warnings),
        notes: items(&file.notes),
    }
}

fn item(finding: &Finding) -> Row<'_> {
    Row {
        code: finding.code,
        message: &finding.message,
        hint: finding.hint.as_deref(),
        item_type: finding.item_type,
        item_name: &finding.item_name,
        file: &finding.file,
        line: finding.line,
        column: finding.column,
    }
}
