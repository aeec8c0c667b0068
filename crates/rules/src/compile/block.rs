//! Exceptions put into a condition, as text.

use super::expand::quoted;
use crate::code::error;
use crate::exception::{Entry, Exception, is_list_operator};
use crate::findings::Found;
use crate::text::Text;

/// Adds `and not (…)` for an exception, if it has values.
pub(super) fn push(condition: &mut Text, exception: &Exception) -> Found<()> {
    let mut block = Text::default();
    if exception.fields.is_list {
        rows(&mut block, exception)?;
    } else {
        single(&mut block, exception)?;
    }
    if !block.as_str().is_empty() {
        condition.push_str(" and not ");
        condition.push(&block);
    }
    Ok(())
}

/// Only the exception's own condition; empty if it has no values.
pub(super) fn alone(exception: &Exception) -> Found<Text> {
    let mut block = Text::default();
    if exception.fields.is_list {
        rows(&mut block, exception)?;
    } else {
        single(&mut block, exception)?;
    }
    Ok(block)
}

/// One field and all of the values.
fn single(block: &mut Text, exception: &Exception) -> Found<()> {
    let (field, comp) = (&exception.fields, &exception.comps);
    for (index, value) in exception.values.iter().enumerate() {
        if value.is_list {
            let message = "Expected values array to contain a list of strings";
            let hint = format!("`fields` is one field, so write `values: [{}]`", first_text(value));
            return exception.fail(value, message, hint);
        }
        if index == 0 {
            block.push_for(&format!("({}", field.text), field.file, &field.node);
            block.push_for(&format!(" {} (", comp.text), comp.file, &comp.node);
        } else {
            block.push_str(", ");
        }
        block.push_for(&quoted(&value.text), value.file, &value.node);
    }
    if !exception.values.is_empty() {
        block.push_str("))");
    }
    Ok(())
}

/// Several fields, and rows with a value for each of them.
fn rows(block: &mut Text, exception: &Exception) -> Found<()> {
    for (index, row) in exception.values.iter().enumerate() {
        if row.items.len() != exception.fields.items.len() {
            let hint = format!(
                "`fields` has {} entries, this row {}; write every row as a list of its own: `- [a, b]`",
                exception.fields.items.len(),
                row.items.len()
            );
            return exception.fail(row, "Fields and values lists must have equal length", hint);
        }
        block.push_for(if index == 0 { "((" } else { " or (" }, row.file, &row.node);
        for (column, (field, value)) in exception.fields.items.iter().zip(&row.items).enumerate() {
            let Some(comp) = exception.comps.items.get(column) else { return crash(exception) };
            let and = if column == 0 { "" } else { " and " };
            block.push_for(&format!("{and} {}", field.text), field.file, &field.node);
            block.push_for(&format!(" {}", comp.text), comp.file, &comp.node);
            block.push_str(" ");
            push_value(block, value, is_list_operator(&comp.text));
        }
        block.push_str(")");
    }
    if !exception.values.is_empty() {
        block.push_str(")");
    }
    Ok(())
}

/// A value: a list in parentheses, or text, which a list operator gets in parentheses as it is.
fn push_value(block: &mut Text, value: &Entry, for_list: bool) {
    if value.is_list {
        block.push_for("(", value.file, &value.node);
        let mut is_first = true;
        for item in &value.items {
            let text = quoted(&item.text);
            // Like a list's items: no comma before the first one that is not empty.
            block.push_str(if is_first { "" } else { ", " });
            is_first &= text.is_empty();
            block.push_for(&text, item.file, &item.node);
        }
        block.push_str(")");
    } else if for_list {
        let text = &value.text;
        let text = if text.starts_with('(') { text.clone() } else { format!("({text})") };
        block.push_for(&text, value.file, &value.node);
    } else {
        block.push_for(&quoted(&value.text), value.file, &value.node);
    }
}

/// Falco reads beyond the end of `comps`.
fn crash(exception: &Exception) -> Found<()> {
    let message = format!(
        "Falco is killed by signal 11: exception `{}` has {} fields and {} comps",
        exception.name,
        exception.fields.items.len(),
        exception.comps.items.len()
    );
    let found = exception.context.item(error::ENGINE_CRASH, message);
    let hint = "write `comps` with one operator for each field; `override: {exceptions: replace}` adds none";
    Err(Box::new(found.hint(hint)))
}

fn first_text(value: &Entry) -> &str {
    value.items.first().map_or("a, b", |item| item.text.as_str())
}
