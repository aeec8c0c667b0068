//! One kind of token after the other.

use super::{Block, Flow, Scanner};
use crate::yaml::scalar_text;
use crate::yaml::token::{Token, TokenKind, YamlError};

impl Scanner<'_> {
    pub(super) fn directive(&mut self) {
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

    pub(super) fn document_marker(&mut self, kind: TokenKind) {
        self.leave_everything();
        self.push(kind, 3);
    }

    pub(super) fn flow_start(&mut self, bracket: u8) {
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

    pub(super) fn flow_end(&mut self, bracket: u8) -> Result<(), YamlError> {
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

    pub(super) fn flow_entry(&mut self) {
        if let Some(flow) = self.flows.last().copied() {
            self.finish_flow_entry(flow);
        }
        self.simple_key_allowed = true;
        self.json_key = false;
        self.push(TokenKind::FlowEntry, 1);
    }

    /// Within braces, a word alone is a key without a value.
    pub(super) fn finish_flow_entry(&mut self, flow: Flow) {
        match flow {
            Flow::Mapping if self.verify_simple_key() => {
                self.push(TokenKind::Value, 0);
            }
            Flow::Mapping => {}
            Flow::Sequence => self.invalidate_simple_key(),
        }
    }

    pub(super) fn block_entry(&mut self) -> Result<(), YamlError> {
        if !self.flows.is_empty() || !self.simple_key_allowed {
            return Err(self.error("illegal block entry"));
        }
        self.push_indent(Block::Sequence);
        self.simple_key_allowed = true;
        self.json_key = false;
        self.push(TokenKind::BlockEntry, 1);
        Ok(())
    }

    pub(super) fn key(&mut self) -> Result<(), YamlError> {
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

    pub(super) fn value(&mut self) -> Result<(), YamlError> {
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

    pub(super) fn anchor_or_alias(&mut self, indicator: u8) -> Result<(), YamlError> {
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

    pub(super) fn tag(&mut self) -> Result<(), YamlError> {
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
            let rest_is_empty = !self.tag_text();
            if self.input.peek() == Some(b'!') {
                if !rest_is_empty {
                    return Err(YamlError::new(stray, "illegal character found while scanning tag handle"));
                }
                self.input.next();
                if !self.tag_text() {
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

    /// Takes a part of a tag; whether there is one.
    fn tag_text(&mut self) -> bool {
        let start = self.input.mark().offset;
        loop {
            self.input.take_while(is_tag_byte);
            let escape = [0, 1, 2].map(|ahead| self.input.peek_at(ahead));
            match escape {
                [Some(b'%'), Some(high), Some(low)]
                    if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
                {
                    self.input.eat(3);
                }
                _ => return self.input.mark().offset > start,
            }
        }
    }

    pub(super) fn plain_scalar(&mut self) -> Result<(), YamlError> {
        let indent = if self.flows.is_empty() { self.content_indent() } else { 0 };
        self.insert_potential_simple_key();
        let mark = self.input.mark();
        let scanned = scalar_text::plain(&mut self.input, indent, !self.flows.is_empty())?;
        self.simple_key_allowed = scanned.left_by_indentation;
        self.json_key = false;
        self.push_token(Token::with_text(TokenKind::Plain, mark, self.input.mark().offset, scanned.text));
        Ok(())
    }

    pub(super) fn quoted_scalar(&mut self, quote: u8) -> Result<(), YamlError> {
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

    pub(super) fn block_scalar(&mut self) -> Result<(), YamlError> {
        let mark = self.input.mark();
        let parent = self.top_indent().and_then(|indent| indent.column).unwrap_or(0);
        let text = scalar_text::block(&mut self.input, parent)?;
        self.simple_key_allowed = true;
        self.json_key = false;
        self.push_token(Token::with_text(TokenKind::Block, mark, self.input.mark().offset, text));
        Ok(())
    }

    /// The least column of a value's further lines.
    pub(super) fn content_indent(&self) -> usize {
        self.top_indent().and_then(|indent| indent.column).map_or(0, |column| column + 1)
    }
}

fn is_tag_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-#;/?:@&=+$_.~*'()".contains(&byte)
}
