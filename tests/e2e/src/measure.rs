//! Measures the page with large files, for `cargo xtask bench`: one line of JSON.
//!
//! Chromium reads the same bytes twice, in the same tab: as anyone could, with `JSON.parse` for each line and
//! a `Map` that counts, and by choosing the file in the page, to the finished report. Of several rounds the
//! fastest counts, because whatever else the machine does can only slow one down.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::browser::{Browser, Driver};
use crate::served::Served;

/// Reading a gigabyte on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(600);

const PAUSE: Duration = Duration::from_millis(100);

/// How often each thing is measured.
const ROUNDS: usize = 3;

/// Notes when loading began and when the report was there, and how long the page was busy at a time.
const WATCH: &str = "
    window.longest = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
    }).observe({ type: 'longtask' });
    const begin = () => { window.began = performance.now(); window.longest = 0; };
    document.addEventListener('change', begin, true);
    document.addEventListener('paste', begin, true);
    new MutationObserver(() => {
        if (document.body.dataset.state === 'report') window.ended ??= performance.now();
    }).observe(document.body, { attributes: true, attributeFilter: ['data-state'] });
";

/// Counts alerts by rule and process, as a script for the purpose would; milliseconds.
const COUNT: &str = "
    const done = arguments[arguments.length - 1];
    (async () => {
        const file = document.getElementById('measured').files[0];
        const counts = new Map(), decoder = new TextDecoder(), began = performance.now();
        let rest = '';
        for (let at = 0; at < file.size; at += 8 << 20) {
            const bytes = await file.slice(at, at + (8 << 20)).arrayBuffer();
            const lines = (rest + decoder.decode(bytes, { stream: true })).split('\\n');
            rest = lines.pop();
            for (const line of lines) {
                const alert = JSON.parse(line);
                const key = alert.rule + '\\0' + alert.output_fields['proc.name'];
                counts.set(key, (counts.get(key) ?? 0) + 1);
            }
        }
        done(performance.now() - began);
    })();
";

/// Measures with a file for speed, one for memory and one alert to paste.
pub async fn run(driver: &Driver, served: &Served, file: &Path, large: &Path, alert: &Path) -> Result<Value> {
    let mut parsed = f64::INFINITY;
    let (mut alone, mut pool) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let browser = open(driver, served, Some(1)).await?;
        parsed = parsed.min(count(&browser, file).await?);
        alone = alone.min(load(&browser, file).await?.0);
        browser.close().await?;
        let browser = open(driver, served, None).await?;
        pool = pool.min(load(&browser, file).await?.0);
        browser.close().await?;
    }
    let browser = open(driver, served, None).await?;
    let before = driver.peak_memory()?;
    let (_, longest) = load(&browser, large).await?;
    let peak = driver.peak_memory()?;
    browser.close().await?;
    let text = std::fs::read_to_string(alert)?;
    let mut pasted = f64::INFINITY;
    for _ in 0..ROUNDS {
        let browser = open(driver, served, None).await?;
        // The worker gets ready while a person looks for an alert.
        sleep(Duration::from_secs(1)).await;
        browser.paste(&text).await?;
        pasted = pasted.min(ended(&browser).await?.0);
        browser.close().await?;
    }
    Ok(json!({
        "parsed_ms": parsed.round(), "alone_ms": alone.round(), "pool_ms": pool.round(),
        "empty_kb": before, "peak_kb": peak, "longest_ms": longest.round(), "pasted_ms": pasted.round(),
    }))
}

/// The page, in a browser of its own; with so many cores as far as it knows.
async fn open(driver: &Driver, served: &Served, cores: Option<u32>) -> Result<Browser> {
    let browser = driver.browser().await?;
    if let Some(cores) = cores {
        let source = format!(
            "Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', {{ get: () => {cores} }});"
        );
        browser.before_pages(&source).await?;
    }
    browser.goto(served.address()).await?;
    browser.reaches("welcome").await?;
    browser.script(WATCH, vec![]).await?;
    Ok(browser)
}

async fn count(browser: &Browser, file: &Path) -> Result<f64> {
    let field = "const field = document.createElement('input'); field.type = 'file'; field.id = 'measured';
        document.body.append(field);";
    browser.script(field, vec![]).await?;
    browser.element("measured").await?.send_keys(&file.display().to_string()).await?;
    browser.patient().await?;
    let time = browser.script_later(COUNT).await?;
    browser.script("document.getElementById('measured').remove()", vec![]).await?;
    time.as_f64().context("the count has no time")
}

/// Milliseconds to the report of a file, and those of the longest task meanwhile.
async fn load(browser: &Browser, file: &Path) -> Result<(f64, f64)> {
    browser.choose(&[file]).await?;
    ended(browser).await
}

async fn ended(browser: &Browser) -> Result<(f64, f64)> {
    let waited = timeout(PATIENCE, async {
        loop {
            let times = browser
                .script("return window.ended ? [window.ended - window.began, window.longest] : null", vec![])
                .await?;
            if let Some(times) = times.as_array() {
                let time = |at: usize| times.get(at).and_then(Value::as_f64).unwrap_or_default();
                return Ok((time(0), time(1)));
            }
            sleep(PAUSE).await;
        }
    });
    waited.await.context("the report was never there")?
}
