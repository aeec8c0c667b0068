//! What a person can ask for, carried out.
//!
//! [`Commands`] joins the state, which knows no browser, and the worker, which knows no state. It starts a
//! worker when one is needed and none is there, so after a crash the next request simply gets a new one.

use leptos::prelude::*;

use crate::{
    platform::{
        blobs::NamedBlob,
        download,
        transfer::{Arrival, PASTED},
    },
    state::{AppState, Followup, text},
    worker::{
        handle::Handle,
        protocol::{Format, Reply, Request},
    },
};

/// Where alerts come from; kept so that an analysis can be started again.
#[derive(Debug, Clone)]
enum Source {
    Blobs(Vec<NamedBlob>),
    Link(String),
}

/// The app's verbs, for every view.
#[derive(Debug, Clone, Copy)]
pub struct Commands {
    state: AppState,
    worker: StoredValue<Option<Handle>, LocalStorage>,
    last: StoredValue<Option<Source>, LocalStorage>,
}

impl Commands {
    /// The verbs, and a worker that is ready before it is needed.
    pub fn new(state: AppState) -> Self {
        let commands =
            Self { state, worker: StoredValue::new_local(None), last: StoredValue::new_local(None) };
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

    /// Analyses files.
    pub fn files(self, files: Vec<NamedBlob>) {
        if !files.is_empty() {
            self.run(Source::Blobs(files));
        }
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
        self.run(Source::Link(fragment));
    }

    /// A shared report came in by the address bar: it is opened, or offered when that would interrupt.
    pub fn link_arrived(self, fragment: String) {
        if self.state.is_busy() {
            self.state.offer_link(fragment);
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

    /// Saves the report as a file.
    pub fn export(self, format: Format) {
        let Some(shown) = self.state.report().get_untracked() else { return };
        self.state.export(format);
        if format == Format::Markdown {
            download::save(format.file_name(), format.mime(), shown.report.markdown.as_bytes());
            self.state.exported(format);
        } else {
            self.send(&Request::Export { epoch: shown.epoch, format }, Vec::new());
        }
    }

    fn run(self, source: Source) {
        self.last.set_value(Some(source.clone()));
        match source {
            Source::Blobs(files) => {
                let epoch = self.state.start(files.iter().map(NamedBlob::size).sum());
                let (names, blobs) = files.into_iter().map(|file| (file.name, file.blob)).unzip();
                self.send(&Request::Analyse { epoch, names }, blobs);
            }
            Source::Link(fragment) => {
                let epoch = self.state.start(0);
                self.send(&Request::Open { epoch, fragment }, Vec::new());
            }
        }
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
        let handle =
            Handle::start(move |reply, bytes| self.hear(reply, bytes), move |reason| self.broke(reason))?;
        self.worker.set_value(Some(handle));
        Ok(())
    }

    fn hear(self, reply: Reply, bytes: Option<Vec<u8>>) {
        if reply == Reply::Ready {
            self.worker.with_value(|worker| worker.iter().for_each(Handle::listening));
            return;
        }
        if let Followup::Save(format) = self.state.apply(reply) {
            download::save(format.file_name(), format.mime(), &bytes.unwrap_or_default());
        }
    }

    fn broke(self, reason: String) {
        self.worker.set_value(None);
        self.state.worker_broke(reason);
    }
}
