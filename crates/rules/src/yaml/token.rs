//! What the scanner hands to the parser.

/// A place in the text, counted as yaml-cpp counts: from zero, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// Bytes before it.
    pub offset: usize,
    /// Line feeds before it.
    pub line: usize,
    /// Bytes since the last line feed.
    pub column: usize,
}

impl Mark {
    /// As yaml-cpp's messages begin.
    pub fn falco(self) -> String {
        format!("yaml-cpp: error at line {}, column {}", self.line + 1, self.column + 1)
    }
}

/// Text that is not YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError {
    /// What is wrong, in yaml-cpp's words.
    pub message: String,
    /// Where.
    pub mark: Mark,
}

impl YamlError {
    /// An error at a place.
    pub fn new(mark: Mark, message: impl Into<String>) -> Self {
        Self { message: message.into(), mark }
    }
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// `%NAME …`.
    Directive,
    /// `---`.
    DocumentStart,
    /// `...`.
    DocumentEnd,
    /// The first `-` of a list, by its indentation.
    BlockSequenceStart,
    /// The first key of a mapping, by its indentation.
    BlockMappingStart,
    /// The indentation of a list is left.
    BlockSequenceEnd,
    /// The indentation of a mapping is left.
    BlockMappingEnd,
    /// `-`.
    BlockEntry,
    /// `[`.
    FlowSequenceStart,
    /// `{`.
    FlowMappingStart,
    /// `]`.
    FlowSequenceEnd,
    /// `}`.
    FlowMappingEnd,
    /// `,`.
    FlowEntry,
    /// `?`, or the place where a simple key turned out to begin.
    Key,
    /// `:`.
    Value,
    /// `&name`.
    Anchor,
    /// `*name`.
    Alias,
    /// `!tag`.
    Tag,
    /// Text without quotes.
    Plain,
    /// Text between `'`.
    Single,
    /// Text between `"`.
    Double,
    /// Text after `|` or `>`.
    Block,
}

/// Whether a token holds: a key shows itself only when its `:` comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It does.
    Valid,
    /// It does not; the parser never sees it.
    Invalid,
    /// Not known yet.
    Unverified,
}

/// A token.
#[derive(Debug, Clone)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Whether it holds.
    pub status: Status,
    /// Where it begins.
    pub mark: Mark,
    /// The byte behind it.
    pub end: usize,
    /// The text of scalars, the name of anchors, aliases and directives.
    pub text: String,
    /// The parameters of a directive.
    pub parameters: Vec<String>,
}

impl Token {
    /// A token without text.
    pub fn new(kind: TokenKind, mark: Mark, end: usize) -> Self {
        Self { kind, status: Status::Valid, mark, end, text: String::new(), parameters: Vec::new() }
    }

    /// A token with text.
    pub fn with_text(kind: TokenKind, mark: Mark, end: usize, text: String) -> Self {
        Self { text, ..Self::new(kind, mark, end) }
    }
}
