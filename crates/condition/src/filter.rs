//! A compiled condition.

use crate::ast::Expr;
use crate::compile::Compiler;
use crate::context::Context;
use crate::problem::{Effect, Problem};
use crate::program::Program;
use crate::reach;
use crate::source::{Slots, Source};
use crate::trace::{self, Trace};
use crate::truth::Truth;

/// A condition that can be evaluated.
#[derive(Debug, Clone)]
pub struct Filter {
    pub(crate) program: Program,
    condition: Expr,
    problems: Vec<Problem>,
}

/// Compiles a condition without macros for events of the context, with the slots of the fields that it reads.
///
/// The error is the one that Falco reports. Findings that do not keep Falco from loading the condition are
/// in [`Filter::problems`].
pub fn compile(condition: &Expr, context: &Context, slots: &mut Slots) -> Result<Filter, Box<Problem>> {
    let (program, problems) = Compiler::run(condition, context, slots);
    match problems.iter().find(|problem| !problem.effect.loads()) {
        Some(refusal) => Err(Box::new(refusal.clone())),
        None => Ok(Filter { program, condition: condition.clone(), problems }),
    }
}

/// Everything that is wrong with a condition or surprising about it. The first problem that keeps Falco from
/// loading it is the one that Falco reports.
///
/// ```
/// use condition::{Context, check_all, parse};
///
/// let condition = parse("proc.nmae = cat and evt.type = execv")?;
/// let problems = check_all(&condition, &Context::source("syscall"));
/// let hints: Vec<_> = problems.iter().filter_map(|problem| problem.hint.as_deref()).collect();
/// assert_eq!(hints, ["write `proc.name` instead", "write `execve` instead"]);
/// assert_eq!(problems[0].falco, "filter_check called with nonexistent field proc.nmae");
/// # Ok::<(), condition::SyntaxError>(())
/// ```
pub fn check_all(condition: &Expr, context: &Context) -> Vec<Problem> {
    Compiler::run(condition, context, &mut Slots::new()).1
}

impl Filter {
    /// Whether the condition holds for the event.
    pub fn evaluate<S: Source + ?Sized>(&self, event: &S) -> Truth {
        self.program.evaluate(event)
    }

    /// Why it holds or not.
    pub fn explain<S: Source + ?Sized>(&self, event: &S) -> Trace {
        trace::trace(&self.condition, &self.program, event)
    }

    /// What Falco loads, but not without a word from it or from us.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What ends Falco at this event for certain; in [`Self::problems`] are all checks that may.
    pub fn ends_falco<S: Source + ?Sized>(&self, event: &S) -> Option<&Problem> {
        self.fatal()?;
        reach::end(&self.program, event).and_then(|place| self.problems.get(place))
    }

    /// What ends Falco once an event reaches it.
    pub fn fatal(&self) -> Option<&Problem> {
        let is_fatal = |effect| matches!(effect, Effect::ExitsOnEvent | Effect::CrashesOnEvent);
        self.problems.iter().find(|problem| is_fatal(problem.effect))
    }

    /// The condition that was compiled.
    pub fn condition(&self) -> &Expr {
        &self.condition
    }
}
