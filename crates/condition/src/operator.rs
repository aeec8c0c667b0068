//! The words of the language: comparison operators, their modifiers, transformers.

use std::fmt;

/// What a check does with the value of its left side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `<=`
    LessOrEqual,
    /// `<`
    Less,
    /// `>=`
    GreaterOrEqual,
    /// `>`
    Greater,
    /// `=`, also written `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `glob`: the whole value fits a shell pattern.
    Glob,
    /// `iglob`: `glob` without regard to case.
    Iglob,
    /// `contains`
    Contains,
    /// `icontains`: `contains` without regard to case.
    Icontains,
    /// `bcontains`: a buffer contains bytes given as hexadecimal digits.
    Bcontains,
    /// `startswith`
    Startswith,
    /// `bstartswith`: a buffer starts with bytes given as hexadecimal digits.
    Bstartswith,
    /// `endswith`
    Endswith,
    /// `regex`: the whole value fits a regular expression.
    Regex,
    /// `intersects`: one of the values is in the list.
    Intersects,
    /// `in`: every one of the values is in the list.
    In,
    /// `pmatch`: one of the listed paths is the value or a folder above it.
    Pmatch,
}

/// Which right side an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    Number,
    String,
    List,
}

impl Operator {
    /// Every operator that takes a right side, in the order in which Falco tries and lists them.
    pub const ALL: [Self; 18] = [
        Self::LessOrEqual,
        Self::Less,
        Self::GreaterOrEqual,
        Self::Greater,
        Self::Equal,
        Self::NotEqual,
        Self::Glob,
        Self::Iglob,
        Self::Contains,
        Self::Icontains,
        Self::Bcontains,
        Self::Startswith,
        Self::Bstartswith,
        Self::Endswith,
        Self::Regex,
        Self::Intersects,
        Self::In,
        Self::Pmatch,
    ];

    /// As a condition spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::LessOrEqual => "<=",
            Self::Less => "<",
            Self::GreaterOrEqual => ">=",
            Self::Greater => ">",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Glob => "glob",
            Self::Iglob => "iglob",
            Self::Contains => "contains",
            Self::Icontains => "icontains",
            Self::Bcontains => "bcontains",
            Self::Startswith => "startswith",
            Self::Bstartswith => "bstartswith",
            Self::Endswith => "endswith",
            Self::Regex => "regex",
            Self::Intersects => "intersects",
            Self::In => "in",
            Self::Pmatch => "pmatch",
        }
    }

    /// The operator that a condition spells so.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "==" => Some(Self::Equal),
            _ => Self::ALL.into_iter().find(|operator| operator.name() == name),
        }
    }

    /// Whether it compares with a list (without a modifier).
    pub fn takes_list(self) -> bool {
        self.takes() == Takes::List
    }

    pub(crate) fn takes(self) -> Takes {
        match self {
            Self::LessOrEqual | Self::Less | Self::GreaterOrEqual | Self::Greater => Takes::Number,
            Self::Intersects | Self::In | Self::Pmatch => Takes::List,
            _ => Takes::String,
        }
    }
}

/// How many elements of a list must satisfy an operator that otherwise takes one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Modifier {
    /// Exactly one.
    Oneof,
    /// At least one.
    Anyof,
    /// Every one.
    Allof,
}

impl Modifier {
    /// Every modifier.
    pub const ALL: [Self; 3] = [Self::Oneof, Self::Anyof, Self::Allof];

    /// As a condition spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Oneof => "oneof",
            Self::Anyof => "anyof",
            Self::Allof => "allof",
        }
    }

    /// The modifier that a condition spells so.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|modifier| modifier.name() == name)
    }
}

/// A function over fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transformer {
    /// `val`: the value of the field itself; marks a field on the right side of a comparison.
    Val,
    /// `tolower`: ASCII letters in lower case.
    Tolower,
    /// `toupper`: ASCII letters in upper case.
    Toupper,
    /// `b64`: what the value encodes in base 64.
    B64,
    /// `basename`: what follows the last `/`.
    Basename,
    /// `len`: how long the value is; of a list, how many values it has.
    Len,
    /// `join`: a list as one text, with a separator between its values.
    Join,
    /// `concat`: all arguments as one text.
    Concat,
    /// `getopt`: the value of an option among command line arguments.
    Getopt,
}

impl Transformer {
    /// Every transformer, in the order in which Falco lists them.
    pub const ALL: [Self; 9] = [
        Self::Val,
        Self::Tolower,
        Self::Toupper,
        Self::B64,
        Self::Basename,
        Self::Len,
        Self::Join,
        Self::Concat,
        Self::Getopt,
    ];

    /// As a condition spells it, without the parenthesis.
    pub fn name(self) -> &'static str {
        match self {
            Self::Val => "val",
            Self::Tolower => "tolower",
            Self::Toupper => "toupper",
            Self::B64 => "b64",
            Self::Basename => "basename",
            Self::Len => "len",
            Self::Join => "join",
            Self::Concat => "concat",
            Self::Getopt => "getopt",
        }
    }

    /// The transformer that a condition spells so.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|transformer| transformer.name() == name)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl fmt::Display for Modifier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl fmt::Display for Transformer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
