//! What the page knows, and how it changes.
//!
//! [`AppState`] is a `Copy` struct of signals; its methods are the only way to change them, so every
//! journey through the app (load, cancel, fail, come back) is a few calls that a native test can make.
//! Nothing here touches the browser: `commands` talks to the worker, `app` to the document.

mod columns;
mod desk;
mod history;
pub mod places;
pub mod reach;
mod review;
mod screen;
pub mod table;
#[cfg(test)]
mod tests;
pub mod text;
mod theme;
mod view;
pub mod words;
mod workbench;

use std::sync::Arc;

use leptos::prelude::*;

pub use self::{
    columns::Column,
    desk::{Desk, Tab},
    history::{History, Setup, Step},
    review::Review,
    screen::{Screen, cancelled_line, problem_title, progress_line, speed_line},
    theme::Theme,
    workbench::Workbench,
};
use crate::worker::protocol::{Epoch, Format, Problem, Progress, Rendered, Reply};

/// A report and the analysis it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The analysis, by which exports are asked for.
    pub epoch: Epoch,
    /// What the page shows.
    pub report: Arc<Rendered>,
}

/// A shared report that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The link's part from `#` on.
    pub fragment: String,
    /// What it is, in sentences, or why it cannot be opened; nothing until the worker has said so.
    pub facts: Option<Result<Vec<String>, String>>,
}

/// The app's facts. Derived values are memos of these.
#[derive(Debug, Clone, Copy)]
pub struct AppState {
    screen: RwSignal<Screen>,
    progress: RwSignal<Progress>,
    report: RwSignal<Option<Shown>>,
    offer: RwSignal<Option<Offered>>,
    exporting: RwSignal<Option<Format>>,
    notice: RwSignal<Option<String>>,
    draft: RwSignal<String>,
    theme: RwSignal<Theme>,
    epoch: RwSignal<Epoch>,
    /// Apart, so that what is handed around stays small.
    desk: StoredValue<Desk>,
}

/// What a reply asks of the one who applied it.
#[derive(Debug, PartialEq, Eq)]
pub enum Followup {
    /// Nothing more.
    Nothing,
    /// The bytes that came along are to be saved.
    Save(Format),
}

impl AppState {
    /// The state of a page that was just opened.
    pub fn new(theme: Theme) -> Self {
        Self {
            screen: RwSignal::new(Screen::Welcome),
            progress: RwSignal::default(),
            report: RwSignal::new(None),
            offer: RwSignal::new(None),
            exporting: RwSignal::new(None),
            notice: RwSignal::new(None),
            draft: RwSignal::default(),
            theme: RwSignal::new(theme),
            epoch: RwSignal::default(),
            desk: StoredValue::new(Desk::default()),
        }
    }

    /// What was asked about the alerts of the report, and found out.
    pub fn desk(self) -> Desk {
        self.desk.get_value()
    }

    /// The screen that is shown.
    pub fn screen(self) -> Signal<Screen> {
        self.screen.into()
    }

    /// How far the current analysis is, or was when it was cancelled.
    pub fn progress(self) -> Signal<Progress> {
        self.progress.into()
    }

    /// The last report; it stays while something else is loaded, so that one can come back to it.
    pub fn report(self) -> Signal<Option<Shown>> {
        self.report.into()
    }

    /// A shared report that arrived while there was work on the page.
    pub fn offer(self) -> Signal<Option<Offered>> {
        self.offer.into()
    }

    /// The export that is being made.
    pub fn exporting(self) -> Signal<Option<Format>> {
        self.exporting.into()
    }

    /// A sentence about the last export.
    pub fn notice(self) -> Signal<Option<String>> {
        self.notice.into()
    }

    /// What is written in the text field; it stays until it has become a report.
    pub fn draft(self) -> RwSignal<String> {
        self.draft
    }

    /// What a screen reader is told about the screen.
    pub fn status(self) -> Memo<String> {
        Memo::new(move |_| match &*self.screen.read() {
            Screen::Welcome => String::new(),
            Screen::Loading => "Reading the alerts.".to_owned(),
            Screen::Cancelled => cancelled_line(self.progress.get()),
            Screen::Problem(problem) => problem_title(problem),
            Screen::Report => self.headline().unwrap_or_default(),
        })
    }

    /// What the window is called.
    pub fn title(self) -> Memo<String> {
        Memo::new(move |_| match (&*self.screen.read(), self.headline()) {
            (Screen::Report, Some(headline)) => {
                format!("{} \u{2013} Falco Report", words::shortened(&headline))
            }
            _ => "Falco Report".to_owned(),
        })
    }

    fn headline(self) -> Option<String> {
        self.report.read().as_ref().map(|shown| shown.report.headline.clone())
    }

    /// The colours that were chosen.
    pub fn theme(self) -> Signal<Theme> {
        self.theme.into()
    }

    /// Whether opening something else would interrupt work.
    pub fn is_busy(self) -> bool {
        self.report.read_untracked().is_some()
            || *self.screen.read_untracked() == Screen::Loading
            || !self.draft.read_untracked().trim().is_empty()
    }

    /// Begins an analysis of `total` bytes and returns its number.
    pub fn start(self, total: u64) -> Epoch {
        let epoch = self.epoch.get_untracked().next();
        self.epoch.set(epoch);
        self.offer.set(None);
        self.notice.set(None);
        self.exporting.set(None);
        self.progress.set(Progress { total, ..Progress::default() });
        self.screen.set(Screen::Loading);
        epoch
    }

    /// Stops the running analysis; returns its number if there is one.
    pub fn cancel(self) -> Option<Epoch> {
        if *self.screen.read_untracked() != Screen::Loading {
            return None;
        }
        self.screen.set(Screen::Cancelled);
        Some(self.epoch.get_untracked())
    }

    /// Asks for the report of what was read before the analysis was stopped; returns its number if there is one.
    pub fn conclude(self) -> Option<Epoch> {
        if *self.screen.read_untracked() != Screen::Cancelled {
            return None;
        }
        self.screen.set(Screen::Loading);
        Some(self.epoch.get_untracked())
    }

    /// Whether a report on this analysis would be shown.
    pub fn awaits(self, epoch: Epoch) -> bool {
        *self.screen.read_untracked() == Screen::Loading && epoch == self.epoch.get_untracked()
    }

    /// Takes in what the worker says. Words about an older analysis change nothing.
    pub fn apply(self, reply: Reply) -> Followup {
        let counts = |epoch| self.awaits(epoch);
        let shown = self.report.with_untracked(|report| report.as_ref().map(|shown| shown.epoch));
        match reply {
            Reply::Progress { epoch, progress } if counts(epoch) => self.progress.set(progress),
            Reply::Report { epoch, report } if counts(epoch) => {
                let is_shared = !report.remarks.is_empty();
                self.desk().clear(Tab::first_of(report.input.alerts, is_shared));
                self.report.set(Some(Shown { epoch, report: Arc::new(*report) }));
                self.draft.set(String::new());
                self.screen.set(Screen::Report);
            }
            Reply::Failed { epoch, problem } if counts(epoch) => self.screen.set(Screen::Problem(problem)),
            Reply::Glanced { fragment, facts } => self.offer.update(|offer| {
                if let Some(offer) = offer.as_mut().filter(|offer| offer.fragment == fragment) {
                    offer.facts = Some(facts);
                }
            }),
            Reply::Exported { epoch, format } if shown == Some(epoch) => {
                self.exported(format);
                return Followup::Save(format);
            }
            Reply::Answer { epoch, number, answer } if shown == Some(epoch) => {
                self.desk().apply(number, *answer);
            }
            Reply::Refused { epoch, reason } if shown == Some(epoch) => {
                self.exporting.set(None);
                self.notice.set(Some(reason));
            }
            Reply::Gone { epoch } if shown == Some(epoch) && self.exporting.get_untracked().is_some() => {
                self.not_exported();
            }
            Reply::Gone { epoch } if shown == Some(epoch) => self.desk().lose(),
            Reply::Ready
            | Reply::Progress { .. }
            | Reply::Report { .. }
            | Reply::Failed { .. }
            | Reply::Exported { .. }
            | Reply::Refused { .. }
            | Reply::Answer { .. }
            | Reply::Gone { .. }
            | Reply::Slice { .. }
            | Reply::Unreadable { .. } => {}
        }
        Followup::Nothing
    }

    /// The worker is gone, and with it what it was doing.
    pub fn worker_broke(self, reason: String) {
        if matches!(*self.screen.read_untracked(), Screen::Loading | Screen::Cancelled) {
            self.epoch.update(|epoch| *epoch = epoch.next());
            self.screen.set(Screen::Problem(Problem::Worker(reason)));
        } else if self.exporting.read_untracked().is_some() {
            self.not_exported();
        }
    }

    /// An export was asked for.
    pub fn export(self, format: Format) {
        self.notice.set(None);
        self.exporting.set(Some(format));
    }

    /// An export was handed to the browser.
    pub fn exported(self, format: Format) {
        self.exporting.set(None);
        self.notice.set(Some(format!("Saved {}.", format.file_name())));
    }

    fn not_exported(self) {
        self.exporting.set(None);
        self.notice.set(Some("This file could not be made. Load the alerts again, then export.".to_owned()));
    }

    /// Back to the start; the report stays within reach.
    pub fn begin_anew(self) {
        self.leave(Screen::Welcome);
    }

    /// Back to the report, if there is one.
    pub fn back_to_report(self) {
        if self.report.read_untracked().is_some() {
            self.leave(Screen::Report);
        }
    }

    /// A shared report that has to wait for an answer.
    pub fn offer_link(self, fragment: String) {
        self.offer.set(Some(Offered { fragment, facts: None }));
    }

    /// The shared report was declined.
    pub fn decline(self) {
        self.offer.set(None);
    }

    /// The next of: as the system says, light, dark.
    pub fn cycle_theme(self) {
        self.theme.update(|theme| *theme = theme.next());
    }

    fn leave(self, screen: Screen) {
        self.epoch.update(|epoch| *epoch = epoch.next());
        self.notice.set(None);
        self.screen.set(screen);
    }
}
