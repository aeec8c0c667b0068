//! Lists, macros and rules as they accumulate over the files.
//!
//! A definition keeps the place of the first one of its name, but is seen from where it was last
//! touched: that is what decides which macro may name which.

use std::collections::{BTreeSet, HashMap};

use condition::ast::ExprKind;

use crate::code::{error, note, warning};
use crate::engine::Engine;
use crate::exception::Exception;
use crate::findings::{Findings, Found};
use crate::item::Context;
use crate::priority::Priority;
use crate::shipped;
use crate::text::Text;
use crate::version::Version;

/// What stands for the condition of a rule whose definition was not loaded.
pub(crate) const CONDITION_NOT_LOADED: &str = "condition_not_loaded";

/// A list.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub name: String,
    pub items: Vec<String>,
    /// It extends a list that was not loaded.
    pub opaque: bool,
    pub context: Context,
    pub index: usize,
    pub visibility: usize,
}

/// A macro.
#[derive(Debug, Clone)]
pub(crate) struct Macro {
    pub name: String,
    pub condition: Text,
    pub context: Context,
    pub condition_context: Context,
    pub index: usize,
    pub visibility: usize,
}

/// A rule.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the file")]
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub name: String,
    pub condition: Text,
    pub output: Text,
    pub desc: String,
    pub priority: Priority,
    pub source: String,
    pub unknown_source: bool,
    /// It extends a rule that was not loaded.
    pub opaque: bool,
    pub enabled: bool,
    pub warn_evttypes: bool,
    pub skip_if_unknown: bool,
    pub tags: BTreeSet<String>,
    pub exceptions: Vec<Exception>,
    pub context: Context,
    pub condition_context: Context,
    pub output_context: Context,
}

/// What an item changes in a rule that is there.
#[derive(Debug, Clone)]
pub(crate) struct Update {
    pub name: String,
    pub condition: Option<Text>,
    pub output: Option<Text>,
    pub desc: Option<String>,
    pub tags: Option<Vec<String>>,
    pub exceptions: Option<Vec<Exception>>,
    pub priority: Option<Priority>,
    pub enabled: Option<bool>,
    pub warn_evttypes: Option<bool>,
    pub skip_if_unknown: Option<bool>,
    /// The source, where Falco compares it with the rule's.
    pub source: Option<String>,
    pub context: Context,
}

impl Update {
    /// An update of nothing yet.
    pub fn new(name: &str, context: &Context) -> Self {
        Self {
            name: name.to_owned(),
            condition: None,
            output: None,
            desc: None,
            tags: None,
            exceptions: None,
            priority: None,
            enabled: None,
            warn_evttypes: None,
            skip_if_unknown: None,
            source: None,
            context: context.clone(),
        }
    }
}

impl Update {
    /// Whether nothing is appended.
    fn is_empty(&self) -> bool {
        self.condition.is_none()
            && self.output.is_none()
            && self.desc.is_none()
            && self.tags.is_none()
            && self.exceptions.is_none()
    }
}

/// A plugin that rules need, at a version or later.
#[derive(Debug, Clone)]
pub(crate) struct Requirement {
    pub name: String,
    pub version: String,
}

/// Plugins of which rules need one.
#[derive(Debug, Clone)]
pub(crate) struct PluginRequirement {
    pub alternatives: Vec<Requirement>,
    pub context: Context,
}

/// Things in the order of their first definition, found by name.
#[derive(Debug, Clone)]
pub(crate) struct Named<T> {
    items: Vec<T>,
    by_name: HashMap<String, usize>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self { items: Vec::new(), by_name: HashMap::new() }
    }
}

impl<T> Named<T> {
    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// The one of a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.by_name.get(name).and_then(|index| self.items.get(*index))
    }

    /// The one of a name.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        self.by_name.get(name).and_then(|index| self.items.get_mut(*index))
    }

    /// Adds one of a new name.
    pub fn push(&mut self, name: &str, item: T) {
        self.by_name.insert(name.to_owned(), self.items.len());
        self.items.push(item);
    }
}

/// Everything that the files define.
#[derive(Debug, Clone, Default)]
pub(crate) struct Collector {
    pub lists: Named<List>,
    pub macros: Named<Macro>,
    pub rules: Named<Rule>,
    pub plugins: Vec<PluginRequirement>,
    touched: usize,
}

impl Collector {
    fn touch(&mut self) -> usize {
        self.touched += 1;
        self.touched - 1
    }

    pub fn define_list(&mut self, mut list: List) {
        list.visibility = self.touch();
        if let Some(previous) = self.lists.get_mut(&list.name) {
            *previous = List { index: previous.index, ..list };
        } else {
            list.index = list.visibility;
            self.lists.push(&list.name.clone(), list);
        }
    }

    pub fn append_list(&mut self, list: List, engine: &Engine, findings: &mut Findings) -> Found<()> {
        let touched = self.touch();
        if let Some(previous) = self.lists.get_mut(&list.name) {
            previous.items.extend(list.items);
            previous.visibility = touched;
            return Ok(());
        }
        let message =
            "List uses 'append' or 'override.items: append' but no list by that name already exists";
        missing("list", &list.name, message, &list.context, engine, findings)?;
        self.define_list(List { opaque: true, ..list });
        Ok(())
    }

    pub fn define_macro(&mut self, mut defined: Macro) {
        defined.visibility = self.touch();
        if let Some(previous) = self.macros.get_mut(&defined.name) {
            *previous = Macro { index: previous.index, ..defined };
        } else {
            defined.index = defined.visibility;
            self.macros.push(&defined.name.clone(), defined);
        }
    }

    pub fn append_macro(&mut self, appended: Macro, engine: &Engine, findings: &mut Findings) -> Found<()> {
        let touched = self.touch();
        if let Some(previous) = self.macros.get_mut(&appended.name) {
            previous.condition.push_str(" ");
            previous.condition.push(&appended.condition);
            previous.visibility = touched;
            note_precedence(&previous.condition, &appended.condition, &appended.condition_context, findings);
            return Ok(());
        }
        let message =
            "Macro uses 'append' or 'override.condition: append' but no macro by that name already exists";
        missing("macro", &appended.name, message, &appended.context, engine, findings)?;
        let mut condition = Text::default();
        condition.push_str(CONDITION_NOT_LOADED);
        condition.push_str(" ");
        condition.push(&appended.condition);
        self.define_macro(Macro { condition, ..appended });
        Ok(())
    }

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
            self.add_opaque_rule(&update.name, &update.context);
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
            self.add_opaque_rule(&update.name, &update.context);
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
            self.add_opaque_rule(name, context);
        }
        if let Some(rule) = self.rules.get_mut(name) {
            rule.enabled = enabled;
        }
        Ok(())
    }

    pub fn require_plugin(&mut self, requirement: PluginRequirement) -> Found<()> {
        let mut names = BTreeSet::new();
        for wanted in &requirement.alternatives {
            let fail = |message: String, hint: &str| {
                Err(Box::new(requirement.context.item(error::LOAD_ERR_VALIDATE, message).hint(hint)))
            };
            if Version::parse(&wanted.version).is_none() {
                let message =
                    format!("Invalid required version '{}' for plugin '{}'", wanted.version, wanted.name);
                return fail(message, "write three numbers, such as 0.4.0");
            }
            if !names.insert(wanted.name.as_str()) {
                let message =
                    format!("Defined multiple alternative version requirements for plugin '{}'", wanted.name);
                return fail(message, "name every plugin once");
            }
        }
        self.plugins.push(requirement);
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

    /// A rule of which only what is added to it is known.
    fn add_opaque_rule(&mut self, name: &str, context: &Context) {
        let mut condition = Text::default();
        condition.push_str(CONDITION_NOT_LOADED);
        let source = shipped::rule_source(name).unwrap_or("syscall");
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

/// Notes that an appended `and …` binds only to the last part of what is there.
fn note_precedence(whole: &Text, appended: &Text, context: &Context, findings: &mut Findings) {
    let is_and = appended
        .as_str()
        .trim_start()
        .strip_prefix("and")
        .is_some_and(|rest| rest.starts_with([' ', '(', '\n']));
    let splits = condition::parse(whole.as_str()).is_ok_and(|whole| matches!(whole.kind, ExprKind::Or(_)));
    if is_and && splits {
        let message = "what is appended with `and` restricts only what follows the last `or`";
        let hint = "use an exception, or replace the condition by one with parentheses";
        findings.note(context, note::APPEND_PRECEDENCE, message, hint);
    }
}

/// What an item extends is not there: an error, unless what was not loaded counts as defined.
fn missing(
    kind: &str,
    name: &str,
    message: &str,
    context: &Context,
    engine: &Engine,
    findings: &mut Findings,
) -> Found<()> {
    let shipped = shipped::file_of(kind, name);
    if engine.assumes_base {
        let (code, message) = match shipped {
            Some(file) => (
                note::SHIPPED_ELSEWHERE,
                format!("{kind} `{name}` counts as defined: Falco ships it in {file}"),
            ),
            None => (
                note::BASE_NOT_LOADED,
                format!("{kind} `{name}` was not loaded; what is added to it is checked alone"),
            ),
        };
        findings.note(context, code, message, "load the file that defines it, too, to check all of it");
        return Ok(());
    }
    let found = context.item(error::LOAD_ERR_VALIDATE, message);
    Err(Box::new(match shipped {
        Some(file) => found.hint(format!("Falco ships {kind} `{name}` in {file}: load that file before this one")),
        None => found.hint(format!(
            "load the file that defines {kind} `{name}` before this one, or define it completely; names are case-sensitive"
        )),
    }))
}
