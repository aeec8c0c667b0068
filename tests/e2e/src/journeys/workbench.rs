//! The mitigation workbench: choose, edit, export.

use std::io::{Cursor, Read};

use anyhow::{Result, ensure};

use super::desk::{says, until};
use super::{Stage, fixture};

/// Types into the editor as a person does, in one go.
const WRITE: &str = "const field = document.getElementById('bench-text'); field.value = arguments[0](field.value); \
                     field.dispatchEvent(new Event('input', {bubbles: true}));";

pub async fn a_tuning_is_chosen_edited_and_exported(stage: &Stage<'_>) -> Result<()> {
    stage.browser.choose(&[&fixture("ptrace_event_generator_kubernetes.json").canonicalize()?]).await?;
    stage.browser.reaches("report").await?;
    stage.browser.click("tab-mitigations").await?;
    until(stage, "document.querySelector('.candidate[data-chosen=\"true\"]')").await?;
    let press = |words: &str| {
        format!(
            "[...document.querySelectorAll('.bench button')].find(one => one.textContent.trim() === '{words}').click()"
        )
    };
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
