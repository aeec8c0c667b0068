//! Whatever script ran in the page or its worker: what could it reach?
//!
//! An ear listens on a port of its own, on which a browser that is let out shows as a connection. Three things
//! no policy of a page stops, here or elsewhere: that it goes to another address as a whole (which a person
//! sees), that it asks its own origin (from which it came), and that `WebRTC` or `preconnect` touches an address
//! without a request. What of the last kind happens is printed.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::time::sleep;

use super::{Stage, offline::copy_site};
use crate::served::Served;

/// Ways out that a page and a worker have alike. Each promise is kept only where something was reached.
const PROBES: &str = "
const either = (start) => new Promise((yes, no) => { const one = start(); one.onload = one.onopen = yes; one.onerror = no; setTimeout(no, 4000); });
const probes = {
  fetch: (to) => fetch(`http://${to}/fetch`, { mode: 'no-cors' }),
  XMLHttpRequest: (to) => either(() => { const ask = new XMLHttpRequest(); ask.open('GET', `http://${to}/xhr`); setTimeout(() => ask.send()); return ask; }),
  WebSocket: (to) => either(() => new WebSocket(`ws://${to}/socket`)),
  EventSource: (to) => either(() => new EventSource(`http://${to}/events`)),
  'import over the network': (to) => import(`http://${to}/module.js`),
  'import of data': () => import('data:text/javascript,export default 1'),
  eval: async () => eval('1'),
  Function: async () => new Function('return 1')(),
};
const tried = async (to, all) => {
  const outcome = {};
  for (const [name, start] of Object.entries(all))
    try { await start(to); outcome[name] = 'reached'; } catch { outcome[name] = 'refused'; }
  return outcome;
};
";

/// Those that only a page has.
const PAGE_PROBES: &str = "
const element = (name, more) => either(() => { const one = Object.assign(document.createElement(name), more); document.body.append(one); return one; });
const page = {
  image: (to) => element('img', { src: `http://${to}/image.png` }),
  script: (to) => element('script', { src: `http://${to}/script.js` }),
  'inline script': () => new Promise((yes, no) => { window.ran = yes; element('script', { textContent: 'window.ran()' }); setTimeout(no, 500); }),
  stylesheet: (to) => element('link', { rel: 'stylesheet', href: `http://${to}/style.css` }),
  font: (to) => new FontFace('far', `url(http://${to}/font.woff2)`).load(),
  video: (to) => element('video', { src: `http://${to}/video.mp4`, onloadeddata: null }),
  'worker of data': () => new Promise((yes, no) => { const one = new Worker('data:text/javascript,postMessage(1)'); one.onmessage = yes; one.onerror = no; }),
  'worker over the network': (to) => new Promise((yes, no) => { const one = new Worker(`http://${to}/worker.js`); one.onmessage = yes; one.onerror = no; }),
};
";

/// Those that tell nobody how it went; each has an ear of its own, at `to`.
const SILENT: [(&str, &str); 16] = [
    ("beacon", "navigator.sendBeacon(`http://${to}/`, 'x')"),
    ("form", "const form = put('form', { action: `http://${to}/`, method: 'post' }); form.submit()"),
    ("frame", "put('iframe', { src: `http://${to}/` })"),
    ("object", "put('object', { data: `http://${to}/` })"),
    ("embed", "put('embed', { src: `http://${to}/` })"),
    ("audio", "put('audio', { src: `http://${to}/` })"),
    ("picture of a style", "put('div', { style: `background: url(http://${to}/)` })"),
    ("set of pictures", "put('img', { srcset: `http://${to}/ 2x` })"),
    ("ping", "put('a', { href: '#', ping: `http://${to}/` }).click()"),
    ("prefetch", "put('link', { rel: 'prefetch', href: `http://${to}/` })"),
    ("preload", "put('link', { rel: 'preload', as: 'image', href: `http://${to}/` })"),
    ("module ahead", "put('link', { rel: 'modulepreload', href: `http://${to}/` })"),
    ("icon", "put('link', { rel: 'icon', href: `http://${to}/` })"),
    ("manifest", "put('link', { rel: 'manifest', href: `http://${to}/` })"),
    (
        "reports",
        "put('meta', { httpEquiv: 'Content-Security-Policy', content: `img-src 'none'; report-uri http://${to}/` }); put('img', { src: 'x.png' })",
    ),
    ("beacon on leaving", "fetch(`http://${to}/`, { keepalive: true, mode: 'no-cors' }).catch(() => {})"),
];

/// What browsers connect for ahead of the policy's refusal.
const CONNECTS_AHEAD: [&str; 2] = ["form", "frame"];

/// What stays possible: says so to an ear of its own.
const UNSTOPPED: &str = "
const [preconnect, stun, done] = arguments;
document.head.append(Object.assign(document.createElement('link'), { rel: 'preconnect', href: `http://${preconnect}` }));
(async () => {
  try {
    const far = new RTCPeerConnection({ iceServers: [{ urls: `stun:${stun}` }] });
    far.createDataChannel('x');
    await far.setLocalDescription(await far.createOffer());
  } catch {}
  setTimeout(done, 2000);
})();";

/// Hears connections and datagrams at an address of its own, and keeps how each began.
struct Ear {
    address: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Ear {
    fn of_connections() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let ear = Self { address: listener.local_addr()?.to_string(), heard: Arc::default() };
        let heard = Arc::clone(&ear.heard);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut first = [0; 64];
                // A connection without a request says nothing for now.
                let _ = stream.set_read_timeout(Some(Duration::from_millis(300)));
                let length = stream.read(&mut first).unwrap_or_default();
                let first = String::from_utf8_lossy(first.get(..length).unwrap_or_default()).into_owned();
                heard.lock().unwrap_or_else(PoisonError::into_inner).push(first);
                // Whoever was let out learns so.
                let _ =
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            }
        });
        Ok(ear)
    }

    fn of_datagrams() -> Result<Self> {
        let socket = UdpSocket::bind(("127.0.0.1", 0))?;
        let ear = Self { address: socket.local_addr()?.to_string(), heard: Arc::default() };
        let heard = Arc::clone(&ear.heard);
        thread::spawn(move || {
            while socket.recv(&mut [0; 2048]).is_ok() {
                heard.lock().unwrap_or_else(PoisonError::into_inner).push(String::new());
            }
        });
        Ok(ear)
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn heard_nothing(&self, of: &str) -> Result<()> {
        let heard = self.heard();
        ensure!(heard.is_empty(), "{of} was heard: {heard:?}");
        Ok(())
    }
}

/// That every way out was tried and refused.
fn all_refused(place: &str, outcome: &Value, at_least: usize) -> Result<()> {
    let outcome = outcome.as_object().with_context(|| format!("{place}: {outcome}"))?;
    ensure!(outcome.len() >= at_least, "{place}: only {outcome:?} were tried");
    let reached: Vec<_> = outcome.iter().filter(|(_, how)| *how != "refused").collect();
    ensure!(reached.is_empty(), "{place} reached {reached:?}");
    Ok(())
}

/// Tries all ways out of the page that is shown.
async fn probe_page(stage: &Stage<'_>, place: &str, ear: &Ear) -> Result<()> {
    let to = &ear.address;
    let script = format!(
        "{PROBES}{PAGE_PROBES} const done = arguments[arguments.length - 1];
        tried('{to}', {{ ...probes, ...page }}).then(done);"
    );
    all_refused(place, &stage.browser.script_later(&script).await?, 15)?;
    ear.heard_nothing(place)?;

    let mut ears = Vec::new();
    for (name, way) in SILENT {
        let ear = Ear::of_connections()?;
        let script = format!(
            "const to = '{}', put = (name, more) => {{ const one = Object.assign(document.createElement(name), more); document.body.append(one); return one; }};
            try {{ {way} }} catch {{ }}",
            ear.address
        );
        stage.browser.script(&script, vec![]).await?;
        ears.push((name, ear));
    }
    sleep(Duration::from_secs(2)).await;
    let mut bare = Vec::new();
    for (name, ear) in ears {
        let heard = ear.heard();
        ensure!(heard.iter().all(String::is_empty), "{place} made a request, {name}: {heard:?}");
        if !heard.is_empty() {
            bare.push(name);
        }
    }
    // The browser connects before it looks at the policy, and then sends nothing.
    ensure!(bare.iter().all(|name| CONNECTS_AHEAD.contains(name)), "{place} connected: {bare:?}");
    println!("   {place}: refused, though the browser had connected: {bare:?}");
    Ok(())
}

/// A worker of what is shown, started by a script and asked to try its ways out.
fn ask_worker(start: &str, to: &str) -> String {
    format!(
        "const done = arguments[arguments.length - 1];
        const worker = {start};
        worker.addEventListener('message', ({{ data }}) => {{ if (data.tried) done(data.tried); }});
        worker.addEventListener('error', ({{ message }}) => done(`no worker: ${{message}}`));
        worker.postMessage({{ probe: '{to}' }});"
    )
}

/// What a worker's script needs for that.
fn probing_worker() -> String {
    format!(
        "{PROBES} addEventListener('message', ({{ data }}) => {{ if (data.probe) tried(data.probe, probes).then((tried) => postMessage({{ tried }})); }});\n"
    )
}

pub async fn page_and_worker_of_the_site_reach_nothing_else(stage: &Stage<'_>) -> Result<()> {
    let copy = tempfile::tempdir()?;
    copy_site(stage.dist, copy.path())?;
    std::fs::write(copy.path().join("probe.js"), probing_worker())?;
    let (served, ear) = (Served::start(copy.path())?, Ear::of_connections()?);
    // What is refused is said in the console, which would count as a complaint.
    let stage = stage.afresh().await?;
    stage.browser.goto(served.address()).await?;
    stage.browser.reaches("welcome").await?;
    // A worker has the policy of its own response.
    let outcome = stage.browser.script_later(&ask_worker("new Worker('./probe.js')", &ear.address)).await?;
    all_refused("the worker", &outcome, 8)?;
    probe_page(&stage, "the page", &ear).await?;
    ear.heard_nothing("the site")?;
    let left = stage.browser.script("return location.href", vec![]).await?;
    let stayed = left.as_str().is_some_and(|left| left.starts_with(served.address()));
    ensure!(stayed, "the form led to {left}");

    let (preconnect, stun) = (Ear::of_connections()?, Ear::of_datagrams()?);
    let script = UNSTOPPED
        .replace("[preconnect, stun, done] = arguments", "done = arguments[0]")
        .replace("${preconnect}", &preconnect.address)
        .replace("${stun}", &stun.address);
    stage.browser.script_later(&script).await?;
    println!(
        "   no policy stops: preconnect ({} connections without a request), WebRTC ({} datagrams)",
        preconnect.heard().len(),
        stun.heard().len()
    );
    stage.browser.close().await
}

pub async fn page_and_worker_of_the_single_file_reach_nothing(stage: &Stage<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("falco-report.html");
    std::fs::copy(stage.single_file, &file)?;
    let (own, ear) = (Served::start(Path::new(stage.dist))?, Ear::of_connections()?);
    let stage = stage.afresh().await?;
    stage.browser.goto(&format!("file://{}", file.display())).await?;
    stage.browser.reaches("welcome").await?;
    let source = serde_json::to_string(&probing_worker())?;
    let start =
        format!("new Worker(URL.createObjectURL(new Blob([{source}], {{ type: 'text/javascript' }})))");
    let outcome = stage.browser.script_later(&ask_worker(&start, &ear.address)).await?;
    all_refused("the worker of the file", &outcome, 8)?;
    probe_page(&stage, "the file", &ear).await?;
    sleep(Duration::from_millis(500)).await;
    ear.heard_nothing("the file")?;
    ensure!(own.requests().is_empty(), "the file asked a site");
    stage.browser.close().await
}
