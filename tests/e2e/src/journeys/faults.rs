//! What breaks or is refused around the page: it stays usable and says what to do.
//!
//! Workers are broken by a copy of the site whose worker throws when it is told to; everything else by what
//! browsers have: settings of a profile, limits of the engine, files that change.

use std::fs;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use tokio::time::sleep;

use super::{Stage, fixture, loading::large_file, offline::copy_site, sharing::says};
use crate::chromium::Settings;
use crate::served::Served;

const PTRACE: &str = "ptrace_event_generator_kubernetes.json";

/// Lets the test reach the workers of a page.
const KEEP_WORKERS: &str = "
    window.workers = [];
    window.Worker = class extends Worker { constructor(...given) { super(...given); window.workers.push(this); } };";

/// What a worker throws when it is told to.
const FRAGILE: &str = "\naddEventListener('message', ({ data }) => { if (data === 'break') throw new Error('broken on purpose'); });\n";

/// Breaks the worker that was started last.
const BREAK: &str = "window.workers.at(-1).postMessage('break')";

/// A copy of the site whose worker can be broken, in a browser of its own.
struct Fragile<'a> {
    stage: Stage<'a>,
    _folder: tempfile::TempDir,
}

impl<'a> Fragile<'a> {
    async fn start(stage: &Stage<'a>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        copy_site(stage.dist, folder.path())?;
        let script = folder.path().join("worker.js");
        fs::write(&script, fs::read_to_string(&script)? + FRAGILE)?;
        let served = Served::start(folder.path())?;
        let stage = stage.afresh().await?;
        stage.browser.before_pages(KEEP_WORKERS).await?;
        stage.browser.goto(served.address()).await?;
        stage.browser.reaches("welcome").await?;
        Ok(Self { stage, _folder: folder })
    }

    async fn break_worker(&self) -> Result<()> {
        self.stage.browser.script(BREAK, vec![]).await.map(drop)
    }
}

/// Loads one alert and sees its report.
async fn works(stage: &Stage<'_>) -> Result<()> {
    stage.browser.choose(&[&fixture(PTRACE).canonicalize()?]).await?;
    stage.browser.reaches("report").await?;
    says(stage, "report", "looks like test activity").await
}

pub async fn a_worker_that_breaks_while_reading_is_replaced(stage: &Stage<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let large = large_file(folder.path())?;
    let fragile = Fragile::start(stage).await?;
    let stage = &fragile.stage;
    stage.browser.choose(&[&large]).await?;
    stage.browser.reaches("loading").await?;
    stage.browser.element("progress").await?;
    fragile.break_worker().await?;
    stage.browser.reaches("problem").await?;
    for words in ["broken on purpose", "Your alerts were not changed", "Try again"] {
        says(stage, "problem", words).await?;
    }
    // The same again, in a new worker.
    stage.browser.click("again").await?;
    stage.browser.reaches("report").await?;
    stage.browser.click("tab-report").await?;
    stage.begin_again().await?;
    works(stage).await?;
    fragile.stage.end().await
}

pub async fn a_worker_that_breaks_beside_a_report_leaves_it(stage: &Stage<'_>) -> Result<()> {
    let fragile = Fragile::start(stage).await?;
    let stage = &fragile.stage;
    works(stage).await?;
    fragile.break_worker().await?;
    sleep(Duration::from_millis(300)).await;
    ensure!(stage.browser.state().await? == "report", "the report went away");
    let markdown = stage.browser.download("export-markdown", "falco-report.md").await?;
    ensure!(String::from_utf8(markdown)?.contains("looks like test activity"));
    // What needs the alerts says that they are to be loaded again.
    stage.browser.click("export-json").await?;
    let notice = "const done = arguments[arguments.length - 1];
        const look = () => { const text = document.querySelector('.toolbar__notice').textContent; text.includes('could not') ? done(text) : setTimeout(look, 20); };
        look();";
    let notice = stage.browser.script_later(notice).await?.to_string();
    ensure!(notice.contains("Load the alerts again"), "{notice}");
    stage.begin_again().await?;
    works(stage).await?;
    stage.browser.download("export-json", "falco-report.json").await?;
    fragile.stage.end().await
}

/// Cookies refused: Chromium then refuses storage, caches and service workers, too.
pub async fn a_browser_that_keeps_nothing_is_enough(stage: &Stage<'_>) -> Result<()> {
    let blocked = json!({"profile.default_content_setting_values.cookies": 2});
    let stage = stage.with(Settings { preferences: blocked, ..Settings::default() }).await?;
    let kept = "const done = arguments[arguments.length - 1]; let storage = 'given'; try { localStorage.length; } catch { storage = 'refused'; }
        navigator.serviceWorker.getRegistrations().then((all) => done([storage, all.length]), () => done([storage, 0]));";
    let kept = stage.browser.script_later(kept).await?;
    ensure!(kept == json!(["refused", 0]), "the browser keeps something: {kept}");
    works(&stage).await?;
    stage.browser.click("theme").await?;
    stage.browser.click("export-redact").await?;
    stage.end().await
}

pub async fn a_full_storage_is_no_obstacle(stage: &Stage<'_>) -> Result<()> {
    let stage = stage.afresh().await?;
    let full = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };";
    stage.browser.before_pages(full).await?;
    stage.open("").await?;
    stage.browser.click("theme").await?;
    works(&stage).await?;
    let theme = stage.browser.script("return document.documentElement.dataset.theme", vec![]).await?;
    ensure!(theme == "light", "the theme was not taken: {theme}");
    stage.end().await
}

pub async fn a_refused_clipboard_leaves_the_keyboard(stage: &Stage<'_>) -> Result<()> {
    let stage = stage.afresh().await?;
    let refuse =
        "Clipboard.prototype.writeText = () => Promise.reject(new DOMException('denied', 'NotAllowedError'));
        Document.prototype.execCommand = () => false;";
    stage.browser.before_pages(refuse).await?;
    stage.open("").await?;
    works(&stage).await?;
    stage.browser.click("share").await?;
    stage.browser.element("share-link").await?;
    stage.browser.click("share-copy").await?;
    says(&stage, "share-copy", "Press Ctrl+C").await?;
    let selected = "const link = document.getElementById('share-link'); return link.selectionStart === 0 && link.selectionEnd === link.value.length";
    ensure!(stage.browser.script(selected, vec![]).await? == true, "the link is not selected");
    stage.end().await
}

/// The engine gives a module 48 MB; what does not fit ends the worker, not the page.
pub async fn refused_memory_ends_the_worker_alone(stage: &Stage<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("many.jsonl");
    let lines: String = (0..150_000)
        .map(|number| {
            let fields = json!({"proc.cmdline": format!("c{number:0200}")});
            json!({"rule": "R", "output": format!("o{number:0200}"), "output_fields": fields}).to_string()
                + "\n"
        })
        .collect();
    fs::write(&path, lines)?;
    let scarce = Settings { flags: vec!["--js-flags=--wasm-max-mem-pages=768"], ..Settings::default() };
    let stage = stage.with(scarce).await?;
    stage.browser.choose(&[&path]).await?;
    stage.browser.reaches("problem").await?;
    says(&stage, "problem", "load a smaller part of the file").await?;
    stage.begin_again().await?;
    works(&stage).await?;
    stage.end().await
}

pub async fn a_file_that_changes_while_it_is_read_is_said(stage: &Stage<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = large_file(folder.path())?;
    stage.browser.choose(&[&path]).await?;
    stage.browser.reaches("loading").await?;
    stage.browser.element("progress").await?;
    fs::write(&path, "changed")?;
    stage.browser.reaches("problem").await?;
    says(stage, "problem", "files that were moved or changed since you chose them").await?;
    fs::remove_file(&path)?;
    stage.browser.click("again").await?;
    stage.browser.reaches("problem").await?;
    stage.begin_again().await?;
    works(stage).await
}
