//! Macros put into conditions, as trees.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use condition::Expr;
use condition::ast::{Argument, Check, ExprKind, Field, Operand, Right, Test, Transform};
use condition::{MAX_TREE_DEPTH, Span};

use crate::code::error;
use crate::collect::Macro;
use crate::item::{Context, Item};
use crate::limits;
use crate::shipped;
use crate::text::Text;

/// Sees every macro, as rules do.
pub(super) const ALL: usize = usize::MAX;

/// The macros' conditions, in the order of their first definitions.
#[derive(Default)]
pub(crate) struct Macros {
    items: Vec<Entry>,
    by_name: HashMap<String, usize>,
    used: BTreeSet<String>,
}

struct Entry {
    name: String,
    index: usize,
    expr: Option<Expr>,
}

/// A condition with its macros resolved.
pub(crate) struct Resolved {
    pub expr: Expr,
    pub fault: Option<Fault>,
}

/// Why macros could not be resolved.
pub(crate) struct Fault {
    pub message: String,
    /// The macro that is missing.
    pub name: Option<String>,
    span: Span,
}

impl Fault {
    /// The error that it is.
    pub fn item(&self, context: &Context, text: &Text, sources: &[Rc<str>], defined_later: bool) -> Item {
        let place = match text.origin(self.span.into(), sources) {
            Some((file, span)) => context.at(file, span),
            None => context.clone(),
        };
        let found = place.item(error::LOAD_ERR_VALIDATE, self.message.clone());
        match &self.name {
            None => found.hint("a macro cannot contain itself, by way of others neither"),
            Some(name) if defined_later => {
                found.hint(format!("macro `{name}` is defined further down: move it before this one"))
            }
            Some(name) => found.hint(match (shipped::file_of("macro", name), shipped::file_of("list", name)) {
                (Some(file), _) => {
                    format!("Falco ships macro `{name}` in {file}: load that file before this one")
                }
                (None, Some(_)) => format!("`{name}` is a list: write `FIELD in ({name})`"),
                (None, None) => {
                    format!("define macro `{name}`, or write a check such as `proc.name = {name}`; names are case-sensitive")
                }
            }),
        }
    }
}

impl Macros {
    pub fn push(&mut self, item: &Macro, expr: Option<Expr>) {
        self.by_name.insert(item.name.clone(), self.items.len());
        self.items.push(Entry { name: item.name.clone(), index: item.index, expr });
    }

    pub fn expr(&self, index: usize) -> Option<&Expr> {
        self.items.get(index).and_then(|entry| entry.expr.as_ref())
    }

    pub fn set(&mut self, index: usize, expr: Expr) {
        if let Some(entry) = self.items.get_mut(index) {
            entry.expr = Some(expr);
        }
    }

    pub fn lose(&mut self, index: usize) {
        if let Some(entry) = self.items.get_mut(index) {
            entry.expr = None;
        }
    }

    pub fn is_used(&self, name: &str) -> bool {
        self.used.contains(name)
    }

    /// The condition of a macro, with every macro in it resolved.
    pub fn get(&self, name: &str) -> Option<&Expr> {
        self.by_name.get(name).and_then(|index| self.expr(*index))
    }

    /// Replaces macros that were first defined before `visibility`. What is `open` stays.
    pub fn resolve(&mut self, expr: &Expr, visibility: usize, open: &dyn Fn(&str) -> bool) -> Resolved {
        let mut walk = Walk {
            macros: self,
            visibility,
            open,
            path: Vec::new(),
            used: BTreeSet::new(),
            looped: None,
            unknown: None,
            left: limits::CONDITION_CHECKS,
            depth: 0,
            too_deep: false,
        };
        let expr = walk.replaced(expr, None);
        let too_large = (walk.left == 0).then(|| Fault {
            message: format!("macros make the condition larger than {} checks", limits::CONDITION_CHECKS),
            name: None,
            span: Span::default(),
        });
        let too_deep = walk.too_deep.then(|| Fault {
            message: format!("macros nest the condition deeper than {MAX_TREE_DEPTH} levels"),
            name: None,
            span: Span::default(),
        });
        let too_large = too_large.or(too_deep);
        let fault = walk.looped.take().or(walk.unknown.take()).or(too_large);
        let used = walk.used;
        if fault.is_none() {
            self.used.extend(used);
        }
        Resolved { expr, fault }
    }
}

struct Walk<'a> {
    macros: &'a Macros,
    visibility: usize,
    open: &'a dyn Fn(&str) -> bool,
    path: Vec<String>,
    used: BTreeSet<String>,
    looped: Option<Fault>,
    unknown: Option<Fault>,
    /// Checks that may still be added.
    left: usize,
    depth: usize,
    too_deep: bool,
}

impl Walk<'_> {
    /// A copy with macros replaced. What comes from a macro stands where the macro was named.
    fn replaced(&mut self, expr: &Expr, place: Option<Span>) -> Expr {
        let span = place.unwrap_or(expr.span);
        let kind = match &expr.kind {
            ExprKind::And(operands) => ExprKind::And(self.all(operands, place)),
            ExprKind::Or(operands) => ExprKind::Or(self.all(operands, place)),
            ExprKind::Not(operand) => match self.all(std::slice::from_ref(&**operand), place).pop() {
                Some(operand) => ExprKind::Not(Box::new(operand)),
                None => expr.kind.clone(),
            },
            ExprKind::Check(check) => {
                self.left = self.left.saturating_sub(1);
                let mut check = check.clone();
                if let Some(place) = place {
                    move_check(&mut check, place);
                }
                ExprKind::Check(check)
            }
            ExprKind::Macro(name) => return self.named(name, span),
        };
        Expr { kind, span }
    }

    /// Operands, one level deeper; none where that would be too deep.
    fn all(&mut self, operands: &[Expr], place: Option<Span>) -> Vec<Expr> {
        if self.depth >= MAX_TREE_DEPTH {
            self.too_deep = true;
            return Vec::new();
        }
        self.depth += 1;
        let replaced = operands.iter().map(|operand| self.replaced(operand, place)).collect();
        self.depth -= 1;
        replaced
    }

    fn named(&mut self, name: &str, span: Span) -> Expr {
        let unresolved = Expr { kind: ExprKind::Macro(name.to_owned()), span };
        let macros = self.macros;
        let visible = macros
            .by_name
            .get(name)
            .and_then(|index| macros.items.get(*index))
            .filter(|entry| entry.index < self.visibility);
        let Some((entry, body)) = visible.and_then(|entry| Some((entry, entry.expr.as_ref()?))) else {
            if !(self.open)(name) {
                self.unknown.get_or_insert(Fault {
                    message: format!("Undefined macro '{name}' used in filter."),
                    name: Some(name.to_owned()),
                    span,
                });
            }
            return unresolved;
        };
        if self.path.iter().any(|outer| outer == name) {
            let message = format!("reference loop in macro '{name}'");
            self.looped.get_or_insert(Fault { message, name: None, span });
            return unresolved;
        }
        if self.left == 0 {
            return unresolved;
        }
        self.path.push(entry.name.clone());
        let replaced = self.replaced(body, Some(span));
        self.path.pop();
        self.used.insert(entry.name.clone());
        replaced
    }
}

fn move_check(check: &mut Check, place: Span) {
    match &mut check.left {
        Operand::Field(field) => move_field(field, place),
        Operand::Transform(transform) => move_transform(transform, place),
    }
    if let Test::Compare { right, .. } = &mut check.test {
        match right {
            Right::Value(literal) => literal.span = place,
            Right::List(literals) => literals.iter_mut().for_each(|literal| literal.span = place),
            Right::Transform(transform) => move_transform(transform, place),
        }
    }
}

fn move_field(field: &mut Field, place: Span) {
    field.span = place;
}

fn move_transform(transform: &mut Transform, place: Span) {
    transform.span = place;
    transform.arguments.iter_mut().for_each(|argument| move_argument(argument, place));
}

fn move_argument(argument: &mut Argument, place: Span) {
    match argument {
        Argument::Field(field) => move_field(field, place),
        Argument::Transform(transform) => move_transform(transform, place),
        Argument::Literal(literal) => literal.span = place,
        Argument::List(arguments) => arguments.iter_mut().for_each(|argument| move_argument(argument, place)),
    }
}
