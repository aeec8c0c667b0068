//! What Falco says nothing about, and what surprises the author all the same.

use condition::ast::{Check, Literal, Operand, Right, Test};
use condition::operator::Operator;
use condition::{Effect, Expr, Problem, Span, event_types, nearest};

use super::Compiler;
use super::expand;
use crate::code::{Code, note};
use crate::collect::Rule;
use crate::exception::{Entry, Exception, is_list_operator};
use crate::findings::Findings;
use crate::item::{Context, Item};
use crate::shipped;
use crate::text::Text;

/// Fields with the name of a process as the kernel keeps it.
const SHORT_NAMES: [&str; 4] = ["proc.name", "proc.pname", "proc.aname", "thread.name"];

/// Shorter words are no misspelt names of lists.
const SHORTEST_NAME: usize = 5;

/// Bytes that the kernel keeps of a process's name.
const SHORT_NAME: usize = 15;

impl Compiler<'_> {
    /// Notes what is odd about a rule's condition, where the file that was read last says it.
    pub(super) fn note_condition(
        &self,
        rule: &Rule,
        expr: &Expr,
        problems: &[Problem],
        text: &Text,
        findings: &mut Findings,
    ) {
        let mut note = |item: Item, span: Span| {
            let place = self.place(span.into(), text, &rule.condition_context);
            if place.file == self.file {
                findings.note_item(Item { file: place.file, span: place.span, ..item });
            }
        };
        let context = &rule.condition_context;
        let empty_lists = empty_lists(expr);
        for problem in problems {
            // A list that is empty is one to be filled; only `()` is worth a note.
            let is_of_list = empty_lists.contains(&problem.span.start);
            if problem.effect == Effect::Surprise && is_of_list && !self.says_empty(problem.span, text) {
                continue;
            }
            if let Some(item) = surprise(problem, context) {
                note(item, problem.span);
            }
        }
        self.note_literals(expr, text, context, findings);
    }

    /// Notes values that do not do what they seem to do. What comes from a macro was noted there.
    pub(super) fn note_literals(&self, expr: &Expr, text: &Text, context: &Context, findings: &mut Findings) {
        for check in expr.checks() {
            for literal in literals(check) {
                let Some((file, span)) = text.origin(literal.span.into(), self.sources) else { continue };
                let written =
                    self.sources.get(file).and_then(|source| source.get(span.clone())).unwrap_or_default();
                if file != self.file || self.collector.macros.get(written).is_some() {
                    continue;
                }
                let place = context.at(file, span);
                let is_in_list = matches!(check.test, Test::Compare { right: Right::List(_), .. });
                let listed = is_in_list && written == literal.text;
                let item = too_long(check, literal, &place)
                    .or_else(|| listed.then(|| self.list_name(&literal.text, &place)).flatten());
                if let Some(item) = item {
                    findings.note_item(item);
                }
            }
        }
    }

    /// Whether a file has `()` at a place.
    fn says_empty(&self, span: Span, text: &Text) -> bool {
        let written = text.origin(span.into(), self.sources);
        let written = written.and_then(|(file, range)| self.sources.get(file)?.get(range));
        written.is_some_and(|written| written.split_whitespace().collect::<String>().contains("()"))
    }

    /// A word in a list that is nearly, or elsewhere, the name of a list.
    fn list_name(&self, text: &str, context: &Context) -> Option<Item> {
        let is_path = text.contains(['/', '.', ':', ' ']);
        if text.len() < SHORTEST_NAME || is_path || self.lists.iter().any(|list| list.name == text) {
            return None;
        }
        if let Some(file) = shipped::file_of("list", text) {
            let message = format!("no list `{text}` was loaded, so the text `{text}` is compared");
            let hint = format!("Falco ships list `{text}` in {file}: load that file before this one");
            return Some(context.item(note::LIST_NAME_AS_TEXT, message).hint(hint));
        }
        let likely = nearest(text, self.lists.iter().map(|list| list.name.as_str()))?;
        let message = format!("there is no list `{text}`, so the text `{text}` is compared");
        Some(context.item(note::LIST_NAME_AS_TEXT, message).hint(format!("did you mean `{likely}`?")))
    }

    /// Notes what is odd about the exceptions of a rule.
    pub(super) fn note_exceptions(
        &self,
        rule: &Rule,
        expr: &Expr,
        conditions: &[Option<Expr>],
        findings: &mut Findings,
    ) {
        for (exception, condition) in rule.exceptions.iter().zip(conditions) {
            let stands_alone = condition
                .as_ref()
                .filter(|_| rule.source == "syscall" && exception.context.file == self.file);
            if let Some(condition) = stands_alone {
                note_event_types(exception, expr, condition, findings);
            }
            for value in exception.values.iter().filter(|value| value.file == self.file) {
                self.note_value(exception, value, findings);
            }
        }
    }

    fn note_value(&self, exception: &Exception, value: &Entry, findings: &mut Findings) {
        if !exception.fields.is_list {
            return self.note_text(exception, value, true, findings);
        }
        for (cell, comp) in value.items.iter().zip(&exception.comps.items) {
            if cell.is_list {
                cell.items.iter().for_each(|item| self.note_text(exception, item, true, findings));
            } else {
                self.note_text(exception, cell, is_list_operator(&comp.text), findings);
            }
        }
    }

    fn note_text(&self, exception: &Exception, entry: &Entry, in_list: bool, findings: &mut Findings) {
        let text = entry.text.as_str();
        let place = exception.context.at(entry.file, entry.node.span.clone());
        let mut note = |code: Code, message: String, hint: &str| findings.note(&place, code, message, hint);
        let is_quoted = text.starts_with(['"', '\'']);
        if in_list && !is_quoted && !text.starts_with('(') && text.contains(',') {
            let message = format!("`{text}` is taken apart at its commas");
            note(note::VALUE_SPLIT, message, "quote it for Falco as well: `'\"a,b\"'`");
        }
        let written = expand::quoted(text);
        let inside =
            self.lists.iter().find(|list| list.name != text && expand::stands_in(&written, &list.name));
        if let Some(list) = inside {
            let message = format!("`{}` in this value is replaced by the items of the list", list.name);
            note(
                note::LIST_NAME_IN_VALUE,
                message,
                "use `glob` with `?` for one of its letters, or another field",
            );
        }
    }

    /// Notes lists whose items do not all arrive.
    pub(super) fn note_lists(&self, findings: &mut Findings) {
        for (index, list) in self.lists.iter().enumerate().filter(|(_, list)| list.context.file == self.file)
        {
            let earlier = self.lists.get(..index).unwrap_or_default();
            let lost = list.items.iter().find(|item| earlier.iter().any(|inner| inner.name == **item));
            if let Some(lost) = lost {
                let message =
                    format!("list `{}` has the text `{lost}`, not the items of that list", list.name);
                let hint = "a list within a list is resolved, one within that is not: name it directly";
                findings.note(&list.context, note::LIST_NESTED_TOO_DEEP, message, hint);
            }
        }
    }
}

/// What Falco does not notice about a condition.
fn surprise(problem: &Problem, context: &Context) -> Option<Item> {
    let code = match problem.effect {
        Effect::ExitsOnEvent | Effect::CrashesOnEvent => note::STOPS_AT_EVENT,
        Effect::Surprise => note::SURPRISE,
        _ => return None,
    };
    let found = context.item(code, problem.message.clone());
    Some(match &problem.hint {
        Some(hint) => found.hint(hint.clone()),
        None => found,
    })
}

/// An exception for events that the rule does not look at.
fn note_event_types(exception: &Exception, rule: &Expr, condition: &Expr, findings: &mut Findings) {
    let both = Expr::all(vec![rule.clone(), condition.clone()]);
    if event_types(&both).is_empty() && !event_types(rule).is_empty() {
        let message =
            format!("exception `{}` is for event types that the rule does not look at", exception.name);
        findings.note(
            &exception.context,
            note::NEVER_MATCHES,
            message,
            "correct the check of evt.type, or remove it",
        );
    }
}

/// A name of a process that is longer than any.
fn too_long(check: &Check, literal: &Literal, place: &Context) -> Option<Item> {
    let Operand::Field(field) = &check.left else { return None };
    let Test::Compare { operator, .. } = &check.test else { return None };
    let text = &literal.text;
    if !SHORT_NAMES.contains(&field.name.as_str()) || text.len() <= SHORT_NAME || !is_of_whole(*operator) {
        return None;
    }
    let kept = text.get(..SHORT_NAME).unwrap_or(text);
    let message = format!("`{}` has {SHORT_NAME} bytes at most, so `{text}` is never found", field.name);
    let hint = format!("write `{kept}`, or compare proc.exepath or proc.cmdline");
    Some(place.item(note::VALUE_TOO_LONG, message).hint(hint))
}

/// Where lists without values are compared.
fn empty_lists(expr: &Expr) -> Vec<usize> {
    let is_empty = |check: &&Check| match &check.test {
        Test::Compare { right: Right::List(literals), .. } => literals.is_empty(),
        _ => false,
    };
    expr.checks().into_iter().filter(is_empty).map(|check| check.left.span().start).collect()
}

fn literals(check: &Check) -> &[Literal] {
    match &check.test {
        Test::Compare { right: Right::Value(literal), .. } => std::slice::from_ref(literal),
        Test::Compare { right: Right::List(literals), .. } => literals,
        _ => &[],
    }
}

/// Operators that find a value only if all of it is there.
fn is_of_whole(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::Equal
            | Operator::In
            | Operator::Intersects
            | Operator::Startswith
            | Operator::Endswith
            | Operator::Contains
            | Operator::Icontains
    )
}
