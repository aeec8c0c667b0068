//! Without a network: the site that was visited before, and the app as one file on a disk.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::time::{sleep, timeout};

use super::{Stage, fixture};
use crate::served::Served;

const KEPT: &str = "const done = arguments[arguments.length - 1];
    navigator.serviceWorker.ready.then(() => caches.keys()).then(done);";

/// Waits until the browser keeps the site, and answers in how many caches.
async fn kept(stage: &Stage<'_>) -> Result<usize> {
    let caches = stage.browser.script_later(KEPT).await?;
    Ok(caches.as_array().map_or(0, Vec::len))
}

pub async fn the_site_starts_without_a_network(stage: &Stage<'_>) -> Result<()> {
    ensure!(kept(stage).await? == 1, "the site is kept in one cache");
    let before = stage.served.requests().len();
    stage.browser.cut_network().await?;
    stage.open("").await?;
    let path = fixture("ptrace_event_generator_kubernetes.json").canonicalize()?;
    stage.browser.choose(&[&path]).await?;
    stage.browser.reaches("report").await?;
    let asked = stage.served.asked_since(before);
    ensure!(asked.is_empty(), "asked for {asked:?}");
    Ok(())
}

pub async fn a_newer_version_is_told_and_then_taken(stage: &Stage<'_>) -> Result<()> {
    let copy = tempfile::tempdir()?;
    copy_site(stage.dist, copy.path())?;
    let served = Served::start(copy.path())?;
    stage.browser.goto(served.address()).await?;
    stage.browser.reaches("welcome").await?;
    ensure!(kept(stage).await? == 1, "the site is kept in one cache");

    let script = copy.path().join("offline.js");
    let newer = fs::read_to_string(&script)?.replace("const VERSION = \"", "const VERSION = \"newer-");
    fs::write(&script, newer)?;
    stage.browser.goto(served.address()).await?;
    stage.browser.reaches("welcome").await?;
    let told = stage.browser.element("update").await?;
    let shown = async {
        while !told.is_displayed().await? {
            sleep(Duration::from_millis(50)).await;
        }
        anyhow::Ok(())
    };
    timeout(Duration::from_secs(30), shown).await.context("the newer version was not told")??;
    ensure!(told.text().await?.contains("newer version"), "the notice names it");
    ensure!(kept(stage).await? == 2, "both versions are kept while the older one is open");

    // Leaving closes the only tab of the older version.
    stage.browser.goto("about:blank").await?;
    stage.browser.goto(served.address()).await?;
    stage.browser.reaches("welcome").await?;
    let taken = async {
        while kept(stage).await? != 1 {
            sleep(Duration::from_millis(50)).await;
        }
        anyhow::Ok(())
    };
    timeout(Duration::from_secs(30), taken).await.context("the older version is still kept")?
}

/// The site without its packed forms: the server then sends the files themselves.
pub(super) fn copy_site(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let is_packed = path.extension().is_some_and(|extension| extension == "gz" || extension == "br");
        if path.is_file() && !is_packed {
            fs::copy(&path, to.join(path.file_name().unwrap_or_default()))?;
        }
    }
    Ok(())
}

pub async fn one_file_works_from_a_disk(stage: &Stage<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("falco-report.html");
    fs::copy(stage.single_file, &file)?;
    // The site itself is first read to its end.
    kept(stage).await?;
    while !stage.browser.asked_for().await?.is_empty() {
        sleep(Duration::from_secs(1)).await;
    }
    stage.browser.goto(&format!("file://{}", file.display())).await?;
    stage.browser.reaches("welcome").await?;
    let path = fixture("many.jsonl").canonicalize()?;
    stage.browser.choose(&[&path]).await?;
    stage.browser.reaches("report").await?;
    let expected = stage.command_line.report(&path, "md").await?.context("the command line has a report")?;
    let exported = stage.browser.download("export-markdown", "falco-report.md").await?;
    ensure!(exported == expected, "the file's report differs from the command line's");
    let asked: Vec<String> = stage.browser.asked_for().await?;
    let elsewhere: Vec<&String> = asked
        .iter()
        .filter(|address| !address.starts_with("file:") && !address.starts_with("blob:"))
        .collect();
    ensure!(elsewhere.is_empty(), "asked for {elsewhere:?}");
    // Firefox notes what goes over the network, and a file does not.
    let once = usize::from(!stage.is_firefox());
    let files = asked.iter().filter(|address| address.starts_with("file:")).count();
    ensure!(files == once, "asked for {asked:?}");
    Ok(())
}
