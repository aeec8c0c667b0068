//! JSON for reading: a line for each member.

use std::fmt::Write;

use super::Shelf;
use crate::report::escape::is_hidden;

/// What a level is indented by.
const INDENT: &str = "  ";

impl Shelf {
    /// An alert as canonical JSON with a line for each member; characters that do not show are escaped, so it
    /// is the same JSON to a program. Empty where there is no such alert.
    pub fn pretty(&self, record: u64) -> String {
        pretty(self.json_lines([record].into_iter()).trim_end())
    }
}

/// Compact JSON with a line for each member and item.
fn pretty(compact: &str) -> String {
    let (mut out, mut depth) = (String::with_capacity(compact.len() * 2), 0_usize);
    let (mut in_text, mut escaped) = (false, false);
    let mut symbols = compact.chars().peekable();
    while let Some(symbol) = symbols.next() {
        if in_text {
            put(&mut out, symbol);
            in_text = escaped || symbol != '"';
            escaped = symbol == '\\' && !escaped;
            continue;
        }
        match symbol {
            '{' | '[' => {
                out.push(symbol);
                if let Some(end) = symbols.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(symbol);
            }
            ',' => {
                out.push(symbol);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => {
                out.push(symbol);
                in_text = symbol == '"';
            }
        }
    }
    out
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    (0..depth).for_each(|_| out.push_str(INDENT));
}

fn put(out: &mut String, symbol: char) {
    if !is_hidden(symbol) {
        return out.push(symbol);
    }
    for unit in symbol.encode_utf16(&mut [0; 2]) {
        // Writing to a String cannot fail.
        let _ = write!(out, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use super::pretty;
    use crate::shelf::tests::shelf;

    #[test]
    fn members_have_lines() {
        let read = pretty(r#"{"a":[],"b":{"c":"x,{\"y\"}:\\","d":[1,2.50]},"e":{}}"#);
        assert_eq!(
            read,
            r#"{
  "a": [],
  "b": {
    "c": "x,{\"y\"}:\\",
    "d": [
      1,
      2.50
    ]
  },
  "e": {}
}"#
        );
    }

    #[test]
    fn nothing_hides_and_a_program_reads_the_same() {
        let text = "a\u{202e}b\u{e0041}\u{7f}\"\\\n";
        let alert = serde_json::json!({"rule": "R", "output": text, "output_fields": {text: [text, null, {"x": -1}]}});
        let shelf = shelf(&[&alert.to_string()]);
        let read = shelf.pretty(1);
        assert!(!read.contains(['\u{202e}', '\u{e0041}', '\u{7f}']), "{read}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&read).unwrap(), alert);
        assert_eq!(shelf.pretty(2), "");
    }
}
