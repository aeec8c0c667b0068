//! YAML as Falco reads it: documents of nodes that know their place in the text.
//!
//! Falco reads rule files with yaml-cpp 0.7, whose habits decide which files load and what they mean.
//! Of a key written twice the first one counts, `<<` is a key like any other, only a bare `~` or
//! `null` (or nothing at all) is null, and every other scalar is text until somebody asks for a
//! boolean or a number. What follows a finished document is the next document, flow collections and
//! quoted text may be indented as they please, and a quote left open at the end of a line is closed by
//! the end of the file. YAML 1.2 parsers refuse half of these, so a file would be called broken that
//! Falco loads every day; this reader follows yaml-cpp token by token, down to its messages.
//!
//! `scanner` cuts the text into tokens, [`parse`] builds trees of [`Node`]s from them, `locate`
//! leads from a place in a value back to the text.

mod cursor;
mod decode;
mod escape;
mod locate;
mod node;
mod parse;
mod scalar;
mod scalar_text;
mod scanner;
mod schema;
mod token;

pub use decode::decode;
pub use node::{Kind, Node};
pub use parse::parse;
pub use scalar::{boolean, unsigned};
pub use schema::{Refusal, refusal};
pub use token::YamlError;
