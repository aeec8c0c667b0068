//! The language as a whole.

#[cfg(test)]
mod alerts;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod findings;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod properties;
