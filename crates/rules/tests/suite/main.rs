//! Rule files against what Falco 0.44.1 said about them.

mod validate;
