//! Exceptions as they are written, before they become part of a condition.

use std::rc::Rc;

use crate::code::{error, note};
use crate::engine::{Engine, FieldFault};
use crate::findings::{Findings, Found};
use crate::item::Context;
use crate::yaml::Node;

/// A value of `fields`, `comps` or `values`: text, or a list of such values.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub is_list: bool,
    /// Empty for null, mappings and lists.
    pub text: String,
    pub items: Vec<Entry>,
    pub file: usize,
    /// Where it stands; what it was made up for, if it is a default.
    pub node: Rc<Node>,
}

impl Entry {
    /// What a key that is not there counts as.
    pub fn missing(file: usize, node: &Rc<Node>) -> Self {
        Self { is_list: false, text: String::new(), items: Vec::new(), file, node: Rc::clone(node) }
    }

    fn default_text(text: &str, like: &Self) -> Self {
        Self { text: text.to_owned(), ..Self::missing(like.file, &like.node) }
    }

    /// Whether it says anything.
    pub fn is_given(&self) -> bool {
        if self.is_list { !self.items.is_empty() } else { !self.text.is_empty() }
    }
}

/// An exception of a rule.
#[derive(Debug, Clone)]
pub(crate) struct Exception {
    pub name: String,
    pub fields: Entry,
    pub comps: Entry,
    pub values: Vec<Entry>,
    pub context: Context,
}

impl Exception {
    /// Completes `comps` and checks `fields` and `comps` against each other and against the fields of
    /// a source; `None` is a source that nobody knows.
    pub fn validate(&mut self, source: Option<&str>, engine: &Engine, root: &Context) -> Found<()> {
        if self.fields.is_list {
            self.validate_list(source, engine, root)
        } else {
            self.validate_single(source, engine, root)
        }
    }

    fn validate_list(&mut self, source: Option<&str>, engine: &Engine, root: &Context) -> Found<()> {
        if !self.comps.is_given() {
            self.comps.is_list = true;
            self.comps.items =
                self.fields.items.iter().map(|field| Entry::default_text("=", field)).collect();
        }
        if self.fields.items.len() != self.comps.items.len() {
            let hint = format!(
                "`fields` has {} entries, `comps` {}; write one operator for each field",
                self.fields.items.len(),
                self.comps.items.len()
            );
            return self.fail(&self.comps, "Fields and comps lists must have equal length", hint);
        }
        for comp in &self.comps.items {
            if !is_operator(&comp.text) {
                let message = format!("'{}' is not a supported comparison operator", comp.text);
                let hint = "use `=`, `!=`, `in`, `startswith`, `endswith`, `contains`, `pmatch`, `glob`, in lower case";
                return self.fail(comp, message, hint);
            }
        }
        self.fields.items.iter().try_for_each(|field| self.check_field(field, source, engine, root))
    }

    fn validate_single(&mut self, source: Option<&str>, engine: &Engine, root: &Context) -> Found<()> {
        if !self.comps.is_given() {
            self.comps = Entry::default_text("in", &self.fields);
        }
        if self.comps.is_list {
            let hint = "write `comps: in`, or put the field in brackets, too";
            return self.fail(&self.comps, "Fields and comps must both be strings", hint);
        }
        if !is_list_operator(&self.comps.text) {
            let message = "When fields is a single value, comps must be one of (in, pmatch, intersects) or a \
                           modifier operator (e.g. startswith oneof)";
            let hint = format!(
                "for `{}`, write `fields: [{}]`, `comps: [\"{}\"]` and each value in brackets of its own",
                self.comps.text, self.fields.text, self.comps.text
            );
            return self.fail(&self.comps, message, hint);
        }
        self.check_field(&self.fields, source, engine, root)
    }

    fn check_field(&self, field: &Entry, source: Option<&str>, engine: &Engine, root: &Context) -> Found<()> {
        let Some(source) = source else { return Ok(()) };
        match engine.field_fault(&field.text, source) {
            None => Ok(()),
            Some(FieldFault::Unknown { hint }) => {
                let message = format!("'{}' is not a supported filter field", field.text);
                self.fail(field, message, hint)
            }
            Some(FieldFault::Broken { message, hint }) => {
                let found = root.at(field.file, field.node.span.clone());
                Err(Box::new(found.item(error::LOAD_ERR_VALIDATE, message).hint(hint)))
            }
        }
    }

    /// An error at a part of this exception.
    pub fn fail<T>(&self, at: &Entry, message: impl Into<String>, hint: impl Into<String>) -> Found<T> {
        let place = self.context.at(at.file, at.node.span.clone());
        Err(Box::new(place.item(error::LOAD_ERR_VALIDATE, message).hint(hint)))
    }

    /// Notes what is odd about it as it stands.
    pub fn note(&self, findings: &mut Findings) {
        if self.values.is_empty() {
            let message = format!("exception `{}` has no values, so it hides nothing", self.name);
            let hint = "add values to it here, or by `override: {exceptions: append}`";
            findings.note(&self.context, note::EXCEPTION_WITHOUT_VALUES, message, hint);
        }
    }
}

/// Whether Falco knows an operator, `exists` and operators with a modifier included.
fn is_operator(text: &str) -> bool {
    let text = trimmed(text);
    text == "exists" || condition::operator::Operator::from_name(text).is_some() || is_list_operator(text)
}

/// Whether an operator compares with a list: `in` and its like, or one with a modifier.
pub(crate) fn is_list_operator(text: &str) -> bool {
    use condition::operator::{Modifier, Operator};

    let text = trimmed(text);
    match text.split_once(' ') {
        None => Operator::from_name(text).is_some_and(Operator::takes_list),
        Some((operator, modifier)) => {
            let takes_text = |operator: Operator| {
                !operator.takes_list()
                    && !matches!(
                        operator,
                        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual
                    )
            };
            Operator::from_name(operator).is_some_and(takes_text) && Modifier::from_name(modifier).is_some()
        }
    }
}

fn trimmed(operator: &str) -> &str {
    operator.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}'])
}

#[cfg(test)]
mod tests {
    use super::{is_list_operator, is_operator};

    #[test]
    fn operators_are_trimmed_and_may_have_one_modifier() {
        for text in ["=", "==", " in\n", "exists", "startswith oneof", "!= allof", "<="] {
            assert!(is_operator(text), "{text}");
        }
        for text in ["IN", "===", "in oneof", "< anyof", "startswith  oneof", "oneof", ""] {
            assert!(!is_operator(text), "{text}");
        }
        assert!(is_list_operator("\tpmatch "));
        assert!(is_list_operator("regex anyof"));
        assert!(!is_list_operator("startswith"));
    }
}
