//! How texts are written, as far as that can be checked.

use super::Check;
use crate::StepOrName;

/// Every text of an entry.
pub fn check(check: &mut Check<'_>) {
    let rule = check.rule;
    let mut sentences: Vec<(&str, &str)> = vec![("behaviour", &rule.behaviour)];
    sentences.extend(rule.result.iter().map(|text| ("result", text.as_str())));
    sentences.extend(rule.attackers.iter().map(|text| ("attackers", text.as_str())));
    sentences.extend(rule.ordinary.iter().map(|text| ("ordinary", text.as_str())));
    sentences.extend(rule.contradicted.iter().map(|one| ("contradicted", one.why.as_str())));
    sentences.extend(rule.tells.iter().map(|tell| ("tells", tell.text.as_str())));
    sentences.extend(rule.unknown.iter().map(|unknown| ("unknown", unknown.text.as_str())));
    for (key, text) in sentences {
        let result = if text.contains("<<") {
            Err("only steps may have `<<field>>`".to_owned())
        } else {
            sentence(text)
        };
        if let Err(message) = result {
            check.fail(key, message);
        }
    }
    for step in &rule.steps {
        if let StepOrName::Step(step) = step
            && let Err(message) = sentence(&step.text)
        {
            check.fail("steps", message);
        }
    }
    if let Err(message) = phrase(&rule.action) {
        check.fail("action", message);
    }
}

/// A text of whole sentences.
pub fn sentence(text: &str) -> Result<(), String> {
    plain(text)?;
    if !text.ends_with('.') {
        return Err(format!("`{}` does not end with a full stop", beginning(text)));
    }
    if text.starts_with(|first: char| first.is_lowercase()) {
        return Err(format!("`{}` does not begin with a capital", beginning(text)));
    }
    Ok(())
}

/// Words that go on a sentence.
fn phrase(text: &str) -> Result<(), String> {
    plain(text)?;
    if text.is_empty() || text.ends_with('.') || text.starts_with(|first: char| first.is_uppercase()) {
        return Err("it goes on a sentence after the actor's name, without capital and full stop".to_owned());
    }
    Ok(())
}

/// One line, backticks in pairs, no blank too many.
fn plain(text: &str) -> Result<(), String> {
    if text.contains(char::is_control) {
        return Err(format!("`{}` has a line end or a tab inside", beginning(text)));
    }
    if text.matches('`').count() % 2 == 1 {
        return Err(format!("`{}` has a backtick without its partner", beginning(text)));
    }
    if text.contains("  ") || text.trim() != text {
        return Err(format!("`{}` has a blank too many", beginning(text)));
    }
    Ok(())
}

/// Enough of a text to find it.
fn beginning(text: &str) -> String {
    text.chars().filter(|character| *character != '`').take(40).collect()
}
