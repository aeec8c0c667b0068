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
    let mut base = Base::new(engine);
    for file in files {
        base.add(file);
    }
    base.finish()
}

/// Files that are loaded once, for others to be loaded after them again and again.
#[derive(Debug, Clone)]
pub struct Base {
    engine: Engine,
    names: Vec<String>,
    sources: Vec<Rc<str>>,
    collector: Collector,
    found: Vec<Findings>,
    ruleset: Ruleset,
}

impl Base {
    /// Nothing yet.
    pub fn new(engine: &Engine) -> Self {
        Self {
            engine: engine.clone(),
            names: Vec::new(),
            sources: Vec::new(),
            collector: Collector::default(),
            found: Vec::new(),
            ruleset: Ruleset::default(),
        }
    }

    /// Loads a file after the others.
    pub fn add(&mut self, file: &RuleFile<'_>) {
        let at = self.names.len();
        self.names.push(file.name.to_owned());
        self.sources.push(Rc::from(yaml::decode(file.bytes)));
        let mut findings = Findings::new(at);
        let (engine, collector) = (&self.engine, &mut self.collector);
        let mut reader = Reader { engine, collector, findings: &mut findings, file: at, kept: None };
        reader.read(self.sources.last().map_or("", |text| text));
        let kept = reader.kept.take();
        if findings.error.is_none() || kept.is_some() {
            self.ruleset = Compiler::new(&self.engine, &self.collector, &self.sources, at).run(&mut findings);
        }
        if let Some(kept) = kept {
            self.collector = kept;
        }
        self.found.push(findings);
    }

    /// How many files there are.
    pub fn files(&self) -> usize {
        self.names.len()
    }

    /// What the files define so far.
    pub fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }

    /// The Falco that they are for.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What is to be said about each file.
    pub fn finish(mut self) -> Loaded {
        require_plugins(&self.collector, &self.engine, &mut self.found);
        let mut reports = Vec::new();
        for ((name, mut findings), text) in self.names.into_iter().zip(self.found).zip(self.sources) {
            findings.close(&Context::file(reports.len()));
            reports.push(FileReport {
                name,
                text: text.to_string(),
                successful: findings.error.is_none(),
                errors: findings.error.into_iter().collect(),
                warnings: findings.warnings,
                notes: findings.notes,
            });
        }
        Loaded { files: reports, ruleset: self.ruleset }
    }
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
