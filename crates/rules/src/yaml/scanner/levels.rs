//! Levels of indentation, and keys that are not known to be keys yet.

use super::{Block, Indent, LONGEST_KEY, Scanner, SimpleKey};
use crate::yaml::token::{Status, TokenKind};

impl Scanner<'_> {
    pub(super) fn top_indent(&self) -> Option<Indent> {
        self.open_indents.last().and_then(|index| self.indents.get(*index)).copied()
    }

    /// Opens a level of indentation, unless it is open; returns its index and its start token.
    pub(super) fn push_indent(&mut self, block: Block) -> Option<(usize, usize)> {
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

    pub(super) fn pop_indents_to_here(&mut self) {
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

    pub(super) fn pop_all_indents(&mut self) {
        if !self.flows.is_empty() {
            return;
        }
        while self.top_indent().is_some_and(|indent| indent.block != Block::None) {
            self.pop_indent();
        }
    }

    pub(super) fn pop_indent(&mut self) {
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

    pub(super) fn insert_potential_simple_key(&mut self) {
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

    pub(super) fn settle(&mut self, key: &SimpleKey, status: Status) {
        if let Some(indent) = key.indent.and_then(|index| self.indents.get_mut(index)) {
            indent.status = status;
        }
        if let Some(start) = key.mapping_start {
            self.set_status(start, status);
        }
        self.set_status(key.key, status);
    }

    /// Takes the possible key of this flow level.
    pub(super) fn take_simple_key(&mut self) -> Option<SimpleKey> {
        let flow_level = self.flows.len();
        self.simple_keys.pop_if(|key| key.flow_level == flow_level)
    }

    pub(super) fn invalidate_simple_key(&mut self) {
        if let Some(key) = self.take_simple_key() {
            self.settle(&key, Status::Invalid);
        }
    }

    /// Whether what came last is a key; if so, its tokens count from now on.
    pub(super) fn verify_simple_key(&mut self) -> bool {
        let Some(key) = self.take_simple_key() else { return false };
        let here = self.input.mark();
        let valid = here.line == key.mark.line && here.offset - key.mark.offset <= LONGEST_KEY;
        self.settle(&key, if valid { Status::Valid } else { Status::Invalid });
        valid
    }

    /// Forgets what may become a key. Its tokens stay unverified, so that a word at the end of a mapping is
    /// a key without a value, unless a comment or an empty line follows.
    pub(super) fn pop_all_simple_keys(&mut self) {
        self.simple_keys.clear();
    }
}
