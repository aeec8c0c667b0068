//! A knowledge base as it was read, before it is checked.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::measures::{self, Measures, Refused};
use crate::model::{Control, Rule, Source, Step};
use crate::{Files, Problem};

/// A knowledge base.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    /// The files with rules.
    pub families: Vec<Family>,
    /// Shared steps by name; one name may stand for several, for pods and for the host perhaps.
    pub steps: BTreeMap<String, Vec<Step>>,
    /// What each control does, by its name.
    pub controls: BTreeMap<String, Control>,
    /// What puts controls into effect.
    pub measures: Measures,
    /// Who acts, by event source.
    pub sources: BTreeMap<String, Source>,
}

/// A file with rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Its path below the knowledge base's folder.
    pub file: String,
    /// The folder it is in, which is named as the event source.
    pub source: String,
    /// The rules in the order of the file.
    pub rules: Vec<Rule>,
}

pub const STEPS: &str = "steps.toml";
pub const CONTROLS: &str = "controls.toml";
pub const SOURCES: &str = "sources.toml";

impl Folder {
    /// Reads all files. The error lists everything that has not the shape of [`crate::model`].
    pub fn read(files: &Files) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader::default();
        let mut folder = Self::default();
        for (file, text) in &files.0 {
            match file.as_str() {
                STEPS => folder.steps = reader.tables(file, text),
                SOURCES => folder.sources = reader.tables(file, text),
                CONTROLS => {
                    let groups: BTreeMap<String, BTreeMap<String, String>> = reader.tables(file, text);
                    folder.controls = groups
                        .into_iter()
                        .flat_map(|(group, controls)| {
                            controls
                                .into_iter()
                                .map(move |(name, text)| (name, Control { group: group.clone(), text }))
                        })
                        .collect();
                }
                _ if file.starts_with(measures::FOLDER) => reader.measures(file, text, &mut folder.measures),
                _ => folder.families.push(reader.family(file, text)),
            }
        }
        if reader.problems.is_empty() { Ok(folder) } else { Err(reader.problems) }
    }

    /// The entry of a rule, by its name.
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.families.iter().flat_map(|family| &family.rules).find(|rule| rule.name == name)
    }
}

#[derive(Default)]
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn problem(&mut self, file: &str, item: &str, message: &str) {
        // A message about a nested value ends with the path to it on a line of its own.
        let message = message.trim().replace('\n', " ");
        self.problems.push(Problem {
            file: file.to_owned(),
            item: item.to_owned(),
            key: String::new(),
            message,
        });
    }

    fn table(&mut self, file: &str, text: &str) -> Table {
        text.parse().unwrap_or_else(|error: toml::de::Error| {
            self.problem(file, "", &error.to_string());
            Table::new()
        })
    }

    fn item<T: DeserializeOwned>(&mut self, file: &str, name: &str, value: Value) -> Option<T> {
        value.try_into().map_err(|error: toml::de::Error| self.problem(file, name, &error.to_string())).ok()
    }

    fn tables<T: DeserializeOwned>(&mut self, file: &str, text: &str) -> BTreeMap<String, T> {
        let table = self.table(file, text);
        let items = table.into_iter().filter_map(|(name, value)| {
            let item = self.item(file, &name, value)?;
            Some((name, item))
        });
        items.collect()
    }

    fn measures(&mut self, file: &str, text: &str, into: &mut Measures) {
        match file.strip_prefix(measures::FOLDER) {
            Some("settings.toml") => into.settings = self.tables(file, text),
            Some("policies.toml") => into.policies = self.tables(file, text),
            Some("evidence.toml") => into.evidence = self.tables(file, text),
            Some("refused.toml") => {
                for (answer, refused) in self.tables::<Refused>(file, text) {
                    let alerts = answer == "alerts";
                    into.refused.extend(refused.rules.into_iter().map(|rule| (rule, alerts)));
                }
            }
            _ => into.measures.extend(self.tables(file, text)),
        }
    }

    fn family(&mut self, file: &str, text: &str) -> Family {
        let source = file.split_once('/').map(|(folder, _)| folder.to_owned()).unwrap_or_default();
        let mut rules = Vec::new();
        for (key, value) in self.table(file, text) {
            let Value::Array(items) = value else {
                self.problem(file, "", &format!("`{key}` is not known here: a file holds `[[rule]]` only"));
                continue;
            };
            if key != "rule" {
                self.problem(file, "", &format!("`[[{key}]]` is not known here: write `[[rule]]`"));
                continue;
            }
            for item in items {
                let name = item.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
                rules.extend(self.item(file, &name, item));
            }
        }
        Family { file: file.to_owned(), source, rules }
    }
}
