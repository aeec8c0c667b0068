//! Whose fields a condition may use.

use crate::tables::{self, FieldInfo};

/// The event source and plugins that a condition is checked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    source: Option<String>,
    plugins: Vec<String>,
}

impl Context {
    /// Every known field of every source and plugin.
    pub fn any() -> Self {
        Self { source: None, plugins: Vec::new() }
    }

    /// The fields of an event source with the plugins that are usual with it: `container` for system
    /// calls; the plugin itself and `json` for the others.
    pub fn source(name: &str) -> Self {
        let mut plugins: Vec<String> = match name {
            "syscall" => vec!["container".to_owned()],
            _ => vec!["json".to_owned()],
        };
        if name != "syscall" {
            let of_source = tables::fields().iter().filter(|field| field.source == name);
            plugins.extend(of_source.filter_map(|field| field.plugin).map(str::to_owned));
            plugins.dedup();
        }
        Self { source: Some(name.to_owned()), plugins }
    }

    /// The same with one plugin more.
    #[must_use]
    pub fn with_plugin(mut self, name: &str) -> Self {
        self.plugins.push(name.to_owned());
        self
    }

    /// The same without a plugin.
    #[must_use]
    pub fn without_plugin(mut self, name: &str) -> Self {
        self.plugins.retain(|plugin| plugin != name);
        self
    }

    /// Whether conditions may use the field.
    pub fn has(&self, field: &FieldInfo) -> bool {
        let Some(source) = &self.source else { return true };
        let from_source = field.source == "any" || field.source == source;
        from_source && field.plugin.is_none_or(|plugin| self.plugins.iter().any(|loaded| loaded == plugin))
    }
}
