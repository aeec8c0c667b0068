//! Bounds on what a stranger's file may ask for. Reaching one is an error with a message.

/// Values of one exception, counted through aliases.
pub(crate) const EXCEPTION_VALUES: usize = 200_000;

/// Bytes of a condition once exceptions and lists are put into it.
pub(crate) const CONDITION_BYTES: usize = 4 << 20;

/// Checks of a condition once macros are put into it.
pub(crate) const CONDITION_CHECKS: usize = 200_000;
