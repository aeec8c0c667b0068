//! The text of a scalar: folding, chomping, escapes.

use super::cursor::{Cursor, is_blank};
use super::escape;
use super::token::YamlError;

/// A plain scalar's text.
pub struct Plain {
    /// The text.
    pub text: String,
    /// It ended because a line was indented less, so that a key may follow.
    pub left_by_indentation: bool,
}

/// How lines are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    /// A line end becomes a blank, an empty line a line feed.
    Flow,
    /// The same, except around lines that are indented deeper.
    Block,
    /// Line ends are kept.
    Keep,
}

/// What becomes of line feeds at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}

/// What ends the text besides the end of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Plain,
    PlainInFlow,
    Single,
    Double,
    /// Only indentation.
    Indentation,
}

struct Rules {
    end: End,
    fold: Fold,
    chomp: Chomp,
    indent: usize,
    detect_indent: bool,
}

/// Reads text without quotes; `indent` is the least column of its further lines.
pub fn plain(input: &mut Cursor<'_>, indent: usize, in_flow: bool) -> Result<Plain, YamlError> {
    let end = if in_flow { End::PlainInFlow } else { End::Plain };
    let rules = Rules { end, fold: Fold::Flow, chomp: Chomp::Strip, indent, detect_indent: false };
    let (text, left_by_indentation) = Text::new(rules).read(input)?;
    Ok(Plain { text, left_by_indentation })
}

/// Reads text up to and including its closing quote.
pub fn quoted(input: &mut Cursor<'_>, quote: u8) -> Result<String, YamlError> {
    let end = if quote == b'\'' { End::Single } else { End::Double };
    let rules = Rules { end, fold: Fold::Flow, chomp: Chomp::Clip, indent: 0, detect_indent: false };
    Text::new(rules).read(input).map(|(text, _)| text)
}

/// Reads `|` or `>`, what may follow on that line, and the text.
pub fn block(input: &mut Cursor<'_>, parent: usize) -> Result<String, YamlError> {
    let fold = if input.next() == Some(b'>') { Fold::Block } else { Fold::Keep };
    let mut rules = Rules { end: End::Indentation, fold, chomp: Chomp::Clip, indent: 1, detect_indent: true };
    let mut chomped = false;
    while let Some(byte @ (b'+' | b'-' | b'0'..=b'9')) = input.peek() {
        let digit = byte.is_ascii_digit();
        if (digit && !rules.detect_indent) || (!digit && chomped) {
            break;
        }
        input.next();
        match byte {
            b'0' => {
                return Err(YamlError::new(input.mark(), "cannot set zero indentation for a block scalar"));
            }
            b'+' => rules.chomp = Chomp::Keep,
            b'-' => rules.chomp = Chomp::Strip,
            digit => {
                rules.indent = usize::from(digit - b'0');
                rules.detect_indent = false;
            }
        }
        chomped |= !digit;
    }
    while input.at_blank() {
        input.next();
    }
    if input.peek() == Some(b'#') {
        input.skip_line();
    }
    if !input.is_at_end() && input.line_end().is_none() {
        return Err(YamlError::new(input.mark(), "unexpected character in block scalar"));
    }
    rules.indent += parent;
    Text::new(rules).read(input).map(|(text, _)| text)
}

/// A scalar while it is read.
#[expect(clippy::struct_excessive_bools, reason = "folding depends on each of them")]
struct Text {
    rules: Rules,
    bytes: Vec<u8>,
    found_content: bool,
    past_first_line: bool,
    empty_line: bool,
    more_indented: bool,
    folded_line_feeds: usize,
    folded_from_more_indented: bool,
    /// The length of the text behind the last escape: it is not trimmed.
    last_escape: Option<usize>,
}

impl Text {
    fn new(rules: Rules) -> Self {
        Self {
            past_first_line: rules.fold == Fold::Flow,
            rules,
            bytes: Vec::new(),
            found_content: false,
            empty_line: false,
            more_indented: false,
            folded_line_feeds: 0,
            folded_from_more_indented: false,
            last_escape: None,
        }
    }

    /// Returns the text and whether indentation ended it.
    fn read(mut self, input: &mut Cursor<'_>) -> Result<(String, bool), YamlError> {
        let mut left_by_indentation = false;
        while !input.is_at_end() {
            let (kept, escaped_line_end) = self.line(input)?;
            if input.is_at_end() {
                if matches!(self.rules.end, End::Single | End::Double) {
                    return Err(YamlError::new(input.mark(), "illegal EOF in scalar"));
                }
                break;
            }
            if Self::at_document_marker(input) && matches!(self.rules.end, End::Plain | End::PlainInFlow) {
                break;
            }
            if let Some(length) = self.end_length(input) {
                if matches!(self.rules.end, End::Single | End::Double) {
                    input.eat(length);
                }
                break;
            }
            if self.rules.fold == Fold::Flow {
                self.bytes.truncate(kept);
            }
            input.eat(input.line_end().unwrap_or(0));
            self.indentation(input)?;
            self.join(input, escaped_line_end);
            if !self.empty_line && input.column() < self.rules.indent {
                left_by_indentation = true;
                break;
            }
        }
        self.finish();
        Ok((String::from_utf8_lossy(&self.bytes).into_owned(), left_by_indentation))
    }

    /// Takes a line's content; returns the length of the text without trailing blanks, and whether the
    /// line's end is escaped.
    fn line(&mut self, input: &mut Cursor<'_>) -> Result<(usize, bool), YamlError> {
        let mut kept = self.bytes.len();
        while self.end_length(input).is_none() && input.line_end().is_none() {
            let Some(byte) = input.peek() else { break };
            if Self::at_document_marker(input) {
                match self.rules.end {
                    End::Plain | End::PlainInFlow => break,
                    End::Single | End::Double => {
                        return Err(YamlError::new(input.mark(), "illegal document indicator in scalar"));
                    }
                    End::Indentation => {}
                }
            }
            self.found_content = true;
            self.past_first_line = true;
            if self.rules.end == End::Double && byte == b'\\' && input.line_end_at(1).is_some() {
                input.next();
                self.last_escape = Some(self.bytes.len());
                return Ok((self.bytes.len(), true));
            }
            if byte == self.escape() {
                escape::take(input, &mut self.bytes)?;
                kept = self.bytes.len();
                self.last_escape = Some(kept);
                continue;
            }
            input.next();
            self.bytes.push(byte);
            if !is_blank(Some(byte)) {
                kept = self.bytes.len();
            }
        }
        Ok((kept, false))
    }

    /// The byte that escapes: NUL where none is meant to, because yaml-cpp has no way to say so.
    fn escape(&self) -> u8 {
        match self.rules.end {
            End::Single => b'\'',
            End::Double => b'\\',
            End::Plain | End::PlainInFlow | End::Indentation => 0,
        }
    }

    fn at_document_marker(input: &Cursor<'_>) -> bool {
        input.column() == 0 && (input.at_document_marker(b'-') || input.at_document_marker(b'.'))
    }

    /// The length of the end, where it is next.
    fn end_length(&self, input: &Cursor<'_>) -> Option<usize> {
        let next = input.peek();
        let comment = || {
            let gap = if is_blank(next) { Some(1) } else { input.line_end() };
            gap.filter(|gap| input.peek_at(*gap) == Some(b'#'))
        };
        match (self.rules.end, next) {
            (End::Plain, Some(b':')) if input.is_gap_at(1) => Some(1),
            (End::PlainInFlow, Some(b':'))
                if input.is_gap_at(1) || matches!(input.peek_at(1), Some(b',' | b']' | b'}')) =>
            {
                Some(1)
            }
            (End::PlainInFlow, Some(b',' | b'?' | b'[' | b']' | b'{' | b'}')) | (End::Double, Some(b'"')) => {
                Some(1)
            }
            (End::Plain | End::PlainInFlow, _) => comment(),
            (End::Single, Some(b'\'')) if input.peek_at(1) != Some(b'\'') => Some(1),
            (End::Single | End::Double | End::Indentation, _) => None,
        }
    }

    /// Takes what stands before the content of the next line.
    fn indentation(&mut self, input: &mut Cursor<'_>) -> Result<(), YamlError> {
        let detecting = self.rules.detect_indent && !self.found_content;
        while input.peek() == Some(b' ')
            && (input.column() < self.rules.indent || detecting)
            && self.end_length(input).is_none()
        {
            input.next();
        }
        if detecting {
            self.rules.indent = self.rules.indent.max(input.column());
        }
        while input.at_blank() {
            let quoted = matches!(self.rules.end, End::Single | End::Double);
            if input.peek() == Some(b'\t') && input.column() < self.rules.indent && !quoted {
                return Err(YamlError::new(input.mark(), "illegal tab when looking for indentation"));
            }
            if self.rules.end == End::Indentation || self.end_length(input).is_some() {
                break;
            }
            input.next();
        }
        Ok(())
    }

    /// Adds what the line's end stands for.
    fn join(&mut self, input: &Cursor<'_>, escaped_line_end: bool) {
        let next_empty = input.line_end().is_some();
        let next_more_indented = input.at_blank();
        if self.rules.fold == Fold::Block && self.folded_line_feeds == 0 && next_empty {
            self.folded_from_more_indented = self.more_indented;
        }
        if self.past_first_line {
            match self.rules.fold {
                Fold::Keep => self.bytes.push(b'\n'),
                Fold::Flow if next_empty => self.bytes.push(b'\n'),
                Fold::Flow if !self.empty_line && !escaped_line_end => self.bytes.push(b' '),
                Fold::Flow => {}
                Fold::Block => self.join_folded(input, next_empty, next_more_indented),
            }
        }
        self.empty_line = next_empty;
        self.more_indented = next_more_indented;
        self.past_first_line = true;
    }

    fn join_folded(&mut self, input: &Cursor<'_>, next_empty: bool, next_more_indented: bool) {
        let plain = !self.empty_line && !next_empty && !self.more_indented && !next_more_indented;
        if plain && input.column() >= self.rules.indent {
            self.bytes.push(b' ');
        } else if next_empty {
            self.folded_line_feeds += 1;
        } else {
            self.bytes.push(b'\n');
        }
        if !next_empty && self.folded_line_feeds > 0 {
            let kept = self.folded_from_more_indented || next_more_indented || !self.found_content;
            let count = self.folded_line_feeds - 1 + usize::from(kept);
            self.bytes.extend(std::iter::repeat_n(b'\n', count));
            self.folded_line_feeds = 0;
        }
    }

    /// Trims and chomps, but never into an escape.
    fn finish(&mut self) {
        let floor = |content: usize, escape: Option<usize>| match escape {
            Some(escape) => content.max(escape + 1),
            None => content,
        };
        if matches!(self.rules.end, End::Plain | End::PlainInFlow) {
            let content = length_without(&self.bytes, |byte| is_blank(Some(byte)));
            self.bytes.truncate(floor(content, self.last_escape));
        }
        let content = floor(length_without(&self.bytes, |byte| byte == b'\n'), self.last_escape);
        match self.rules.chomp {
            Chomp::Keep => {}
            Chomp::Strip => self.bytes.truncate(content),
            Chomp::Clip if content == 0 => self.bytes.clear(),
            Chomp::Clip => self.bytes.truncate(content + 1),
        }
    }
}

/// The length of bytes without some at the end.
fn length_without(bytes: &[u8], dropped: impl Fn(u8) -> bool) -> usize {
    bytes.iter().rposition(|byte| !dropped(*byte)).map_or(0, |last| last + 1)
}
