//! The server: one thread, one folder, two methods.

use std::convert::Infallible;
use std::io::{ErrorKind, Read};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::{fs, io};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, VARY};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::sync::Notify;
use tokio::task::LocalSet;

use crate::encoding::Encoding;
use crate::headers::{HEADERS, HOSTING_FILE};
use crate::media::media_type;
use crate::resolve::relative_path;

/// Enough for a person who left old servers running.
const PORTS_TRIED: u16 = 100;

/// A request, for a log or a test that counts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// In capitals.
    pub method: String,
    /// The target as it was sent, with its query.
    pub target: String,
    /// What the client is told.
    pub status: u16,
}

/// Serves one folder until [`Server::stop`] or the end of the process.
pub struct Server {
    folder: PathBuf,
    listener: TcpListener,
    address: SocketAddr,
    stop: Notify,
}

impl Server {
    /// Listens on exactly this port; port 0 lets the system choose.
    ///
    /// # Errors
    /// When the port is taken or the address is not this machine's.
    pub fn bind(folder: impl Into<PathBuf>, host: IpAddr, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::new(host, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Self { folder: folder.into(), listener, address, stop: Notify::new() })
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

    /// Answers until stopped, telling `watch` of each request.
    ///
    /// # Errors
    /// When the system gives no means to wait for connections.
    pub fn run(&self, watch: impl Fn(&Request) + 'static) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        runtime.block_on(LocalSet::new().run_until(self.accept(Rc::new(watch))))
    }

    /// Makes [`Server::run`] return.
    pub fn stop(&self) {
        self.stop.notify_one();
    }

    /// Every connection is a task of its own: browsers open some that they leave idle.
    async fn accept(&self, watch: Rc<impl Fn(&Request) + 'static>) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener.try_clone()?)?;
        loop {
            let stream = tokio::select! {
                () = self.stop.notified() => return Ok(()),
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    // A client that was gone before it was greeted.
                    Err(_) => continue,
                },
            };
            let (folder, watch) = (self.folder.clone(), Rc::clone(&watch));
            let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                let answer = answer(&folder, &request, &*watch);
                async move { Ok::<_, Infallible>(answer) }
            });
            tokio::task::spawn_local(async move {
                // A client that went away is not the server's trouble.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    }
}

type Answer = Response<Full<Bytes>>;

fn answer<B>(folder: &Path, request: &hyper::Request<B>, watch: &dyn Fn(&Request)) -> Answer {
    let target = request.uri().to_string();
    let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let answer = respond(folder, request.method(), &target, accepted.unwrap_or_default());
    watch(&Request { method: request.method().to_string(), target, status: answer.status().as_u16() });
    answer
}

fn respond(folder: &Path, method: &Method, target: &str, accepted: &str) -> Answer {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return message(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are answered here.\n");
    }
    let Some(path) = relative_path(target).filter(|path| path != Path::new(HOSTING_FILE)) else {
        return message(StatusCode::NOT_FOUND, "There is nothing here.\n");
    };
    let file = folder.join(&path);
    for form in Encoding::accepted(accepted) {
        if let Some(bytes) = read(&file, form) {
            let mut answer = reply(StatusCode::OK, media_type(&path), bytes);
            answer.headers_mut().insert(VARY, HeaderValue::from_static("Accept-Encoding"));
            if form != Encoding::Identity {
                answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(form.token()));
            }
            return answer;
        }
    }
    message(StatusCode::NOT_FOUND, "There is nothing here.\n")
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

fn message(status: StatusCode, text: &str) -> Answer {
    reply(status, "text/plain; charset=utf-8", text.as_bytes().to_vec())
}

/// File names outlive their content (a hash covers only what cargo built), so nothing is cached
/// without asking.
fn reply(status: StatusCode, media: &'static str, bytes: Vec<u8>) -> Answer {
    let mut answer = Response::new(Full::from(bytes));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use std::io::Write;
    use std::net::{Ipv4Addr, TcpStream};
    use std::sync::mpsc;
    use std::thread;

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
        let answer = respond(folder.path(), &Method::GET, target, accepted);
        let value = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(value("Content-Type"), Some(media), "{target}");
        for (name, expected) in HEADERS {
            assert_eq!(value(name), Some(expected), "{target}");
        }
        assert_eq!(answer.status().as_u16(), status, "{target}");
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let bytes = runtime.block_on(answer.into_body().collect()).unwrap().to_bytes();
        assert_eq!(bytes, body, "{target}");
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

    fn ask(server: &Server) -> String {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        write!(stream, "GET /index.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_real_client_is_answered_and_counted() {
        let folder = site();
        let server = Server::bind(folder.path(), HOST, 0).unwrap();
        let (sender, seen) = mpsc::channel();
        let answer = thread::scope(|scope| {
            scope.spawn(|| server.run(move |request| sender.send(request.clone()).unwrap()));
            let answer = ask(&server);
            server.stop();
            answer
        });
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(answer.contains("\r\ncontent-length: 11\r\n"), "{answer}");
        assert!(answer.ends_with("\r\n\r\n<p>page</p>"), "{answer}");
        let expected = Request { method: "GET".into(), target: "/index.html".into(), status: 200 };
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [expected]);
    }

    #[test]
    fn connections_that_say_nothing_keep_nobody_waiting() {
        let folder = site();
        let server = Server::bind(folder.path(), HOST, 0).unwrap();
        let answer = thread::scope(|scope| {
            scope.spawn(|| server.run(|_| ()));
            let silent: Vec<_> = (0..50).map(|_| TcpStream::connect(server.address()).unwrap()).collect();
            let answer = ask(&server);
            drop(silent);
            server.stop();
            answer
        });
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
}
