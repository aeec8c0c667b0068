//! Share links: the loaded alerts in the fragment of an address, which browsers do not send.
//!
//! ```text
//! #r1.<base64url of: CRC-32 of all that follows and of "r1.", little endian; raw DEFLATE of JSON lines>
//! ```
//!
//! The checksum covers the compressed bytes, so that no bit of a link can change unnoticed, not even
//! one that decompression would ignore. Opening is bounded by [`crate::limits`].

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::checksum::CRC32;
use crate::limits;

const PREFIX: &str = "r1.";

/// Why a link cannot be made or opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkError {
    /// The loaded alerts are too many for an address.
    TooManyAlerts {
        /// How many there are.
        alerts: u64,
    },
    /// There is no alert to share.
    NoAlerts,
    /// Not the beginning of a link of ours, or of a version yet to come.
    Unrecognised,
    /// A character is missing, added or changed.
    Damaged,
    /// Longer than any link we make.
    TooLong,
    /// Unfolds to more than any link we make.
    UnfoldsTooFar,
}

impl fmt::Display for LinkError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyAlerts { alerts } => write!(
                out,
                "These {alerts} alerts are too much for a link. Export the report as a file instead."
            ),
            Self::NoAlerts => out.write_str("There is no alert to share."),
            Self::Unrecognised => out.write_str(
                "This is not a link that this version can open: its beginning is damaged, or a newer version made it. Ask for the link again.",
            ),
            Self::Damaged => out.write_str(
                "This link is damaged: part of it is missing or was changed. Ask for the link again, and copy all of it.",
            ),
            Self::TooLong => out.write_str("This link is longer than any that this application makes."),
            Self::UnfoldsTooFar => {
                out.write_str("This link unfolds to more data than any that this application makes.")
            }
        }
    }
}

impl std::error::Error for LinkError {}

/// Collects the alerts to share while they stream by; holds at most [`limits::LINK_ALERT_BYTES`].
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Parcel {
    lines: String,
    alerts: u64,
    full: bool,
}

impl Parcel {
    /// Adds an alert, as one line of canonical JSON.
    pub fn add(&mut self, alert: &crate::alert::Alert) {
        self.alerts += 1;
        if self.full {
            return;
        }
        let line = alert.json();
        if self.lines.len() + line.len() > limits::LINK_ALERT_BYTES {
            self.full = true;
            self.lines = String::new();
            return;
        }
        self.lines.push_str(&line);
        self.lines.push('\n');
    }

    /// Adds the alerts that come after these.
    pub fn append(&mut self, other: &Self) {
        self.alerts += other.alerts;
        // As in `add`, the last line end does not count.
        self.full |= other.full || self.lines.len() + other.lines.len() > limits::LINK_ALERT_BYTES + 1;
        if self.full {
            self.lines = String::new();
        } else {
            self.lines.push_str(&other.lines);
        }
    }

    /// The fragment, from its `#`.
    pub fn link(&self) -> Result<String, LinkError> {
        match self {
            Self { full: true, alerts, .. } => Err(LinkError::TooManyAlerts { alerts: *alerts }),
            Self { alerts: 0, .. } => Err(LinkError::NoAlerts),
            Self { lines, .. } => Ok(seal(lines)),
        }
    }
}

fn seal(lines: &str) -> String {
    let packed = miniz_oxide::deflate::compress_to_vec(lines.as_bytes(), 10);
    let mut payload = checksum(&packed).to_le_bytes().to_vec();
    payload.extend_from_slice(&packed);
    format!("#{PREFIX}{}", URL_SAFE_NO_PAD.encode(payload))
}

/// The alerts of a link as JSON lines, to be read like a file. Takes the fragment with or without its
/// `#`, or the whole address.
pub fn open(link: &str) -> Result<String, LinkError> {
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
    if fragment.len() > limits::LINK_CHARACTERS {
        return Err(LinkError::TooLong);
    }
    let text = fragment.strip_prefix(PREFIX).ok_or(LinkError::Unrecognised)?;
    let payload = URL_SAFE_NO_PAD.decode(text).map_err(|_| LinkError::Damaged)?;
    let (sum, packed) = payload.split_first_chunk::<4>().ok_or(LinkError::Damaged)?;
    if u32::from_le_bytes(*sum) != checksum(packed) {
        return Err(LinkError::Damaged);
    }
    let lines = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, limits::LINK_UNFOLDED_BYTES)
        .map_err(|error| match error.status {
            miniz_oxide::inflate::TINFLStatus::HasMoreOutput => LinkError::UnfoldsTooFar,
            _ => LinkError::Damaged,
        })?;
    String::from_utf8(lines).map_err(|_| LinkError::Damaged)
}

/// Whether a fragment is none, or names a place in the page, rather than being a link, whole or
/// damaged. Places are short, of `a-z`, `0-9` and `-`, and never begin like a link.
pub fn is_anchor(fragment: &str) -> bool {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let mut bytes = fragment.bytes();
    let like_a_link = bytes.next() == Some(b'r') && bytes.next().is_none_or(|byte| byte.is_ascii_digit());
    let plain = fragment.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    plain && !like_a_link && fragment.len() <= 64
}

fn checksum(packed: &[u8]) -> u32 {
    let mut digest = CRC32.digest();
    digest.update(PREFIX.as_bytes());
    digest.update(packed);
    digest.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str =
        "{\"rule\":\"PTRACE attached to process\",\"output\":\"x\",\"n\":1735689753123456789}\n";

    #[test]
    fn opens_what_it_seals() {
        let link = seal(LINES);
        assert_eq!(open(&link).as_deref(), Ok(LINES));
        assert_eq!(open(&format!("https://example.org/report/{link}")).as_deref(), Ok(LINES));
        assert!(!is_anchor(&link));
    }

    #[test]
    fn any_character_removed_added_or_changed_is_refused() {
        let link = seal(LINES);
        let characters: Vec<char> = link.chars().collect();
        for at in 1..characters.len() {
            let refused = |changed: String| {
                assert!(open(&changed).is_err(), "{changed}");
                assert!(!is_anchor(&changed), "{changed}");
            };
            let mut removed = characters.clone();
            removed.remove(at);
            refused(removed.into_iter().collect());
            for other in ('0'..='9').chain('a'..='z').chain('A'..='Z').chain(['-', '_', '.', '%', ' ']) {
                if other != characters[at] {
                    let mut changed = characters.clone();
                    changed[at] = other;
                    refused(changed.into_iter().collect());
                }
                let mut added = characters.clone();
                added.insert(at, other);
                refused(added.into_iter().collect());
            }
        }
    }

    #[test]
    fn a_bomb_is_refused() {
        let packed = miniz_oxide::deflate::compress_to_vec(&vec![b' '; limits::LINK_UNFOLDED_BYTES + 1], 6);
        let mut payload = checksum(&packed).to_le_bytes().to_vec();
        payload.extend_from_slice(&packed);
        let link = format!("#{PREFIX}{}", URL_SAFE_NO_PAD.encode(payload));
        assert_eq!(open(&link), Err(LinkError::UnfoldsTooFar));
    }

    #[test]
    fn places_in_the_page_are_no_links() {
        for place in
            ["", "#", "#summary", "risk-assessment", "1-configuration-options", "fields-of-finding-1"]
        {
            assert!(is_anchor(place), "{place}");
        }
        for link in ["#r1.", "r", "r1", "r2.abc", "1.abc", "Summary", "a.b"] {
            assert!(!is_anchor(link), "{link}");
        }
    }
}
