//! What is looked at: the view in the address, the overview that comes first, a span of time.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::desk::{load, says, until};
use super::{Stage, fixture};

/// Waits until the address ends so.
async fn address_is(stage: &Stage<'_>, fragment: &str) -> Result<()> {
    until(stage, &format!("location.hash === {}", json!(fragment))).await
}

async fn go(stage: &Stage<'_>, steps: i32) -> Result<()> {
    stage.browser.script("history.go(arguments[0])", vec![json!(steps)]).await.map(drop)
}

/// Loads the noisy day of the first page.
async fn noisy_day(stage: &Stage<'_>) -> Result<()> {
    stage.browser.click("example-2").await?;
    stage.browser.reaches("report").await?;
    until(stage, "document.getElementById('brush') && document.getElementById('matrix')").await
}

pub async fn the_address_holds_the_view(stage: &Stage<'_>) -> Result<()> {
    load(stage, "many.jsonl", "tab-alerts").await?;
    address_is(stage, "#v1?tab=alerts").await?;
    let entries = stage.browser.script("return history.length", vec![]).await?;
    stage.browser.element("query").await?.send_keys("proc.name = gdb").await?;
    address_is(stage, "#v1?tab=alerts&q=proc.name%20=%20gdb").await?;
    let sort =
        "[...document.querySelectorAll('.grid__sort')].find(head => head.textContent === 'Time').click()";
    stage.browser.script(sort, vec![]).await?;
    until(stage, "document.querySelector('[aria-sort=\"ascending\"]')").await?;
    stage.browser.script(sort, vec![]).await?;
    until(stage, "document.querySelector('.rows__number')").await?;
    stage.browser.script("document.querySelector('.rows__number').click()", vec![]).await?;
    until(stage, "/^#v1.tab=alerts&q=proc.name%20=%20gdb&sort=-time&alert=[0-9]+$/.test(location.hash)")
        .await?;
    ensure!(
        stage.browser.script("return history.length", vec![]).await? == entries,
        "typing, sorting and opening made entries of the history"
    );
    let view = stage.browser.script("return location.hash", vec![]).await?;

    stage.browser.click("tab-lab").await?;
    until(stage, "location.hash.startsWith('#v1?tab=lab&')").await?;
    go(stage, -1).await?;
    until(stage, "!document.getElementById('panel-alerts').hidden").await?;
    until(stage, &format!("location.hash === {view}")).await?;
    go(stage, -1).await?;
    until(stage, "!document.getElementById('panel-report').hidden").await?;
    address_is(stage, "#v1?tab=report").await?;
    // Before the report there was the first page; the report is still there.
    go(stage, -1).await?;
    stage.browser.reaches("welcome").await?;
    go(stage, 2).await?;
    stage.browser.reaches("report").await?;
    until(stage, "document.getElementById('query')?.value === 'proc.name = gdb'").await?;
    until(stage, "document.getElementById('details')").await?;

    // A place in the report is found from another tab, too.
    stage.browser.script("location.hash = 'mitigation-strategies'", vec![]).await?;
    until(stage, "!document.getElementById('panel-report').hidden").await?;
    until(
        stage,
        "Math.abs(document.getElementById('mitigation-strategies').getBoundingClientRect().top) < 400",
    )
    .await?;
    address_is(stage, "#mitigation-strategies").await?;

    // The same address in another window waits for the same alerts.
    stage.browser.goto("about:blank").await?;
    stage.open(view.as_str().unwrap_or_default()).await?;
    stage.browser.reaches("welcome").await?;
    stage.browser.choose(&[&fixture("many.jsonl").canonicalize()?]).await?;
    stage.browser.reaches("report").await?;
    until(stage, "document.getElementById('query')?.value === 'proc.name = gdb'").await?;
    until(stage, "document.getElementById('details')").await?;
    says(stage, "found", "The condition holds for").await?;
    until(stage, &format!("location.hash === {view}")).await?;

    // What is not written so is shown to nobody, and goes away.
    stage.browser.script("location.hash = 'v1?tab=lab&q=%zz'", vec![]).await?;
    until(stage, &format!("location.hash === {view}")).await?;
    until(stage, "!document.getElementById('panel-alerts').hidden").await
}

pub async fn many_alerts_begin_with_the_overview(stage: &Stage<'_>) -> Result<()> {
    noisy_day(stage).await?;
    until(stage, "!document.getElementById('panel-overview').hidden").await?;
    address_is(stage, "#v1?tab=overview").await?;
    let first =
        stage.browser.script("return document.querySelector('.overview__finding').innerText", vec![]).await?;
    ensure!(first.as_str().is_some_and(|text| text.contains("Drop and execute new binary")), "{first}");
    stage.browser.script("document.querySelector('.matrix__cell button').click()", vec![]).await?;
    until(stage, "document.getElementById('found')?.textContent.includes(' are so.')").await?;
    go(stage, -1).await?;
    until(stage, "!document.getElementById('panel-overview').hidden").await?;
    stage.browser.click("tab-report").await?;
    stage.begin_again().await?;
    load(stage, "many.jsonl", "tab-report").await?;
    address_is(stage, "#v1?tab=report").await
}

/// Drags over the histogram from one share of its width to another.
const DRAG: &str = "
    const plot = document.getElementById('brush'), { left, top, width } = plot.getBoundingClientRect();
    const at = (type, share, buttons) => plot.dispatchEvent(new PointerEvent(type, { bubbles: true, composed: true,
        pointerId: 1, pointerType: 'mouse', button: type === 'pointermove' ? -1 : 0, buttons,
        clientX: left + share * width, clientY: top + 20 }));
    at('pointerdown', arguments[0], 1); at('pointermove', arguments[1], 1); at('pointerup', arguments[1], 0);";

const SLIDERS: &str =
    "return [...document.querySelectorAll('.overview__slider')].map(slider => +slider.value)";

pub async fn a_span_is_chosen_with_the_pointer(stage: &Stage<'_>) -> Result<()> {
    noisy_day(stage).await?;
    stage
        .browser
        .script("document.getElementById('brush').scrollIntoView({block: 'center'})", vec![])
        .await?;
    stage.browser.script(DRAG, vec![json!(0.75), json!(0.5)]).await?;
    sleep(Duration::from_millis(100)).await;
    let sliders = stage.browser.script(SLIDERS, vec![]).await?;
    let place = |at: &str| sliders.pointer(at).and_then(Value::as_u64).unwrap_or_default();
    ensure!(place("/0") > place("/1") && place("/1") > 0, "the sliders did not follow: {sliders}");
    let said = stage
        .browser
        .script("return document.querySelector('.overview__span output').textContent", vec![])
        .await?;
    ensure!(!said.to_string().contains("T0") && said.to_string().contains("(UTC): "), "{said}");
    let press = |words: &str| {
        format!(
            "[...document.querySelectorAll('.overview__span button')].find(one => one.textContent === '{words}').click()"
        )
    };
    stage.browser.script(&press("Zoom in"), vec![]).await?;
    until(stage, "document.querySelectorAll('.overview__slider')[0].value === '0'").await?;
    let narrow = "document.querySelector('.overview summary').textContent";
    let zoomed = stage.browser.script(&format!("return {narrow}"), vec![]).await?;
    let twice = "document.getElementById('brush').dispatchEvent(new MouseEvent('dblclick', { bubbles: true, composed: true }))";
    stage.browser.script(twice, vec![]).await?;
    until(stage, &format!("{narrow} !== {zoomed}")).await
}

pub async fn a_folder_is_chosen(stage: &Stage<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir(folder.path().join("node-1"))?;
    std::fs::copy(fixture("custom_rule.json"), folder.path().join("node-1/alerts.json"))?;
    std::fs::copy(fixture("ptrace_event_generator_kubernetes.json"), folder.path().join("b.json"))?;
    let field = stage.browser.element("folder-input").await?;
    field.send_keys(&folder.path().display().to_string()).await?;
    stage.browser.reaches("report").await?;
    let exported = stage.browser.download("export-json", "falco-report.json").await?;
    let expected = stage.command_line.report(folder.path(), "json").await?;
    ensure!(Some(exported) == expected, "the page and the command line differ on a folder");
    Ok(())
}

pub async fn pictures_of_start_and_overview(stage: &Stage<'_>) -> Result<()> {
    for width in [360, 768, 1280, 1920] {
        for scheme in ["light", "dark"] {
            stage.browser.resize(width, 900).await?;
            stage.browser.prefer(scheme).await?;
            stage.browser.screenshot(&format!("start-{width}-{scheme}")).await?;
            noisy_day(stage).await?;
            let wide = stage.browser.script("return document.documentElement.scrollWidth", vec![]).await?;
            ensure!(
                wide.as_u64().is_some_and(|wide| wide <= u64::from(width)),
                "{wide} pixels wide at {width}"
            );
            stage.browser.screenshot(&format!("overview-{width}-{scheme}")).await?;
            stage.browser.script("document.getElementById('matrix').scrollIntoView()", vec![]).await?;
            stage.browser.screenshot(&format!("matrix-{width}-{scheme}")).await?;
            stage.browser.click("tab-report").await?;
            stage.begin_again().await?;
        }
    }
    Ok(())
}
