//! What the fragment of an address is: a place in the page, the state of its view, or a shared report.
//!
//! ```text
//! #v1?tab=alerts&q=proc.name%20%3D%20curl&sort=-time&alert=12
//! ```
//!
//! A view names no alert's content but what a person searched for, so it may stay in the address. Whoever
//! sends an address writes it: what does not follow the form to the letter is refused whole.

use std::fmt::{self, Write};

use super::is_anchor;
use crate::limits;

/// How the state of a view begins.
const PREFIX: &str = "v1?";

/// Bytes that stand for themselves beside letters and digits: they are safe in a fragment, and no program
/// that looks for addresses in a text takes them for the end of one.
const PLAIN: &[u8] = b"-._~/:@,=";

/// What the fragment of an address is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fragment {
    /// Nothing, or the name of a place in the page.
    Place,
    /// The state of a view; `None` where it is damaged or of a version yet to come.
    View(Option<View>),
    /// A shared report, whole or damaged.
    Link,
}

impl Fragment {
    /// Reads a fragment, with or without its `#`.
    pub fn of(fragment: &str) -> Self {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        if fragment.starts_with('v') && fragment.contains('?') {
            Self::View(View::read(fragment))
        } else if is_anchor(fragment) {
            Self::Place
        } else {
            Self::Link
        }
    }
}

/// What a person looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// The tab by its name, of `a-z`; empty for the one that the page begins with.
    pub tab: String,
    /// What is searched for; at most [`limits::VIEW_TEXT`] bytes.
    pub query: String,
    /// The column that alerts are sorted by, of at most [`limits::VIEW_TEXT`] bytes, and whether downwards.
    pub sort: Option<(String, bool)>,
    /// The record number of the alert that is shown whole.
    pub alert: Option<u64>,
}

impl View {
    /// The fragment, from its `#`; nothing where a text is too long for it.
    pub fn written(&self) -> Option<String> {
        let text = self.to_string();
        (Self::read(&text).as_ref() == Some(self)).then(|| format!("#{text}"))
    }

    /// What a fragment without its `#` says.
    fn read(fragment: &str) -> Option<Self> {
        let text = fragment.strip_prefix(PREFIX).filter(|text| text.len() <= limits::VIEW_CHARACTERS)?;
        let mut view = Self::default();
        let mut seen = Vec::new();
        for part in text.split('&').filter(|_| !text.is_empty()) {
            let (key, value) = part.split_once('=')?;
            let value = decoded(value).filter(|value| !value.is_empty() && !seen.contains(&key))?;
            match key {
                "tab" if value.len() <= 16 && value.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                    view.tab = value;
                }
                "q" if value.len() <= limits::VIEW_TEXT => view.query = value,
                "sort" if value.len() <= limits::VIEW_TEXT => {
                    let column = value.strip_prefix('-');
                    let name = column.unwrap_or(&value).to_owned();
                    view.sort = Some((name, column.is_some())).filter(|(name, _)| is_column(name));
                    view.sort.as_ref()?;
                }
                // Digits only, and no other way to write the number.
                "alert" => {
                    view.alert = value.parse().ok().filter(|record: &u64| record.to_string() == value);
                    view.alert?;
                }
                _ => return None,
            }
            seen.push(key);
        }
        Some(view)
    }
}

/// Columns have names that are not empty and do not begin like the sign of the order.
fn is_column(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('-')
}

impl fmt::Display for View {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sort =
            self.sort.as_ref().map(|(column, down)| format!("{}{column}", if *down { "-" } else { "" }));
        let parts = [
            ("tab", self.tab.clone()),
            ("q", self.query.clone()),
            ("sort", sort.unwrap_or_default()),
            ("alert", self.alert.map(|record| record.to_string()).unwrap_or_default()),
        ];
        out.write_str(PREFIX)?;
        let mut between = "";
        for (key, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
            write!(out, "{between}{key}=")?;
            between = "&";
            for byte in value.bytes() {
                if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) {
                    out.write_char(char::from(byte))?;
                } else {
                    write!(out, "%{byte:02X}")?;
                }
            }
        }
        Ok(())
    }
}

/// A value without its percent signs, where it is text.
fn decoded(value: &str) -> Option<String> {
    let mut bytes = value.bytes();
    let mut out = Vec::with_capacity(value.len());
    while let Some(byte) = bytes.next() {
        out.push(if byte == b'%' { 16 * digit(bytes.next()?)? + digit(bytes.next()?)? } else { byte });
    }
    String::from_utf8(out).ok()
}

fn digit(byte: u8) -> Option<u8> {
    u8::try_from(char::from(byte).to_digit(16)?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn view(tab: &str, query: &str, sort: Option<(&str, bool)>, alert: Option<u64>) -> View {
        let sort = sort.map(|(column, down)| (column.to_owned(), down));
        View { tab: tab.to_owned(), query: query.to_owned(), sort, alert }
    }

    #[test]
    fn views_as_addresses() {
        for (address, expected) in [
            ("#v1?", view("", "", None, None)),
            ("#v1?tab=overview", view("overview", "", None, None)),
            ("#v1?tab=alerts&q=proc.name%20=%20curl", view("alerts", "proc.name = curl", None, None)),
            ("#v1?q=%26%23%25%3D%2B&sort=-time", view("", "&#%=+", Some(("time", true)), None)),
            ("#v1?sort=k8s.ns.name&alert=12", view("", "", Some(("k8s.ns.name", false)), Some(12))),
            ("#v1?q=caf%C3%A9", view("", "caf\u{e9}", None, None)),
        ] {
            assert_eq!(Fragment::of(address), Fragment::View(Some(expected.clone())), "{address}");
            let again = expected.written().unwrap();
            assert_eq!(Fragment::of(&again), Fragment::View(Some(expected)), "{again}");
        }
    }

    #[test]
    fn what_is_no_view_is_refused_whole() {
        let long = format!("v1?q={}", "a".repeat(limits::VIEW_TEXT + 1));
        for address in [
            "v2?tab=report",
            "v1?tab",
            "v1?tab=",
            "v1?tab=Report",
            "v1?tab=a&tab=b",
            "v1?other=1",
            "v1?q=%4",
            "v1?q=%g0",
            "v1?q=%FF",
            "v1?&",
            "v1?alert=-1",
            "v1?alert=+1",
            "v1?alert=01",
            "v1?alert=1e3",
            "v1?sort=-",
            "v1?sort=--a",
            "v1?alert=18446744073709551616",
            "v1?q=a#b&",
            &long,
        ] {
            assert_eq!(Fragment::of(address), Fragment::View(None), "{address}");
        }
        assert_eq!(view("", &"a".repeat(limits::VIEW_TEXT + 1), None, None).written(), None);
        assert_eq!(view("Bad", "", None, None).written(), None);
    }

    #[test]
    fn places_views_and_links_are_told_apart() {
        for (fragment, expected) in [
            ("", Fragment::Place),
            ("#summary", Fragment::Place),
            ("#v1", Fragment::Place),
            ("#v1?", Fragment::View(Some(View::default()))),
            ("#r2.AAAA", Fragment::Link),
            ("#r2", Fragment::Link),
            ("#V1?tab=report", Fragment::Link),
        ] {
            assert_eq!(Fragment::of(fragment), expected, "{fragment}");
        }
    }

    proptest! {
        #[test]
        fn a_view_comes_back_from_its_address(
            tab in "[a-z]{0,16}", query in any::<String>(), column in "[^-].{0,20}", down: bool, sorted: bool,
            alert in proptest::option::of(any::<u64>()),
        ) {
            let view = View { tab, query, sort: sorted.then_some((column, down)), alert };
            prop_assume!(view.query.len() <= limits::VIEW_TEXT);
            let address = view.written().unwrap();
            let is_plain = address.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"#?&%".contains(&byte) || PLAIN.contains(&byte));
            prop_assert!(is_plain, "{}", address);
            prop_assert_eq!(Fragment::of(&address), Fragment::View(Some(view)));
        }

        #[test]
        fn whatever_is_read_is_written_as_itself(text in "v1\\?([a-z]{1,5}=[-%0-9A-Fa-f.]{0,9}&?){0,4}") {
            if let Fragment::View(Some(view)) = Fragment::of(&text) {
                prop_assert_eq!(Fragment::of(&view.written().unwrap()), Fragment::View(Some(view)));
            }
        }
    }
}
