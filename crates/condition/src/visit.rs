//! Walks over a condition: its parts, its fields, its macros.

use crate::ast::{Argument, Check, Expr, ExprKind, Field, Operand, Right, Test, Transform};
use crate::parser::MAX_TREE_DEPTH;
use crate::span::Span;

/// Why macros could not be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MacroError<E> {
    /// The caller has no condition for a macro.
    Resolve(E),
    /// The result would be nested deeper than [`MAX_TREE_DEPTH`].
    TooDeep,
}

impl Expr {
    /// Calls `each` with this condition and every condition in it, outermost first.
    pub fn walk<'a>(&'a self, each: &mut dyn FnMut(&'a Self)) {
        each(self);
        match &self.kind {
            ExprKind::And(operands) | ExprKind::Or(operands) => {
                for operand in operands {
                    operand.walk(each);
                }
            }
            ExprKind::Not(operand) => operand.walk(each),
            ExprKind::Check(_) | ExprKind::Macro(_) => {}
        }
    }

    /// Its checks, in reading order.
    pub fn checks(&self) -> Vec<&Check> {
        let mut checks = Vec::new();
        self.walk(&mut |expr| {
            if let ExprKind::Check(check) = &expr.kind {
                checks.push(check);
            }
        });
        checks
    }

    /// The fields that it reads, in reading order, as often as they are named.
    pub fn fields(&self) -> Vec<&Field> {
        self.checks().into_iter().flat_map(Check::fields).collect()
    }

    /// The macros that it names, in reading order, as often as they are named.
    pub fn macros(&self) -> Vec<(&str, Span)> {
        let mut macros = Vec::new();
        self.walk(&mut |expr| {
            if let ExprKind::Macro(name) = &expr.kind {
                macros.push((name.as_str(), expr.span));
            }
        });
        macros
    }

    /// How many levels of `and`, `or` and `not` lie over its deepest part.
    pub fn depth(&self) -> usize {
        match &self.kind {
            ExprKind::And(operands) | ExprKind::Or(operands) => {
                1 + operands.iter().map(Self::depth).max().unwrap_or_default()
            }
            ExprKind::Not(operand) => 1 + operand.depth(),
            ExprKind::Check(_) | ExprKind::Macro(_) => 0,
        }
    }

    /// The same condition with every macro replaced by what `resolve` answers for its name, which is
    /// not searched for macros again: a caller that resolves macros in the order of their definitions
    /// cannot run into a cycle. Replacements keep the spans of their own text.
    ///
    /// ```
    /// let condition = condition::parse("container and not trusted")?;
    /// let replaced = condition.try_map_macros(|name, _| match name {
    ///     "container" => condition::parse("container.id != host"),
    ///     other => condition::parse(&format!("proc.name in ({other}, a) or proc.name = b")),
    /// });
    /// assert_eq!(
    ///     replaced.unwrap().to_string(),
    ///     "container.id != host and not (proc.name in (trusted, a) or proc.name = b)",
    /// );
    /// # Ok::<(), condition::SyntaxError>(())
    /// ```
    pub fn try_map_macros<E>(
        &self,
        mut resolve: impl FnMut(&str, Span) -> Result<Self, E>,
    ) -> Result<Self, MacroError<E>> {
        let replaced = self.replace_macros(&mut resolve).map_err(MacroError::Resolve)?;
        if replaced.depth() > MAX_TREE_DEPTH { Err(MacroError::TooDeep) } else { Ok(replaced) }
    }

    fn replace_macros<E>(&self, resolve: &mut dyn FnMut(&str, Span) -> Result<Self, E>) -> Result<Self, E> {
        let mut all = |operands: &[Self]| -> Result<Vec<Self>, E> {
            operands.iter().map(|operand| operand.replace_macros(resolve)).collect()
        };
        let kind = match &self.kind {
            ExprKind::And(operands) => ExprKind::And(all(operands)?),
            ExprKind::Or(operands) => ExprKind::Or(all(operands)?),
            ExprKind::Not(operand) => ExprKind::Not(Box::new(operand.replace_macros(resolve)?)),
            ExprKind::Check(check) => ExprKind::Check(check.clone()),
            ExprKind::Macro(name) => return resolve(name, self.span),
        };
        Ok(Self { kind, span: self.span })
    }

    /// The same condition without spans, so that conditions of different spelling compare equal.
    #[must_use]
    pub fn without_spans(&self) -> Self {
        let all = |operands: &[Self]| operands.iter().map(Self::without_spans).collect();
        Self::new(match &self.kind {
            ExprKind::And(operands) => ExprKind::And(all(operands)),
            ExprKind::Or(operands) => ExprKind::Or(all(operands)),
            ExprKind::Not(operand) => ExprKind::Not(Box::new(operand.without_spans())),
            ExprKind::Check(check) => {
                let mut check = check.clone();
                check.each_span(&mut |span| *span = Span::default());
                ExprKind::Check(check)
            }
            ExprKind::Macro(name) => ExprKind::Macro(name.clone()),
        })
    }
}

impl Check {
    /// The fields that it reads, in reading order.
    pub fn fields(&self) -> Vec<&Field> {
        let mut fields = Vec::new();
        match &self.left {
            Operand::Field(field) => fields.push(field),
            Operand::Transform(transform) => transform.collect_fields(&mut fields),
        }
        if let Test::Compare { right: Right::Transform(transform), .. } = &self.test {
            transform.collect_fields(&mut fields);
        }
        fields
    }

    fn each_span(&mut self, each: &mut dyn FnMut(&mut Span)) {
        match &mut self.left {
            Operand::Field(field) => each(&mut field.span),
            Operand::Transform(transform) => transform.each_span(each),
        }
        match &mut self.test {
            Test::Compare { right: Right::Value(literal), .. } => each(&mut literal.span),
            Test::Compare { right: Right::List(literals), .. } => {
                for literal in literals {
                    each(&mut literal.span);
                }
            }
            Test::Compare { right: Right::Transform(transform), .. } => transform.each_span(each),
            Test::Exists => {}
        }
    }
}

impl Transform {
    /// The fields that it reads, in reading order.
    pub fn fields(&self) -> Vec<&Field> {
        let mut fields = Vec::new();
        self.collect_fields(&mut fields);
        fields
    }

    fn collect_fields<'a>(&'a self, fields: &mut Vec<&'a Field>) {
        self.arguments.iter().for_each(|argument| argument.collect_fields(fields));
    }

    fn each_span(&mut self, each: &mut dyn FnMut(&mut Span)) {
        each(&mut self.span);
        self.arguments.iter_mut().for_each(|argument| argument.each_span(each));
    }
}

impl Argument {
    fn collect_fields<'a>(&'a self, fields: &mut Vec<&'a Field>) {
        match self {
            Self::Field(field) => fields.push(field),
            Self::Transform(transform) => transform.collect_fields(fields),
            Self::List(arguments) => arguments.iter().for_each(|argument| argument.collect_fields(fields)),
            Self::Literal(_) => {}
        }
    }

    fn each_span(&mut self, each: &mut dyn FnMut(&mut Span)) {
        match self {
            Self::Field(field) => each(&mut field.span),
            Self::Transform(transform) => transform.each_span(each),
            Self::Literal(literal) => each(&mut literal.span),
            Self::List(arguments) => arguments.iter_mut().for_each(|argument| argument.each_span(each)),
        }
    }
}
