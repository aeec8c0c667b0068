//! Values as Falco conditions and rule files take them, so that Falco reads exactly the value meant.
//!
//! Source of the quoting rules: libs 0.25.4, `userspace/libsinsp/filter/parser.cpp`, and Falco
//! 0.44.1, `userspace/engine/rule_loader_compiler.cpp`; what a double-quoted YAML text may hold: YAML
//! 1.2, 5.7.

use crate::limits;
use crate::report::escape::is_hidden;

/// A value as Falco's condition grammar takes it, bare or in double quotes; nothing where no way of
/// writing it compares equal in the engine.
///
/// Refused are values that Falco does not load (over 255 bytes), values whose printed form differs
/// from what is compared (control and replacement characters, cut texts), and values with a word between
/// two delimiters: should a list of that name exist, its items would be pasted into the quoted text. `<`
/// is refused because portraits mark with it what changes each time.
pub fn literal(value: &str) -> Option<String> {
    let delimiters = |character: char| matches!(character, ' ' | ',' | '(' | ')' | '=');
    let inner_word = value.split(delimiters).count() > 2;
    if value.is_empty()
        || value.len() > limits::CONDITION_VALUE_BYTES
        || value.contains(|character| is_hidden(character) || matches!(character, '\u{FFFD}' | '<'))
        || value.ends_with("[...]")
        || inner_word
    {
        return None;
    }
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"_./:@%+-".contains(&byte);
    // A bare word could be the name of a list; a path or an image with its slash cannot.
    if value.bytes().all(safe) && value.contains('/') {
        return Some(value.to_owned());
    }
    let mut quoted = String::from("\"");
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek().is_none() => quoted.push_str("\\ "),
            '\\' | '"' => {
                quoted.push('\\');
                quoted.push(character);
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    Some(quoted)
}

/// A text as a YAML scalar in single quotes, in which nothing but the quote has a meaning.
pub fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        let check =
            |value: &str, expected: Option<&str>| assert_eq!(literal(value).as_deref(), expected, "{value}");
        check("/bin/event-generator", Some("/bin/event-generator"));
        check("nginx", Some("\"nginx\""));
        check("/opt/a b", Some("\"/opt/a b\""));
        check("/opt/a\"b", Some("\"/opt/a\\\"b\""));
        check("/opt/x\\", Some("\"/opt/x\\ \""));
        check("/opt/é", Some("\"/opt/é\""));
        check("", None);
        check("/opt/a shell_binaries b", None);
        check("/opt/a\nb", None);
        check("/opt/a\u{FFFD}b", None);
        check("/opt/a\u{202E}b", None);
        check("/tmp/tmp.<tmp>", None);
        check(&format!("/{}", "a".repeat(255)), None);
        assert_eq!(single_quoted("\"it's\""), "'\"it''s\"'");
    }
}
