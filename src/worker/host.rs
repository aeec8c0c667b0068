//! The worker's end: reads blobs slice by slice, feeds the analysis, keeps the outcome for exports.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use analysis::{Options, Session, report, share};
use gloo::file::Blob;

use super::{
    desk::{self, Held},
    protocol::{Epoch, Format, Problem, Progress, Reply, Request, decode, encode},
    render,
};
use crate::platform::{blobs::read_slice, clock, scope};

/// The least time between two progress messages, in milliseconds.
const PACE: f64 = 50.0;

/// The name under which a report shows the alerts of a share link.
const LINK: &str = "link";

/// Serves the page until the worker is ended.
pub fn run() {
    let host = Rc::new(Host::default());
    scope::serve(move |message, blobs| {
        if let Ok(request) = decode(&message) {
            host.serve(request, blobs);
        }
    });
    reply(&Reply::Ready, None);
    warm_up();
}

/// Browsers compile a function when it is first called. One report into the void, while the person still
/// looks for an alert, makes the first real one as fast as the later ones.
fn warm_up() {
    let mut session = Session::new(Options::default());
    session.open(LINK);
    session
        .feed(br#"{"rule":"PTRACE attached to process","output_fields":{"proc.name":"gdb","proc.tty":0}}"#);
    let outcome = session.finish();
    drop(encode(&render::report(&outcome, Vec::new())));
}

#[derive(Default)]
struct Host {
    /// The analysis that is wanted; any other one stops at its next slice.
    wanted: Cell<Option<Epoch>>,
    /// The last report, which stays until there is another one.
    held: RefCell<Option<Rc<Held>>>,
}

impl Host {
    fn serve(self: &Rc<Self>, request: Request, blobs: Vec<Blob>) {
        match request {
            Request::Analyse { epoch, names } => {
                self.wanted.set(Some(epoch));
                let inputs = in_order(names, blobs);
                let host = Rc::clone(self);
                scope::spawn(async move { host.analyse(epoch, inputs).await });
            }
            Request::Open { epoch, fragment, names } => {
                self.wanted.set(Some(epoch));
                let inputs = in_order(names, blobs);
                let host = Rc::clone(self);
                scope::spawn(async move { host.open(epoch, &fragment, inputs).await });
            }
            Request::Cancel { epoch } => {
                if self.wanted.get() == Some(epoch) {
                    self.wanted.set(None);
                }
            }
            Request::Export { epoch, format } => self.export(epoch, format),
            Request::Ask { epoch, number, question } => match self.held(epoch) {
                Some(held) => scope::spawn(async move { desk::answer(&held, number, question).await }),
                None => reply(&Reply::Gone { epoch }, None),
            },
        }
    }

    async fn analyse(&self, epoch: Epoch, inputs: Vec<(String, Blob)>) {
        let mut session = Session::new(Options { several_files: inputs.len() > 1, ..options() });
        if self.read(epoch, &mut session, inputs).await {
            self.finish(epoch, session, Vec::new());
        }
    }

    /// Reads files into a session; false where that came to nothing, which was said or is not wanted.
    async fn read(&self, epoch: Epoch, session: &mut Session, inputs: Vec<(String, Blob)>) -> bool {
        let mut pace = Pace::new(epoch, inputs.iter().map(|(_, blob)| blob.size()).sum());
        for (name, blob) in inputs {
            session.open(&name);
            let mut at = 0;
            while at < blob.size() {
                let slice = read_slice(&blob, at).await;
                // The read gave the scope its turn, so a cancel has been heard by now.
                if self.wanted.get() != Some(epoch) {
                    return false;
                }
                let reason = match slice {
                    Ok(bytes) if !bytes.is_empty() => {
                        session.feed(&bytes);
                        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                        at = at.saturating_add(length);
                        pace.advance(length, session.progress().alerts);
                        continue;
                    }
                    Ok(_) => "it became shorter while it was read".to_owned(),
                    Err(reason) => reason,
                };
                fail(epoch, Problem::File { name, reason });
                return false;
            }
            session.close();
        }
        true
    }

    async fn open(&self, epoch: Epoch, fragment: &str, rule_files: Vec<(String, Blob)>) {
        match share::open(fragment) {
            Ok(sheet) => {
                let mut session = Session::new(options());
                session.open(LINK);
                session.feed(sheet.lines.as_bytes());
                session.close();
                if self.read(epoch, &mut session, rule_files).await {
                    self.finish(epoch, session, sheet.remarks());
                }
            }
            Err(error) => fail(epoch, Problem::Link(error.to_string())),
        }
    }

    fn finish(&self, epoch: Epoch, session: Session, remarks: Vec<String>) {
        let outcome = session.finish();
        if let Some(problem) = render::problem(&outcome.report) {
            return fail(epoch, problem);
        }
        reply(&Reply::Report { epoch, report: Box::new(render::report(&outcome, remarks)) }, None);
        self.held.replace(Some(Rc::new(Held::new(epoch, outcome))));
    }

    fn held(&self, epoch: Epoch) -> Option<Rc<Held>> {
        self.held.borrow().clone().filter(|held| held.epoch == epoch)
    }

    fn export(&self, epoch: Epoch, format: Format) {
        let Some(held) = self.held(epoch) else { return reply(&Reply::Gone { epoch }, None) };
        let report = &held.outcome.report;
        let bytes = match format {
            Format::Markdown => report::markdown(report).into_bytes(),
            Format::Html => report::page(report).into_bytes(),
            Format::Json => report::json(report).into_bytes(),
            Format::Archive => report::archive(report),
        };
        reply(&Reply::Exported { epoch, format }, Some(&bytes));
    }
}

/// The files in bytewise order of their names, which both hosts read them in; equal names stay as they came.
fn in_order(names: Vec<String>, blobs: Vec<Blob>) -> Vec<(String, Blob)> {
    let mut inputs = Vec::with_capacity(names.len());
    for (name, blob) in names.into_iter().zip(blobs) {
        // There are few of them, and the standard library's sort would be a part of the first load.
        let at = inputs.partition_point(|(before, _)| *before <= name);
        inputs.insert(at, (name, blob));
    }
    inputs
}

/// Progress messages, not more often than [`PACE`] allows.
struct Pace {
    epoch: Epoch,
    progress: Progress,
    last: f64,
}

impl Pace {
    fn new(epoch: Epoch, total: u64) -> Self {
        Self { epoch, progress: Progress { total, ..Progress::default() }, last: clock::milliseconds() }
    }

    fn advance(&mut self, bytes: u64, alerts: u64) {
        self.progress.done = self.progress.done.saturating_add(bytes);
        self.progress.alerts = alerts;
        let now = clock::milliseconds();
        if now - self.last >= PACE {
            self.last = now;
            reply(&Reply::Progress { epoch: self.epoch, progress: self.progress }, None);
        }
    }
}

/// The page asks about the alerts afterwards.
fn options() -> Options {
    Options { keep_alerts: true, ..Options::default() }
}

fn fail(epoch: Epoch, problem: Problem) {
    reply(&Reply::Failed { epoch, problem }, None);
}

pub(super) fn reply(message: &Reply, bytes: Option<&[u8]>) {
    if let Ok(message) = encode(message) {
        scope::post(&message, bytes);
    }
}
