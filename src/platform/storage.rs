//! What outlives the visit: preferences, and what a person made of findings. Alerts are never stored; a review
//! holds the names of rules, hashes, and the person's own notes.

/// A preference's place in the browser's storage.
#[derive(Debug, Clone, Copy)]
pub enum Key {
    /// Light, dark or as the system says.
    Theme,
    /// The columns of the table of alerts.
    Columns,
    /// Whether saved files have pseudonyms.
    Pseudonyms,
    /// The text of the review.
    Review,
}

impl Key {
    fn name(self) -> &'static str {
        match self {
            Self::Theme => "falco-report/theme",
            Self::Columns => "falco-report/columns",
            Self::Pseudonyms => "falco-report/pseudonyms",
            Self::Review => "falco-report/review",
        }
    }
}

/// The stored preference; `None` if there is none, it cannot be read, or storage is off.
pub fn get(key: Key) -> Option<String> {
    storage()?.get_item(key.name()).ok().flatten()
}

/// Stores a preference. A browser that refuses simply forgets it.
pub fn set(key: Key, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key.name(), value);
    }
}

/// Where a browser is told to keep nothing, asking for its storage is an error already.
fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
