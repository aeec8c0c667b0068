//! What a person can ask for, carried out.
//!
//! [`Commands`] joins the state, which knows no browser, and the worker, which knows no state. It starts a
//! worker when one is needed and none is there, so after a crash the next request simply gets a new one.

mod address;
mod questions;

use leptos::{prelude::*, task::spawn_local};

use self::questions::Pause;
use crate::{
    platform::{
        blobs::{self, NamedBlob},
        download, scope,
        transfer::{Arrival, PASTED},
    },
    state::{AppState, Followup, Screen, Tab, text},
    worker::{
        handle::Handle,
        protocol::{Format, Reply, Request, Task},
    },
};

/// Where alerts come from; kept so that an analysis can be started again.
#[derive(Debug, Clone)]
struct Source {
    /// A shared report; the files are rule files then.
    link: Option<String>,
    /// What opens it, where it is encrypted.
    password: Option<String>,
    files: Vec<NamedBlob>,
}

impl Source {
    fn of_files(files: Vec<NamedBlob>) -> Self {
        Self { link: None, password: None, files }
    }
}

/// The app's verbs, for every view.
#[derive(Debug, Clone, Copy)]
pub struct Commands {
    state: AppState,
    worker: StoredValue<Option<Handle>, LocalStorage>,
    last: StoredValue<Option<Source>, LocalStorage>,
    /// What the report that is shown was made from.
    shown: StoredValue<Option<Source>, LocalStorage>,
    /// What was shown when a shared report took its place.
    before: StoredValue<Option<Source>, LocalStorage>,
    pause: Pause,
}

impl Commands {
    /// The verbs, and a worker that is ready before it is needed.
    pub fn new(state: AppState) -> Self {
        let commands = Self {
            state,
            worker: StoredValue::new_local(None),
            last: StoredValue::new_local(None),
            shown: StoredValue::new_local(None),
            before: StoredValue::new_local(None),
            pause: Pause::default(),
        };
        // A worker that cannot start is reported when there is something to analyse.
        let _ = commands.start_worker();
        commands
    }

    /// Analyses what was dropped or pasted.
    pub fn take(self, arrival: Arrival) {
        match arrival {
            Arrival::Files(files) => self.files(files),
            Arrival::Text(text) => self.text(&text),
        }
    }

    /// Analyses files. Rule files and a user's knowledge alone are put beside the alerts of the report that is shown.
    pub fn files(self, files: Vec<NamedBlob>) {
        let shown =
            self.shown.get_value().filter(|_| *self.state.screen().read_untracked() == Screen::Report);
        match shown {
            _ if files.is_empty() => {}
            Some(_) if self.state.desk().tab().get_untracked() == Tab::Compare => self.compare(files),
            None => self.run(Source::of_files(files)),
            Some(shown) => spawn_local(async move {
                if are_beside_alerts(&files).await {
                    self.beside(shown, files);
                } else {
                    self.run(Source::of_files(files));
                }
            }),
        }
    }

    /// Compares the alerts that are shown with a second set.
    pub fn compare(self, files: Vec<NamedBlob>) {
        if !files.is_empty() {
            let number = self.state.desk().compare();
            self.beside_report(Task::Compare, number, files);
        }
    }

    /// Makes the report again, with the hash of each file that it was made from.
    pub fn hash(self) {
        let Some(source) = self.shown.get_value().filter(|source| source.link.is_none()) else { return };
        self.state.desk().stay();
        self.beside_report(Task::Hash, 0, source.files);
    }

    /// Whether the report was made from files: those of a link are its alerts written anew.
    pub fn has_files(self) -> bool {
        self.shown.with_value(|source| source.as_ref().is_some_and(|source| source.link.is_none()))
    }

    fn beside_report(self, task: Task, number: u32, files: Vec<NamedBlob>) {
        let Some(shown) = self.state.report().get_untracked() else { return };
        let (names, blobs) = files.into_iter().map(|file| (file.name, file.blob)).unzip();
        self.send(&Request::Beside { epoch: shown.epoch, number, task, names }, blobs);
    }

    /// Adds files beside the alerts to what is shown; one of the same name is replaced.
    fn beside(self, mut shown: Source, files: Vec<NamedBlob>) {
        shown.files.retain(|old| files.iter().all(|new| new.name != old.name));
        shown.files.extend(files);
        self.state.desk().stay();
        self.run(shown);
    }

    /// Analyses pasted text, which may also be the address of a shared report.
    pub fn text(self, text: &str) {
        match text::shared_fragment(text) {
            Some(fragment) => self.link(fragment.to_owned()),
            None => self.files(vec![NamedBlob::from_text(PASTED, text)]),
        }
    }

    /// Opens a shared report.
    pub fn link(self, fragment: String) {
        self.before.set_value(self.shown.get_value());
        self.run(Source { link: Some(fragment), password: None, files: Vec::new() });
    }

    /// Tries a password on the shared report that waits for one.
    pub fn unlock(self, password: String) {
        if let Some(source) = self.last.get_value() {
            self.run(Source { password: Some(password), ..source });
        }
    }

    /// Whether a shared report took the place of something that [`Self::restore`] brings back.
    pub fn has_before(self) -> bool {
        self.before.with_value(Option::is_some)
    }

    /// Back to what was shown before a shared report was opened: it is read again.
    pub fn restore(self) {
        if let Some(source) = self.before.get_value() {
            self.before.set_value(None);
            self.run(source);
        }
    }

    /// A shared report came in by the address bar: it is opened, or offered when that would interrupt.
    pub fn link_arrived(self, fragment: String) {
        if self.state.is_busy() {
            self.state.offer_link(fragment.clone());
            self.send(&Request::Glance { fragment }, Vec::new());
        } else {
            self.link(fragment);
        }
    }

    /// Starts the last analysis again.
    pub fn again(self) {
        if let Some(source) = self.last.get_value() {
            self.run(source);
        }
    }

    /// Stops the running analysis.
    pub fn cancel(self) {
        if let Some(epoch) = self.state.cancel() {
            self.send(&Request::Cancel { epoch }, Vec::new());
        }
    }

    /// Makes a report of what was read before the analysis was stopped.
    pub fn conclude(self) {
        if let Some(epoch) = self.state.conclude() {
            self.send(&Request::Conclude { epoch }, Vec::new());
        }
    }

    /// Saves the report as a file.
    pub fn export(self, format: Format) {
        let Some(shown) = self.state.report().get_untracked() else { return };
        self.state.export(format);
        let changes = self.state.desk().workbench().changes();
        if format == Format::Archive && !changes.is_empty() {
            self.send(&Request::Archive { epoch: shown.epoch, changes }, Vec::new());
        } else if format == Format::Markdown && !self.state.desk().review().is_any() {
            download::save(format.file_name(), format.mime(), shown.report.markdown.as_bytes());
            self.state.exported(format);
        } else {
            self.send(&Request::Export { epoch: shown.epoch, format }, Vec::new());
        }
    }

    fn run(self, source: Source) {
        self.last.set_value(Some(source.clone()));
        let epoch = self.state.start(source.files.iter().map(NamedBlob::size).sum());
        let (names, blobs) = source.files.into_iter().map(|file| (file.name, file.blob)).unzip();
        let request = match source.link {
            None => Request::Analyse { epoch, names },
            Some(fragment) => Request::Open { epoch, fragment, password: source.password, names },
        };
        self.send(&request, blobs);
    }

    fn send(self, request: &Request, blobs: Vec<gloo::file::Blob>) {
        if self.worker.with_value(Option::is_none)
            && let Err(reason) = self.start_worker()
        {
            return self.state.worker_broke(reason);
        }
        self.worker.with_value(|worker| {
            if let Some(worker) = worker {
                worker.send(request, blobs);
            }
        });
    }

    fn start_worker(self) -> Result<(), String> {
        let handle = Handle::start(
            "reader",
            move |reply, bytes| self.hear(reply, bytes),
            move |reason| self.broke(reason),
        )?;
        self.worker.set_value(Some(handle));
        Ok(())
    }

    fn hear(self, reply: Reply, bytes: Option<Vec<u8>>) {
        if reply == Reply::Ready {
            self.worker.with_value(|worker| worker.iter().for_each(Handle::listening));
            // One thread is best used by one worker.
            let helpers = match scope::threads() {
                1 => 0,
                threads => threads,
            };
            self.send(&Request::Recruit { helpers }, Vec::new());
            return;
        }
        let mut alert = None;
        // The report of what was last asked for; the view that it brings asks what it was made from.
        if let Reply::Report { epoch, .. } = &reply
            && self.state.awaits(*epoch)
        {
            self.shown.set_value(self.last.get_value());
            alert = self.state.desk().next_alert();
        }
        if let Followup::Save(format) = self.state.apply(reply) {
            download::save(format.file_name(), format.mime(), &bytes.unwrap_or_default());
        }
        if let Some(record) = alert {
            self.show_details(record);
        }
    }

    fn broke(self, reason: String) {
        self.worker.set_value(None);
        self.state.worker_broke(reason);
    }
}

/// Whether files belong beside alerts (rules, a user's knowledge), by their beginnings.
async fn are_beside_alerts(files: &[NamedBlob]) -> bool {
    for file in files {
        let beginning = blobs::read_slice(&file.blob, 0).await;
        if !beginning.is_ok_and(|bytes| analysis::rule_files::is_beside_alerts(&bytes)) {
            return false;
        }
    }
    true
}
