//! `override`: which keys are appended and which replaced.

use std::collections::BTreeSet;

use crate::code::error;
use crate::findings::Found;
use crate::item::Context;
use crate::yaml::{Kind, Node};

/// What an item's `override` says.
#[derive(Debug, Default)]
pub(super) struct Overrides {
    append: BTreeSet<String>,
    replace: BTreeSet<String>,
}

impl Overrides {
    /// Reads `override`; anything that is no mapping counts as none, as for Falco.
    pub fn read(
        item: &Node,
        appendable: &[&str],
        replaceable: &[&str],
        context: &Context,
        root: &Context,
    ) -> Found<Self> {
        let mut overrides = Self::default();
        let Some(value) = item.get("override") else { return Ok(overrides) };
        if let Some([first, ..]) = value.elements() {
            let found = root.at(root.file, first.span.clone()).item(
                error::LOAD_ERR_VALIDATE,
                "invalid node; this may result from using a map iterator as a sequence iterator, or vice-versa",
            );
            return Err(Box::new(found.hint("write a mapping, such as `override: {condition: append}`")));
        }
        let inner = context.child("overrides", "", value);
        for (key, operation) in value.entries() {
            let name = key.text().unwrap_or("null");
            let word = match &operation.kind {
                Kind::Scalar(word, _) => word.as_str(),
                Kind::Null => "null",
                Kind::Sequence(_) | Kind::Mapping(_) => {
                    let message = format!("{}: bad conversion", operation.mark.falco());
                    let place = root.at(root.file, operation.span.clone());
                    let found = place.item(error::LOAD_ERR_VALIDATE, message);
                    return Err(Box::new(found.hint("write `append` or `replace`")));
                }
            };
            let can_append = appendable.contains(&name);
            let can_replace = replaceable.contains(&name);
            let failure = |message: String, hint: String| {
                let place = inner.child("overrides", name, key);
                Err(Box::new(place.item(error::LOAD_ERR_YAML_VALIDATE, message).hint(hint)))
            };
            match word {
                "append" if can_append => drop(overrides.append.insert(name.to_owned())),
                "replace" if can_replace => drop(overrides.replace.insert(name.to_owned())),
                "append" => {
                    let message = format!("Key '{name}' cannot be appended to, use 'replace' instead");
                    let hint = if can_replace {
                        format!("write `{name}: replace`")
                    } else {
                        format!("only {} can be appended", listed(appendable))
                    };
                    return failure(message, hint);
                }
                "replace" => {
                    let message = format!("Key '{name}' cannot be replaced");
                    return failure(message, format!("only {} can be replaced", listed(replaceable)));
                }
                _ => {
                    let mut message = format!(
                        "Invalid override operation for key '{name}': '{word}'. Allowed values are: "
                    );
                    message.push_str(if can_append { "append " } else { "" });
                    message.push_str(if can_replace { "replace " } else { "" });
                    let place = inner.child("value for", name, operation);
                    let found = place.item(error::LOAD_ERR_YAML_VALIDATE, message);
                    return Err(Box::new(found.hint("write `append` or `replace`, in lower case")));
                }
            }
        }
        Ok(overrides)
    }

    /// `append: true` and `override` exclude each other.
    pub fn refuse_with_append(&self, append: bool, context: &Context) -> Found<()> {
        if !append || self.is_empty() {
            return Ok(());
        }
        let message = "Keys 'override' and 'append: true' cannot be used together. Add an 'append' entry \
                       (e.g. 'condition: append') under 'override' instead.";
        let found = context.item(error::LOAD_ERR_YAML_VALIDATE, message);
        Err(Box::new(found.hint("remove `append: true`")))
    }

    /// Whether nothing is overridden.
    pub fn is_empty(&self) -> bool {
        self.append.is_empty() && self.replace.is_empty()
    }

    /// Whether any key is appended.
    pub fn appends_any(&self) -> bool {
        !self.append.is_empty()
    }

    /// Whether any key is replaced.
    pub fn replaces_any(&self) -> bool {
        !self.replace.is_empty()
    }

    /// Whether a key is appended.
    pub fn appends(&self, key: &str) -> bool {
        self.append.contains(key)
    }

    /// Whether a key is replaced.
    pub fn replaces(&self, key: &str) -> bool {
        self.replace.contains(key)
    }
}

fn listed(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}
