//! Which Falco the files are for.

use crate::version::Version;

/// A Falco with its plugins.
#[derive(Debug, Clone)]
pub struct Engine {
    /// The version of its rule engine.
    pub version: Version,
    plugins: Vec<Plugin>,
    /// What files extend counts as defined, wherever it may be.
    pub assumes_base: bool,
}

#[derive(Debug, Clone)]
struct Plugin {
    name: String,
    /// `None` fits every requirement.
    version: Option<Version>,
}

/// Plugins by the event source that they provide.
const SOURCES: [(&str, &str); 5] = [
    ("aws_cloudtrail", "cloudtrail"),
    ("gcp_auditlog", "gcpaudit"),
    ("github", "github"),
    ("k8s_audit", "k8saudit"),
    ("okta", "okta"),
];

/// What is wrong with a field's name.
pub(crate) enum FieldFault {
    /// There is no such field.
    Unknown { hint: String },
    /// There is, but Falco stops at how it is written.
    Broken { message: String, hint: String },
}

impl Engine {
    /// Falco 0.44.1 as it is installed: engine 0.62.0 and the container plugin.
    pub fn falco_0_44() -> Self {
        let container =
            Plugin { name: "container".to_owned(), version: Some(Version { major: 0, minor: 7, patch: 1 }) };
        Self {
            version: Version { major: 0, minor: 62, patch: 0 },
            plugins: vec![container],
            assumes_base: false,
        }
    }

    /// The same with one plugin more, of whatever version the rules ask for.
    #[must_use]
    pub fn with_plugin(mut self, name: &str) -> Self {
        self.plugins.push(Plugin { name: name.to_owned(), version: None });
        self
    }

    /// The same with every plugin that Falco's authors ship rules for.
    #[must_use]
    pub fn with_all_plugins(self) -> Self {
        SOURCES.into_iter().fold(self.with_plugin("json"), |engine, (_, plugin)| engine.with_plugin(plugin))
    }

    /// The same, but what a file extends or names counts as defined if Falco ships it, and what it
    /// extends otherwise, too. For files that are loaded next to others that are not at hand.
    #[must_use]
    pub fn assuming_base(self) -> Self {
        Self { assumes_base: true, ..self }
    }

    /// Whether a plugin or Falco itself provides an event source.
    pub(crate) fn has_source(&self, source: &str) -> bool {
        source == "syscall" || Self::plugin_of_source(source).is_some_and(|name| self.plugin(name).is_some())
    }

    /// The plugin that provides an event source.
    pub(crate) fn plugin_of_source(source: &str) -> Option<&'static str> {
        SOURCES.into_iter().find(|(name, _)| *name == source).map(|(_, plugin)| plugin)
    }

    /// Whether a plugin is loaded.
    pub(crate) fn has_plugin(&self, name: &str) -> bool {
        self.plugin(name).is_some()
    }

    fn plugin(&self, name: &str) -> Option<&Plugin> {
        self.plugins.iter().find(|plugin| plugin.name == name)
    }

    /// Falco's last words, if a plugin that rules need is missing or too old.
    pub(crate) fn unmet(&self, alternatives: &[(&str, &str)]) -> Option<String> {
        for (name, version) in alternatives {
            let Some(plugin) = self.plugin(name) else { continue };
            let (Some(have), Some(want)) = (plugin.version, Version::parse(version)) else { return None };
            return (!have.satisfies(want)).then(|| {
                format!("Plugin '{name}' version '{have}' is not compatible with required plugin version '{version}'")
            });
        }
        let listed: Vec<String> =
            alternatives.iter().map(|(name, version)| format!("{name} (>= {version})")).collect();
        Some(format!("Plugin requirement not satisfied, must load one of: {}", listed.join(", ")))
    }
}
