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

pub mod ast;
mod lexer;
pub mod operator;
mod parser;
mod print;
mod span;
mod syntax_error;
mod visit;

pub use ast::Expr;
pub use parser::{MAX_DEPTH, parse, parse_operand};
pub use print::quoted;
pub use span::Span;
pub use syntax_error::{Fault, SyntaxError};
pub use visit::MacroError;
