//! Rule files against what Falco 0.44.1 said about them, and against what it is documented to say.

// `cfg(test)` tells the lints that helpers here may stop a test, like the tests themselves.
#[cfg(test)]
mod cases;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod events;
#[cfg(test)]
mod exceptions;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod shipped;
