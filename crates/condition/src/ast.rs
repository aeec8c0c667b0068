//! A condition as a tree.
//!
//! The tree says what was meant, not how it was spelled: `==` and `=` are one operator, `in a` and
//! `in (a)` one list, quotes and redundant parentheses are gone. Every node knows its [`Span`].

use crate::operator::{Modifier, Operator, Transformer};
use crate::span::Span;

/// A condition, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, without parentheses around it.
    pub span: Span,
}

/// The forms of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// Every operand holds. The parser makes it of two or more.
    And(Vec<Expr>),
    /// One of the operands holds. The parser makes it of two or more.
    Or(Vec<Expr>),
    /// The operand does not hold.
    Not(Box<Expr>),
    /// A check of one value.
    Check(Check),
    /// The name of a macro, to be replaced by its condition before anything is evaluated.
    Macro(String),
}

/// A check of one value: `proc.name in (a, b)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The value that is checked.
    pub left: Operand,
    /// What it must satisfy.
    pub test: Test,
}

/// What the left side of a check must satisfy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// `exists`: there is a value.
    Exists,
    /// A comparison with the right side.
    Compare {
        /// The operator.
        operator: Operator,
        /// `oneof`, `anyof`, `allof` after it; the right side is a list then.
        modifier: Option<Modifier>,
        /// What the left side is compared with.
        right: Right,
    },
}

/// The right side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Right {
    /// One value: `= cat`.
    Value(Literal),
    /// A list, which may be empty: `in (cat, dog)`.
    List(Vec<Literal>),
    /// A computed value: `= val(proc.pname)`.
    Transform(Transform),
}

/// A value that is taken from the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    /// A field.
    Field(Field),
    /// A transformer over fields.
    Transform(Transform),
}

/// A field: `proc.aname[2]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name, with every suffix after a dot: `evt.arg.flags`.
    pub name: String,
    /// What stands in brackets.
    pub argument: Option<String>,
    /// Name and brackets.
    pub span: Span,
}

/// A transformer with its arguments: `getopt((proc.args[0], proc.args[1]), "p:")[p]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transform {
    /// The function.
    pub transformer: Transformer,
    /// Its arguments; the parser makes at least one.
    pub arguments: Vec<Argument>,
    /// What stands in brackets behind it.
    pub option: Option<String>,
    /// All of it.
    pub span: Span,
}

/// An argument of a transformer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// A field.
    Field(Field),
    /// A nested transformer.
    Transform(Transform),
    /// A number or a quoted text.
    Literal(Literal),
    /// A list in parentheses.
    List(Vec<Argument>),
}

/// A constant. Types are given to it by the field that it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The text, unescaped where it was quoted.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

impl Expr {
    /// A node that no text stands for.
    pub fn new(kind: ExprKind) -> Self {
        Self { kind, span: Span::default() }
    }

    /// All of the operands; one operand is that operand.
    #[must_use]
    pub fn all(operands: Vec<Self>) -> Self {
        Self::several(operands, ExprKind::And)
    }

    /// One of the operands; one operand is that operand.
    #[must_use]
    pub fn any(operands: Vec<Self>) -> Self {
        Self::several(operands, ExprKind::Or)
    }

    fn several(mut operands: Vec<Self>, kind: fn(Vec<Self>) -> ExprKind) -> Self {
        match (operands.len(), operands.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                operands.extend(last);
                Self::new(kind(operands))
            }
        }
    }

    /// Its negation.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::new(ExprKind::Not(Box::new(self)))
    }

    /// A check of a field.
    #[must_use]
    pub fn check(left: impl Into<Operand>, operator: Operator, right: Right) -> Self {
        let test = Test::Compare { operator, modifier: None, right };
        Self::new(ExprKind::Check(Check { left: left.into(), test }))
    }

    /// A check that a field has a value.
    #[must_use]
    pub fn exists(left: impl Into<Operand>) -> Self {
        Self::new(ExprKind::Check(Check { left: left.into(), test: Test::Exists }))
    }

    /// The name of a macro.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self::new(ExprKind::Macro(name.into()))
    }
}

impl Right {
    /// One value.
    pub fn value(text: impl Into<String>) -> Self {
        Self::Value(Literal::new(text))
    }

    /// A list of values.
    pub fn list<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Literal::new).collect())
    }

    /// The value of a field: `val(field)`.
    pub fn field(field: Field) -> Self {
        Self::Transform(Transform {
            transformer: Transformer::Val,
            arguments: vec![Argument::Field(field)],
            option: None,
            span: Span::default(),
        })
    }
}

impl Field {
    /// A field without brackets.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), argument: None, span: Span::default() }
    }

    /// The same field with this in brackets.
    #[must_use]
    pub fn with(self, argument: impl Into<String>) -> Self {
        Self { argument: Some(argument.into()), ..self }
    }
}

impl Literal {
    /// A constant that no text stands for.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), span: Span::default() }
    }
}

impl From<Field> for Operand {
    fn from(field: Field) -> Self {
        Self::Field(field)
    }
}

impl From<Transform> for Operand {
    fn from(transform: Transform) -> Self {
        Self::Transform(transform)
    }
}

impl Operand {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Field(field) => field.span,
            Self::Transform(transform) => transform.span,
        }
    }
}
