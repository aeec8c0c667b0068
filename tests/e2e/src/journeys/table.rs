//! The table of alerts: many of them, in any order, by pointer and by keyboard.

use std::io::Write as _;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::Stage;
use super::desk::{load, says, until};

const MANY: &str = "many.jsonl";
const BACKSPACE: &str = "\u{e003}";

/// Alerts of the large table.
const LARGE: u64 = 300_000;

/// Programs that they are of.
const PROGRAMS: u64 = 97;

/// No two frames of the scripted scroll are further apart, in milliseconds. Test machines are slow and shared; the
/// figure that is printed is the one to watch.
const GAP: f64 = 250.0;

/// Scrolls through the table, a step a frame, and gives the longest time between two frames and the middle one.
const SCROLL: &str = "
    const done = arguments[arguments.length - 1], rows = document.getElementById('rows'), gaps = [];
    const end = rows.scrollHeight - rows.clientHeight;
    let last = performance.now(), step = 0;
    const frame = now => {
        gaps.push(now - last); last = now;
        rows.scrollTop = step < 60 ? step * 40 : end * (step - 60) / 60;
        if (++step <= 120) requestAnimationFrame(frame);
        else { gaps.shift(); gaps.sort((a, b) => a - b); done([gaps.at(-1), gaps[gaps.length >> 1]]); }
    };
    requestAnimationFrame(frame);";

fn large() -> Result<tempfile::NamedTempFile> {
    let mut file = tempfile::Builder::new().suffix(".jsonl").tempfile()?;
    let mut lines = std::io::BufWriter::new(file.as_file_mut());
    for at in 0..LARGE {
        let name = at * 7919 % PROGRAMS;
        writeln!(
            lines,
            r#"{{"output":"o","priority":"Notice","rule":"R","time":"2025-01-01T00:00:00Z","output_fields":{{"proc.name":"p{name:06}","proc.pid":{at}}}}}"#
        )?;
    }
    lines.flush()?;
    drop(lines);
    Ok(file)
}

async fn active_row(stage: &Stage<'_>) -> Result<String> {
    let script = "return document.querySelector('[data-active=\"true\"] .rows__number')?.textContent ?? ''";
    Ok(stage.browser.script(script, vec![]).await?.as_str().unwrap_or_default().to_owned())
}

pub async fn a_large_table_scrolls_smoothly_and_to_every_row(stage: &Stage<'_>) -> Result<()> {
    stage.browser.patient().await?;
    let file = large()?;
    stage.browser.choose(&[file.path()]).await?;
    until(stage, "document.body.dataset.state === 'report'").await?;
    stage.browser.click("tab-alerts").await?;
    says(stage, "found", "300,000 alerts.").await?;
    let shown = "document.querySelectorAll('.grid__row').length";
    until(stage, &format!("{shown} < 60 && {shown} > 5")).await?;
    let gaps = stage.browser.script_later(SCROLL).await?;
    println!("    frames of a scripted scroll: longest and middle gap in milliseconds {gaps}");
    ensure!(
        gaps.pointer("/0").and_then(Value::as_f64).is_some_and(|gap| gap < GAP),
        "the page stood still: {gaps}"
    );
    until(
        stage,
        "[...document.querySelectorAll('.rows__number')].some(row => row.textContent === '#300000')",
    )
    .await?;
    stage.browser.script("document.getElementById('rows').focus()", vec![]).await?;
    for (key, code, expected) in
        [("End", 35, "#300000"), ("k", 75, "#299999"), ("Home", 36, "#1"), ("j", 74, "#2")]
    {
        stage.browser.press(key, code).await?;
        until(
            stage,
            &format!(
                "document.querySelector('[data-active=\"true\"] .rows__number')?.textContent === {}",
                json!(expected)
            ),
        )
        .await?;
    }
    let sort =
        "[...document.querySelectorAll('.grid__sort')].find(head => head.textContent === 'Time').click()";
    stage.browser.script(sort, vec![]).await?;
    until(stage, "document.querySelector('[aria-sort=\"ascending\"]')").await?;
    // Asked for while they are being sorted.
    let saved = stage.browser.download("save-lines", "falco-alerts.jsonl").await?;
    ensure!(str::from_utf8(&saved)?.lines().count() as u64 == LARGE, "rows are missing");
    says(stage, "found", "300,000 alerts.").await
}

pub async fn rows_are_sorted_selected_and_saved(stage: &Stage<'_>) -> Result<()> {
    load(stage, MANY, "tab-alerts").await?;
    until(stage, "document.querySelector('.rows__number')?.textContent === '#1'").await?;
    let sort =
        "[...document.querySelectorAll('.grid__sort')].find(head => head.textContent === 'Rule').click()";
    stage.browser.script(sort, vec![]).await?;
    until(stage, "document.querySelector('[aria-sort=\"ascending\"]')?.textContent === 'Rule'").await?;
    let rules =
        "const rows = [...document.querySelectorAll('.grid__row:not(.grid__row--head):not([hidden])')];
        return rows.map(row => row.children[3].textContent).filter(Boolean)";
    let mut rules: Vec<String> = serde_json::from_value(stage.browser.script(rules, vec![]).await?)?;
    ensure!(rules.len() > 5 && rules.is_sorted(), "not sorted: {rules:?}");
    rules.truncate(2);
    stage.browser.script("document.getElementById('rows').focus()", vec![]).await?;
    stage.browser.press("x", 88).await?;
    stage.browser.press("j", 74).await?;
    stage.browser.press("x", 88).await?;
    says(stage, "selected", "2 selected").await?;
    let csv = String::from_utf8(stage.browser.download("save-csv", "falco-alerts.csv").await?)?;
    let lines: Vec<&str> = csv.lines().collect();
    ensure!(lines.len() == 3 && csv.starts_with("\"record\",\"time\""), "{csv}");
    ensure!(
        lines.iter().skip(1).zip(&rules).all(|(line, rule)| line.contains(rule.as_str())),
        "{csv} {rules:?}"
    );
    let saved = String::from_utf8(stage.browser.download("save-lines", "falco-alerts.jsonl").await?)?;
    ensure!(saved.lines().count() == 2, "{saved}");
    for (line, rule) in saved.lines().zip(&rules) {
        let alert: Value = serde_json::from_str(line)?;
        ensure!(alert.get("rule") == Some(&json!(rule)), "{line}");
    }
    Ok(())
}

pub async fn the_table_by_keyboard_alone(stage: &Stage<'_>) -> Result<()> {
    load(stage, MANY, "tab-alerts").await?;
    until(stage, "document.querySelector('.rows__number')?.textContent === '#1'").await?;
    stage.browser.press("/", 191).await?;
    until(stage, "document.activeElement.id === 'query'").await?;
    stage.browser.element("query").await?.send_keys("j?").await?;
    until(
        stage,
        "document.getElementById('query').value === 'j?' && !document.querySelector('dialog[open]')",
    )
    .await?;
    says(stage, "found", "0 alerts of 19").await?;
    stage.browser.element("query").await?.send_keys(&BACKSPACE.repeat(2)).await?;
    says(stage, "found", "19 alerts.").await?;
    stage.browser.script("document.getElementById('rows').focus()", vec![]).await?;
    stage.browser.press("ArrowDown", 40).await?;
    until(stage, "document.getElementById('rows').getAttribute('aria-activedescendant') === 'row-1'").await?;
    stage.browser.press("Enter", 13).await?;
    until(stage, "document.getElementById('details')?.innerText.includes('proc.name')").await?;
    ensure!(active_row(stage).await? == "#2", "another row is active");
    stage.browser.press("j", 74).await?;
    says(stage, "details", "Alert #3").await?;
    stage.browser.press("Escape", 27).await?;
    until(stage, "!document.getElementById('details')").await?;
    stage.browser.press("?", 191).await?;
    until(stage, "document.getElementById('keys').open").await?;
    stage.browser.script("document.getElementById('keys').close()", vec![]).await?;
    stage.browser.script("document.getElementById('rows').focus()", vec![]).await?;
    stage.browser.press("Enter", 13).await?;
    until(stage, "document.querySelector('.detail__filter')").await?;
    stage.browser.script("document.querySelector('.detail__filter').click()", vec![]).await?;
    says(stage, "found", "The condition holds for").await
}

/// The value of a facet that a script then does something with.
fn facet_of(label: &str) -> String {
    format!(
        "[...document.querySelectorAll('.facet__value')].find(value => value.firstElementChild.textContent === {})",
        json!(label)
    )
}

pub async fn frequent_values_narrow_the_search(stage: &Stage<'_>) -> Result<()> {
    stage.browser.resize(1280, 900).await?;
    load(stage, MANY, "tab-alerts").await?;
    let node = facet_of("node-1");
    until(stage, &format!("{node}?.lastElementChild.textContent === '5'")).await?;
    stage.browser.script(&format!("{node}.focus(); {node}.click()"), vec![]).await?;
    says(stage, "found", "5 alerts of 19").await?;
    until(stage, &format!("{node}?.ariaPressed === 'true' && document.activeElement === {node}")).await?;
    ensure!(
        stage.browser.script("return document.getElementById('query').value", vec![]).await? == "host:node-1"
    );
    let critical = facet_of("Critical");
    until(stage, &format!("{critical}?.lastElementChild.textContent === '1'")).await?;
    stage.browser.script(&format!("{critical}.click()"), vec![]).await?;
    says(stage, "found", "1 alert of 19").await?;
    until(stage, &format!("{node}?.ariaPressed === 'true'")).await?;
    stage.browser.script(&format!("{node}.click()"), vec![]).await?;
    let query = "document.getElementById('query').value === 'priority:Critical'";
    until(stage, query).await?;

    // By keyboard: one stop, arrows from there, and a press.
    until(
        stage,
        &format!("{critical}?.ariaPressed === 'true' && {node}?.lastElementChild.textContent === '1'"),
    )
    .await?;
    stage.browser.script("document.querySelector('.facet__value[tabindex=\"0\"]').focus()", vec![]).await?;
    stage.browser.press("ArrowDown", 40).await?;
    until(stage, &format!("document.activeElement === {critical}")).await?;
    stage.browser.press("Enter", 13).await?;
    says(stage, "found", "19 alerts.").await?;
    stage.browser.click("show-facets").await?;
    until(stage, "document.getElementById('facets').hidden").await
}

/// Takes a step back, or with true makes it again.
const UNDO: &str = "document.body.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'z', ctrlKey: true, shiftKey: arguments[0], bubbles: true }))";

pub async fn steps_are_taken_back_and_made_again(stage: &Stage<'_>) -> Result<()> {
    load(stage, MANY, "tab-alerts").await?;
    until(stage, "document.querySelector('.rows__number')?.textContent === '#1'").await?;
    stage.browser.element("query").await?.send_keys("payment").await?;
    says(stage, "found", "1 alert of 19").await?;
    let sort =
        "[...document.querySelectorAll('.grid__sort')].find(head => head.textContent === 'Rule').click()";
    stage.browser.script(sort, vec![]).await?;
    until(stage, "document.querySelector('[aria-sort=\"ascending\"]')").await?;
    stage.browser.script("document.getElementById('rows').focus()", vec![]).await?;
    stage.browser.press("x", 88).await?;
    says(stage, "selected", "1 selected").await?;
    for (again, said, condition) in [
        (false, "Taken back: the selection", "document.getElementById('selected').textContent === ''"),
        (false, "Taken back: the order", "!document.querySelector('[aria-sort]')"),
        (false, "Taken back: the search", "document.getElementById('query').value === ''"),
        (true, "Made again: the search", "document.getElementById('query').value === 'payment'"),
        (true, "Made again: the order", "document.querySelector('[aria-sort=\"ascending\"]')"),
        (
            true,
            "Made again: the selection",
            "document.getElementById('selected').textContent === '1 selected'",
        ),
    ] {
        stage.browser.script(UNDO, vec![json!(again)]).await?;
        says(stage, "undone", said).await?;
        until(stage, condition).await?;
    }
    says(stage, "found", "1 alert of 19").await
}

pub async fn pictures_of_the_table(stage: &Stage<'_>) -> Result<()> {
    load(stage, MANY, "tab-alerts").await?;
    until(stage, "document.querySelector('.rows__number')?.textContent === '#1'").await?;
    stage.browser.script("document.querySelector('.rows__number').click()", vec![]).await?;
    until(stage, "document.getElementById('details')").await?;
    for width in [360, 768, 1280, 1920] {
        stage.browser.resize(width, 900).await?;
        for scheme in ["light", "dark"] {
            stage.browser.prefer(scheme).await?;
            sleep(Duration::from_millis(200)).await;
            stage.browser.screenshot(&format!("table-{width}-{scheme}")).await?;
        }
    }
    Ok(())
}
