//! The page's end of the worker.

use std::{cell::RefCell, rc::Rc};

use gloo::file::Blob;

use super::protocol::{Reply, Request, decode, encode};
use crate::platform::worker::Worker;

/// A request's bytes, and its blobs.
type Message = (Vec<u8>, Vec<Blob>);

/// A worker and what is still to be said to it; dropping it ends the worker.
#[derive(Debug)]
pub struct Handle {
    worker: Worker,
    /// What was asked before the worker listened; `None` once it does.
    waiting: RefCell<Option<Vec<Message>>>,
}

impl Handle {
    /// Starts a worker under a name. `reply` gets each reply with the bytes that came along, `broke` the reason when
    /// the worker stops for good; the handle is of no use after that.
    ///
    /// # Errors
    /// The browser's reason, when it has no workers.
    pub fn start(
        name: &str,
        reply: impl Fn(Reply, Option<Vec<u8>>) + 'static,
        broke: impl Fn(String) + 'static,
    ) -> Result<Self, String> {
        let broke = Rc::new(broke);
        let unreadable = Rc::clone(&broke);
        let worker = Worker::start(
            name,
            move |message, bytes| match decode(&message) {
                Ok(message) => reply(message, bytes),
                Err(error) => unreadable(error.to_string()),
            },
            move |reason| broke(reason),
        )?;
        Ok(Self { worker, waiting: RefCell::new(Some(Vec::new())) })
    }

    /// Sends a request with its blobs, once the worker listens.
    pub fn send(&self, request: &Request, blobs: Vec<Blob>) {
        let Ok(message) = encode(request) else { return };
        match &mut *self.waiting.borrow_mut() {
            Some(waiting) => waiting.push((message, blobs)),
            None => self.worker.post(&message, &blobs),
        }
    }

    /// To be called on [`Reply::Ready`]: says everything that was waiting.
    pub fn listening(&self) {
        for (message, blobs) in self.waiting.take().unwrap_or_default() {
            self.worker.post(&message, &blobs);
        }
    }
}
