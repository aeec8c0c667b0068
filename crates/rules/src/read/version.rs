//! `required_engine_version` and `required_plugin_versions`.

use std::rc::Rc;

use super::Reader;
use super::value::required;
use crate::code::error;
use crate::collect::{PluginRequirement, Requirement};
use crate::findings::Found;
use crate::item::Context;
use crate::version::Version;
use crate::yaml::{self, Node};

impl Reader<'_> {
    pub(super) fn engine_version(&mut self, root: &Context, item: &Rc<Node>) -> Found<()> {
        let context = root.child("required_engine_version", "", item);
        let (text, node) = required(item, "required_engine_version", &context)?;
        let place = context.at(self.file, node.span.clone());
        // A bare number is from the time when engines were numbered: N is 0.N.0 today.
        let version = yaml::unsigned(text).map(Version::of_integer).or_else(|| Version::parse(text));
        let Some(version) = version else {
            let message = format!(
                "Unable to parse engine version '{text}' as a semver string. Expected \"x.y.z\" semver format."
            );
            let found = place.item(error::LOAD_ERR_YAML_VALIDATE, message);
            return Err(Box::new(found.hint("write three numbers, such as 0.50.0")));
        };
        let engine = self.engine.version;
        if !engine.satisfies(version) {
            let message = format!("Rules require engine version {version}, but engine version is {engine}");
            let found = place.item(error::LOAD_ERR_VALIDATE, message);
            let hint = "upgrade Falco, or take the rules made for the one that runs";
            return Err(Box::new(found.hint(hint)));
        }
        self.unknown_keys(&context, item, &["required_engine_version"]);
        Ok(())
    }

    pub(super) fn plugin_versions(
        &mut self,
        root: &Context,
        item: &Rc<Node>,
        versions: &Rc<Node>,
    ) -> Found<()> {
        let context = root.child("required plugin versions", "", versions);
        let Some(plugins) = versions.elements() else {
            let message = "Value of required_plugin_versions must be a sequence";
            let found = context.item(error::LOAD_ERR_YAML_VALIDATE, message);
            return Err(Box::new(found.hint("write `- name: NAME` and `version: x.y.z` below each other")));
        };
        for plugin in plugins {
            self.plugin_version(&context, plugin)?;
        }
        self.unknown_keys(&context, item, &["required_plugin_versions"]);
        Ok(())
    }

    fn plugin_version(&mut self, parent: &Context, plugin: &Rc<Node>) -> Found<()> {
        let kind = "required plugin versions entry";
        let (name, context) = plugin_name(parent, plugin, kind, "Plugin version must be a mapping")?;
        let (version, _) = required(plugin, "version", &context)?;
        let mut alternatives = vec![Requirement { name, version: version.to_owned() }];
        if let Some(listed) = plugin.get("alternatives") {
            let Some(elements) = listed.elements() else {
                let message = "Value of plugin version alternatives must be a sequence";
                let found = context.item(error::LOAD_ERR_YAML_VALIDATE, message);
                return Err(Box::new(
                    found.hint("write `- name: NAME` and `version: x.y.z` below each other"),
                ));
            };
            for alternative in elements {
                let kind = "required plugin versions alternative";
                let message = "Plugin version alternative must be a mapping";
                let (name, context) = plugin_name(&context, alternative, kind, message)?;
                let (version, _) = required(alternative, "version", &context)?;
                alternatives.push(Requirement { name, version: version.to_owned() });
            }
        }
        self.collector.require_plugin(PluginRequirement { alternatives, context })
    }
}

/// The name of a plugin and what it is called in messages.
fn plugin_name(
    parent: &Context,
    plugin: &Rc<Node>,
    kind: &'static str,
    no_mapping: &str,
) -> Found<(String, Context)> {
    let unnamed = parent.child(kind, "", plugin);
    if !plugin.is_mapping() {
        let found = unnamed.item(error::LOAD_ERR_YAML_VALIDATE, no_mapping);
        return Err(Box::new(found.hint("write `name: NAME` and `version: x.y.z`")));
    }
    let (name, _) = required(plugin, "name", &unnamed)?;
    Ok((name.to_owned(), parent.child(kind, name, plugin)))
}
