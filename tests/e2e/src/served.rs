//! The site under test, and a note of every request that reached it.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::Result;
use site::{Request, Server};

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
}
