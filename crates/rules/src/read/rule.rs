//! `rule`: a definition, an extension, or a switch.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::Reader;
use super::overrides::Overrides;
use super::value::{boolean, optional, optional_texts, required, unsigned};
use crate::code::{error, note, warning};
use crate::collect::{Rule, Update};
use crate::findings::Found;
use crate::item::Context;
use crate::priority::Priority;
use crate::text::Text;
use crate::yaml::Node;

const APPENDABLE: [&str; 5] = ["condition", "output", "desc", "tags", "exceptions"];

const REPLACEABLE: [&str; 11] = [
    "condition",
    "output",
    "desc",
    "priority",
    "tags",
    "exceptions",
    "enabled",
    "warn_evttypes",
    "skip-if-unknown-filter",
    "capture",
    "capture_duration",
];

/// Every key that Falco knows in a rule.
const KEYS: [&str; 15] = [
    "rule",
    "condition",
    "output",
    "desc",
    "priority",
    "tags",
    "exceptions",
    "enabled",
    "warn_evttypes",
    "skip-if-unknown-filter",
    "capture",
    "capture_duration",
    "source",
    "append",
    "override",
];

/// What a rule's source is if it does not say.
const DEFAULT_SOURCE: &str = "syscall";

impl Reader<'_> {
    pub(super) fn rule(&mut self, root: &Context, item: &Rc<Node>) -> Found<()> {
        let unnamed = root.child("rule", "", item);
        let (name, _) = required(item, "rule", &unnamed)?;
        let context = root.child("rule", name, item);
        let append = boolean(item, "append", &context)?.unwrap_or(false);
        if append {
            self.warn_of_append(&context);
        }
        let overrides = Overrides::read(item, &APPENDABLE, &REPLACEABLE, &context, root)?;
        overrides.refuse_with_append(append, &context)?;
        if !overrides.is_empty() {
            self.overriding_rule(item, name, &context, root, &overrides)?;
        } else if append {
            self.appending_rule(item, name, &context, root)?;
        } else if ["condition", "output", "desc", "priority"].iter().all(|key| item.get(key).is_none()) {
            self.switch(item, name, &context)?;
        } else {
            self.definition(item, name, &context, root)?;
        }
        self.unknown_keys(&context, item, &KEYS);
        Ok(())
    }

    fn overriding_rule(
        &mut self,
        item: &Rc<Node>,
        name: &str,
        context: &Context,
        root: &Context,
        overrides: &Overrides,
    ) -> Found<()> {
        let mut expected: BTreeSet<&str> =
            REPLACEABLE.into_iter().filter(|key| item.get(key).is_some()).collect();
        if overrides.appends_any() {
            let mut wanted =
                |key: &str| expect(&mut expected, overrides.appends(key), "append", key, context);
            let mut update = Update::new(name, context);
            self.appendable(&mut update, item, context, true, &mut wanted)?;
            self.collector.append_rule(update, self.engine, self.findings, root)?;
        }
        if overrides.replaces_any() {
            let update = self.replacement(item, name, context, overrides, &mut expected)?;
            self.collector.replace_rule(update, self.engine, self.findings)?;
        }
        match expected.first() {
            None => Ok(()),
            Some(key) => {
                let place = item.get(key).map(|value| context.child("overrides", key, value));
                let message =
                    format!("Unexpected key '{key}': no corresponding entry under 'override' is defined.");
                let found =
                    place.unwrap_or_else(|| context.clone()).item(error::LOAD_ERR_YAML_VALIDATE, message);
                let verb = if APPENDABLE.contains(key) { "append` or `replace" } else { "replace" };
                Err(Box::new(found.hint(format!("add `{key}: {verb}` under `override`, or remove `{key}`"))))
            }
        }
    }

    /// Reads the keys that an override can append as well as replace.
    fn appendable(
        &mut self,
        update: &mut Update,
        item: &Rc<Node>,
        context: &Context,
        appends: bool,
        wanted: &mut dyn FnMut(&str) -> Found<bool>,
    ) -> Found<()> {
        if wanted("condition")? {
            update.condition = Some(self.condition(item, context)?);
        }
        if wanted("exceptions")? {
            update.exceptions = Some(self.exceptions(item, context, appends)?);
        }
        if wanted("output")? {
            update.output = Some(self.value(item, "output", context)?);
        }
        if wanted("desc")? {
            update.desc = Some(self.value(item, "desc", context)?.as_str().to_owned());
        }
        if wanted("tags")? {
            update.tags = Some(optional_texts(item, "tags", context)?.unwrap_or_default());
        }
        Ok(())
    }

    fn replacement(
        &mut self,
        item: &Rc<Node>,
        name: &str,
        context: &Context,
        overrides: &Overrides,
        expected: &mut BTreeSet<&str>,
    ) -> Found<Update> {
        let mut wanted = |key: &str| expect(expected, overrides.replaces(key), "replace", key, context);
        let mut update = Update::new(name, context);
        self.appendable(&mut update, item, context, false, &mut wanted)?;
        if wanted("priority")? {
            update.priority = Some(priority(item, context)?);
        }
        if wanted("enabled")? {
            update.enabled = Some(switch_value(item, "enabled", context)?);
        }
        if wanted("warn_evttypes")? {
            update.warn_evttypes = Some(switch_value(item, "warn_evttypes", context)?);
        }
        if wanted("skip-if-unknown-filter")? {
            update.skip_if_unknown = Some(switch_value(item, "skip-if-unknown-filter", context)?);
        }
        if wanted("capture")? {
            switch_value(item, "capture", context)?;
        }
        if wanted("capture_duration")? {
            unsigned(item, "capture_duration", context)?;
        }
        update.source = optional(item, "source", context)?.map(|(source, _)| source.to_owned());
        Ok(update)
    }

    fn appending_rule(
        &mut self,
        item: &Rc<Node>,
        name: &str,
        context: &Context,
        root: &Context,
    ) -> Found<()> {
        let mut update = Update::new(name, context);
        if item.get("condition").is_some() {
            update.condition = Some(self.condition(item, context)?);
        }
        if item.get("exceptions").is_some() {
            update.exceptions = Some(self.exceptions(item, context, true)?);
        }
        update.source = optional(item, "source", context)?.map(|(source, _)| source.to_owned());
        self.note_ignored(item, context);
        self.collector.append_rule(update, self.engine, self.findings, root)
    }

    fn note_ignored(&mut self, item: &Node, context: &Context) {
        for (key, _) in item.entries() {
            let Some(name) = key.text() else { continue };
            if REPLACEABLE.contains(&name) && !matches!(name, "condition" | "exceptions") {
                let place = context.at(self.file, key.span.clone());
                let message = format!("`append: true` leaves the rule's `{name}` as it is");
                let hint = format!("write `override: {{{name}: replace}}` in an item of its own");
                self.findings.note(&place, note::APPEND_IGNORES_KEY, message, &hint);
            }
        }
    }

    /// `enabled` alone, the old way to switch a rule on or off.
    fn switch(&mut self, item: &Rc<Node>, name: &str, context: &Context) -> Found<()> {
        let Some(enabled) = boolean(item, "enabled", context)? else {
            return required(item, "enabled", context).map(|_| ()).map_err(|found| {
                match item.get("exceptions") {
                    Some(_) => {
                        Box::new(found.hint("add `override: {exceptions: append}` to extend the rule"))
                    }
                    None => found,
                }
            });
        };
        let message = "The standalone 'enabled' key usage is deprecated. The correct approach requires also a \
                       'replace' entry under the 'override' key (i.e. 'enabled: replace').";
        let found = context.item(warning::LOAD_DEPRECATED_ITEM, message);
        self.findings.warn(found.hint("add `override: {enabled: replace}`"));
        self.collector.enable_rule(name, enabled, context, self.engine, self.findings)
    }

    fn definition(&mut self, item: &Rc<Node>, name: &str, context: &Context, root: &Context) -> Found<()> {
        let condition = self.condition(item, context)?;
        let condition_node = item.get("condition").map_or(item, |node| node);
        let output = self.value(item, "output", context)?;
        let output_node = item.get("output").map_or(item, |node| node);
        let (desc, _) = required(item, "desc", context)?;
        let priority = priority(item, context)?;
        let source = optional(item, "source", context)?.map_or(DEFAULT_SOURCE, |(source, _)| source);
        let enabled = boolean(item, "enabled", context)?.unwrap_or(true);
        let warn_evttypes = boolean(item, "warn_evttypes", context)?.unwrap_or(true);
        let skip_if_unknown = boolean(item, "skip-if-unknown-filter", context)?.unwrap_or(false);
        boolean(item, "capture", context)?;
        unsigned(item, "capture_duration", context)?;
        let tags = optional_texts(item, "tags", context)?.unwrap_or_default();
        let exceptions = self.exceptions(item, context, false)?;
        let rule = Rule {
            name: name.to_owned(),
            condition,
            output,
            desc: desc.to_owned(),
            priority,
            source: source.to_owned(),
            unknown_source: false,
            opaque: false,
            enabled,
            warn_evttypes,
            skip_if_unknown,
            tags: tags.into_iter().collect(),
            exceptions,
            context: context.clone(),
            condition_context: context.child("rule condition", "", condition_node),
            output_context: context.child("rule output", "", output_node),
        };
        self.collector.define_rule(rule, self.engine, self.findings, root)
    }

    fn condition(&self, item: &Rc<Node>, context: &Context) -> Found<Text> {
        self.value(item, "condition", context)
    }

    fn value(&self, item: &Rc<Node>, key: &str, context: &Context) -> Found<Text> {
        let (_, node) = required(item, key, context)?;
        Ok(Text::of(self.file, node))
    }
}

/// Whether an override is wanted; its key must be there and is then accounted for.
fn expect(
    expected: &mut BTreeSet<&str>,
    wanted: bool,
    verb: &str,
    key: &str,
    context: &Context,
) -> Found<bool> {
    if wanted && !expected.remove(key) {
        let message = format!("An {verb} override for '{key}' was specified but '{key}' is not defined");
        let found = context.item(error::LOAD_ERR_YAML_VALIDATE, message);
        return Err(Box::new(found.hint(format!("add `{key}`, or remove it from `override`"))));
    }
    Ok(wanted)
}

fn switch_value(item: &Node, key: &str, context: &Context) -> Found<bool> {
    Ok(boolean(item, key, context)?.unwrap_or(false))
}

fn priority(item: &Node, context: &Context) -> Found<Priority> {
    let (text, node) = required(item, "priority", context)?;
    Priority::parse(text).ok_or_else(|| {
        let place = context.child("rule priority", "", node);
        let found = place.item(error::LOAD_ERR_YAML_VALIDATE, "Invalid priority");
        let hint = "write EMERGENCY, ALERT, CRITICAL, ERROR, WARNING, NOTICE, INFO or DEBUG";
        Box::new(found.hint(hint))
    })
}
