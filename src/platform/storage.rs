//! Preferences that outlive the visit. Alerts are never stored.

use gloo::storage::{LocalStorage, Storage};
use serde::{Serialize, de::DeserializeOwned};

/// A preference's place in the browser's storage.
#[derive(Debug, Clone, Copy)]
pub enum Key {
    /// Light, dark or as the system says.
    Theme,
}

impl Key {
    fn name(self) -> &'static str {
        match self {
            Self::Theme => "falco-report/theme",
        }
    }
}

/// The stored preference; `None` if there is none, it cannot be read, or storage is off.
pub fn get<T: DeserializeOwned>(key: Key) -> Option<T> {
    LocalStorage::get(key.name()).ok()
}

/// Stores a preference. A browser that refuses simply forgets it.
pub fn set<T: Serialize>(key: Key, value: T) {
    let _ = LocalStorage::set(key.name(), value);
}
