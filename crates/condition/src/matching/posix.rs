//! Regular expressions in the POSIX syntax of RE2, which is what Falco compiles.
//!
//! The syntax is small: no `\d`, no `\b`, no `(?…)`, no lazy repetition; `^` and `$` hold at line ends.
//! [`translate`] checks a pattern as RE2 does, with its messages, and writes it for [`regex_lite`], whose
//! syntax contains all of it in another spelling.

use std::fmt::Write;

/// What a repetition may count to in RE2.
const MOST_REPETITIONS: u32 = 1000;

/// The pattern for [`regex_lite`], to fit a whole text; or RE2's words about what is wrong.
pub(crate) fn translate(pattern: &str) -> Result<String, String> {
    let out = String::from("\\A(?:");
    let mut translator = Translator { rest: pattern, out, open: Vec::new(), last: Last::Nothing };
    while let Some(character) = translator.rest.chars().next() {
        translator.element(pattern, character)?;
    }
    if !translator.open.is_empty() {
        return Err(format!("missing ): {pattern}"));
    }
    translator.out.push_str(")\\z");
    Ok(translator.out)
}

struct Translator<'a> {
    rest: &'a str,
    out: String,
    /// Where in `out` each open group starts.
    open: Vec<usize>,
    last: Last,
}

/// What a repetition would repeat, and where in `out` it starts.
#[derive(Clone, Copy)]
enum Last {
    Nothing,
    Plain(usize),
    Repetition(usize),
}

impl<'a> Translator<'a> {
    fn advance(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn element(&mut self, pattern: &str, character: char) -> Result<(), String> {
        let start = self.out.len();
        match character {
            '(' => {
                self.advance(1);
                self.open.push(start);
                self.out.push_str("(?:");
                self.last = Last::Nothing;
                return Ok(());
            }
            ')' => {
                self.advance(1);
                let group = self.open.pop().ok_or_else(|| format!("unexpected ): {pattern}"))?;
                self.out.push(')');
                self.last = Last::Plain(group);
                return Ok(());
            }
            '|' => {
                self.advance(1);
                self.out.push('|');
                self.last = Last::Nothing;
                return Ok(());
            }
            '*' | '+' | '?' => {
                let operator = self.advance(1);
                return self.repeat(operator);
            }
            '{' => {
                if let Some((length, low, high)) = counts(self.rest) {
                    let operator = self.advance(length);
                    if low > MOST_REPETITIONS
                        || high.is_some_and(|high| high > MOST_REPETITIONS || high < low)
                    {
                        return Err(format!("invalid repetition size: {operator}"));
                    }
                    return self.repeat(operator);
                }
                self.advance(1);
                push_literal(&mut self.out, '{');
            }
            '^' | '$' => {
                self.advance(1);
                let _ = write!(self.out, "(?m:{character})");
            }
            '.' => {
                self.advance(1);
                self.out.push('.');
            }
            '[' => self.class()?,
            '\\' => {
                let character = self.escape()?;
                push_literal(&mut self.out, character);
            }
            _ => {
                self.advance(character.len_utf8());
                push_literal(&mut self.out, character);
            }
        }
        self.last = Last::Plain(start);
        Ok(())
    }

    /// A second repetition repeats the first: `a*?` is `(a*)?`, not a lazy `a*`.
    fn repeat(&mut self, operator: &str) -> Result<(), String> {
        let start = match self.last {
            Last::Nothing => return Err(format!("no argument for repetition operator: {operator}")),
            Last::Plain(start) => start,
            Last::Repetition(start) => {
                self.out.insert_str(start, "(?:");
                self.out.push(')');
                start
            }
        };
        self.out.push_str(operator);
        self.last = Last::Repetition(start);
        Ok(())
    }

    /// A backslash and what it stands for.
    fn escape(&mut self) -> Result<char, String> {
        let mut characters = self.rest.chars().skip(1);
        let Some(escaped) = characters.next() else {
            return Err("trailing \\".to_owned());
        };
        let wrong = || Err(format!("invalid escape sequence: \\{escaped}"));
        let (length, character) = match escaped {
            'a' => (2, '\u{7}'),
            'f' => (2, '\u{c}'),
            'n' => (2, '\n'),
            'r' => (2, '\r'),
            't' => (2, '\t'),
            'v' => (2, '\u{b}'),
            'x' => match hexadecimal(self.rest.get(2..).unwrap_or_default()) {
                Some((length, character)) => (2 + length, character),
                None => return wrong(),
            },
            '0'..='7' => {
                let digits: String =
                    self.rest.chars().skip(1).take(3).take_while(|digit| digit.is_digit(8)).collect();
                // A single digit but zero would be a reference to a group.
                if escaped != '0' && digits.len() < 2 {
                    return wrong();
                }
                match u32::from_str_radix(&digits, 8).ok().and_then(char::from_u32) {
                    Some(character) => (1 + digits.len(), character),
                    None => return wrong(),
                }
            }
            _ if escaped.is_ascii() && !escaped.is_ascii_alphanumeric() && escaped != '_' => (2, escaped),
            _ => return wrong(),
        };
        self.advance(length);
        Ok(character)
    }

    /// A set in brackets.
    fn class(&mut self) -> Result<(), String> {
        let whole = self.rest;
        let missing = || Err(format!("missing ]: {whole}"));
        self.advance(1);
        self.out.push('[');
        if self.rest.starts_with('^') {
            self.advance(1);
            self.out.push('^');
        }
        let mut is_first = true;
        loop {
            let Some(next) = self.rest.chars().next() else { return missing() };
            if next == ']' && !is_first {
                self.advance(1);
                self.out.push(']');
                return Ok(());
            }
            if next == '-' && !is_first && !self.rest.starts_with("-]") {
                let mut range = self.rest.chars();
                let shown: String = range.by_ref().take(2).collect();
                return Err(format!("invalid character class range: {shown}"));
            }
            is_first = false;
            if let Some(inner) = self.rest.strip_prefix("[:")
                && let Some(end) = inner.find(":]")
            {
                let name = self.advance(end + 4);
                self.named(name)?;
                continue;
            }
            self.range()?;
        }
    }

    fn named(&mut self, name: &str) -> Result<(), String> {
        const NAMES: [&str; 14] = [
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
            "space", "upper", "word", "xdigit",
        ];
        let inner = name.trim_start_matches("[:").trim_end_matches(":]");
        if !NAMES.contains(&inner.strip_prefix('^').unwrap_or(inner)) {
            return Err(format!("invalid character class range: {name}"));
        }
        self.out.push_str(name);
        Ok(())
    }

    /// One character of a set, or two with `-` between them.
    fn range(&mut self) -> Result<(), String> {
        let whole = self.rest;
        let low = self.set_character()?;
        let mut high = low;
        if self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1 {
            self.advance(1);
            high = self.set_character()?;
        }
        if high < low {
            let length = whole.len() - self.rest.len();
            let shown = whole.get(..length).unwrap_or_default();
            return Err(format!("invalid character class range: {shown}"));
        }
        push_literal(&mut self.out, low);
        if high != low {
            self.out.push('-');
            push_literal(&mut self.out, high);
        }
        Ok(())
    }

    fn set_character(&mut self) -> Result<char, String> {
        match self.rest.chars().next() {
            Some('\\') => self.escape(),
            Some(character) => {
                self.advance(character.len_utf8());
                Ok(character)
            }
            None => Err("missing ]".to_owned()),
        }
    }
}

/// Every character but letters and digits is written by its number: that means the same everywhere.
fn push_literal(out: &mut String, character: char) {
    if character.is_alphanumeric() {
        out.push(character);
    } else {
        let _ = write!(out, "\\x{{{:x}}}", u32::from(character));
    }
}

/// `{2}`, `{2,}` or `{2,5}` at the start: its length and its bounds.
fn counts(text: &str) -> Option<(usize, u32, Option<u32>)> {
    let end = text.find('}')?;
    let inner = text.get(1..end)?;
    let number = |digits: &str| {
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().unwrap_or(u32::MAX))
    };
    let (low, high) = match inner.split_once(',') {
        None => (number(inner)?, Some(number(inner)?)),
        Some((low, "")) => (number(low)?, None),
        Some((low, high)) => (number(low)?, Some(number(high)?)),
    };
    Some((end + 1, low, high))
}

/// `41` or `{41}` at the start: its length and the character.
fn hexadecimal(text: &str) -> Option<(usize, char)> {
    let (digits, length) = match text.strip_prefix('{') {
        Some(inner) => {
            let end = inner.find('}')?;
            (inner.get(..end)?, end + 2)
        }
        None => (text.get(..2)?, 2),
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?;
    is_number.then_some((length, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, fits: &[&str], fails: &[&str]) {
        let translated = translate(pattern).unwrap();
        let regex =
            regex_lite::Regex::new(&translated).unwrap_or_else(|error| panic!("{translated}: {error}"));
        for text in fits {
            assert!(regex.is_match(text), "{pattern} ({translated}) on {text:?}");
        }
        for text in fails {
            assert!(!regex.is_match(text), "{pattern} ({translated}) on {text:?}");
        }
    }

    #[track_caller]
    fn refuse(pattern: &str, message: &str) {
        assert_eq!(translate(pattern), Err(message.to_owned()));
    }

    #[test]
    fn the_whole_text_must_fit() {
        check("etc", &["etc"], &["/etc", "etcx", ""]);
        check("^etc$", &["etc"], &["/etc"]);
        check(".*etc.*", &["/etc/x", "etc"], &["ETC", "a\netc"]);
        check("(cron -f|zzz)", &["cron -f", "zzz"], &["cron"]);
        check("", &[""], &["a"]);
        check("a|", &["", "a"], &["b"]);
    }

    #[test]
    fn one_dot_is_one_character_whatever_its_bytes() {
        check(".", &["é", "a"], &["\n", "ab"]);
        check("[^a]", &["é", "\n"], &["a"]);
    }

    #[test]
    fn repetitions() {
        check("a{2,3}b", &["aab", "aaab"], &["ab", "aaaab"]);
        check("a{2}", &["aa"], &["a"]);
        check("a{2,}", &["aa", "aaaa"], &["a"]);
        check("a{,2}", &["a{,2}"], &["aa"]);
        check("x{", &["x{"], &["x"]);
        check("ba*?", &["b", "baaa"], &["a"]);
        check("(ab)+*", &["", "abab"], &["a"]);
    }

    #[test]
    fn sets() {
        check("[[:alnum:]_.-]+", &["a-b_c.1"], &["a b", ""]);
        check("[]a]+", &["]a"], &["b"]);
        check("[^]a]", &["b"], &["]", "a"]);
        check("[a\\]b]+", &["a]b"], &["c"]);
        check("[a&&b~-]+", &["a&b~-"], &["c"]);
        check("[[:^digit:]]", &["a"], &["1"]);
    }

    #[test]
    fn escapes() {
        check("\\.\\/\\-\\ \\\\", &["./- \\"], &[]);
        check("\\x41\\x{e9}\\101\\t", &["AéA\t"], &[]);
    }

    #[test]
    fn what_re2_refuses() {
        refuse("\\d+", "invalid escape sequence: \\d");
        refuse("\\bx", "invalid escape sequence: \\b");
        refuse("\\pL", "invalid escape sequence: \\p");
        refuse("\\1", "invalid escape sequence: \\1");
        refuse("(?i)a", "no argument for repetition operator: ?");
        refuse("*a", "no argument for repetition operator: *");
        refuse("a|*", "no argument for repetition operator: *");
        refuse("a{2,1}", "invalid repetition size: {2,1}");
        refuse("a{1001}", "invalid repetition size: {1001}");
        refuse("[[:foo:]]", "invalid character class range: [:foo:]");
        refuse("[z-a]", "invalid character class range: z-a");
        refuse("[a-b-c]", "invalid character class range: -c");
        refuse("[ab", "missing ]: [ab");
        refuse("a(b", "missing ): a(b");
        refuse("a)b", "unexpected ): a)b");
        refuse("a\\", "trailing \\");
    }
}
