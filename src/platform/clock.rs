//! A clock for pacing progress messages. Reports never see it.

/// Milliseconds since some fixed moment, for differences only.
pub fn milliseconds() -> f64 {
    js_sys::Date::now()
}
