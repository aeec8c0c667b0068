//! Links: made here or on the command line, opened, damaged.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use tokio::time::sleep;

use super::{Stage, fixture};

const PTRACE: &str = "ptrace_event_generator_kubernetes.json";

pub async fn a_link_from_the_command_line_opens(stage: &Stage<'_>) -> Result<()> {
    let link = stage.command_line.link(&fixture(PTRACE)).await?;
    // Another document first: a change of the fragment alone would load nothing.
    stage.browser.goto("about:blank").await?;
    stage.open(&link).await?;
    stage.browser.reaches("report").await?;
    ensure!(stage.browser.text("report").await?.contains("looks like test activity"));
    let address = stage.browser.script("return location.href", vec![]).await?;
    ensure!(!address.to_string().contains("r2."), "the data stays in the address bar: {address}");
    let requests = stage.served.requests();
    ensure!(requests.iter().all(|request| !request.target.contains("r2.")), "the data reached the server");
    Ok(())
}

pub async fn the_share_link_equals_that_of_the_command_line(stage: &Stage<'_>) -> Result<()> {
    let expected = stage.command_line.redacted_link(&fixture(PTRACE)).await?;
    stage.browser.choose(&[&fixture(PTRACE).canonicalize()?]).await?;
    stage.browser.reaches("report").await?;
    stage.browser.click("share").await?;
    stage.browser.element("share-link").await?;
    let shown = stage.browser.script("return document.getElementById('share-link').value", vec![]).await?;
    let shown = shown.as_str().unwrap_or_default();
    ensure!(shown.ends_with(&expected), "{shown} should end with {expected}");
    ensure!(shown.starts_with(stage.served.address()), "{shown}");
    Ok(())
}

pub async fn damaged_links_are_refused(stage: &Stage<'_>) -> Result<()> {
    let link = stage.command_line.link(&fixture(PTRACE)).await?;
    let middle = link.len() / 2;
    let (head, tail) = link.split_at(middle);
    let damaged = [
        link.trim_end_matches(|_| true).to_owned() + head,
        format!("{head}{}", tail.get(1..).unwrap_or_default()),
        format!("{head}A{tail}"),
        link.replacen("#r2.", "#r3.", 1),
        link.replacen("#r2.", "#r2", 1),
        link.replacen("#r2.", "#2.", 1),
    ];
    for damaged in damaged {
        stage.browser.goto("about:blank").await?;
        stage.open(&damaged).await?;
        stage.browser.reaches("problem").await?;
        let problem = stage.browser.text("problem").await?;
        ensure!(problem.contains("damaged"), "{problem}");
        let reports =
            stage.browser.script("return document.querySelectorAll('#report').length", vec![]).await?;
        ensure!(reports == 0, "a report is shown for {damaged}");
    }
    Ok(())
}

pub async fn a_link_does_not_replace_a_report_unasked(stage: &Stage<'_>) -> Result<()> {
    let link = stage.command_line.link(&fixture("custom_rule.json")).await?;
    stage.browser.choose(&[&fixture(PTRACE).canonicalize()?]).await?;
    stage.browser.reaches("report").await?;
    stage.browser.script("location.hash = arguments[0]", vec![link.into()]).await?;
    stage.browser.element("offer").await?;
    ensure!(stage.browser.text("report").await?.contains("known_ptrace_procs"), "the report went away");
    says(stage, "offer", "one alert from").await?;
    stage.browser.click("offer-open").await?;
    stage.browser.reaches("report").await?;
    says(stage, "report", "A link of").await?;
    stage.browser.click("restore").await?;
    stage.browser.reaches("report").await?;
    says(stage, "report", "known_ptrace_procs").await
}

/// Waits until an element, which may come anew, says a text.
pub(super) async fn says(stage: &Stage<'_>, id: &str, text: &str) -> Result<()> {
    let found = "const part = document.getElementById(arguments[0]); return part !== null && part.textContent.includes(arguments[1])";
    for _ in 0..600 {
        if stage.browser.script(found, vec![id.into(), text.into()]).await? == true {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    bail!("#{id} never said {text:?}")
}

/// Sets a text field as a person does who then leaves it.
async fn write(stage: &Stage<'_>, id: &str, text: &str) -> Result<()> {
    stage.browser.element(id).await?.send_keys(text).await?;
    stage.browser.press("Tab", 9).await
}

pub async fn a_link_with_a_password_opens_with_it_only(stage: &Stage<'_>) -> Result<()> {
    stage.browser.choose(&[&fixture(PTRACE).canonicalize()?]).await?;
    stage.browser.reaches("report").await?;
    stage.browser.click("share").await?;
    stage.browser.element("share-link").await?;
    write(stage, "share-password", "correct horse").await?;
    let link = "const link = document.getElementById('share-link'); return link?.value.split('#')[1] ?? ''";
    let mut fragment = String::new();
    for _ in 0..600 {
        stage.browser.script(link, vec![]).await?.as_str().unwrap_or_default().clone_into(&mut fragment);
        if fragment.starts_with("r2p.") {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    ensure!(fragment.starts_with("r2p."), "{fragment}");
    stage.browser.goto("about:blank").await?;
    stage.open(&format!("#{fragment}")).await?;
    stage.browser.reaches("problem").await?;
    for (password, state) in [("wrong", "problem"), ("correct horse", "report")] {
        write(stage, "password", password).await?;
        stage.browser.click("unlock").await?;
        if state == "problem" {
            says(stage, "problem", "The password is wrong, or the link was changed.").await?;
        }
        stage.browser.reaches(state).await?;
    }
    ensure!(stage.browser.text("report").await?.contains("looks like test activity"));
    Ok(())
}
