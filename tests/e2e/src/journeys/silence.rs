//! Nothing leaves the page, whatever the alerts hold.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{Stage, fixture, fixtures};

/// For so many half seconds nothing is asked for once a page has loaded.
const QUIET: u32 = 5;

/// Waits until the page has loaded all that it loads, and the browser keeps it.
async fn loaded(stage: &Stage<'_>) -> Result<usize> {
    stage
        .browser
        .script_later("const done = arguments[0]; navigator.serviceWorker.ready.then(() => done())")
        .await?;
    // Workers start beside the page, on a busy machine long after it.
    let (mut before, mut quiet) = (usize::MAX, 0);
    while quiet < QUIET {
        let now = stage.served.requests().len();
        quiet = if now == before { quiet + 1 } else { 0 };
        before = now;
        sleep(Duration::from_millis(500)).await;
    }
    Ok(before)
}

/// That no request has reached the server since loading.
fn asked_nothing(stage: &Stage<'_>, at_load: usize) -> Result<()> {
    let later = stage.served.asked_since(at_load);
    ensure!(later.is_empty(), "the server was asked for {later:?} after load");
    Ok(())
}

/// That nothing has been asked for since loading that the page does not ask for by itself.
fn values_asked_nothing(stage: &Stage<'_>, at_load: usize) -> Result<()> {
    let later = stage.served.first_asked_since(at_load);
    ensure!(later.is_empty(), "a value made the page ask for {later:?}");
    Ok(())
}

/// What the browser asked for beyond its own data.
fn foreign(addresses: &[String]) -> Vec<&String> {
    addresses
        .iter()
        .filter(|address| !["blob:", "data:"].iter().any(|own| address.starts_with(own)))
        // The look for a newer version, which Firefox takes a moment after a visit.
        .filter(|address| !address.ends_with("/offline.js"))
        .collect()
}

pub async fn no_request_after_load(stage: &Stage<'_>) -> Result<()> {
    let at_load = loaded(stage).await?;
    // The browser's own first tab comes before the page.
    let own = stage.browser.asked_for().await?;
    let of_page: Vec<_> =
        foreign(&own).into_iter().filter(|address| !address.starts_with("chrome:")).collect();
    ensure!(of_page.iter().all(|address| address.starts_with(stage.served.address())), "{of_page:?}");
    stage.browser.choose(&[&fixture("many.jsonl").canonicalize()?]).await?;
    stage.browser.reaches("report").await?;
    stage.browser.download("export-markdown", "falco-report.md").await?;
    stage.browser.download("export-html", "falco-report.html").await?;
    stage.browser.download("export-zip", "falco-mitigations.zip").await?;
    stage.browser.click("share").await?;
    stage.browser.element("share-link").await?;
    stage.browser.press("Escape", 27).await?;
    stage.begin_again().await?;
    stage.browser.click("example-2").await?;
    stage.browser.reaches("report").await?;
    sleep(Duration::from_millis(500)).await;
    asked_nothing(stage, at_load)?;
    let asked = stage.browser.asked_for().await?;
    ensure!(foreign(&asked).is_empty(), "asked after load: {asked:?}");
    Ok(())
}

/// Elements that no report has: they would have come out of a value.
const INTRUDERS: &str = "
    const own = new Set(['H1','H2','H3','H4','P','UL','OL','LI','CODE','PRE','STRONG','EM','A','TABLE','THEAD','TBODY','TR','TH','TD','DETAILS','SUMMARY','svg','rect','path','text']);
    const found = [];
    for (const part of document.querySelectorAll('.prose *'))
        if (!own.has(part.tagName)) found.push(part.outerHTML.slice(0, 200));
    for (const part of document.querySelectorAll('#report *'))
        for (const { name, value } of part.attributes)
            if (name.startsWith('on') || (['src', 'srcset', 'action', 'formaction', 'style'].includes(name) && !name.startsWith('data-')) || (name === 'href' && !value.startsWith('#')))
                found.push(name + '=' + value.slice(0, 200));
    return found;";

pub async fn hostile_values_are_text(stage: &Stage<'_>) -> Result<()> {
    let at_load = loaded(stage).await?;
    stage.browser.asked_for().await?;
    for path in fixtures()?.into_iter().filter(|path| path.to_string_lossy().contains("hostile")) {
        stage.browser.choose(&[&path]).await?;
        stage.browser.reaches("report").await?;
        let parts =
            stage.browser.script("return document.querySelectorAll('.prose *').length", vec![]).await?;
        ensure!(parts.as_u64().is_some_and(|parts| parts > 50), "no report to look at: {parts}");
        let intruders = stage.browser.script(INTRUDERS, vec![]).await?;
        ensure!(intruders.as_array().is_some_and(Vec::is_empty), "{}: {intruders}", path.display());
        stage.begin_again().await?;
    }
    values_asked_nothing(stage, at_load)?;
    let asked = stage.browser.asked_for().await?;
    ensure!(foreign(&asked).is_empty(), "a value caused a request: {asked:?}");
    Ok(())
}

/// Every value of the collection in six places of alerts, few enough a file for the report to show each.
fn hostile_alerts() -> Result<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hostile/values.jsonl");
    let mut lines = Vec::new();
    for (at, line) in std::fs::read_to_string(path)?.lines().enumerate() {
        let line: Value = serde_json::from_str(line)?;
        let value = line.get("value").context("every line has a value")?;
        let rule = if at % 2 == 0 { json!("PTRACE attached to process") } else { value.clone() };
        lines.push(
            json!({
                "rule": rule, "priority": "Warning", "source": "syscall", "hostname": value, "output": value,
                "tags": [value], "time": "2026-01-01T00:00:00Z",
                "output_fields": {
                    "proc.name": value, "proc.cmdline": value, "proc.exepath": value, "container.id": "0123456789ab",
                    "container.image.repository": value, "k8s.ns.name": value, "fd.name": value,
                },
            })
            .to_string(),
        );
    }
    Ok(lines.chunks(40).map(|chunk| chunk.join("\n")).collect())
}

pub async fn the_collection_of_hostile_values_is_text(stage: &Stage<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let files = hostile_alerts()?;
    ensure!(files.len() > 7, "{} files", files.len());
    for (at, alerts) in files.iter().enumerate() {
        // Chromium lets a page download ten files unasked.
        let stage = stage.afresh().await?;
        let asked_at_load = loaded(&stage).await?;
        stage.browser.asked_for().await?;
        let path = folder.path().join("alerts.jsonl");
        std::fs::write(&path, alerts)?;
        stage.browser.choose(&[&path]).await?;
        stage.browser.reaches("report").await?;
        stage.browser.click("tab-report").await?;
        let intruders = stage.browser.script(INTRUDERS, vec![]).await?;
        ensure!(intruders.as_array().is_some_and(Vec::is_empty), "file {at}: {intruders}");

        let page = folder.path().join("report.html");
        std::fs::write(&page, stage.browser.download("export-html", "falco-report.html").await?)?;
        let asked = stage.browser.asked_for().await?;
        ensure!(foreign(&asked).is_empty(), "file {at}: asked for {asked:?}");
        stage.browser.goto(&format!("file://{}", page.display())).await?;
        let active = stage.browser.script(ACTIVE, vec![]).await?;
        ensure!(active.as_array().is_some_and(Vec::is_empty), "file {at}, exported: {active}");
        let asked = stage.browser.asked_for().await?;
        ensure!(
            asked.iter().all(|address| address.starts_with("file:")),
            "file {at}, exported: asked for {asked:?}"
        );
        values_asked_nothing(&stage, asked_at_load).with_context(|| format!("file {at}"))?;
        stage.end().await?;
    }
    Ok(())
}

/// What could act or fetch in an exported page.
const ACTIVE: &str = "
    const found = [];
    for (const part of document.querySelectorAll('script, iframe, object, embed, form, input, button, base, link, img, audio, video, source, use, animate, foreignObject, meta[http-equiv=refresh]'))
        found.push(part.outerHTML.slice(0, 200));
    for (const part of document.querySelectorAll('*'))
        for (const { name, value } of part.attributes)
            if (name.startsWith('on') || ['src', 'srcset', 'action', 'formaction', 'ping', 'background', 'xlink:href'].includes(name) || (name === 'href' && !value.startsWith('#')))
                found.push(name + '=' + value.slice(0, 200));
    return found;";
