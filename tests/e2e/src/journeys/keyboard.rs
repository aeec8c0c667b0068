//! The page without a pointer: what is reached in which order, and that one sees where one is.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{Stage, fixture};

/// Where the focus is after a key: whether it can be seen, and whether it went on in the document's order.
/// A field for files is seen by the button beside it.
const FOCUS: &str = "
    const now = document.activeElement, before = window.focusedBefore;
    window.focusedBefore = now;
    const marked = element => {
        if (!element) return false;
        const { outlineStyle, outlineWidth } = getComputedStyle(element), place = element.getBoundingClientRect();
        return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
            && place.width > 0 && place.bottom > 0 && place.top < innerHeight;
    };
    return {
        id: now.id,
        classes: now.className,

        what: now.outerHTML.slice(0, 120),
        isSeen: now === document.body || marked(now) || now.matches('input[type=file]') && marked(now.nextElementSibling),
        wentBack: !!(before?.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_PRECEDING),
    };";

/// Where the focus is, as [`FOCUS`] tells.
struct Focus(Value);

impl Focus {
    async fn now(stage: &Stage<'_>) -> Result<Self> {
        Ok(Self(stage.browser.script(FOCUS, vec![]).await?))
    }

    fn is(&self, name: &str) -> bool {
        self.text("id") == name || self.text("classes").split(' ').any(|class| class == name)
    }

    fn holds(&self, key: &str) -> bool {
        self.0.get(key) == Some(&Value::Bool(true))
    }

    fn text(&self, key: &str) -> &str {
        self.0.get(key).and_then(Value::as_str).unwrap_or_default()
    }
}

/// Presses Tab until the focus is on an element of this id or class.
async fn on_to(stage: &Stage<'_>, name: &str) -> Result<()> {
    tab_to(stage, name, false).await
}

/// Presses Shift and Tab until it is there.
async fn back_to(stage: &Stage<'_>, name: &str) -> Result<()> {
    tab_to(stage, name, true).await
}

/// On the way the order is that of the document, without a way round its end, and the focus is always seen.
async fn tab_to(stage: &Stage<'_>, name: &str, is_back: bool) -> Result<()> {
    let mut way = Vec::new();
    stage.browser.script("window.focusedBefore = document.activeElement", vec![]).await?;
    for _ in 0..200 {
        stage.browser.press_tab(is_back).await?;
        let focus = Focus::now(stage).await?;
        if !focus.holds("isSeen") {
            // What slides into view takes a moment.
            sleep(Duration::from_millis(400)).await;
            let later = Focus::now(stage).await?;
            ensure!(later.holds("isSeen"), "the focus cannot be seen: {}, after {way:?}", later.0);
        }
        let is_in_order = focus.holds("wentBack") == is_back;
        ensure!(is_in_order, "{name}: the order jumps at {}, after {way:?}", focus.text("what"));
        if focus.is(name) {
            return Ok(());
        }
        way.push(focus.text("what").to_owned());
    }
    anyhow::bail!("{name} cannot be reached with Tab: {way:?}")
}

async fn enter(stage: &Stage<'_>) -> Result<()> {
    stage.browser.press("Enter", 13).await
}

async fn until(stage: &Stage<'_>, condition: &str) -> Result<()> {
    let began = Instant::now();
    while stage.browser.script(&format!("return !!({condition})"), vec![]).await? != json!(true) {
        let focus = "return document.activeElement.outerHTML.slice(0, 200)";
        if began.elapsed() > Duration::from_secs(20) {
            let focus = stage.browser.script(focus, vec![]).await?;
            anyhow::bail!("never came true: {condition}; the focus is on {focus}");
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

pub async fn from_start_to_export_without_a_pointer(stage: &Stage<'_>) -> Result<()> {
    let alerts = fixture("ptrace_event_generator_kubernetes.json");
    on_to(stage, "paste").await?;
    // Keys go to the field that has the focus.
    stage.browser.element("paste").await?.send_keys(std::fs::read_to_string(&alerts)?.trim()).await?;
    on_to(stage, "analyse").await?;
    enter(stage).await?;
    stage.browser.reaches("report").await?;

    on_to(stage, "tab-report").await?;
    stage.browser.press("ArrowRight", 39).await?;
    until(stage, "document.activeElement.id === 'tab-alerts'").await?;
    on_to(stage, "query").await?;
    until(stage, "document.querySelector('.rows__number')?.textContent === '#1'").await?;
    on_to(stage, "rows").await?;
    enter(stage).await?;
    until(stage, "document.querySelector('.fields dd')").await?;

    back_to(stage, "tab-alerts").await?;
    stage.browser.press("ArrowLeft", 37).await?;
    until(stage, "document.activeElement.id === 'tab-report'").await?;
    on_to(stage, "export-markdown").await?;
    let exported = stage.browser.download_after(enter(stage), "falco-report.md").await?;
    let pasted = stage.command_line.report(&alerts, "md").await?.context("the command line has a report")?;
    // What was pasted is called `input`, and is a line end shorter.
    let findings = |report: &[u8]| {
        let report = String::from_utf8_lossy(report);
        report.split_once("Mitigation Strategies").map(|(findings, _)| findings.to_owned())
    };
    ensure!(findings(&exported).is_some() && findings(&exported) == findings(&pasted), "another report");
    Ok(())
}
