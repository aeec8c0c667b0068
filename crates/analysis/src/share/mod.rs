//! Share links: alerts in the fragment of an address, which browsers do not send.
//!
//! ```text
//! #r2.<base64url of: CRC-32 of "r2." and all that follows, little endian; the code of a Sheet>
//! #r2p.<base64url of: CRC-32 of "r2p." and all that follows, little endian; salt; encrypted code of a Sheet>
//! #r1.<base64url of: CRC-32 of "r1." and all that follows, little endian; raw DEFLATE of JSON lines>
//! ```
//!
//! [`link`] writes the second version, in which alerts are told in terms of what alerts are like
//! ([`walk`]); [`open`] reads both. A change of anything that `walk` or the words it is taught depend on
//! is a new version: what old links say must never change. The checksum covers the code, so that no
//! character can change unnoticed, and what [`link`] would write differently is refused. Opening is
//! bounded by [`crate::limits`]. [`Fragment`] tells links from places in the page and from views.

mod first;
mod glance;
mod output;
mod password;
mod second;
mod view;
mod walk;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Object};
use crate::checksum::CRC32;
use crate::limits;

pub use glance::glance;
pub use password::SALT;
pub use view::{Fragment, View};

/// What a link carries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The alerts, as lines of canonical JSON.
    pub lines: String,
    /// Whether the alerts' `output` was left out.
    pub compact: bool,
    /// Whether secrets were looked for and replaced.
    pub redacted: bool,
    /// Whether rule files or a user's own knowledge shaped the report; they do not travel with it.
    pub rules: bool,
    /// What the sender has to say; may be empty.
    pub note: String,
    /// What the sender looked at: the state of a page, as its `#v1?` fragment has it; may be empty.
    pub view: String,
}

impl Sheet {
    /// What to know about it on opening, beside its alerts, as sentences.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.compact {
            remarks.push("This link was made without the output of each alert.".to_owned());
        }
        if self.redacted {
            remarks.push(
                "Secrets, people, hosts and internal addresses have pseudonyms in this link.".to_owned(),
            );
        }
        if self.rules {
            remarks.push(
                "Rule files or knowledge of the sender's own shaped the report that this link was made from; they do not travel with it."
                    .to_owned(),
            );
        }
        if !self.note.is_empty() {
            remarks.push(format!("The sender notes: {}", self.note));
        }
        remarks
    }

    /// The same without each alert's `output`.
    #[must_use]
    pub fn compacted(&self) -> Self {
        let mut lines = String::new();
        for line in self.lines.lines() {
            if let Ok(mut alert) = Object::parse(line.as_bytes()) {
                alert.remove("output");
                lines.push_str(&serde_json::to_string(&alert).unwrap_or_default());
                lines.push('\n');
            }
        }
        Self { lines, compact: true, ..self.clone() }
    }
}

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
    /// Only a password opens it.
    NeedsPassword,
    /// Not the password it was made with; or somebody changed it, checksum included.
    WrongPassword,
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
            Self::NeedsPassword => out.write_str("This link opens with a password only."),
            Self::WrongPassword => out.write_str("The password is wrong, or the link was changed."),
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

/// Collects the alerts to share, in a link or in a saved page, while they stream by; holds at most [`limits::LINK_ALERT_BYTES`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    lines: String,
    alerts: u64,
    full: bool,
}

impl Parcel {
    /// Adds an alert, as one line of canonical JSON.
    pub fn add(&mut self, alert: &Alert) {
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

    /// Whether there are too many alerts for a link, so that more are only counted.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Counts an alert that a full parcel does not hold.
    pub fn pass(&mut self) {
        self.alerts += 1;
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

    /// The alerts as JSON lines.
    pub fn lines(&self) -> Result<&str, LinkError> {
        match self {
            Self { full: true, alerts, .. } => Err(LinkError::TooManyAlerts { alerts: *alerts }),
            Self { alerts: 0, .. } => Err(LinkError::NoAlerts),
            Self { lines, .. } => Ok(lines),
        }
    }
}

/// The fragment of a link, from its `#`.
pub fn link(sheet: &Sheet) -> String {
    seal(second::PREFIX, &second::write(sheet))
}

/// The fragment of a link that only the password opens. The salt is random, and another one for every
/// link. Takes a moment, on purpose.
pub fn link_with_password(sheet: &Sheet, password: &str, salt: [u8; SALT]) -> Result<String, LinkError> {
    Ok(seal(password::PREFIX, &password::encrypt(&second::write(sheet), password, salt)?))
}

/// As [`open`], for a link that may need a password.
pub fn open_with_password(link: &str, password: Option<&str>) -> Result<Sheet, LinkError> {
    match fragment(link)?.strip_prefix(password::PREFIX) {
        None => open(link),
        Some(text) => {
            let payload = unseal(password::PREFIX, text)?;
            second::read(&password::decrypt(&payload, password.ok_or(LinkError::NeedsPassword)?)?)
        }
    }
}

/// What a link carries. Takes the fragment with or without its `#`, or the whole address.
pub fn open(link: &str) -> Result<Sheet, LinkError> {
    let fragment = fragment(link)?;
    if let Some(text) = fragment.strip_prefix(password::PREFIX) {
        unseal(password::PREFIX, text)?;
        return Err(LinkError::NeedsPassword);
    }
    if let Some(text) = fragment.strip_prefix(second::PREFIX) {
        return second::read(&unseal(second::PREFIX, text)?);
    }
    let text = fragment.strip_prefix(first::PREFIX).ok_or(LinkError::Unrecognised)?;
    first::read(&unseal(first::PREFIX, text)?)
}

fn fragment(link: &str) -> Result<&str, LinkError> {
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
    if fragment.len() > limits::LINK_CHARACTERS { Err(LinkError::TooLong) } else { Ok(fragment) }
}

fn seal(prefix: &str, code: &[u8]) -> String {
    let mut payload = checksum(prefix, code).to_le_bytes().to_vec();
    payload.extend_from_slice(code);
    format!("#{prefix}{}", URL_SAFE_NO_PAD.encode(payload))
}

fn unseal(prefix: &str, text: &str) -> Result<Vec<u8>, LinkError> {
    let mut payload = URL_SAFE_NO_PAD.decode(text).map_err(|_| LinkError::Damaged)?;
    let (sum, code) = payload.split_first_chunk::<4>().ok_or(LinkError::Damaged)?;
    if u32::from_le_bytes(*sum) != checksum(prefix, code) {
        return Err(LinkError::Damaged);
    }
    payload.drain(..4);
    Ok(payload)
}

fn checksum(prefix: &str, code: &[u8]) -> u32 {
    let mut digest = CRC32.digest();
    digest.update(prefix.as_bytes());
    digest.update(code);
    digest.finalize()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_refused() {
        let packed = miniz_oxide::deflate::compress_to_vec(&vec![b' '; limits::LINK_UNFOLDED_BYTES + 1], 6);
        assert_eq!(open(&seal(first::PREFIX, &packed)), Err(LinkError::UnfoldsTooFar));
    }

    /// Whatever is sealed with a correct checksum is either what we write or refused.
    #[test]
    fn code_that_is_never_written_is_refused() {
        let sheet = Sheet { lines: "{\"rule\":\"R\",\"output\":\"x\"}\n".to_owned(), ..Sheet::default() };
        let code = second::write(&sheet);
        assert_eq!(open(&seal(second::PREFIX, &code)), Ok(sheet));
        // Nonsense is read to the bound on links, which takes a second each time.
        std::thread::scope(|scope| {
            for change in [1, 0x40, 0xff] {
                let code = &code;
                scope.spawn(move || {
                    for at in 0..code.len() {
                        let mut changed = code.clone();
                        changed[at] ^= change;
                        if let Ok(opened) = open(&seal(second::PREFIX, &changed)) {
                            assert_eq!(second::write(&opened), changed);
                        }
                    }
                });
            }
        });
        let mut longer = code.clone();
        longer.push(0);
        assert_eq!(open(&seal(second::PREFIX, &longer)), Err(LinkError::Damaged));
    }
}
