//! The site under test, and a note of every request that reached it.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::Result;
use site::{Request, Server};

/// What a browser asks for to learn whether the site that it keeps has a newer version.
const UPDATE_CHECK: &str = "/offline.js";

/// A server that lives as long as the process.
pub struct Served {
    address: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Served {
    pub fn start(dist: &Path) -> Result<Self> {
        let server = Server::bind(dist, IpAddr::V4(Ipv4Addr::LOCALHOST), 0)?;
        let address = format!("http://{}/", server.address());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&requests);
        thread::spawn(move || {
            server.run(move |request| {
                noted.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
            })
        });
        Ok(Self { address, requests })
    }

    /// Where the site is, with a `/` at the end.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The addresses that were asked for after so many requests, but for the service worker's script: after
    /// a navigation, a browser looks for a newer one in its own time.
    pub fn asked_since(&self, requests: usize) -> Vec<String> {
        let later = self.requests().into_iter().skip(requests).map(|request| request.target);
        later.filter(|target| target != UPDATE_CHECK).collect()
    }
}
