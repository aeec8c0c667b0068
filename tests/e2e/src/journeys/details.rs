//! The alert beside the table: its ancestors, its text, and the others of its finding.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::Stage;
use super::desk::{load, says, until};

const MANY: &str = "many.jsonl";

/// Alerts with ancestors, one of them with markup for a name.
const LINEAGE: &str = r#"{"rule":"R","priority":"Notice","output":"o","time":"2025-01-01T00:00:00Z","output_fields":{"proc.name":"nc","proc.pname":"<img src=x onerror=alert(1)>","proc.aname[2]":"sshd","proc.aname[5]":"systemd","proc.apid[5]":1,"proc.cmdline":"nc -l \u202e 1","proc.pid":70}}"#;

pub async fn an_alert_says_where_its_process_comes_from(stage: &Stage<'_>) -> Result<()> {
    let file = tempfile::Builder::new().suffix(".json").tempfile()?;
    std::fs::write(file.path(), LINEAGE)?;
    stage.browser.choose(&[file.path()]).await?;
    stage.browser.reaches("report").await?;
    stage.browser.click("tab-alerts").await?;
    until(stage, "document.querySelector('.rows__number')?.textContent === '#1'").await?;
    stage.browser.script("document.querySelector('.rows__number').click()", vec![]).await?;
    says(stage, "details", "Alert #1").await?;
    let tree = "return [...document.querySelectorAll('#lineage li')].map(item => item.firstElementChild.textContent.trim())";
    let tree: Vec<String> = serde_json::from_value(stage.browser.script(tree, vec![]).await?)?;
    ensure!(
        tree == [
            "systemd 1",
            "2 ancestors of which nothing is said",
            "sshd",
            "<img src=x onerror=alert(1)>",
            "nc 70"
        ],
        "{tree:?}"
    );
    let depth = "return document.querySelectorAll('#lineage ul ul ul ul ul').length";
    ensure!(stage.browser.script(depth, vec![]).await? == 1, "it is no tree");
    says(stage, "details", "The name of an ancestor").await?;

    stage.browser.click("raw-toggle").await?;
    until(stage, "document.querySelector('#raw .tok-key')").await?;
    let raw = stage.browser.script("return document.getElementById('raw').textContent", vec![]).await?;
    let raw = raw.as_str().context("no text")?;
    ensure!(raw.contains("\n    \"proc.pid\": 70") && !raw.contains('\u{202e}'), "{raw}");
    let (read, alert): (Value, Value) = (serde_json::from_str(raw)?, serde_json::from_str(LINEAGE)?);
    ensure!(read == alert, "the text is another alert: {raw}");
    ensure!(
        stage.browser.script("return document.querySelectorAll('.detail img').length", vec![]).await? == 0,
        "markup"
    );
    Ok(())
}

pub async fn alerts_of_a_finding_are_gone_through_and_marked(stage: &Stage<'_>) -> Result<()> {
    load(stage, MANY, "tab-alerts").await?;
    until(stage, "document.querySelector('.rows__number')?.textContent === '#1'").await?;
    stage.browser.script("document.getElementById('rows').focus()", vec![]).await?;
    stage.browser.press("Enter", 13).await?;
    says(stage, "siblings", "1 of 12").await?;
    stage.browser.press("n", 78).await?;
    says(stage, "siblings", "2 of 12").await?;
    stage.browser.press("p", 80).await?;
    says(stage, "siblings", "1 of 12").await?;
    stage.browser.press("p", 80).await?;
    stage.browser.click("sibling-next").await?;
    says(stage, "siblings", "2 of 12").await?;
    let active = "return [document.activeElement.id, document.querySelector('[data-active=\"true\"] .rows__number')?.textContent]";
    let now = stage.browser.script(active, vec![]).await?;
    ensure!(now == json!(["sibling-next", "#2"]), "the focus or the row is elsewhere: {now}");

    let mark = "document.querySelector('#details .review__mark[data-mark=\"expected\"]').click()";
    stage.browser.script(mark, vec![]).await?;
    says(stage, "review", "1 expected").await?;
    until(
        stage,
        "document.querySelector('#report .review__mark[aria-pressed=\"true\"]')?.dataset.mark === 'expected'",
    )
    .await?;
    stage.browser.click("tab-report").await?;
    let exported = stage.browser.download("export-markdown", "falco-report.md").await?;
    ensure!(String::from_utf8_lossy(&exported).contains("1 expected"), "the report has no mark");
    Ok(())
}
