//! How far a link of some length gets.

/// What still passes a link on whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Mail, tickets, chats, documents.
    Anywhere,
    /// What follows the standard of the web.
    Chat,
    /// An address bar that it is pasted into.
    Browser,
    /// Nothing that can be relied on: the report should travel as a file.
    File,
}

/// A message of Discord, the shortest of the common chats, holds 2,000 characters; spreadsheets and sitemaps
/// stop at about as many.
pub const ANYWHERE: u64 = 2_000;

/// What RFC 9110, section 4.1, recommends everybody to support.
pub const CHAT: u64 = 8_000;

/// What Chromium's address bar shows (`kMaxURLDisplayChars`); Firefox takes twice as many.
pub const BROWSER: u64 = 32 * 1_024;

/// What fits a QR code that a phone reads off a screen: version 25 at level L, 117 modules wide, holds 1,273.
pub const QR: u64 = 1_200;

impl Reach {
    /// All of them, the farthest first.
    pub const ALL: [Self; 4] = [Self::Anywhere, Self::Chat, Self::Browser, Self::File];

    /// That of a link of so many characters.
    pub fn of(characters: u64) -> Self {
        let limits = [(ANYWHERE, Self::Anywhere), (CHAT, Self::Chat), (BROWSER, Self::Browser)];
        let reached = limits.into_iter().find(|(most, _)| characters <= *most);
        reached.map_or(Self::File, |(_, reach)| reach)
    }

    /// Its name on the scale.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anywhere => "anywhere",
            Self::Chat => "chat",
            Self::Browser => "browser only",
            Self::File => "send a file",
        }
    }

    /// What it means, as a sentence.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Anywhere => "It arrives whole anywhere.",
            Self::Chat => "Some programs cut it. Most chats and mail programs pass it on whole.",
            Self::Browser => {
                "Paste it into a browser yourself: programs that send messages are likely to cut it."
            }
            Self::File => "It is too long to be passed on. Save the report as a file, and send that.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_link_gets_less_far() {
        for (characters, reach) in [
            (0, Reach::Anywhere),
            (2_000, Reach::Anywhere),
            (2_001, Reach::Chat),
            (8_000, Reach::Chat),
            (8_001, Reach::Browser),
            (32_768, Reach::Browser),
            (32_769, Reach::File),
            (u64::MAX, Reach::File),
        ] {
            assert_eq!(Reach::of(characters), reach, "{characters}");
        }
    }
}
