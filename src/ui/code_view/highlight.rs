//! Splits a mitigation file into tokens for colouring.
//!
//! This is for reading, not for parsing: it knows the YAML, JSON and `key = value` that mitigation files
//! are written in, and leaves what it does not know as plain text. The tokens always add up to the input.

use analysis::mitigation::Language;

/// What a token is coloured as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Space, and whatever has no colour.
    Plain,
    /// `# why`
    Comment,
    /// A name before `:` or `=`.
    Key,
    /// Quoted text and block text.
    Text,
    /// A number, `true`, `false` or `null`.
    Literal,
    /// What holds the rest together.
    Mark,
}

impl TokenKind {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Plain => "tok",
            Self::Comment => "tok tok-comment",
            Self::Key => "tok tok-key",
            Self::Text => "tok tok-text",
            Self::Literal => "tok tok-literal",
            Self::Mark => "tok tok-mark",
        }
    }
}

/// A piece of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its text.
    pub text: &'a str,
}

/// The tokens of `text`, in order and without gaps.
pub fn highlight(language: Language, text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    match language {
        Language::Yaml => yaml(text, &mut tokens),
        Language::Json => flow(text, &mut tokens),
        Language::Conf => text.split_inclusive('\n').for_each(|line| conf_line(line, &mut tokens)),
    }
    tokens
}

fn yaml<'a>(text: &'a str, tokens: &mut Vec<Token<'a>>) {
    // The indent of the line that opened a block text, while inside one.
    let mut block: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if let Some(opened) = block {
            if line.trim().is_empty() || indent > opened {
                push(tokens, TokenKind::Text, line);
                continue;
            }
            block = None;
        }
        if yaml_line(line, tokens) {
            block = Some(indent);
        }
    }
}

/// Whether the line opens a block text.
fn yaml_line<'a>(line: &'a str, tokens: &mut Vec<Token<'a>>) -> bool {
    let mut rest = take_while(line, TokenKind::Plain, tokens, |c| c == ' ');
    while let Some(item) = rest.strip_prefix("- ") {
        rest = take(rest, rest.len() - item.len(), TokenKind::Mark, tokens);
        rest = take_while(rest, TokenKind::Plain, tokens, |c| c == ' ');
    }
    if rest.starts_with('#') {
        push(tokens, TokenKind::Comment, rest);
        return false;
    }
    if rest.trim_end() == "---" {
        push(tokens, TokenKind::Mark, rest);
        return false;
    }
    if let Some(length) = yaml_key(rest) {
        rest = take(rest, length, TokenKind::Key, tokens);
        rest = take(rest, 1, TokenKind::Mark, tokens);
        rest = take_while(rest, TokenKind::Plain, tokens, |c| c == ' ');
    }
    if rest.starts_with(['|', '>']) {
        push(tokens, TokenKind::Mark, rest);
        return true;
    }
    if rest.starts_with(['[', '{', '"', '\'']) {
        flow(rest, tokens);
    } else {
        scalar(rest, tokens);
    }
    false
}

/// The length of the key that `rest` begins with.
fn yaml_key(rest: &str) -> Option<usize> {
    let length = match rest.chars().next()? {
        quote @ ('"' | '\'') => quoted(rest, quote),
        '[' | '{' => return None,
        _ => rest.find(": ").or_else(|| rest.trim_end().strip_suffix(':').map(str::len))?,
    };
    rest.get(length..)?.starts_with(':').then_some(length)
}

/// A plain value up to its comment or the end of the line.
fn scalar<'a>(rest: &'a str, tokens: &mut Vec<Token<'a>>) {
    let value = rest.split(" #").next().unwrap_or_default().trim_end();
    let kind = if is_literal(value) { TokenKind::Literal } else { TokenKind::Plain };
    let rest = take(rest, value.len(), kind, tokens);
    let rest = take_while(rest, TokenKind::Plain, tokens, |c| c == ' ');
    push(tokens, if rest.starts_with('#') { TokenKind::Comment } else { TokenKind::Plain }, rest);
}

fn conf_line<'a>(line: &'a str, tokens: &mut Vec<Token<'a>>) {
    if line.starts_with(['#', ';']) {
        return push(tokens, TokenKind::Comment, line);
    }
    let Some(at) = line.find('=') else { return push(tokens, TokenKind::Plain, line) };
    let key = line.get(..at).unwrap_or_default().trim_end();
    let rest = take(line, key.len(), TokenKind::Key, tokens);
    let rest = take_while(rest, TokenKind::Plain, tokens, |c| c == ' ');
    let rest = take(rest, 1, TokenKind::Mark, tokens);
    let rest = take_while(rest, TokenKind::Plain, tokens, |c| c == ' ');
    scalar(rest, tokens);
}

/// JSON, and YAML in brackets.
fn flow<'a>(text: &'a str, tokens: &mut Vec<Token<'a>>) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '"' | '\'' => {
                let length = quoted(rest, first);
                let is_key = rest.get(length..).unwrap_or_default().trim_start().starts_with(':');
                take(rest, length, if is_key { TokenKind::Key } else { TokenKind::Text }, tokens)
            }
            '{' | '}' | '[' | ']' | ',' | ':' => take(rest, 1, TokenKind::Mark, tokens),
            '#' => {
                let length = rest.find('\n').unwrap_or(rest.len());
                take(rest, length, TokenKind::Comment, tokens)
            }
            space if space.is_whitespace() => take_while(rest, TokenKind::Plain, tokens, char::is_whitespace),
            _ => {
                let length = rest.find(['{', '}', '[', ']', ',', ':', '\n']).unwrap_or(rest.len());
                let word = rest.get(..length).unwrap_or_default().trim_end();
                let kind = if is_literal(word) { TokenKind::Literal } else { TokenKind::Plain };
                take(rest, word.len(), kind, tokens)
            }
        };
    }
}

/// The length of the quoted text that `rest` begins with, its quotes included.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn is_literal(word: &str) -> bool {
    matches!(word, "true" | "false" | "null")
        || (word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | 'x'))
            && word.contains(|c: char| c.is_ascii_digit()))
}

/// Pushes the first `length` bytes and returns the rest. A cut inside a character takes everything.
fn take<'a>(rest: &'a str, length: usize, kind: TokenKind, tokens: &mut Vec<Token<'a>>) -> &'a str {
    let (text, rest) = rest.split_at_checked(length).unwrap_or((rest, ""));
    push(tokens, kind, text);
    rest
}

fn take_while<'a>(
    rest: &'a str,
    kind: TokenKind,
    tokens: &mut Vec<Token<'a>>,
    belongs: impl Fn(char) -> bool,
) -> &'a str {
    take(rest, rest.len() - rest.trim_start_matches(belongs).len(), kind, tokens)
}

fn push<'a>(tokens: &mut Vec<Token<'a>>, kind: TokenKind, text: &'a str) {
    if !text.is_empty() {
        tokens.push(Token { kind, text });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The coloured tokens as `kind(text)`, after checking that nothing was lost.
    #[track_caller]
    fn check(language: Language, text: &str, expected: &[&str]) {
        let tokens = highlight(language, text);
        assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), text);
        let shown: Vec<String> = tokens
            .iter()
            .filter(|token| token.kind != TokenKind::Plain)
            .map(|token| format!("{:?}({})", token.kind, token.text.trim_end()))
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn rules_are_coloured() {
        check(
            Language::Yaml,
            "# why\n- macro: known\n  condition: >\n    or (a = \"b: c\")\n\n    and x\n  override: {condition: append}\n",
            &[
                "Comment(# why)",
                "Mark(-)",
                "Key(macro)",
                "Mark(:)",
                "Key(condition)",
                "Mark(:)",
                "Mark(>)",
                "Text(    or (a = \"b: c\"))",
                "Text()",
                "Text(    and x)",
                "Key(override)",
                "Mark(:)",
                "Mark({)",
                "Mark(:)",
                "Mark(})",
            ],
        );
    }

    #[test]
    fn values_are_told_from_comments() {
        check(
            Language::Yaml,
            "a: 1 # one\nb: 'x # y'\nc: [SYS_PTRACE, true]\n\"d\": http://x:80/#z\n",
            &[
                "Key(a)",
                "Mark(:)",
                "Literal(1)",
                "Comment(# one)",
                "Key(b)",
                "Mark(:)",
                "Text('x # y')",
                "Key(c)",
                "Mark(:)",
                "Mark([)",
                "Mark(,)",
                "Literal(true)",
                "Mark(])",
                "Key(\"d\")",
                "Mark(:)",
            ],
        );
    }

    #[test]
    fn profiles_are_coloured() {
        check(
            Language::Json,
            "{ \"a\\\"b\" : [\"x\", 38, null] }\n",
            &[
                "Mark({)",
                "Key(\"a\\\"b\")",
                "Mark(:)",
                "Mark([)",
                "Text(\"x\")",
                "Mark(,)",
                "Literal(38)",
                "Mark(,)",
                "Literal(null)",
                "Mark(])",
                "Mark(})",
            ],
        );
    }

    #[test]
    fn settings_are_coloured() {
        check(
            Language::Conf,
            "# Yama\nkernel.yama.ptrace_scope = 2\nloose\n",
            &["Comment(# Yama)", "Key(kernel.yama.ptrace_scope)", "Mark(=)", "Literal(2)"],
        );
    }

    #[test]
    fn nothing_is_lost_whatever_the_text() {
        let hostile = "\u{202e}é: \"\\\n- - 'ö\n[<script>, {\"a\\\": |\n---\n x:\n: \n=#é=\n\"é\r\n\t- #";
        for language in [Language::Yaml, Language::Json, Language::Conf] {
            for (start, _) in hostile.char_indices() {
                let text = hostile.get(start..).unwrap();
                let tokens = highlight(language, text);
                assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), text);
            }
        }
    }
}
