//! Text to tokens, by indentation and by brackets.
//!
//! That something is a key shows only at its `:`. Until then the scanner holds the tokens back: it
//! puts an unverified [`TokenKind::Key`] (and the start of a mapping, if the key is indented deeper)
//! before everything that may become a key, and confirms or withdraws them later.

mod levels;
mod tokens;

use std::collections::VecDeque;

use super::cursor::Cursor;
use super::token::{Mark, Status, Token, TokenKind, YamlError};

/// A key longer than this, or over a line's end, is none.
const LONGEST_KEY: usize = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    None,
    Sequence,
    Mapping,
}

/// A level of indentation.
#[derive(Debug, Clone, Copy)]
struct Indent {
    /// The column, from zero; `None` outside of everything.
    column: Option<usize>,
    block: Block,
    status: Status,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Sequence,
    Mapping,
}

/// Something that becomes a key when a `:` follows.
#[derive(Debug, Clone, Copy)]
struct SimpleKey {
    mark: Mark,
    flow_level: usize,
    /// Index into `Scanner::indents`.
    indent: Option<usize>,
    /// Numbers of tokens since the start.
    mapping_start: Option<usize>,
    key: usize,
}

/// The scanner: [`Scanner::peek`] and [`Scanner::pop`] give one token after the other.
#[derive(Debug)]
pub struct Scanner<'text> {
    input: Cursor<'text>,
    tokens: VecDeque<Token>,
    /// Tokens that have left the queue, so that a token keeps its number.
    popped: usize,
    ended: bool,
    simple_key_allowed: bool,
    /// A `:` needs no blank behind it: after a quoted key, as in JSON.
    json_key: bool,
    simple_keys: Vec<SimpleKey>,
    /// Every level there has been; keys refer to them after they are left.
    indents: Vec<Indent>,
    /// The levels that are open, as indices into `indents`.
    open_indents: Vec<usize>,
    flows: Vec<Flow>,
}

impl<'text> Scanner<'text> {
    /// At the start of a text.
    pub fn new(text: &'text str) -> Self {
        Self {
            input: Cursor::new(text),
            tokens: VecDeque::new(),
            popped: 0,
            ended: false,
            simple_key_allowed: true,
            json_key: false,
            simple_keys: Vec::new(),
            indents: vec![Indent { column: None, block: Block::None, status: Status::Valid }],
            open_indents: vec![0],
            flows: Vec::new(),
        }
    }

    /// Where the scanner is, which may be behind the next token.
    pub fn mark(&self) -> Mark {
        self.input.mark()
    }

    /// The next token; `None` at the end.
    pub fn peek(&mut self) -> Result<Option<&Token>, YamlError> {
        loop {
            match self.tokens.front().map(|token| token.status) {
                Some(Status::Valid) => break,
                Some(Status::Invalid) => self.drop_front(),
                Some(Status::Unverified) | None if self.ended => break,
                Some(Status::Unverified) | None => self.scan()?,
            }
        }
        Ok(self.tokens.front())
    }

    /// Takes the next token.
    pub fn pop(&mut self) -> Result<Option<Token>, YamlError> {
        self.peek()?;
        self.popped += usize::from(!self.tokens.is_empty());
        Ok(self.tokens.pop_front())
    }

    /// How many tokens have left the queue.
    pub fn taken(&self) -> usize {
        self.popped
    }

    fn drop_front(&mut self) {
        self.popped += usize::from(self.tokens.pop_front().is_some());
    }

    fn scan(&mut self) -> Result<(), YamlError> {
        self.skip_to_token();
        self.pop_indents_to_here();
        let Some(next) = self.input.peek() else {
            self.end();
            return Ok(());
        };
        if self.input.column() == 0 {
            match next {
                b'%' => {
                    self.directive();
                    return Ok(());
                }
                b'-' if self.input.at_document_marker(b'-') => {
                    self.document_marker(TokenKind::DocumentStart);
                    return Ok(());
                }
                b'.' if self.input.at_document_marker(b'.') => {
                    self.document_marker(TokenKind::DocumentEnd);
                    return Ok(());
                }
                _ => {}
            }
        }
        match next {
            b'[' | b'{' => self.flow_start(next),
            b']' | b'}' => self.flow_end(next)?,
            b',' => self.flow_entry(),
            b'-' if self.input.is_gap_at(1) => self.block_entry()?,
            b'?' if self.input.peek_at(1).is_some() && self.input.is_gap_at(1) => self.key()?,
            b':' if self.is_value() => self.value()?,
            b'*' | b'&' => self.anchor_or_alias(next)?,
            b'!' => self.tag()?,
            b'|' | b'>' if self.flows.is_empty() => self.block_scalar()?,
            b'\'' | b'"' => self.quoted_scalar(next)?,
            _ if self.starts_plain(next) => self.plain_scalar()?,
            _ => return Err(self.error("unknown token")),
        }
        Ok(())
    }

    fn error(&self, message: &str) -> YamlError {
        YamlError::new(self.input.mark(), message)
    }

    fn is_value(&self) -> bool {
        if self.flows.is_empty() {
            self.input.is_gap_at(1)
        } else {
            let next = self.input.peek_at(1);
            self.json_key
                || matches!(next, Some(b',' | b']' | b'}'))
                || (next.is_some() && self.input.is_gap_at(1))
        }
    }

    fn starts_plain(&self, first: u8) -> bool {
        let in_block = self.flows.is_empty();
        match first {
            b' ' | b'\t' | b'\n' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|'
            | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`' => false,
            b'?' => in_block && !self.input.is_gap_at(1),
            b'-' | b':' if in_block => !self.input.is_gap_at(1),
            b'-' | b':' => !matches!(self.input.peek_at(1), None | Some(b' ' | b'\t')),
            _ => true,
        }
    }

    fn skip_to_token(&mut self) {
        loop {
            while let Some(blank @ (b' ' | b'\t')) = self.input.peek() {
                if blank == b'\t' && self.flows.is_empty() {
                    self.simple_key_allowed = false;
                }
                self.input.next();
            }
            if self.input.peek() == Some(b'#') {
                self.input.skip_line();
            }
            let Some(length) = self.input.line_end() else { return };
            self.input.eat(length);
            self.invalidate_simple_key();
            if self.flows.is_empty() {
                self.simple_key_allowed = true;
            }
        }
    }

    fn end(&mut self) {
        self.input.reset_column();
        self.pop_all_indents();
        self.pop_all_simple_keys();
        self.simple_key_allowed = false;
        self.ended = true;
    }

    /// Adds a token of a number of bytes.
    fn push(&mut self, kind: TokenKind, length: usize) -> usize {
        let mark = self.input.mark();
        self.input.eat(length);
        self.push_token(Token::new(kind, mark, self.input.mark().offset))
    }

    /// Adds a token and returns its number.
    fn push_token(&mut self, token: Token) -> usize {
        self.tokens.push_back(token);
        self.popped + self.tokens.len() - 1
    }

    fn set_status(&mut self, number: usize, status: Status) {
        let index = number.checked_sub(self.popped);
        if let Some(token) = index.and_then(|index| self.tokens.get_mut(index)) {
            token.status = status;
        }
    }

    fn leave_everything(&mut self) {
        self.pop_all_indents();
        self.pop_all_simple_keys();
        self.simple_key_allowed = false;
        self.json_key = false;
    }
}
