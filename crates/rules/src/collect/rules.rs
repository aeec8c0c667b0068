//! What items do to rules.

use std::collections::BTreeSet;

use super::{CONDITION_NOT_LOADED, Collector, Rule, Update, missing, note_precedence};
use crate::code::{error, warning};
use crate::engine::Engine;
use crate::exception::Exception;
use crate::findings::{Findings, Found};
use crate::item::Context;
use crate::priority::Priority;
use crate::shipped;
use crate::text::Text;

impl Collector {
    pub fn define_rule(
        &mut self,
        mut rule: Rule,
        engine: &Engine,
        findings: &mut Findings,
        root: &Context,
    ) -> Found<()> {
        self.same_source(&rule.name, Some(&rule.source), &rule.context)?;
        rule.unknown_source = !engine.has_source(&rule.source);
        if rule.unknown_source {
            let message = format!("Unknown source {}, skipping", rule.source);
            let found = rule.context.item(warning::LOAD_UNKNOWN_SOURCE, message);
            findings.warn(found.hint(match Engine::plugin_of_source(&rule.source) {
                Some(plugin) => format!("the rule is left out unless the plugin `{plugin}` is loaded"),
                None => "sources are `syscall` and those of plugins, in lower case".to_owned(),
            }));
        }
        let source = (!rule.unknown_source).then_some(rule.source.as_str());
        for exception in &mut rule.exceptions {
            if !exception.fields.is_given() {
                let message = "Rule exception item must have fields property with a list of fields";
                return exception.fail(&exception.fields, message, "add `fields: [proc.name, …]`");
            }
            exception.validate(source, engine, root)?;
            exception.note(findings);
        }
        self.touch();
        match self.rules.get_mut(&rule.name) {
            Some(previous) => *previous = rule,
            None => self.rules.push(&rule.name.clone(), rule),
        }
        Ok(())
    }

    pub fn append_rule(
        &mut self,
        update: Update,
        engine: &Engine,
        findings: &mut Findings,
        root: &Context,
    ) -> Found<()> {
        if self.rules.get(&update.name).is_none() {
            let message =
                "Rule uses 'append' or 'override.<key>: append' but no rule by that name already exists";
            missing("rule", &update.name, message, &update.context, engine, findings)?;
            self.add_opaque_rule(&update.name, update.source.as_deref(), &update.context);
        }
        self.same_source(&update.name, update.source.as_deref(), &update.context)?;
        if update.is_empty() {
            let message = "Appended rule must have exceptions or condition property";
            let found = update.context.item(error::LOAD_ERR_VALIDATE, message);
            return Err(Box::new(found.hint("only these can be appended by `append: true`")));
        }
        self.touch();
        let Some(rule) = self.rules.get_mut(&update.name) else { return Ok(()) };
        if let Some(condition) = &update.condition {
            rule.condition.push_str(" ");
            rule.condition.push(condition);
            note_precedence(&rule.condition, condition, &update.context, findings);
        }
        if let Some(output) = &update.output {
            rule.output.push_str(" ");
            rule.output.push(output);
        }
        if let Some(desc) = &update.desc {
            rule.desc.push(' ');
            rule.desc.push_str(desc);
        }
        rule.tags.extend(update.tags.into_iter().flatten());
        for exception in update.exceptions.into_iter().flatten() {
            rule.append_exception(exception, engine, root)?;
        }
        Ok(())
    }

    pub fn replace_rule(&mut self, update: Update, engine: &Engine, findings: &mut Findings) -> Found<()> {
        if self.rules.get(&update.name).is_none() {
            let message = "An 'override.<key>: replace' to a rule was requested but no rule by that name already exists";
            missing("rule", &update.name, message, &update.context, engine, findings)?;
            self.add_opaque_rule(&update.name, update.source.as_deref(), &update.context);
        }
        self.same_source(&update.name, update.source.as_deref(), &update.context)?;
        self.touch();
        let Some(rule) = self.rules.get_mut(&update.name) else { return Ok(()) };
        if let Some(condition) = update.condition {
            rule.condition = condition;
        }
        if let Some(output) = update.output {
            rule.output = output;
        }
        if let Some(desc) = update.desc {
            rule.desc = desc;
        }
        if let Some(tags) = update.tags {
            rule.tags = tags.into_iter().collect();
        }
        if let Some(exceptions) = update.exceptions {
            for exception in &exceptions {
                exception.note(findings);
            }
            rule.exceptions = exceptions;
        }
        rule.priority = update.priority.unwrap_or(rule.priority);
        rule.enabled = update.enabled.unwrap_or(rule.enabled);
        rule.warn_evttypes = update.warn_evttypes.unwrap_or(rule.warn_evttypes);
        rule.skip_if_unknown = update.skip_if_unknown.unwrap_or(rule.skip_if_unknown);
        Ok(())
    }

    pub fn enable_rule(
        &mut self,
        name: &str,
        enabled: bool,
        context: &Context,
        engine: &Engine,
        findings: &mut Findings,
    ) -> Found<()> {
        if self.rules.get(name).is_none() {
            let message = "Rule has 'enabled' key but no rule by that name already exists";
            missing("rule", name, message, context, engine, findings)?;
            self.add_opaque_rule(name, None, context);
        }
        if let Some(rule) = self.rules.get_mut(name) {
            rule.enabled = enabled;
        }
        Ok(())
    }

    /// A rule keeps its source.
    fn same_source(&self, name: &str, source: Option<&str>, context: &Context) -> Found<()> {
        let previous = self.rules.get(name).filter(|previous| !previous.opaque);
        match (previous, source) {
            (Some(previous), Some(source)) if previous.source != source => {
                let message = "Rule has been re-defined with a different source";
                let found = context.item(error::LOAD_ERR_VALIDATE, message);
                Err(Box::new(found.hint(format!(
                    "the rule's source is `{}`: keep it, or give the rule another name",
                    previous.source
                ))))
            }
            _ => Ok(()),
        }
    }

    /// A rule of which only what is added to it is known, and its source if that says it.
    fn add_opaque_rule(&mut self, name: &str, source: Option<&str>, context: &Context) {
        let mut condition = Text::default();
        condition.push_str(CONDITION_NOT_LOADED);
        let source = shipped::rule_source(name).or(source).unwrap_or("syscall");
        let rule = Rule {
            name: name.to_owned(),
            condition,
            output: Text::default(),
            desc: String::new(),
            priority: Priority::Debug,
            source: source.to_owned(),
            unknown_source: false,
            opaque: true,
            enabled: true,
            warn_evttypes: false,
            skip_if_unknown: false,
            tags: BTreeSet::new(),
            exceptions: Vec::new(),
            context: context.clone(),
            condition_context: context.clone(),
            output_context: context.clone(),
        };
        self.rules.push(name, rule);
    }
}

impl Rule {
    fn append_exception(&mut self, mut exception: Exception, engine: &Engine, root: &Context) -> Found<()> {
        let source = (!self.unknown_source).then_some(self.source.as_str());
        if let Some(previous) = self.exceptions.iter_mut().find(|other| other.name == exception.name) {
            for (entry, key) in [(&exception.fields, "fields"), (&exception.comps, "comps")] {
                if entry.is_given() {
                    let message =
                        format!("Can not append exception {key} to existing exception, only values");
                    let hint = format!(
                        "remove `{key}`: the values are added to exception `{}` as it is, or take another name",
                        exception.name
                    );
                    return exception.fail(entry, message, hint);
                }
            }
            previous.values.append(&mut exception.values);
            return Ok(());
        }
        if !exception.fields.is_given() {
            if self.opaque {
                // It may be there in the definition that was not loaded.
                self.exceptions.push(exception);
                return Ok(());
            }
            let message = "Rule exception must have fields property with a list of fields";
            let hint = format!("the rule has no exception `{}`: add `fields` and `comps`", exception.name);
            return exception.fail(&exception.fields, message, hint);
        }
        if exception.values.is_empty() {
            let message = "Rule exception must have values property with a list of values";
            let place = exception.fields.clone();
            return exception.fail(&place, message, "add `values: [[…]]`");
        }
        exception.validate(source, engine, root)?;
        self.exceptions.push(exception);
        Ok(())
    }
}
