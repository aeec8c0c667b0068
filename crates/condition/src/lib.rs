//! Falco's condition language, as Falco 0.44 reads and decides it.
//!
//! ```
//! use condition::{Context, Lookup, Slots, Truth, Value, compile, parse};
//!
//! let condition = parse("proc.name in (nc, ncat) and not user.name = root")?;
//! assert_eq!(condition.to_string(), "proc.name in (nc, ncat) and not user.name = root");
//!
//! let mut slots = Slots::new();
//! let filter = compile(&condition, &Context::source("syscall"), &mut slots)?;
//! let event = |fields: &[(&str, &'static str)]| -> Vec<Lookup<'static>> {
//!     let value = |name: &String| fields.iter().find(|(field, _)| field == name);
//!     let lookup = |name| value(name).map_or(Lookup::Absent, |(_, text)| Lookup::Value(Value::Text(text)));
//!     slots.names().iter().map(lookup).collect()
//! };
//! assert_eq!(filter.evaluate(&event(&[("proc.name", "nc"), ("user.name", "www")])), Truth::True);
//! assert_eq!(filter.evaluate(&event(&[("proc.name", "cat")])), Truth::False);
//!
//! // An alert that does not carry `user.name` does not decide this condition.
//! let trace = filter.explain(&event(&[("proc.name", "nc")]));
//! assert_eq!(trace.truth, Truth::Unknown);
//! assert_eq!(trace.deciding()[0].text, "user.name = root");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The verbs
//!
//! - [`parse`] makes a tree of a text ([`ast`]), with the place of every part; `Display` makes the shortest
//!   text of a tree, and that text parses to the same tree. [`Expr::try_map_macros`] puts conditions in the
//!   place of macros.
//! - [`check_all`] finds everything that is wrong with a condition or surprising about it; [`compile`] stops
//!   at what Falco refuses. A [`Problem`] has Falco's own words and ours.
//! - [`Filter::evaluate`] decides for the fields of one event, [`Filter::explain`] says why,
//!   [`Filter::ends_falco`] warns of the few conditions that load and then end Falco.
//! - [`event_types`] tells for which events a rule runs, [`complete`] what can be typed next.
//!
//! # What alerts do not tell
//!
//! Falco compares what it sees in the kernel; an alert carries what Falco printed of it. So an evaluation
//! knows three answers. It is [`Truth::Unknown`] where a field is absent, where a value was changed to be
//! printed (a byte shown as U+FFFD, a time), or where alerts never carry what is compared (all ancestors by
//! one name, either end of a connection); and only if the rest of the condition does not decide. A field
//! that is null is known: every comparison with it is false, `!=` too.
//!
//! Macros are names in the tree and lists are text: to replace them is the business of whoever loads rules.

mod ancestors;
pub mod ast;
mod compile;
mod complete;
mod constant;
mod context;
mod datum;
mod ends;
mod eval;
mod event_types;
mod filter;
mod lexer;
mod matching;
pub mod operator;
mod parser;
mod print;
mod problem;
mod program;
mod reach;
mod resolve;
mod source;
mod span;
mod suggest;
mod syntax_error;
pub mod tables;
mod trace;
mod transform;
mod truth;
mod value_type;
mod visit;

pub use ast::Expr;
pub use complete::{Completion, Suggestion, Wanted, complete};
pub use context::Context;
pub use event_types::{EventTypes, MOST_EVENT_CODES, event_types};
pub use filter::{Filter, check_all, compile};
pub use parser::{MAX_DEPTH, MAX_TREE_DEPTH, parse, parse_operand};
pub use print::quoted;
pub use problem::{Effect, Problem};
pub use source::{Lookup, Slots, Source, Value};
pub use span::Span;
pub use suggest::nearest;
pub use syntax_error::{Fault, SyntaxError};
pub use trace::{Trace, shown};
pub use truth::Truth;
pub use value_type::ValueType;
pub use visit::MacroError;
