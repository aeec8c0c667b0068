//! The comparisons that Falco borrows from elsewhere: shell patterns, path prefixes, regular expressions.

pub(crate) mod glob;
pub(crate) mod paths;
pub(crate) mod posix;
pub(crate) mod text;
