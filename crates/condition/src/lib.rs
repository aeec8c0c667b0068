//! Falco's condition language.
//!
//! ```
//! let condition = condition::parse("spawned_process and proc.name in (nc, ncat)")?;
//! assert_eq!(condition.macros().len(), 1);
//! assert_eq!(condition.to_string(), "spawned_process and proc.name in (nc, ncat)");
//! # Ok::<(), condition::SyntaxError>(())
//! ```
//!
//! [`parse`] makes a tree of a text, `Display` makes the shortest text of a tree.

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
pub use syntax_error::{Fault, SyntaxError};
pub use trace::{Trace, shown};
pub use truth::Truth;
pub use value_type::ValueType;
pub use visit::MacroError;
