//! The language as a whole.

#[cfg(test)]
mod alerts;
#[cfg(test)]
mod conformance;
