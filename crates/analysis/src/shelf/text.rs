//! Words to look for in alerts.

use super::{Kept, Shelf};
use crate::alert::Value;

/// A word, and which of the shelf's values have it.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    text: String,
    in_values: Vec<bool>,
}

/// The words of a query: what stands between blanks, and between double quotes.
pub(crate) fn words(query: &str) -> impl Iterator<Item = &str> {
    query.split('"').enumerate().flat_map(parts).filter(|word| !word.trim().is_empty())
}

fn parts((at, part): (usize, &str)) -> Vec<&str> {
    if at % 2 == 1 { vec![part] } else { part.split_whitespace().collect() }
}

impl Word {
    /// Looks for a word in every value once.
    pub fn new(word: &str, shelf: &Shelf) -> Self {
        let text = word.to_ascii_lowercase();
        // Most values that are no texts are numbers, which are costly to print.
        let may_be_number = text.bytes().all(|byte| byte.is_ascii_digit() || b"-+.e".contains(&byte));
        let has = |value: &Value| match value {
            Value::String(value) => contains(value, &text),
            Value::Int(_) | Value::Uint(_) if !may_be_number => false,
            other => contains(&other.json(), &text),
        };
        let in_values = shelf.values.iter().map(has).collect();
        Self { text, in_values }
    }

    /// Whether an alert has it: in its output, in a key or field, or in the name of its rule.
    pub fn is_in(&self, alerts: &Shelf, at: usize) -> bool {
        alerts.alerts.get(at).is_some_and(|alert| {
            let has = |place: &u32| self.in_values.get(*place as usize).copied().unwrap_or(false);
            has(&alert.rule) || cells(alerts, alert).iter().any(has) || contains(&alert.output, &self.text)
        })
    }
}

fn cells<'a>(shelf: &'a Shelf, alert: &Kept) -> &'a [u32] {
    let length = shelf.shape_of(alert).map_or(0, |shape| shape.own.len() + shape.fields.len());
    shelf.cells.get(alert.cells..alert.cells + length).unwrap_or_default()
}

/// Whether a text contains another one, which is in lower case; A to Z count as a to z.
fn contains(text: &str, lower: &str) -> bool {
    let (text, lower) = (text.as_bytes(), lower.as_bytes());
    let Some(first) = lower.first() else { return true };
    let Some(last) = text.len().checked_sub(lower.len()) else { return false };
    let starts = memchr::memchr2_iter(*first, first.to_ascii_uppercase(), text);
    starts.take_while(|start| *start <= last).any(|start| {
        text.get(start..start + lower.len()).is_some_and(|part| part.eq_ignore_ascii_case(lower))
    })
}

#[cfg(test)]
mod tests {
    use super::{Word, contains, words};
    use crate::shelf::tests::shelf;

    #[test]
    fn a_query_has_words_and_phrases() {
        assert!(words(r#" a  "b c" d"e "#).eq(["a", "b c", "d", "e "]));
        assert_eq!(words("  \"\" ").count(), 0);
    }

    #[test]
    fn case_does_not_matter() {
        assert!(contains("An ATTACH", "attach") && contains("x", "") && contains("É", "É"));
        assert!(!contains("atta", "attach") && !contains("", "a"));
    }

    #[test]
    fn words_are_found_everywhere_in_an_alert() {
        let shelf = shelf(&[
            r#"{"rule":"Shell spawned","output":"Notice A shell","hostname":"node-1","output_fields":{"proc.pid":4711,"proc.name":"bash"}}"#,
        ]);
        for word in ["SPAWNED", "notice", "node-1", "4711", "Bash"] {
            assert!(Word::new(word, &shelf).is_in(&shelf, 0), "{word}");
        }
        for word in ["proc.name", "zsh"] {
            assert!(!Word::new(word, &shelf).is_in(&shelf, 0), "{word}");
        }
        assert!(!Word::new("bash", &shelf).is_in(&shelf, 1));
    }
}
