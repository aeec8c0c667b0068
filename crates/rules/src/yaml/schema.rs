//! What stops Falco before it looks at a single rule.
//!
//! Falco 0.44 first holds the file against its JSON schema, and only complains about what does not
//! fit. Two shapes are too much for the validator: a key that is no scalar, and an empty list where
//! the schema wants a mapping, on which it aborts.

use std::rc::Rc;

use super::node::Node;

/// Why the validator gives up.
#[derive(Debug)]
pub enum Refusal {
    /// A list or mapping as a key; Falco reports it as bad YAML.
    ComplexKey(Rc<Node>),
    /// `[]` where a mapping belongs; Falco dies.
    EmptyList(Rc<Node>),
}

/// The first thing in a document that the validator does not survive.
pub fn refusal(document: &Node) -> Option<Refusal> {
    document.elements()?.iter().find_map(item)
}

fn item(node: &Rc<Node>) -> Option<Refusal> {
    mapping(node).or_else(|| {
        node.entries().iter().find_map(|(key, value)| match key.text() {
            Some("override") => mapping(value),
            Some("exceptions") => value.elements()?.iter().find_map(mapping),
            Some("required_plugin_versions") => value.elements()?.iter().find_map(plugin),
            _ => None,
        })
    })
}

fn plugin(node: &Rc<Node>) -> Option<Refusal> {
    mapping(node).or_else(|| node.get("alternatives")?.elements()?.iter().find_map(mapping))
}

/// Looks at a node for which the schema wants a mapping.
fn mapping(node: &Rc<Node>) -> Option<Refusal> {
    if node.elements().is_some_and(<[_]>::is_empty) {
        return Some(Refusal::EmptyList(Rc::clone(node)));
    }
    let complex =
        node.entries().iter().map(|(key, _)| key).find(|key| key.text().is_none() && !key.is_null());
    complex.map(|key| Refusal::ComplexKey(Rc::clone(key)))
}
