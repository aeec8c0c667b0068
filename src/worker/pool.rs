//! Helpers of the worker: each reads slices of a large file, which the worker adds up in reading order.
//!
//! Helpers are workers of the worker, on the same compiled module. They are started with the page, so that
//! nothing is fetched later. One that breaks is not missed: its slice is read by the worker itself.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use analysis::{Portion, Sliced};
use gloo::file::Blob;

use super::{
    handle::Handle,
    host::HELPER,
    protocol::{Reply, Request, SliceTask, Ticket, decode},
};
use crate::platform::scope::Bell;

/// Helpers at most. Each holds a few megabytes, and beyond so many the one that adds up is the bottleneck.
pub const HELPERS: u32 = 4;

/// What came of a task.
pub enum Delivery {
    /// The slice was read; nothing where no line begins in it.
    Read(Option<Box<Portion>>),
    /// The browser could not read the file, and why.
    Unreadable(String),
    /// The helper broke.
    Lost,
}

/// The helpers, and what they have delivered.
#[derive(Default)]
pub struct Pool {
    helpers: RefCell<Vec<Helper>>,
    board: RefCell<BTreeMap<Ticket, Delivery>>,
    bell: Bell,
    tickets: Cell<u32>,
}

struct Helper {
    handle: Handle,
    /// What it is at.
    task: Option<Ticket>,
    is_broken: bool,
}

impl Pool {
    /// Starts helpers; fewer where the browser does not let it.
    pub fn recruit(self: &Rc<Self>, count: u32) {
        for at in 0..usize::try_from(count.min(HELPERS)).unwrap_or_default() {
            let (hearer, mourner) = (Rc::clone(self), Rc::clone(self));
            let handle = Handle::start(
                HELPER,
                move |reply, bytes| hearer.hear(at, reply, bytes),
                move |_| mourner.lose(at),
            );
            let Ok(handle) = handle else { return };
            self.helpers.borrow_mut().push(Helper { handle, task: None, is_broken: false });
        }
    }

    /// How many helpers there are to work.
    pub fn len(&self) -> usize {
        self.helpers.borrow().iter().filter(|helper| !helper.is_broken).count()
    }

    /// Forgets what was delivered for an analysis that ended.
    pub fn clear(&self) {
        self.board.borrow_mut().clear();
    }

    /// Gives a task to a helper without one, if there is one.
    pub fn give(&self, file: &Sliced, task: SliceTask, blob: &Blob) -> Option<Ticket> {
        let mut helpers = self.helpers.borrow_mut();
        let helper = helpers.iter_mut().find(|helper| !helper.is_broken && helper.task.is_none())?;
        let ticket = Ticket(self.tickets.get());
        self.tickets.set(ticket.0.wrapping_add(1));
        helper.task = Some(ticket);
        let request = Request::Slice { ticket, file: file.clone(), task };
        helper.handle.send(&request, vec![blob.clone()]);
        Some(ticket)
    }

    /// What was delivered for a ticket; waits for it.
    pub async fn wait(&self, ticket: Ticket) -> Option<Delivery> {
        let delivered = self.board.borrow_mut().remove(&ticket);
        if delivered.is_none() {
            self.bell.heard().await;
        }
        delivered
    }

    /// Waits until a helper has done something.
    pub async fn stirs(&self) {
        self.bell.heard().await;
    }

    /// Ends all waiting, for whoever waits to look around.
    pub fn wake(&self) {
        self.bell.ring();
    }

    fn hear(&self, at: usize, reply: Reply, bytes: Option<Vec<u8>>) {
        let (ticket, delivery) = match reply {
            Reply::Ready => {
                if let Some(helper) = self.helpers.borrow().get(at) {
                    helper.handle.listening();
                }
                return;
            }
            Reply::Slice { ticket } => match bytes.map(|bytes| decode(&bytes)) {
                Some(Ok(portion)) => (ticket, Delivery::Read(Some(portion))),
                Some(Err(_)) => (ticket, Delivery::Lost),
                None => (ticket, Delivery::Read(None)),
            },
            Reply::Unreadable { ticket, reason } => (ticket, Delivery::Unreadable(reason)),
            _ => return,
        };
        if let Some(helper) = self.helpers.borrow_mut().get_mut(at) {
            helper.task = None;
        }
        self.board.borrow_mut().insert(ticket, delivery);
        self.bell.ring();
    }

    fn lose(&self, at: usize) {
        let task = self.helpers.borrow_mut().get_mut(at).and_then(|helper| {
            helper.is_broken = true;
            helper.task.take()
        });
        if let Some(ticket) = task {
            self.board.borrow_mut().insert(ticket, Delivery::Lost);
        }
        self.bell.ring();
    }
}
