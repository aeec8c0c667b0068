//! The worker's end: reads blobs slice by slice, feeds the analysis, keeps the outcome for exports.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use analysis::{
    Options, Session,
    ingest::Refused,
    share::{self, LinkError},
};
use gloo::file::Blob;

use super::{
    bench, beside,
    desk::{self, Held},
    pool::{Delivery, Pool},
    protocol::{Epoch, Format, Problem, Progress, Reply, Request, SliceTask, Task, Ticket, decode, encode},
    redacted, render,
    slice::{self, SHORTER},
};
use crate::platform::{blobs::read_slice, clock, scope};

/// The least time between two progress messages, in milliseconds.
const PACE: f64 = 50.0;

/// The name under which a report shows the alerts of a share link.
pub(super) const LINK: &str = "link";

/// The name under which helpers are started.
pub(super) const HELPER: &str = "helper";

/// Serves the page until the worker is ended.
pub fn run() {
    let host = Rc::new(Host::default());
    scope::serve(move |message, blobs| {
        if let Ok(request) = decode(&message) {
            host.serve(request, blobs);
        }
    });
    reply(&Reply::Ready, None);
    if scope::name() != HELPER {
        warm_up();
    }
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
    /// An analysis that was stopped before its end.
    stopped: RefCell<Option<Stopped>>,
    /// One that is to be reported on as soon as it has stopped.
    concluding: Cell<Option<Epoch>>,
    pool: Rc<Pool>,
    /// The last report, which stays until there is another one.
    held: RefCell<Option<Rc<Held>>>,
}

/// What was read before an analysis was stopped.
struct Stopped {
    epoch: Epoch,
    session: Session,
    progress: Progress,
    remarks: Vec<String>,
}

/// How reading ended.
enum End {
    /// Everything was read.
    Whole,
    /// It is no longer wanted.
    Stopped,
    /// It failed, which was said.
    Failed,
    /// A file that was read in slices is to be read whole.
    NotSliceable,
}

impl Host {
    fn serve(self: &Rc<Self>, request: Request, blobs: Vec<Blob>) {
        match request {
            Request::Analyse { epoch, names } => {
                self.want(epoch);
                let inputs = in_order(names, blobs);
                let host = Rc::clone(self);
                scope::spawn(async move { host.analyse(epoch, inputs).await });
            }
            Request::Open { epoch, fragment, password, names } => {
                self.want(epoch);
                let inputs = in_order(names, blobs);
                let host = Rc::clone(self);
                scope::spawn(async move { host.open(epoch, &fragment, password.as_deref(), inputs).await });
            }
            Request::Glance { fragment } => {
                let facts = share::glance(&fragment).map_err(|error| error.to_string());
                reply(&Reply::Glanced { fragment, facts }, None);
            }
            Request::Cancel { epoch } => {
                if self.wanted.get() == Some(epoch) {
                    self.wanted.set(None);
                    self.pool.wake();
                }
            }
            Request::Conclude { epoch } => self.conclude(epoch),
            Request::Recruit { helpers } => self.pool.recruit(helpers),
            Request::Slice { ticket, file, task } => {
                if let Some(blob) = blobs.into_iter().next() {
                    scope::spawn(slice::serve(ticket, file, task, blob));
                }
            }
            Request::Export { epoch, format } => self.export(epoch, format),
            Request::Archive { epoch, changes } => {
                let Some(held) = self.held(epoch) else { return reply(&Reply::Gone { epoch }, None) };
                match bench::archive(&held.outcome, held.base(), &changes) {
                    Ok(bytes) => reply(&Reply::Exported { epoch, format: Format::Archive }, Some(&bytes)),
                    Err(refused) => {
                        let reason = format!("Not saved. {refused}. Change its file, or insist below it.");
                        reply(&Reply::Refused { epoch, reason }, None);
                    }
                }
            }
            Request::Beside { epoch, number, task, names } => {
                let inputs = in_order(names, blobs);
                let Some(held) = self.held(epoch) else { return reply(&Reply::Gone { epoch }, None) };
                let host = Rc::clone(self);
                scope::spawn(async move {
                    match task {
                        Task::Compare => beside::compare(&held, number, inputs).await,
                        Task::Hits { wishes } => redacted::hits(&held, number, wishes, &inputs).await,
                        Task::Save { format, wishes } => redacted::save(&held, format, wishes, &inputs).await,
                        Task::Hash => host.show(beside::hash(held, inputs).await),
                    }
                });
            }
            Request::Ask { epoch, number, question } => match self.held(epoch) {
                Some(held) => scope::spawn(async move { desk::answer(&held, number, question).await }),
                None => reply(&Reply::Gone { epoch }, None),
            },
        }
    }

    /// From now on this is the analysis that is wanted.
    fn want(&self, epoch: Epoch) {
        self.wanted.set(Some(epoch));
        self.stopped.take();
        self.concluding.take();
        self.pool.wake();
    }

    async fn analyse(&self, epoch: Epoch, inputs: Vec<(String, Blob)>) {
        let start = || Session::new(Options { several_files: inputs.len() > 1, ..options() });
        self.run(epoch, start, &inputs, Vec::new()).await;
    }

    async fn open(
        &self,
        epoch: Epoch,
        fragment: &str,
        password: Option<&str>,
        rule_files: Vec<(String, Blob)>,
    ) {
        match share::open_with_password(fragment, password) {
            Ok(sheet) => {
                let start = || {
                    let mut session = Session::new(options());
                    session.open(LINK);
                    session.feed(sheet.lines.as_bytes());
                    session.close();
                    session
                };
                let facts = sheet.facts(fragment.chars().count());
                self.run(epoch, start, &rule_files, facts).await;
            }
            Err(LinkError::NeedsPassword) => fail(epoch, Problem::Password { refused: false }),
            Err(LinkError::WrongPassword) => fail(epoch, Problem::Password { refused: true }),
            Err(error) => fail(epoch, Problem::Link(error.to_string())),
        }
    }

    /// Reads files into a session and makes its report; in slices first, where that can be done.
    async fn run(
        &self,
        epoch: Epoch,
        start: impl Fn() -> Session,
        inputs: &[(String, Blob)],
        remarks: Vec<String>,
    ) {
        let total = inputs.iter().map(|(_, blob)| blob.size()).sum();
        for may_slice in [self.pool.len() > 0, false] {
            let (mut session, mut pace) = (start(), Pace::new(epoch, total));
            match self.read(&mut session, &mut pace, inputs, may_slice).await {
                End::Whole => return self.finish(epoch, session, remarks),
                End::NotSliceable => {}
                End::Failed => return,
                End::Stopped => {
                    // A later analysis needs the memory more.
                    if self.wanted.get().is_none() {
                        self.stopped.replace(Some(Stopped {
                            epoch,
                            session,
                            progress: pace.progress,
                            remarks,
                        }));
                        if self.concluding.take() == Some(epoch) {
                            self.conclude(epoch);
                        }
                    }
                    return;
                }
            }
        }
    }

    async fn read(
        &self,
        session: &mut Session,
        pace: &mut Pace,
        inputs: &[(String, Blob)],
        may_slice: bool,
    ) -> End {
        for input in inputs {
            let end = if may_slice && is_sliceable(&input.1).await {
                self.read_slices(session, pace, input, inputs.len() > 1).await
            } else {
                self.read_whole(session, pace, input).await
            };
            if !matches!(end, End::Whole) {
                return end;
            }
        }
        End::Whole
    }

    async fn read_whole(&self, session: &mut Session, pace: &mut Pace, (name, blob): &(String, Blob)) -> End {
        session.open(name);
        let mut at = 0;
        while at < blob.size() {
            let slice = read_slice(blob, at).await;
            // The read gave the scope its turn, so a cancel has been heard by now.
            if self.wanted.get() != Some(pace.epoch) {
                return End::Stopped;
            }
            let reason = match slice {
                Ok(bytes) if !bytes.is_empty() => {
                    session.feed(&bytes);
                    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    at = at.saturating_add(length);
                    pace.advance(length, session.progress().alerts);
                    continue;
                }
                Ok(_) => SHORTER.to_owned(),
                Err(reason) => reason,
            };
            return unreadable(pace.epoch, name, reason);
        }
        session.close();
        End::Whole
    }

    /// Has the helpers read slices of a file, and adds them up in their order.
    async fn read_slices(
        &self,
        session: &mut Session,
        pace: &mut Pace,
        (name, blob): &(String, Blob),
        several_files: bool,
    ) -> End {
        let file = session.slices(name);
        let size = blob.size();
        let mut given: VecDeque<(SliceTask, Option<Ticket>)> = VecDeque::new();
        let mut next = 0;
        self.pool.clear();
        loop {
            // Two for each helper: it goes on while what it read is added up.
            while next < size && given.len() < self.pool.len().max(1) * 2 {
                let end = next.saturating_add(slice::LENGTH).min(size);
                let keep_alerts = session.wants_alerts();
                let task = SliceTask { start: next, end, keep_alerts, several_files };
                let ticket = self.pool.give(&file, task, blob);
                if ticket.is_none() && self.pool.len() > 0 {
                    break;
                }
                given.push_back((task, ticket));
                next = end;
            }
            let Some((task, ticket)) = given.front().copied() else {
                if next >= size {
                    return End::Whole;
                }
                // Every helper is still at a slice of an analysis that was stopped.
                self.pool.stirs().await;
                if self.wanted.get() != Some(pace.epoch) {
                    return End::Stopped;
                }
                continue;
            };
            let delivery = match ticket {
                Some(ticket) => self.pool.wait(ticket).await,
                None => Some(Delivery::Lost),
            };
            if self.wanted.get() != Some(pace.epoch) {
                return End::Stopped;
            }
            let Some(delivery) = delivery else { continue };
            given.pop_front();
            let refused = match delivery {
                Delivery::Read(None) => Ok(()),
                Delivery::Read(Some(portion)) => session.append(*portion),
                Delivery::Lost => Err(Refused::Known),
                Delivery::Unreadable(reason) => return unreadable(pace.epoch, name, reason),
            };
            match refused {
                Ok(()) => {}
                Err(Refused::NotSliceable(_)) => return End::NotSliceable,
                Err(Refused::Known) => {
                    let mut is_open = false;
                    let read = slice::read(blob, task.start, task.end, |begins, bytes| {
                        if !std::mem::replace(&mut is_open, true) {
                            session.open_slice(&file, begins);
                        }
                        session.feed(bytes);
                    });
                    if let Err(reason) = read.await {
                        return unreadable(pace.epoch, name, reason);
                    }
                    session.close();
                }
            }
            pace.advance(task.end - task.start, session.progress().alerts);
        }
    }

    /// Makes the report of an analysis that was stopped.
    fn conclude(&self, epoch: Epoch) {
        match self.stopped.take().filter(|stopped| stopped.epoch == epoch) {
            Some(Stopped { mut session, progress, remarks, .. }) => {
                session.stopped(progress.done, progress.total);
                self.finish(epoch, session, remarks);
            }
            None => match self.held(epoch) {
                // It had come to its end before it was to be stopped.
                Some(held) => show(&held),
                None => self.concluding.set(Some(epoch)),
            },
        }
    }

    fn finish(&self, epoch: Epoch, session: Session, remarks: Vec<String>) {
        let outcome = session.finish();
        if let Some(problem) = render::problem(&outcome.report) {
            return fail(epoch, problem);
        }
        let held = Rc::new(Held::new(epoch, outcome, remarks));
        self.show(held);
    }

    /// Shows a report and keeps it for questions.
    fn show(&self, held: Rc<Held>) {
        show(&held);
        self.held.replace(Some(held));
    }

    fn held(&self, epoch: Epoch) -> Option<Rc<Held>> {
        self.held.borrow().clone().filter(|held| held.epoch == epoch)
    }

    fn export(&self, epoch: Epoch, format: Format) {
        let file = self.held(epoch).and_then(|held| render::as_file(&held.outcome, format));
        let Some(file) = file else { return reply(&Reply::Gone { epoch }, None) };
        reply(&Reply::Exported { epoch, format }, Some(&file));
    }
}

/// Whether a file is worth reading in slices, and may be.
async fn is_sliceable(blob: &Blob) -> bool {
    blob.size() >= 2 * slice::LENGTH && read_slice(blob, 0).await.is_ok_and(|head| Session::may_slice(&head))
}

fn show(held: &Held) {
    let report = Box::new(render::report(&held.outcome, held.remarks.clone()));
    reply(&Reply::Report { epoch: held.epoch, report }, None);
}

fn unreadable(epoch: Epoch, name: &str, reason: String) -> End {
    fail(epoch, Problem::File { name: name.to_owned(), reason });
    End::Failed
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
    began: f64,
    last: f64,
}

impl Pace {
    fn new(epoch: Epoch, total: u64) -> Self {
        let now = clock::milliseconds();
        Self { epoch, progress: Progress { total, ..Progress::default() }, began: now, last: now }
    }

    fn advance(&mut self, bytes: u64, alerts: u64) {
        self.progress.done = self.progress.done.saturating_add(bytes);
        self.progress.alerts = alerts;
        let now = clock::milliseconds();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a short time, never negative"
        )]
        let taken = (now - self.began).max(0.0) as u64;
        self.progress.milliseconds = taken;
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
