//! The way through a page that holds its alerts: to their block, and behind it to the end.

use super::super::page::{BLOCK, END, OPENING};
use super::{Located, Part, Scanner, Sink, State};
use crate::finding::Code;

/// Where in a page the byte to come stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// In the first line of a file, which may be that of a page.
    Unknown,
    /// In no page.
    None,
    /// Before the alerts.
    Before,
    /// Among the alerts.
    Alerts,
    /// In the line that ends the alerts.
    Closing,
    /// Behind them.
    After,
}

impl Page {
    /// Whether all there is is text for people.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Before | Self::Closing | Self::After)
    }

    /// Whether the file is a page, or another kind of file that ends as it likes.
    pub fn is_none(self) -> bool {
        matches!(self, Self::Unknown | Self::None)
    }
}

impl Scanner {
    /// Goes on past the line that is held; whether it is a page's own.
    pub(super) fn pass_line(&mut self, sink: &mut impl Sink) -> bool {
        let line = self.held.trim_ascii_end();
        self.page = match self.page {
            Page::Unknown if self.start.line == 1 && line == OPENING.as_bytes() => Page::Before,
            Page::Before if line == BLOCK.as_bytes() => Page::Alerts,
            Page::Closing => {
                if line != END.as_bytes() {
                    self.miss_end(sink);
                }
                Page::After
            }
            Page::Unknown | Page::None | Page::Alerts => return false,
            same @ (Page::Before | Page::After) => same,
        };
        true
    }

    /// Ends the alerts at a `<`, which none of them has.
    pub(super) fn end_alerts(&mut self, sink: &mut impl Sink) {
        self.end(sink);
        self.outer.clear();
        self.page = Page::Closing;
        self.begin(b'<', State::Line);
    }

    /// Says that a list of records is not closed.
    pub(super) fn miss_end(&self, sink: &mut impl Sink) {
        let part = Part::Broken(Code::OpenList, &[]);
        sink.part(&Located { part, start: self.here, bytes: 0, fresh: true });
    }
}
