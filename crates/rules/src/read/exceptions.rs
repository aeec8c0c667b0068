//! `exceptions` of a rule, as they are written.

use std::rc::Rc;

use super::Reader;
use super::value::required;
use crate::code::{error, warning};
use crate::exception::{Entry, Exception};
use crate::findings::Found;
use crate::item::Context;
use crate::limits;
use crate::yaml::{Kind, Node};

impl Reader<'_> {
    /// Reads `exceptions`. When they are appended, `fields` may be missing.
    pub(super) fn exceptions(&mut self, item: &Node, rule: &Context, append: bool) -> Found<Vec<Exception>> {
        let mut exceptions: Vec<Exception> = Vec::new();
        let Some(listed) = item.get("exceptions").filter(|listed| !listed.is_null()) else {
            return Ok(exceptions);
        };
        let outer = rule.child("exceptions", "", listed);
        let Some(elements) = listed.elements() else {
            let found = outer.item(error::LOAD_ERR_YAML_VALIDATE, "Rule exceptions must be a sequence");
            return Err(Box::new(found.hint("begin every exception with `- name: NAME`")));
        };
        for element in elements {
            let exception = self.exception(element, rule, &outer, append)?;
            if exceptions.iter().any(|other| other.name == exception.name) {
                let name = &exception.name;
                let message = format!("Multiple definitions of exception '{name}' in the same rule");
                let found = exception.context.item(warning::LOAD_EXCEPTION_NAME_NOT_UNIQUE, message);
                let hint = if append {
                    "put the values of both into one exception; appended, the second one is refused"
                } else {
                    "both apply; give one of them another name"
                };
                self.findings.warn(found.hint(hint));
            }
            if append && element.get("values").is_none() {
                let message = "Overriding/appending exception with no values";
                let found = exception.context.item(warning::LOAD_APPEND_NO_VALUES, message);
                self.findings.warn(found.hint("add `values`, or remove the exception"));
            }
            exceptions.push(exception);
        }
        Ok(exceptions)
    }

    fn exception(
        &mut self,
        element: &Rc<Node>,
        rule: &Context,
        outer: &Context,
        append: bool,
    ) -> Found<Exception> {
        let unnamed = outer.child("exception", "", element);
        if !element.is_mapping() {
            let found = unnamed.item(error::LOAD_ERR_YAML_VALIDATE, "Rule exception must be a mapping");
            return Err(Box::new(found.hint("write `- name: NAME`, `fields`, `comps` and `values`")));
        }
        let (name, _) = required(element, "name", &unnamed)?;
        let context = rule.child("exception", name, element);
        let mut entries = Entries { file: self.file, left: limits::EXCEPTION_VALUES };
        let fields = match element.get("fields") {
            Some(fields) => entries.read(fields, &context.child("value for", "fields", fields))?,
            None if append => Entry::missing(self.file, element),
            None => {
                let message = "Item has no mapping for key 'fields'";
                let found = context.item(error::LOAD_ERR_YAML_VALIDATE, message);
                return Err(Box::new(found.hint("add `fields: [proc.name, …]`")));
            }
        };
        let comps = match element.get("comps") {
            Some(comps) => entries.read(comps, &context.child("value for", "comps", comps))?,
            None => Entry::missing(self.file, element),
        };
        let mut values = Vec::new();
        if let Some(listed) = element.get("values") {
            let place = context.child("exception values", "", listed);
            let Some(rows) = listed.elements() else {
                let found =
                    place.item(error::LOAD_ERR_YAML_VALIDATE, "Rule exception values must be a sequence");
                return Err(Box::new(found.hint("write `values: [[a, b], [c, d]]`, one list for each case")));
            };
            for row in rows {
                values.push(entries.read(row, &place.child("exception value", "", row))?);
            }
        }
        Ok(Exception { name: name.to_owned(), fields, comps, values, context })
    }
}

/// Reads entries, but not without end: aliases can make a small file stand for a huge one.
struct Entries {
    file: usize,
    left: usize,
}

impl Entries {
    fn read(&mut self, node: &Rc<Node>, context: &Context) -> Found<Entry> {
        let Some(left) = self.left.checked_sub(1) else {
            let message = format!("the exception has more than {} values", limits::EXCEPTION_VALUES);
            let found = context.item(error::LOAD_ERR_YAML_VALIDATE, message);
            return Err(Box::new(found.hint("use a list, or several exceptions")));
        };
        self.left = left;
        let mut entry = Entry::missing(self.file, node);
        match &node.kind {
            Kind::Scalar(text, _) if text.is_empty() => {
                let found = context.item(error::LOAD_ERR_YAML_VALIDATE, "Value must be non-empty");
                return Err(Box::new(found.hint("write an empty text as `'\"\"'`")));
            }
            Kind::Scalar(text, _) => entry.text.clone_from(text),
            Kind::Sequence(elements) => {
                entry.is_list = true;
                for element in elements {
                    entry.items.push(self.read(element, &context.child("value for", "", element))?);
                }
            }
            Kind::Null | Kind::Mapping(_) => {}
        }
        Ok(entry)
    }
}
