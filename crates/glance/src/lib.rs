//! Reads one line of JSON without copying it, as long as nothing about it is unusual.
//!
//! Programs write millions of objects with the same keys in the same order, their *shape*. [`Reader`]
//! finds the shape of an object and where each of its values lies: one pass over the bytes sixteen at a
//! time for quotes, one over the quotes for everything between them. It knows an object, one object in
//! it, texts, lists of texts, integers and words, and no blanks but one after a colon or comma. Whatever
//! else JSON allows is refused, and so is what JSON does not allow: a reader of all of JSON has to look at
//! it then. What is read here is JSON.
//!
//! ```
//! let mut reader = glance::Reader::default();
//! let line = br#"{"rule":"R","output_fields":{"proc.pid":7}}"#;
//! let shape = reader.read(line, b"output_fields").unwrap();
//! let keys = reader.keys(shape);
//! assert_eq!((keys[1].name.as_str(), keys[1].is_inner), ("proc.pid", true));
//! assert_eq!(reader.values(line).collect::<Vec<_>>(), [&b"\"R\""[..], b"7"]);
//! ```

mod object;
mod quotes;
mod shapes;

pub use object::Reader;
pub use shapes::{Key, Shape};
