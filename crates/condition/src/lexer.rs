//! The tokens of a condition, as Falco cuts them.
//!
//! Falco has no token stream: at the cursor the parser tries one kind of token after the other, and the
//! longest match of that kind is taken. So `proc.name infoo` is `in` and `foo`, and `or` ends a value
//! only where a blank ends it. [`Cursor`] keeps the last token as well, because Falco's message about
//! trailing text names it.

use std::borrow::Cow;

use crate::operator::{Modifier, Operator, Takes, Transformer};
use crate::span::Span;
use crate::syntax_error::{Fault, SyntaxError};

/// A place in the text and what was read last.
pub(crate) struct Cursor<'a> {
    text: &'a str,
    /// INVARIANT: at most `text.len()`, and at the start of a character.
    at: usize,
    last: Cow<'a, str>,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, last: Cow::Borrowed("") }
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// The token that was read last.
    pub fn last(&self) -> &str {
        &self.last
    }

    pub fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn bytes(&self) -> &'a [u8] {
        self.rest().as_bytes()
    }

    /// Takes the next `length` bytes as a token; zero is no token.
    fn take(&mut self, length: usize) -> bool {
        let Some(token) = self.rest().get(..length).filter(|token| !token.is_empty()) else { return false };
        self.at += length;
        self.last = Cow::Borrowed(token);
        true
    }

    /// Blanks, which are no token. Unlike elsewhere, a backspace is one and a form feed is none.
    pub fn blank(&mut self) -> bool {
        let blanks = run(self.bytes(), is_blank);
        self.at += blanks;
        blanks > 0
    }

    pub fn word(&mut self, word: &str) -> bool {
        self.rest().starts_with(word) && self.take(word.len())
    }

    /// `not` with the white space behind it.
    pub fn not(&mut self) -> bool {
        let Some(behind) = self.rest().strip_prefix("not") else { return false };
        match run(behind.as_bytes(), is_space) {
            0 => false,
            spaces => self.take("not".len() + spaces),
        }
    }

    /// `[a-zA-Z]+[a-zA-Z0-9_]*`
    pub fn identifier(&mut self) -> bool {
        self.take(identifier(self.bytes()))
    }

    /// Two or more identifiers with dots between them.
    pub fn field_name(&mut self) -> bool {
        self.take(field_name(self.bytes()))
    }

    /// The argument of a field without quotes: `[^][\"'[:space:]]+`.
    pub fn bare_argument(&mut self) -> bool {
        self.take(run(self.bytes(), is_bare_argument))
    }

    /// A value without quotes: `[^()\"'[:space:]=,]+`.
    pub fn bare_string(&mut self) -> bool {
        self.take(run(self.bytes(), is_bare))
    }

    pub fn number(&mut self) -> bool {
        self.take(number(self.bytes()))
    }

    /// A text in quotes, without the quotes and unescaped. The text ends at the first such quote that has
    /// no backslash before it, so it cannot end in `\\`. Without an end it is no token, though it
    /// counts as the last one; an error leaves the cursor behind the text.
    pub fn quoted_string(&mut self) -> Result<bool, SyntaxError> {
        let bytes = self.bytes();
        let Some(&delimiter @ (b'"' | b'\'')) = bytes.first() else { return Ok(false) };
        let mut previous = delimiter;
        for (index, &byte) in bytes.iter().enumerate().skip(1) {
            match byte {
                0 => {
                    self.last = Cow::Borrowed(self.rest().get(..index).unwrap_or_default());
                    return Ok(false);
                }
                _ if byte == delimiter && previous != b'\\' => {
                    let inner = self.rest().get(1..index).unwrap_or_default();
                    let start = self.at + 1;
                    self.at += index + 1;
                    self.last = unescape(inner, char::from(delimiter)).map_err(|(fault, offset)| {
                        let place = start + offset;
                        let length = inner.get(offset..).and_then(|text| text.chars().nth(1));
                        let end = place + 1 + length.map_or(0, char::len_utf8);
                        SyntaxError { fault, span: Span::new(place, end), falco_offset: self.at }
                    })?;
                    return Ok(true);
                }
                _ => previous = byte,
            }
        }
        self.last = Cow::Borrowed(self.rest());
        Ok(false)
    }

    /// An operator that takes this kind of right side, and the blanks behind it. A word that takes a value needs a blank behind it, a
    /// word that takes a list does not: `proc.name infoo` is `in` and `foo`.
    pub fn operator(&mut self, takes: Takes) -> Option<Operator> {
        if takes == Takes::String && self.word("==") {
            self.blank();
            return Some(Operator::Equal);
        }
        for operator in Operator::ALL.into_iter().filter(|operator| operator.takes() == takes) {
            let name = operator.name();
            let is_word = name.starts_with(|first: char| first.is_ascii_lowercase());
            let behind = self.rest().strip_prefix(name).map(|behind| behind.bytes().next());
            let needs_blank = takes == Takes::String && is_word;
            if behind.is_some_and(|next| !needs_blank || next.is_some_and(is_blank)) && self.word(name) {
                self.blank();
                return Some(operator);
            }
        }
        None
    }

    /// `oneof`, `anyof` or `allof` with blanks around it and a list behind it. Otherwise the word is a
    /// value: `= oneof and …` compares with the text `oneof`.
    pub fn modifier(&mut self) -> Option<Modifier> {
        let before = self.text.get(..self.at).and_then(|text| text.bytes().next_back());
        if !before.is_some_and(is_blank) {
            return None;
        }
        let rest = self.rest();
        let modifier = Modifier::ALL.into_iter().find(|modifier| rest.starts_with(modifier.name()))?;
        let behind = rest.get(modifier.name().len()..)?;
        let list = behind.get(run(behind.as_bytes(), is_blank)..)?;
        let is_keyword = |word| {
            let end = list.strip_prefix(word).map(|end| end.bytes().next());
            end.is_some_and(|next| next.is_none_or(|next| is_blank(next) || next == b'('))
        };
        let is_list = list.starts_with(|first: char| first == '(' || first.is_ascii_alphabetic());
        if list.len() == behind.len() || !is_list || is_keyword("and") || is_keyword("or") {
            return None;
        }
        self.take(modifier.name().len());
        Some(modifier)
    }

    /// The name of a transformer and its `(`, `val` excepted.
    pub fn transformer(&mut self) -> Option<Transformer> {
        Transformer::ALL
            .into_iter()
            .filter(|transformer| *transformer != Transformer::Val)
            .find(|transformer| self.opening_of(*transformer))
    }

    /// The name of this transformer and its `(`.
    pub fn opening_of(&mut self, transformer: Transformer) -> bool {
        let name = transformer.name();
        self.rest().strip_prefix(name).is_some_and(|behind| behind.starts_with('(')) && {
            self.at += name.len() + 1;
            self.last = Cow::Borrowed(name);
            true
        }
    }
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| belongs(**byte)).count()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x08 | b'\r' | b'\n')
}

/// `[[:space:]]`
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// A NUL ends every token: Falco's patterns read a C string.
fn is_bare_argument(byte: u8) -> bool {
    !matches!(byte, b'[' | b']' | b'"' | b'\'' | b'\0') && !is_space(byte)
}

fn is_bare(byte: u8) -> bool {
    !matches!(byte, b'(' | b')' | b'"' | b'\'' | b'=' | b',' | b'\0') && !is_space(byte)
}

/// Whether the text can stand in brackets without quotes.
pub(crate) fn is_bare_argument_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_bare_argument)
}

/// Whether the text can stand as a value without quotes.
pub(crate) fn is_bare_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_bare)
}

/// Whether all of the text is a number, as `<` takes it.
pub(crate) fn is_number_text(text: &str) -> bool {
    !text.is_empty() && number(text.as_bytes()) == text.len()
}

fn identifier(bytes: &[u8]) -> usize {
    match bytes.first() {
        Some(first) if first.is_ascii_alphabetic() => {
            run(bytes, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
        }
        _ => 0,
    }
}

fn field_name(bytes: &[u8]) -> usize {
    let first = identifier(bytes);
    let mut length = first;
    while let Some((b'.', behind)) = bytes.get(length..).and_then(<[u8]>::split_first) {
        match identifier(behind) {
            0 => break,
            more => length += 1 + more,
        }
    }
    if first == 0 || length == first { 0 } else { length }
}

/// `0[xX][0-9a-fA-F]+`, else `[+-]?[0-9]+\.?[0-9]*([eE][+-][0-9]+)?`
fn number(bytes: &[u8]) -> usize {
    let from = |start: usize| bytes.get(start..).unwrap_or_default();
    let digits = |start: usize| run(from(start), |byte| byte.is_ascii_digit());
    if let [b'0', b'x' | b'X', behind @ ..] = bytes {
        match run(behind, |byte| byte.is_ascii_hexdigit()) {
            0 => {}
            hexadecimal => return 2 + hexadecimal,
        }
    }
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = digits(sign);
    if whole == 0 {
        return 0;
    }
    let mut length = sign + whole;
    if let Some(b'.') = from(length).first() {
        length += 1 + digits(length + 1);
    }
    if let [b'e' | b'E', b'+' | b'-', ..] = from(length) {
        match digits(length + 2) {
            0 => {}
            exponent => length += 2 + exponent,
        }
    }
    length
}

/// What stands between the quotes, or what is wrong with it and where.
fn unescape(inner: &str, delimiter: char) -> Result<Cow<'_, str>, (Fault, usize)> {
    if !inner.contains('\\') {
        return Ok(Cow::Borrowed(inner));
    }
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.char_indices();
    while let Some((offset, character)) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        let Some((_, escaped)) = characters.next() else { break };
        text.push(match escaped {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            // A backslash and a blank are one backslash: old rules rely on it.
            ' ' | '\\' => '\\',
            '/' => '/',
            '"' | '\'' if escaped == delimiter => escaped,
            '"' | '\'' => return Err((Fault::WrongQuoteEscape { quote: escaped }, offset)),
            character => return Err((Fault::UnknownEscape { character }, offset)),
        });
    }
    Ok(Cow::Owned(text))
}
