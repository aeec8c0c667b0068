//! Rule files in, findings and rules out.

use std::rc::Rc;

use crate::code::error;
use crate::collect::Collector;
use crate::compile::Compiler;
use crate::engine::Engine;
use crate::findings::Findings;
use crate::item::{Context, Item};
use crate::read::Reader;
use crate::ruleset::Ruleset;
use crate::yaml;

/// A rule file.
#[derive(Debug, Clone, Copy)]
pub struct RuleFile<'a> {
    /// What it is called in messages.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// What Falco reports about a file, and what it does not.
#[derive(Debug, Clone)]
pub struct FileReport {
    /// What the file is called.
    pub name: String,
    /// Its text, to which the places of items refer.
    pub text: String,
    /// Whether Falco loads it.
    pub successful: bool,
    /// Falco's error; it stops at the first.
    pub errors: Vec<Item>,
    /// Falco's warnings.
    pub warnings: Vec<Item>,
    /// What we find beyond that.
    pub notes: Vec<Item>,
}

/// Files that were loaded one after the other.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// A report for each of them, in the same order.
    pub files: Vec<FileReport>,
    /// What they define; where a file does not load, as much of it as could be understood.
    pub ruleset: Ruleset,
}

impl Loaded {
    /// Whether Falco loads all of them.
    pub fn loads(&self) -> bool {
        self.files.iter().all(|file| file.successful)
    }
}

/// Loads files in their order, as Falco does: after each of them everything so far is compiled.
pub fn load(files: &[RuleFile<'_>], engine: &Engine) -> Loaded {
    let mut collector = Collector::default();
    let mut sources: Vec<Rc<str>> = Vec::new();
    let mut found: Vec<Findings> = Vec::new();
    let mut ruleset = Ruleset::default();
    for (file, RuleFile { bytes, .. }) in files.iter().enumerate() {
        let text = yaml::decode(bytes);
        sources.push(Rc::from(text));
        let mut findings = Findings::new(file);
        let mut reader =
            Reader { engine, collector: &mut collector, findings: &mut findings, file, kept: None };
        reader.read(sources.last().map_or("", |text| text));
        let kept = reader.kept.take();
        if findings.error.is_none() || kept.is_some() {
            ruleset = Compiler::new(engine, &collector, &sources, file).run(&mut findings);
        }
        if let Some(kept) = kept {
            collector = kept;
        }
        found.push(findings);
    }
    require_plugins(&collector, engine, &mut found);
    let mut reports = Vec::new();
    for ((file, findings), text) in files.iter().zip(found).zip(sources) {
        let mut findings = findings;
        findings.close(&Context::file(reports.len()));
        reports.push(FileReport {
            name: file.name.to_owned(),
            text: text.to_string(),
            successful: findings.error.is_none(),
            errors: findings.error.into_iter().collect(),
            warnings: findings.warnings,
            notes: findings.notes,
        });
    }
    Loaded { files: reports, ruleset }
}

/// When all files are loaded, Falco ends if a plugin is missing.
fn require_plugins(collector: &Collector, engine: &Engine, found: &mut [Findings]) {
    if found.iter().any(|findings| findings.error.is_some()) {
        return;
    }
    for requirement in &collector.plugins {
        let alternatives: Vec<(&str, &str)> = requirement
            .alternatives
            .iter()
            .map(|wanted| (wanted.name.as_str(), wanted.version.as_str()))
            .collect();
        if let Some(message) = engine.unmet(&alternatives) {
            let item = requirement.context.item(error::ENGINE_EXIT, message);
            if let Some(findings) = found.get_mut(requirement.context.file) {
                findings
                    .gone(item.hint("install the plugin and load it in falco.yaml, under `load_plugins`"));
            }
            return;
        }
    }
}
