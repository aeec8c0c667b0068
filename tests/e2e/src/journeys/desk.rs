//! Beside the report: alerts searched, conditions and overlays tried, rule files dropped.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{Stage, fixture};

const MANY: &str = "many.jsonl";

/// A rule file of the tests.
fn rule_file() -> Result<PathBuf> {
    Ok(fixture("../rules/payment_rules.yaml").canonicalize()?)
}

/// Waits until a script's condition holds.
pub(super) async fn until(stage: &Stage<'_>, condition: &str) -> Result<()> {
    let began = Instant::now();
    let script = format!("return !!({condition})");
    while stage.browser.script(&script, vec![]).await? != true {
        let page =
            "return document.querySelector('.panel:not([hidden])')?.innerText ?? document.body.innerText";
        if began.elapsed() > Duration::from_secs(20) {
            let page = stage.browser.script(page, vec![]).await?;
            anyhow::bail!("never came true: {condition}; the page says {page}");
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Waits until an element says something.
pub(super) async fn says(stage: &Stage<'_>, id: &str, words: &str) -> Result<()> {
    until(stage, &format!("document.getElementById('{id}')?.textContent.includes({})", json!(words))).await
}

pub(super) async fn load(stage: &Stage<'_>, name: &str, tab: &str) -> Result<()> {
    stage.browser.choose(&[&fixture(name).canonicalize()?]).await?;
    stage.browser.reaches("report").await?;
    stage.browser.click(tab).await
}

async fn value_of(stage: &Stage<'_>, id: &str) -> Result<Value> {
    stage.browser.script("return document.getElementById(arguments[0]).value", vec![json!(id)]).await
}

/// The search bar, with the keyboard alone from the tabs on.
pub async fn search_with_completion_by_keyboard_alone(stage: &Stage<'_>) -> Result<()> {
    load(stage, MANY, "tab-report").await?;
    stage.browser.press("ArrowRight", 39).await?;
    until(stage, "document.activeElement.id === 'tab-alerts'").await?;
    says(stage, "found", "19 alerts.").await?;
    stage.browser.press("Tab", 9).await?;
    let focused = stage.browser.script("return document.activeElement.id", vec![]).await?;
    ensure!(focused == "query", "the focus is on {focused}");
    let field = stage.browser.element("query").await?;
    field.send_keys("proc.na").await?;
    until(stage, "document.getElementById('query-0')?.innerText.includes('proc.name')").await?;
    stage.browser.press("ArrowDown", 40).await?;
    until(stage, "document.getElementById('query').getAttribute('aria-activedescendant') === 'query-0'")
        .await?;
    stage.browser.press("Enter", 13).await?;
    until(stage, "document.getElementById('query').value === 'proc.name '").await?;
    field.send_keys("= ").await?;
    until(stage, "document.getElementById('query-0')?.innerText.includes('alert')").await?;
    stage.browser.press("ArrowDown", 40).await?;
    stage.browser.press("Enter", 13).await?;
    says(stage, "found", "The condition holds for").await?;
    let query = value_of(stage, "query").await?.as_str().unwrap_or_default().to_owned();
    ensure!(query.starts_with("proc.name = ") && query.len() > "proc.name = x".len(), "{query}");
    stage.browser.press("Escape", 27).await?;
    until(stage, "document.getElementById('query-list').hidden").await?;
    ensure!(stage.browser.state().await? == "report", "Escape left the report");
    Ok(())
}

pub async fn search_by_words_and_open_an_alert(stage: &Stage<'_>) -> Result<()> {
    load(stage, MANY, "tab-alerts").await?;
    let field = stage.browser.element("query").await?;
    field.send_keys("proc.nmae = x").await?;
    says(stage, "found", "there is no field proc.nmae").await?;
    field.clear().await?;
    field.send_keys("PTRACE").await?;
    says(stage, "found", "18 alerts of 19 with these words.").await?;
    stage.browser.script("document.querySelector('.rows__number').click()", vec![]).await?;
    until(stage, "document.getElementById('details')?.innerText.includes('proc.name')").await
}

pub async fn the_lab_answers_as_one_types(stage: &Stage<'_>) -> Result<()> {
    load(stage, MANY, "tab-lab").await?;
    let text = stage.browser.element("lab-text").await?;
    text.send_keys("proc.nmae = gdb").await?;
    says(stage, "lab-diagnostics", "line 1, column 1").await?;
    says(stage, "lab-diagnostics", "write proc.name instead").await?;
    says(stage, "lab-effect", "does not load").await?;
    stage.browser.script("document.querySelector('.diagnostic__place').click()", vec![]).await?;
    text.send_keys("proc.name").await?;
    ensure!(value_of(stage, "lab-text").await? == "proc.name = gdb", "the place was not selected");
    says(stage, "lab-effect", "Of 19 alerts").await?;
    says(stage, "lab-effect", "do not match").await?;
    stage.browser.click("lab-hook").await?;
    says(stage, "lab-kind", "an overlay").await?;
    says(stage, "lab-effect", "still alert").await?;
    stage.browser.click("lab-exception").await?;
    says(stage, "lab-kind", "an exception").await?;
    stage.browser.click("lab-condition").await?;
    says(stage, "lab-effect", "match").await?;
    until(stage, "document.querySelector('.affected__head .button')").await?;
    stage
        .browser
        .script("document.querySelector('.affected[open] .affected__head .button').click()", vec![])
        .await?;
    until(stage, "document.querySelector('.why')?.innerText.includes('proc.name in (gdb, strace, bash)')")
        .await
}

pub async fn rule_files_beside_the_alerts(stage: &Stage<'_>) -> Result<()> {
    let alerts = fixture("custom_rule.json").canonicalize()?;
    stage.browser.choose(&[&alerts, &rule_file()?]).await?;
    stage.browser.reaches("report").await?;
    let report = stage.browser.text("report").await?;
    ensure!(report.contains("payment_rules.yaml defines the rule"), "{report}");
    ensure!(report.contains("Falco does not load it"), "{report}");
    let exported = stage.browser.download("export-markdown", "falco-report.md").await?;
    let expected = stage.command_line.report_of(&[&alerts, &rule_file()?]).await?;
    ensure!(exported == expected, "the page and the command line differ");
    stage.browser.click("tab-lab").await?;
    says(stage, "lab-rule-files", "line 22, column 51").await?;
    stage.browser.element("lab-text").await?.send_keys("in_payment").await?;
    says(stage, "lab-effect", "Tried with the rule files below").await?;
    says(stage, "lab-effect", "match").await
}

pub async fn a_rule_file_that_comes_later_joins_the_alerts(stage: &Stage<'_>) -> Result<()> {
    load(stage, "custom_rule.json", "tab-lab").await?;
    says(stage, "lab-rule-files", "None yet").await?;
    stage.browser.drop_file(&rule_file()?).await?;
    says(stage, "lab-rule-files", "payment_rules.yaml").await?;
    let report =
        "document.getElementById('report').textContent.includes('payment_rules.yaml defines the rule')";
    stage.browser.click("tab-report").await?;
    until(stage, report).await?;
    stage.browser.click("tab-alerts").await?;
    says(stage, "found", "1 alert.").await
}

/// Elements and attributes that no view has: they would have come out of a value.
const INTRUDERS: &str = "
    const found = [];
    for (const part of document.querySelectorAll('.panel img, .panel script, .panel iframe, .panel a[href]:not([href^=\"#\"])')) found.push(part.outerHTML.slice(0, 200));
    const isOurs = (part, style) => part.className.startsWith('grid')
        || (part.className === 'facet__value' && /^--share: ?\\d{1,3}%;?$/.test(style));
    for (const part of document.querySelectorAll('.panel *')) for (const { name, value } of part.attributes)
        if (name.startsWith('on') || (name === 'style' && !isOurs(part, value))) found.push(name + ': ' + value);
    return found;";

pub async fn hostile_values_stay_text_beside_the_report(stage: &Stage<'_>) -> Result<()> {
    for name in ["hostile_values.json", "hostile_custom_rule.json", "hostile_for_yaml.json"] {
        stage.browser.choose(&[&fixture(name).canonicalize()?, &rule_file()?]).await?;
        stage.browser.reaches("report").await?;
        stage.browser.click("tab-alerts").await?;
        until(stage, "document.querySelector('.rows__number')").await?;
        stage.browser.script("document.querySelector('.rows__number').click()", vec![]).await?;
        until(stage, "document.querySelector('.fields dd')").await?;
        stage.browser.element("query").await?.send_keys("proc.name = ").await?;
        until(stage, "document.getElementById('query-0')").await?;
        stage.browser.click("tab-lab").await?;
        stage.browser.element("lab-text").await?.send_keys("proc.name exists or <img src=x>").await?;
        until(stage, "document.querySelector('.diagnostic')").await?;
        stage.browser.click("lab-exception").await?;
        until(stage, "document.querySelector('.affected')").await?;
        let intruders = stage.browser.script(INTRUDERS, vec![]).await?;
        ensure!(intruders.as_array().is_some_and(Vec::is_empty), "{name}: {intruders}");
        stage.browser.click("tab-report").await?;
        stage.begin_again().await?;
    }
    Ok(())
}

pub async fn the_desk_fits_a_phone(stage: &Stage<'_>) -> Result<()> {
    stage.browser.resize(360, 740).await?;
    for name in [MANY, "hostile_values.json"] {
        load(stage, name, "tab-alerts").await?;
        until(stage, "document.querySelector('.rows__number')").await?;
        stage.browser.script("document.querySelector('.rows__number').click()", vec![]).await?;
        until(stage, "document.getElementById('details')").await?;
        fits(stage, "the list of alerts").await?;
        stage
            .browser
            .screenshot(&format!("alerts-narrow-{}", name.split('.').next().unwrap_or_default()))
            .await?;
        stage.browser.click("tab-lab").await?;
        stage.browser.click("lab-condition").await?;
        says(stage, "lab-effect", "match").await?;
        fits(stage, "the rule lab").await?;
        stage
            .browser
            .screenshot(&format!("lab-narrow-{}", name.split('.').next().unwrap_or_default()))
            .await?;
        stage.browser.click("tab-report").await?;
        stage.begin_again().await?;
    }
    Ok(())
}

async fn fits(stage: &Stage<'_>, what: &str) -> Result<()> {
    let width = stage.browser.script("return document.documentElement.scrollWidth", vec![]).await?;
    ensure!(width.as_u64().is_some_and(|width| width <= 360), "{what} is {width} pixels wide");
    Ok(())
}

pub async fn pictures_of_the_desk(stage: &Stage<'_>) -> Result<()> {
    stage.browser.resize(1280, 900).await?;
    for scheme in ["light", "dark"] {
        stage.browser.prefer(scheme).await?;
        stage.browser.choose(&[&fixture(MANY).canonicalize()?, &rule_file()?]).await?;
        stage.browser.reaches("report").await?;
        stage.browser.screenshot(&format!("tabs-{scheme}")).await?;
        stage.browser.click("tab-alerts").await?;
        let field = stage.browser.element("query").await?;
        until(stage, "document.querySelector('.rows__number')").await?;
        stage.browser.script("document.querySelector('.rows__number').click()", vec![]).await?;
        until(stage, "document.getElementById('details')").await?;
        stage.browser.screenshot(&format!("alerts-{scheme}")).await?;
        field.send_keys("proc.name = ").await?;
        until(stage, "document.getElementById('query-0')").await?;
        stage.browser.press("ArrowDown", 40).await?;
        stage.browser.screenshot(&format!("completion-{scheme}")).await?;
        stage.browser.click("tab-lab").await?;
        let text = stage.browser.element("lab-text").await?;
        text.clear().await?;
        text.send_keys("proc.name = bash and\n  proc.nmae = gdb").await?;
        says(stage, "lab-diagnostics", "line 2").await?;
        stage.browser.screenshot(&format!("lab-mistake-{scheme}")).await?;
        stage.browser.click("lab-condition").await?;
        says(stage, "lab-effect", "do not match").await?;
        stage
            .browser
            .script("document.querySelector('.affected[open] .affected__head .button')?.click()", vec![])
            .await?;
        sleep(Duration::from_millis(300)).await;
        stage.browser.screenshot(&format!("lab-{scheme}")).await?;
        stage.browser.script("document.getElementById('lab-rule-files').scrollIntoView()", vec![]).await?;
        stage.browser.screenshot(&format!("lab-rule-files-{scheme}")).await?;
        stage.browser.click("tab-report").await?;
        stage.begin_again().await?;
    }
    Ok(())
}
