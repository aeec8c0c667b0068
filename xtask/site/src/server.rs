//! The server: a few threads, one folder, two methods.

use std::error::Error;
use std::io::{Cursor, ErrorKind, Read};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::{fs, io, thread};

use tiny_http::{Header, Method, Response, StatusCode};

use crate::encoding::Encoding;
use crate::headers::{HEADERS, HOSTING_FILE};
use crate::media::media_type;
use crate::resolve::relative_path;

/// How many requests are answered at a time; a browser opens about six connections.
const THREADS: usize = 4;

/// Enough for a person who left old servers running.
const PORTS_TRIED: u16 = 100;

/// A request that was answered, for a log or a test that counts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// In capitals.
    pub method: String,
    /// The target as it was sent, with its query.
    pub target: String,
    /// What the client was told.
    pub status: u16,
}

/// Serves one folder until [`Server::stop`] or the end of the process.
pub struct Server {
    folder: PathBuf,
    listener: tiny_http::Server,
    address: SocketAddr,
}

impl Server {
    /// Listens on exactly this port; port 0 lets the system choose.
    ///
    /// # Errors
    /// When the port is taken or the address is not this machine's.
    pub fn bind(folder: impl Into<PathBuf>, host: IpAddr, port: u16) -> io::Result<Self> {
        let listener = tiny_http::Server::http(SocketAddr::new(host, port)).map_err(into_io)?;
        let address = listener.server_addr().to_ip().ok_or_else(|| io::Error::other("no address to show"))?;
        Ok(Self { folder: folder.into(), listener, address })
    }

    /// Listens on the first free port from `first` on.
    ///
    /// # Errors
    /// When no port of the next hundred is free, or the address is not this machine's.
    pub fn bind_from(folder: impl Into<PathBuf>, host: IpAddr, first: u16) -> io::Result<Self> {
        let folder = folder.into();
        let last = first.saturating_add(PORTS_TRIED);
        for port in first..last {
            match Self::bind(&folder, host, port) {
                Err(error) if error.kind() == ErrorKind::AddrInUse => {}
                bound => return bound,
            }
        }
        Self::bind(folder, host, last)
    }

    /// Where the site is, once bound.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until stopped, telling `watch` of each request after it was answered.
    pub fn run(&self, watch: &(dyn Fn(&Request) + Sync)) {
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    while let Ok(request) = self.listener.recv() {
                        watch(&self.answer(request));
                    }
                });
            }
        });
    }

    /// Makes [`Server::run`] return after the requests in hand.
    pub fn stop(&self) {
        for _ in 0..THREADS {
            self.listener.unblock();
        }
    }

    fn answer(&self, request: tiny_http::Request) -> Request {
        let method = request.method().clone();
        let target = request.url().to_owned();
        let accepted = request
            .headers()
            .iter()
            .find(|header| header.field.equiv("Accept-Encoding"))
            .map(|header| header.value.as_str().to_owned())
            .unwrap_or_default();
        let response = respond(&self.folder, &method, &target, &accepted);
        let status = response.status_code().0;
        // A client that went away is not the server's trouble.
        let _ = request.respond(response);
        Request { method: method.to_string(), target, status }
    }
}

type Answer = Response<Cursor<Vec<u8>>>;

fn respond(folder: &Path, method: &Method, target: &str, accepted: &str) -> Answer {
    if !matches!(method, Method::Get | Method::Head) {
        return message(405, "Only GET and HEAD are answered here.\n");
    }
    let Some(path) = relative_path(target).filter(|path| path != Path::new(HOSTING_FILE)) else {
        return message(404, "There is nothing here.\n");
    };
    let file = folder.join(&path);
    for form in Encoding::accepted(accepted) {
        if let Some(bytes) = read(&file, form) {
            let answer = with_header(reply(200, media_type(&path), bytes), "Vary", "Accept-Encoding");
            return match form {
                Encoding::Identity => answer,
                Encoding::Brotli | Encoding::Gzip => with_header(answer, "Content-Encoding", form.token()),
            };
        }
    }
    message(404, "There is nothing here.\n")
}

/// The stored form of the file, when there is one and it is a file.
fn read(file: &Path, form: Encoding) -> Option<Vec<u8>> {
    let mut name = file.as_os_str().to_owned();
    name.push(form.suffix());
    let mut opened = fs::File::open(name).ok()?;
    if !opened.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    opened.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn message(status: u16, text: &str) -> Answer {
    reply(status, "text/plain; charset=utf-8", text.as_bytes().to_vec())
}

/// File names outlive their content (a hash covers only what cargo built), so nothing is cached
/// without asking.
fn reply(status: u16, media: &str, bytes: Vec<u8>) -> Answer {
    let mut answer = Response::from_data(bytes).with_status_code(StatusCode(status));
    // Sent with its length whatever its size, as a static host does.
    answer = answer.with_chunked_threshold(usize::MAX);
    answer = with_header(answer, "Content-Type", media);
    answer = with_header(answer, "Cache-Control", "no-cache");
    HEADERS.iter().fold(answer, |answer, (name, value)| with_header(answer, name, value))
}

fn with_header(answer: Answer, name: &str, value: &str) -> Answer {
    match Header::from_bytes(name, value) {
        Ok(header) => answer.with_header(header),
        Err(()) => answer,
    }
}

/// Keeps "the port is taken" recognisable through the boxed error.
fn into_io(error: Box<dyn Error + Send + Sync>) -> io::Error {
    match error.downcast::<io::Error>() {
        Ok(error) => *error,
        Err(error) => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::net::{Ipv4Addr, TcpStream};
    use std::sync::Mutex;

    const HOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn site() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("index.html"), "<p>page</p>").unwrap();
        fs::write(folder.path().join("index.html.gz"), "packed").unwrap();
        fs::write(folder.path().join("app.wasm"), "wasm").unwrap();
        fs::write(folder.path().join(HOSTING_FILE), "/*").unwrap();
        folder
    }

    #[track_caller]
    fn check(target: &str, accepted: &str, status: u16, media: &str, body: &str) {
        let folder = site();
        let answer = respond(folder.path(), &Method::Get, target, accepted);
        let value = |name: &'static str| {
            answer.headers().iter().find(|h| h.field.equiv(name)).map(|h| h.value.as_str().to_owned())
        };
        assert_eq!(value("Content-Type").as_deref(), Some(media), "{target}");
        for (name, expected) in HEADERS {
            assert_eq!(value(name).as_deref(), Some(expected), "{target}");
        }
        assert_eq!(answer.status_code().0, status, "{target}");
        let mut text = String::new();
        answer.into_reader().read_to_string(&mut text).unwrap();
        assert_eq!(text, body, "{target}");
    }

    #[test]
    fn a_file_comes_in_the_form_the_client_accepts() {
        check("/", "", 200, "text/html; charset=utf-8", "<p>page</p>");
        check("/", "br, gzip", 200, "text/html; charset=utf-8", "packed");
        check("/app.wasm", "br, gzip", 200, "application/wasm", "wasm");
    }

    #[test]
    fn what_is_not_part_of_the_site_is_not_served() {
        for target in ["/nothing.js", "/../secret", "/_headers", "/index.html/x"] {
            check(target, "gzip", 404, "text/plain; charset=utf-8", "There is nothing here.\n");
        }
    }

    #[test]
    fn a_taken_port_means_the_next_one() {
        let first = Server::bind(".", HOST, 0).unwrap();
        let port = first.address().port();
        let taken = Server::bind(".", HOST, port).err().unwrap();
        assert_eq!(taken.kind(), ErrorKind::AddrInUse);
        let second = Server::bind_from(".", HOST, port).unwrap();
        assert!(second.address().port() > port);
    }

    #[test]
    fn a_real_client_is_answered_and_counted() {
        let folder = site();
        let server = Server::bind(folder.path(), HOST, 0).unwrap();
        let seen = Mutex::new(Vec::new());
        let watch = |request: &Request| seen.lock().unwrap().push(request.clone());
        let mut answer = String::new();
        thread::scope(|scope| {
            scope.spawn(|| server.run(&watch));
            let mut stream = TcpStream::connect(server.address()).unwrap();
            write!(stream, "GET /index.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
            stream.read_to_string(&mut answer).unwrap();
            server.stop();
        });
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(answer.contains("\r\nContent-Length: 11\r\n"), "{answer}");
        assert!(answer.ends_with("\r\n\r\n<p>page</p>"), "{answer}");
        let expected = Request { method: "GET".into(), target: "/index.html".into(), status: 200 };
        assert_eq!(*seen.lock().unwrap(), [expected]);
    }
}
