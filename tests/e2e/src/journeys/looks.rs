//! How it looks: no overflow on a phone, and the pictures that the README shows.

use anyhow::{Result, ensure};

use super::{Stage, fixture};

pub async fn nothing_is_wider_than_a_phone(stage: &Stage<'_>) -> Result<()> {
    stage.browser.resize(360, 740).await?;
    fits(stage, "the first page").await?;
    stage.browser.screenshot("welcome-narrow").await?;
    for name in
        ["ptrace_event_generator_kubernetes.json", "many.jsonl", "malformed.txt", "hostile_values.json"]
    {
        stage.browser.choose(&[&fixture(name).canonicalize()?]).await?;
        stage.browser.reaches("report").await?;
        fits(stage, name).await?;
        stage
            .browser
            .screenshot(&format!("report-narrow-{}", name.split('.').next().unwrap_or_default()))
            .await?;
        stage.begin_again().await?;
    }
    stage.browser.choose(&[&fixture("not_alerts.json").canonicalize()?]).await?;
    stage.browser.reaches("problem").await?;
    fits(stage, "a problem").await
}

async fn fits(stage: &Stage<'_>, what: &str) -> Result<()> {
    let width = stage.browser.script("return document.documentElement.scrollWidth", vec![]).await?;
    ensure!(width.as_u64().is_some_and(|width| width <= 360), "{what} is {width} pixels wide");
    Ok(())
}

pub async fn pictures(stage: &Stage<'_>) -> Result<()> {
    for scheme in ["light", "dark"] {
        stage.browser.prefer(scheme).await?;
        stage.browser.resize(1280, 900).await?;
        stage.browser.screenshot(&format!("welcome-{scheme}")).await?;
        stage.browser.choose(&[&fixture("ptrace_event_generator_kubernetes.json").canonicalize()?]).await?;
        stage.browser.reaches("report").await?;
        stage.browser.screenshot(&format!("report-{scheme}")).await?;
        stage
            .browser
            .script("document.getElementById('mitigation-strategies').scrollIntoView()", vec![])
            .await?;
        stage.browser.screenshot(&format!("mitigations-{scheme}")).await?;
        stage.browser.click("share").await?;
        stage.browser.element("share-link").await?;
        stage.browser.screenshot(&format!("share-{scheme}")).await?;
        stage.browser.press("Escape", 27).await?;
        stage.begin_again().await?;
        stage.browser.choose(&[&fixture("many.jsonl").canonicalize()?]).await?;
        stage.browser.reaches("report").await?;
        stage.browser.screenshot(&format!("many-{scheme}")).await?;
        stage.begin_again().await?;
        stage.browser.choose(&[&fixture("not_alerts.json").canonicalize()?]).await?;
        stage.browser.reaches("problem").await?;
        stage.browser.screenshot(&format!("problem-{scheme}")).await?;
        stage.begin_again().await?;
    }
    Ok(())
}
