//! Lists, macros and rules as they accumulate over the files.
//!
//! A definition keeps the place of the first one of its name, but is seen from where it was last
//! touched: that is what decides which macro may name which.

mod rules;

use std::collections::{BTreeSet, HashMap};

use condition::ast::ExprKind;

use crate::code::{error, note};
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
