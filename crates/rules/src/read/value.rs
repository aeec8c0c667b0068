//! The values of an item's keys, checked as Falco checks them.

use std::rc::Rc;

use crate::code::error;
use crate::findings::Found;
use crate::item::Context;
use crate::yaml::{self, Node};

/// The text of a key that must be there, and its node.
pub(super) fn required<'n>(item: &'n Node, key: &str, context: &Context) -> Found<(&'n str, &'n Rc<Node>)> {
    optional(item, key, context)?.ok_or_else(|| {
        let message = format!("Item has no mapping for key '{key}'");
        let found = context.item(error::LOAD_ERR_YAML_VALIDATE, message);
        Box::new(found.hint(format!("add `{key}: …`, or say under `override` what is to change")))
    })
}

/// The text of a key that may be missing, and its node.
pub(super) fn optional<'n>(
    item: &'n Node,
    key: &str,
    context: &Context,
) -> Found<Option<(&'n str, &'n Rc<Node>)>> {
    let Some(value) = item.get(key) else { return Ok(None) };
    if value.is_null() {
        let message = format!("Mapping for key '{key}' is empty");
        let found = context.at(context.file, value.span.clone()).item(error::LOAD_ERR_YAML_VALIDATE, message);
        return Err(Box::new(found.hint(format!("give `{key}` a value, or remove the key"))));
    }
    let place = context.child("value for", key, value);
    let Some(text) = value.text() else {
        let found = place.item(error::LOAD_ERR_YAML_VALIDATE, "Value is not a scalar value");
        return Err(Box::new(found.hint(format!("`{key}` takes text, not a list or a mapping"))));
    };
    if text.is_empty() {
        let found = place.item(error::LOAD_ERR_YAML_VALIDATE, "Value must be non-empty");
        return Err(Box::new(found.hint(format!("give `{key}` a value, or remove the key"))));
    }
    Ok(Some((text, value)))
}

/// A key that is true or false.
pub(super) fn boolean(item: &Node, key: &str, context: &Context) -> Found<Option<bool>> {
    decoded(item, key, context, yaml::boolean, "write `true` or `false`")
}

/// A key that is a number.
pub(super) fn unsigned(item: &Node, key: &str, context: &Context) -> Found<Option<u32>> {
    decoded(item, key, context, yaml::unsigned, "write a whole number, such as 5000")
}

fn decoded<T>(
    item: &Node,
    key: &str,
    context: &Context,
    decode: fn(&str) -> Option<T>,
    hint: &str,
) -> Found<Option<T>> {
    let Some((text, node)) = optional(item, key, context)? else { return Ok(None) };
    decode(text).map(Some).ok_or_else(|| {
        let place = context.child("value for", key, node);
        let found = place.item(error::LOAD_ERR_YAML_VALIDATE, "Can't decode YAML scalar value");
        Box::new(found.hint(hint))
    })
}

/// A key that is a list of texts, and must be there.
pub(super) fn texts(item: &Node, key: &str, context: &Context) -> Found<Vec<String>> {
    optional_texts(item, key, context)?.ok_or_else(|| {
        let message = format!("Item has no mapping for key '{key}'");
        let found = context.item(error::LOAD_ERR_YAML_VALIDATE, message);
        Box::new(found.hint(format!("add `{key}: [a, b]`; an empty list is `{key}: []`")))
    })
}

/// A key that is a list of texts.
pub(super) fn optional_texts(item: &Node, key: &str, context: &Context) -> Found<Option<Vec<String>>> {
    let Some(value) = item.get(key) else { return Ok(None) };
    let place = context.child("value for", key, value);
    let Some(elements) = value.elements() else {
        let found = place.item(error::LOAD_ERR_YAML_VALIDATE, "Value is not a sequence");
        return Err(Box::new(found.hint(format!("write `{key}: [a, b]`"))));
    };
    let text = |element: &Rc<Node>| {
        element.text().map(str::to_owned).ok_or_else(|| {
            let place = place.child("list item", "", element);
            let found = place.item(error::LOAD_ERR_YAML_VALIDATE, "sequence value is not scalar");
            Box::new(found.hint("write every value as text; an empty or null text as `\"\"`"))
        })
    };
    elements.iter().map(text).collect::<Found<_>>().map(Some)
}
