//! Text to tokens, by indentation and by brackets.
//!
//! That something is a key shows only at its `:`. Until then the scanner holds the tokens back: it
//! puts an unverified [`TokenKind::Key`] (and the start of a mapping, if the key is indented deeper)
//! before everything that may become a key, and confirms or withdraws them later.

use std::collections::VecDeque;

use super::cursor::Cursor;
use super::scalar_text;
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

    fn top_indent(&self) -> Option<Indent> {
        self.open_indents.last().and_then(|index| self.indents.get(*index)).copied()
    }

    /// Opens a level of indentation, unless it is open; returns its index and its start token.
    fn push_indent(&mut self, block: Block) -> Option<(usize, usize)> {
        if !self.flows.is_empty() {
            return None;
        }
        let last = self.top_indent()?;
        let column = Some(self.input.column());
        let nested = block == Block::Sequence && last.block == Block::Mapping;
        if column < last.column || (column == last.column && !nested) {
            return None;
        }
        let kind = match block {
            Block::Sequence => TokenKind::BlockSequenceStart,
            Block::Mapping | Block::None => TokenKind::BlockMappingStart,
        };
        let start = self.push(kind, 0);
        self.indents.push(Indent { column, block, status: Status::Valid });
        self.open_indents.push(self.indents.len() - 1);
        Some((self.indents.len() - 1, start))
    }

    fn pop_indents_to_here(&mut self) {
        if !self.flows.is_empty() {
            return;
        }
        let column = Some(self.input.column());
        while let Some(indent) = self.top_indent() {
            let entry = self.input.peek() == Some(b'-') && self.input.is_gap_at(1);
            if indent.column < column
                || (indent.column == column && (indent.block != Block::Sequence || entry))
            {
                break;
            }
            self.pop_indent();
        }
        while self.top_indent().is_some_and(|indent| indent.status == Status::Invalid) {
            self.pop_indent();
        }
    }

    fn pop_all_indents(&mut self) {
        if !self.flows.is_empty() {
            return;
        }
        while self.top_indent().is_some_and(|indent| indent.block != Block::None) {
            self.pop_indent();
        }
    }

    fn pop_indent(&mut self) {
        let Some(indent) = self.top_indent() else { return };
        self.open_indents.pop();
        match (indent.status, indent.block) {
            (Status::Invalid | Status::Unverified, _) => self.invalidate_simple_key(),
            (Status::Valid, Block::Sequence) => {
                self.push(TokenKind::BlockSequenceEnd, 0);
            }
            (Status::Valid, Block::Mapping) => {
                self.push(TokenKind::BlockMappingEnd, 0);
            }
            (Status::Valid, Block::None) => {}
        }
    }

    fn insert_potential_simple_key(&mut self) {
        let active = self.simple_keys.last().is_some_and(|key| key.flow_level == self.flows.len());
        if !self.simple_key_allowed || active {
            return;
        }
        let opened = self.push_indent(Block::Mapping);
        if let Some((indent, start)) = opened {
            if let Some(indent) = self.indents.get_mut(indent) {
                indent.status = Status::Unverified;
            }
            self.set_status(start, Status::Unverified);
        }
        let key = self.push(TokenKind::Key, 0);
        self.set_status(key, Status::Unverified);
        self.simple_keys.push(SimpleKey {
            mark: self.input.mark(),
            flow_level: self.flows.len(),
            indent: opened.map(|(indent, _)| indent),
            mapping_start: opened.map(|(_, start)| start),
            key,
        });
    }

    fn settle(&mut self, key: &SimpleKey, status: Status) {
        if let Some(indent) = key.indent.and_then(|index| self.indents.get_mut(index)) {
            indent.status = status;
        }
        if let Some(start) = key.mapping_start {
            self.set_status(start, status);
        }
        self.set_status(key.key, status);
    }

    /// Takes the possible key of this flow level.
    fn take_simple_key(&mut self) -> Option<SimpleKey> {
        let flow_level = self.flows.len();
        self.simple_keys.pop_if(|key| key.flow_level == flow_level)
    }

    fn invalidate_simple_key(&mut self) {
        if let Some(key) = self.take_simple_key() {
            self.settle(&key, Status::Invalid);
        }
    }

    /// Whether what came last is a key; if so, its tokens count from now on.
    fn verify_simple_key(&mut self) -> bool {
        let Some(key) = self.take_simple_key() else { return false };
        let here = self.input.mark();
        let valid = here.line == key.mark.line && here.offset - key.mark.offset <= LONGEST_KEY;
        self.settle(&key, if valid { Status::Valid } else { Status::Invalid });
        valid
    }

    fn pop_all_simple_keys(&mut self) {
        while let Some(key) = self.simple_keys.pop() {
            if key.flow_level == 0 {
                self.settle(&key, Status::Invalid);
            }
        }
    }

    fn leave_everything(&mut self) {
        self.pop_all_indents();
        self.pop_all_simple_keys();
        self.simple_key_allowed = false;
        self.json_key = false;
    }

    fn directive(&mut self) {
        self.leave_everything();
        let mark = self.input.mark();
        self.input.next();
        let mut words = Vec::new();
        loop {
            let start = self.input.mark().offset;
            while !self.input.is_at_end() && !self.input.at_blank_or_line_end() {
                self.input.next();
            }
            words.push(self.input.slice(start));
            while self.input.at_blank() {
                self.input.next();
            }
            if self.input.is_at_end() || self.input.line_end().is_some() || self.input.peek() == Some(b'#') {
                break;
            }
        }
        let mut words = words.into_iter();
        let name = words.next().unwrap_or_default();
        let mut token = Token::with_text(TokenKind::Directive, mark, self.input.mark().offset, name);
        token.parameters = words.collect();
        self.push_token(token);
    }

    fn document_marker(&mut self, kind: TokenKind) {
        self.leave_everything();
        self.push(kind, 3);
    }

    fn flow_start(&mut self, bracket: u8) {
        self.insert_potential_simple_key();
        self.simple_key_allowed = true;
        self.json_key = false;
        let (flow, kind) = match bracket {
            b'[' => (Flow::Sequence, TokenKind::FlowSequenceStart),
            _ => (Flow::Mapping, TokenKind::FlowMappingStart),
        };
        self.flows.push(flow);
        self.push(kind, 1);
    }

    fn flow_end(&mut self, bracket: u8) -> Result<(), YamlError> {
        let Some(flow) = self.flows.last().copied() else { return Err(self.error("illegal flow end")) };
        self.finish_flow_entry(flow);
        self.simple_key_allowed = false;
        self.json_key = true;
        let (closed, kind) = match bracket {
            b']' => (Flow::Sequence, TokenKind::FlowSequenceEnd),
            _ => (Flow::Mapping, TokenKind::FlowMappingEnd),
        };
        if flow != closed {
            return Err(self.error("illegal flow end"));
        }
        self.flows.pop();
        self.push(kind, 1);
        Ok(())
    }

    fn flow_entry(&mut self) {
        if let Some(flow) = self.flows.last().copied() {
            self.finish_flow_entry(flow);
        }
        self.simple_key_allowed = true;
        self.json_key = false;
        self.push(TokenKind::FlowEntry, 1);
    }

    /// Within braces, a word alone is a key without a value.
    fn finish_flow_entry(&mut self, flow: Flow) {
        match flow {
            Flow::Mapping if self.verify_simple_key() => {
                self.push(TokenKind::Value, 0);
            }
            Flow::Mapping => {}
            Flow::Sequence => self.invalidate_simple_key(),
        }
    }

    fn block_entry(&mut self) -> Result<(), YamlError> {
        if !self.flows.is_empty() || !self.simple_key_allowed {
            return Err(self.error("illegal block entry"));
        }
        self.push_indent(Block::Sequence);
        self.simple_key_allowed = true;
        self.json_key = false;
        self.push(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn key(&mut self) -> Result<(), YamlError> {
        if self.flows.is_empty() {
            if !self.simple_key_allowed {
                return Err(self.error("illegal map key"));
            }
            self.push_indent(Block::Mapping);
        }
        self.simple_key_allowed = self.flows.is_empty();
        self.push(TokenKind::Key, 1);
        Ok(())
    }

    fn value(&mut self) -> Result<(), YamlError> {
        let simple = self.verify_simple_key();
        self.json_key = false;
        if simple {
            self.simple_key_allowed = false;
        } else {
            if self.flows.is_empty() {
                if !self.simple_key_allowed {
                    return Err(self.error("illegal map value"));
                }
                self.push_indent(Block::Mapping);
            }
            self.simple_key_allowed = self.flows.is_empty();
        }
        self.push(TokenKind::Value, 1);
        Ok(())
    }

    fn anchor_or_alias(&mut self, indicator: u8) -> Result<(), YamlError> {
        self.insert_potential_simple_key();
        self.simple_key_allowed = false;
        self.json_key = false;
        let mark = self.input.mark();
        self.input.next();
        let start = self.input.mark().offset;
        while let Some(byte) = self.input.peek() {
            if matches!(byte, b'[' | b']' | b'{' | b'}' | b',') || self.input.at_blank_or_line_end() {
                break;
            }
            self.input.next();
        }
        let name = self.input.slice(start);
        let (kind, missing, stray) = match indicator {
            b'*' => {
                (TokenKind::Alias, "alias not found after *", "illegal character found while scanning alias")
            }
            _ => (
                TokenKind::Anchor,
                "anchor not found after &",
                "illegal character found while scanning anchor",
            ),
        };
        if name.is_empty() {
            return Err(self.error(missing));
        }
        if matches!(self.input.peek(), Some(b'[' | b'{')) {
            return Err(self.error(stray));
        }
        self.push_token(Token::with_text(kind, mark, self.input.mark().offset, name));
        Ok(())
    }

    fn tag(&mut self) -> Result<(), YamlError> {
        self.insert_potential_simple_key();
        self.simple_key_allowed = false;
        self.json_key = false;
        let mark = self.input.mark();
        self.input.next();
        if self.input.peek() == Some(b'<') {
            self.input.next();
            self.input
                .take_while(|byte| is_tag_byte(byte) || matches!(byte, b',' | b'!' | b'[' | b']' | b'%'));
            if self.input.peek() != Some(b'>') {
                return Err(self.error("end of verbatim tag not found"));
            }
            self.input.next();
        } else {
            self.input.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            let stray = self.input.mark();
            let rest = self.input.take_while(is_tag_byte);
            if self.input.peek() == Some(b'!') {
                if !rest.is_empty() {
                    return Err(YamlError::new(stray, "illegal character found while scanning tag handle"));
                }
                self.input.next();
                if self.input.take_while(is_tag_byte).is_empty() {
                    return Err(self.error("tag handle with no suffix"));
                }
            }
        }
        self.push(TokenKind::Tag, 0);
        if let Some(token) = self.tokens.back_mut() {
            token.mark = mark;
        }
        Ok(())
    }

    fn plain_scalar(&mut self) -> Result<(), YamlError> {
        let indent = if self.flows.is_empty() { self.content_indent() } else { 0 };
        self.insert_potential_simple_key();
        let mark = self.input.mark();
        let scanned = scalar_text::plain(&mut self.input, indent, !self.flows.is_empty())?;
        self.simple_key_allowed = scanned.left_by_indentation;
        self.json_key = false;
        self.push_token(Token::with_text(TokenKind::Plain, mark, self.input.mark().offset, scanned.text));
        Ok(())
    }

    fn quoted_scalar(&mut self, quote: u8) -> Result<(), YamlError> {
        self.insert_potential_simple_key();
        let mark = self.input.mark();
        self.input.next();
        let text = scalar_text::quoted(&mut self.input, quote)?;
        self.simple_key_allowed = false;
        self.json_key = true;
        let kind = if quote == b'\'' { TokenKind::Single } else { TokenKind::Double };
        self.push_token(Token::with_text(kind, mark, self.input.mark().offset, text));
        Ok(())
    }

    fn block_scalar(&mut self) -> Result<(), YamlError> {
        let mark = self.input.mark();
        let parent = self.top_indent().and_then(|indent| indent.column).unwrap_or(0);
        let text = scalar_text::block(&mut self.input, parent)?;
        self.simple_key_allowed = true;
        self.json_key = false;
        self.push_token(Token::with_text(TokenKind::Block, mark, self.input.mark().offset, text));
        Ok(())
    }

    /// The least column of a value's further lines.
    fn content_indent(&self) -> usize {
        self.top_indent().and_then(|indent| indent.column).map_or(0, |column| column + 1)
    }
}

fn is_tag_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-#;/?:@&=+$_.~*'()%".contains(&byte)
}
