//! Tokens to trees.

use std::collections::HashMap;
use std::rc::Rc;

use super::node::{Kind, Node, Style};
use super::scalar;
use super::scanner::Scanner;
use super::token::{Mark, Token, TokenKind, YamlError};

/// Deeper nesting than this is refused. yaml-cpp goes to 500 levels, but nobody nests rules so deep, and
/// the stack of a browser is small.
const MAX_DEPTH: usize = 128;

/// Reads all documents of a text.
///
/// An alias shares its anchor's node. It may not stand inside of it, so the trees have no cycles.
pub fn parse(text: &str) -> Result<Vec<Rc<Node>>, YamlError> {
    let mut parser = Parser {
        scanner: Scanner::new(text),
        anchors: HashMap::new(),
        last_end: 0,
        depth: 0,
        in_flow_sequence: false,
    };
    let mut documents = Vec::new();
    while parser.directives()? {
        let start = parser.scanner.taken();
        documents.push(parser.document()?);
        if parser.scanner.taken() == start {
            // yaml-cpp would read this document forever.
            return parser.error("unexpected token after end of document");
        }
    }
    Ok(documents)
}

struct Parser<'text> {
    scanner: Scanner<'text>,
    /// The nodes of this document's anchors; `None` while they are read.
    anchors: HashMap<String, Option<Rc<Node>>>,
    /// The byte behind the token that was taken last.
    last_end: usize,
    depth: usize,
    /// The innermost collection is `[…]`, where `a: b` is a mapping of its own.
    in_flow_sequence: bool,
}

impl Parser<'_> {
    fn peek(&mut self) -> Result<Option<TokenKind>, YamlError> {
        Ok(self.scanner.peek()?.map(|token| token.kind))
    }

    fn pop(&mut self) -> Result<Option<Token>, YamlError> {
        let token = self.scanner.pop()?;
        if let Some(token) = &token {
            self.last_end = token.end;
        }
        Ok(token)
    }

    /// The place of the next token, or of the end.
    fn here(&mut self) -> Result<Mark, YamlError> {
        let mark = self.scanner.peek()?.map(|token| token.mark);
        Ok(mark.unwrap_or(self.scanner.mark()))
    }

    fn error<T>(&mut self, message: &str) -> Result<T, YamlError> {
        Err(YamlError::new(self.here()?, message))
    }

    /// Takes directives; whether anything follows.
    fn directives(&mut self) -> Result<bool, YamlError> {
        let mut handles = Vec::new();
        let mut versioned = false;
        while self.peek()? == Some(TokenKind::Directive) {
            let Some(token) = self.pop()? else { break };
            let problem = match (token.text.as_str(), token.parameters.as_slice()) {
                ("YAML", [_]) if versioned => Some("repeated YAML directive".to_string()),
                ("YAML", [version]) => {
                    versioned = true;
                    version_problem(version)
                }
                ("YAML", _) => Some("YAML directives must have exactly one argument".to_string()),
                ("TAG", [handle, _]) if handles.contains(handle) => {
                    Some("repeated TAG directive".to_string())
                }
                ("TAG", [handle, _]) => {
                    handles.push(handle.clone());
                    None
                }
                ("TAG", _) => Some("TAG directives must have exactly two arguments".to_string()),
                _ => None,
            };
            if let Some(message) = problem {
                return Err(YamlError::new(token.mark, &message));
            }
        }
        Ok(self.peek()?.is_some())
    }

    fn document(&mut self) -> Result<Rc<Node>, YamlError> {
        self.anchors.clear();
        if self.peek()? == Some(TokenKind::DocumentStart) {
            self.pop()?;
        }
        let root = self.node()?;
        while self.peek()? == Some(TokenKind::DocumentEnd) {
            self.pop()?;
        }
        Ok(root)
    }

    fn node(&mut self) -> Result<Rc<Node>, YamlError> {
        self.depth += 1;
        if self.depth >= MAX_DEPTH {
            return Err(YamlError::new(self.scanner.mark(), "bad file"));
        }
        let node = self.node_at_depth();
        self.depth -= 1;
        node
    }

    fn node_at_depth(&mut self) -> Result<Rc<Node>, YamlError> {
        let mark = self.here()?;
        match self.peek()? {
            None => return Ok(null(mark)),
            Some(TokenKind::Value) => {
                let entry = self.entry_without_key(mark)?;
                return Ok(self.finish(mark, Kind::Mapping(vec![entry])));
            }
            Some(TokenKind::Alias) => return self.alias(),
            Some(_) => {}
        }
        let (anchor, tagged) = self.properties()?;
        if let Some(name) = &anchor {
            self.anchors.insert(name.clone(), None);
        }
        let node = self.content(mark, tagged)?;
        if let Some(name) = anchor {
            self.anchors.insert(name, Some(Rc::clone(&node)));
        }
        Ok(node)
    }

    fn alias(&mut self) -> Result<Rc<Node>, YamlError> {
        let Some(token) = self.pop()? else { return self.error("unknown token") };
        match self.anchors.get(&token.text) {
            Some(Some(node)) => Ok(Rc::clone(node)),
            Some(None) => Err(YamlError::new(token.mark, "an alias stands inside of its own anchor")),
            None => Err(YamlError::new(token.mark, "the referenced anchor is not defined")),
        }
    }

    /// Takes `&anchor` and `!tag`; returns the anchor and whether there is a tag.
    fn properties(&mut self) -> Result<(Option<String>, bool), YamlError> {
        let mut anchor = None;
        let mut tagged = false;
        loop {
            match self.peek()? {
                Some(TokenKind::Tag) if tagged => {
                    return self.error("cannot assign multiple tags to the same node");
                }
                Some(TokenKind::Tag) => {
                    self.pop()?;
                    tagged = true;
                }
                Some(TokenKind::Anchor) if anchor.is_some() => {
                    return self.error("cannot assign multiple anchors to the same node");
                }
                Some(TokenKind::Anchor) => anchor = self.pop()?.map(|token| token.text),
                _ => return Ok((anchor, tagged)),
            }
        }
    }

    fn content(&mut self, mark: Mark, tagged: bool) -> Result<Rc<Node>, YamlError> {
        let kind = match self.peek()? {
            Some(kind @ (TokenKind::Plain | TokenKind::Single | TokenKind::Double | TokenKind::Block)) => {
                let Some(token) = self.pop()? else { return Ok(null(mark)) };
                let style = match kind {
                    TokenKind::Single => Style::Single,
                    TokenKind::Double => Style::Double,
                    TokenKind::Block => Style::Block,
                    _ => Style::Plain,
                };
                let span = token.mark.offset..token.end;
                let kind = if style == Style::Plain && !tagged && scalar::is_null(&token.text) {
                    Kind::Null
                } else {
                    Kind::Scalar(token.text, style)
                };
                return Ok(Rc::new(Node { kind, mark, span }));
            }
            Some(TokenKind::FlowSequenceStart) => self.collection(true, Self::flow_sequence)?,
            Some(TokenKind::FlowMappingStart) => self.collection(false, Self::flow_mapping)?,
            Some(TokenKind::BlockSequenceStart) => self.collection(false, Self::block_sequence)?,
            Some(TokenKind::BlockMappingStart) => self.collection(false, Self::block_mapping)?,
            Some(TokenKind::Key) if self.in_flow_sequence => self.collection(false, Self::compact_mapping)?,
            Some(_) if tagged => Kind::Scalar(String::new(), Style::Plain),
            _ => Kind::Null,
        };
        Ok(self.finish(mark, kind))
    }

    /// A node from a place to the token taken last.
    fn finish(&self, mark: Mark, kind: Kind) -> Rc<Node> {
        Rc::new(Node { kind, mark, span: mark.offset..self.last_end.max(mark.offset) })
    }

    /// Takes the start token and reads a collection.
    fn collection(
        &mut self,
        is_flow_sequence: bool,
        read: fn(&mut Self) -> Result<Kind, YamlError>,
    ) -> Result<Kind, YamlError> {
        let outer = std::mem::replace(&mut self.in_flow_sequence, is_flow_sequence);
        let kind = read(self);
        self.in_flow_sequence = outer;
        kind
    }

    fn block_sequence(&mut self) -> Result<Kind, YamlError> {
        self.pop()?;
        let mut elements = Vec::new();
        loop {
            match self.peek()? {
                Some(TokenKind::BlockEntry) => self.pop()?,
                Some(TokenKind::BlockSequenceEnd) => {
                    self.pop()?;
                    return Ok(Kind::Sequence(elements));
                }
                _ => return self.error("end of sequence not found"),
            };
            let empty = matches!(self.peek()?, Some(TokenKind::BlockEntry | TokenKind::BlockSequenceEnd));
            elements.push(if empty { null(self.here()?) } else { self.node()? });
        }
    }

    fn flow_sequence(&mut self) -> Result<Kind, YamlError> {
        self.pop()?;
        let mut elements = Vec::new();
        loop {
            match self.peek()? {
                None => return self.error("end of sequence flow not found"),
                Some(TokenKind::FlowSequenceEnd) => {
                    self.pop()?;
                    return Ok(Kind::Sequence(elements));
                }
                Some(_) => elements.push(self.node()?),
            }
            match self.peek()? {
                Some(TokenKind::FlowEntry) => {
                    self.pop()?;
                }
                Some(TokenKind::FlowSequenceEnd) => {}
                _ => return self.error("end of sequence flow not found"),
            }
        }
    }

    fn block_mapping(&mut self) -> Result<Kind, YamlError> {
        self.pop()?;
        let mut entries = Vec::new();
        loop {
            match self.peek()? {
                Some(TokenKind::Key | TokenKind::Value) => entries.push(self.entry()?),
                Some(TokenKind::BlockMappingEnd) => {
                    self.pop()?;
                    return Ok(Kind::Mapping(entries));
                }
                _ => return self.error("end of map not found"),
            }
        }
    }

    fn flow_mapping(&mut self) -> Result<Kind, YamlError> {
        self.pop()?;
        let mut entries = Vec::new();
        loop {
            match self.peek()? {
                None => return self.error("end of map flow not found"),
                Some(TokenKind::FlowMappingEnd) => {
                    self.pop()?;
                    return Ok(Kind::Mapping(entries));
                }
                Some(_) => entries.push(self.entry()?),
            }
            match self.peek()? {
                Some(TokenKind::FlowEntry) => {
                    self.pop()?;
                }
                Some(TokenKind::FlowMappingEnd) => {}
                _ => return self.error("end of map flow not found"),
            }
        }
    }

    /// `a: b` within `[…]`.
    fn compact_mapping(&mut self) -> Result<Kind, YamlError> {
        Ok(Kind::Mapping(vec![self.entry()?]))
    }

    /// A key and its value, either of which may be missing.
    fn entry(&mut self) -> Result<(Rc<Node>, Rc<Node>), YamlError> {
        let mark = self.here()?;
        let key = if self.peek()? == Some(TokenKind::Key) {
            self.pop()?;
            self.node()?
        } else {
            null(mark)
        };
        let value = if self.peek()? == Some(TokenKind::Value) {
            self.pop()?;
            self.node()?
        } else {
            null(mark)
        };
        Ok((key, value))
    }

    /// `: b` alone is a mapping, too.
    fn entry_without_key(&mut self, mark: Mark) -> Result<(Rc<Node>, Rc<Node>), YamlError> {
        self.pop()?;
        let outer = std::mem::replace(&mut self.in_flow_sequence, false);
        let value = self.node();
        self.in_flow_sequence = outer;
        Ok((null(mark), value?))
    }
}

/// yaml-cpp reads a number, any character and a number.
fn version_problem(version: &str) -> Option<String> {
    let digits = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    let (major, rest) = version.split_at(digits);
    let mut minor = rest.chars();
    minor.next();
    match (major.parse::<u32>(), minor.as_str().parse::<u32>()) {
        (Ok(0 | 1), Ok(_)) => None,
        (Ok(_), Ok(_)) => Some("YAML major version too large".to_string()),
        _ => Some(format!("bad YAML version: {version}")),
    }
}

fn null(mark: Mark) -> Rc<Node> {
    Rc::new(Node { kind: Kind::Null, mark, span: mark.offset..mark.offset })
}
