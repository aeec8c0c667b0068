//! Rule files against what Falco 0.44.1 said about them, and against what it is documented to say.

mod cases;
mod conformance;
mod exceptions;
mod properties;
mod shipped;
