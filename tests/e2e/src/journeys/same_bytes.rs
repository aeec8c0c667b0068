//! The page and the command line give the same bytes.

use std::io::Read;

use anyhow::{Result, ensure};

use super::{Stage, fixture, fixtures};

const EXPORTS: [(&str, &str, &str); 3] = [
    ("export-markdown", "falco-report.md", "md"),
    ("export-json", "falco-report.json", "json"),
    ("export-html", "falco-report.html", "html"),
];

pub async fn exports_equal_the_command_line(stage: &Stage<'_>) -> Result<()> {
    let (mut compared, mut refused) = (0, 0);
    // Chromium lets a page download ten files unasked.
    for path in fixtures()?.into_iter().take(3) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let expected = stage.command_line.report(&path, "md").await?;
        stage.browser.choose(&[&path]).await?;
        if expected.is_none() {
            stage.browser.reaches("problem").await?;
            refused += 1;
        } else {
            stage.browser.reaches("report").await?;
            for (button, file, format) in EXPORTS {
                let expected = stage.command_line.report(&path, format).await?.unwrap_or_default();
                let exported = stage.browser.download(button, file).await?;
                ensure!(
                    exported == expected,
                    "{name} as {format} differs: {} and {} bytes",
                    exported.len(),
                    expected.len()
                );
            }
            compared += 1;
        }
        stage.begin_again().await?;
    }
    println!("   {compared} files give the same three exports, {refused} are refused by both");
    ensure!(compared == 3, "only {compared} files compared");
    Ok(())
}

pub async fn the_archive_holds_what_mitigate_writes(stage: &Stage<'_>) -> Result<()> {
    let path = fixture("ptrace_event_generator_kubernetes.json").canonicalize()?;
    let folder = tempfile::tempdir()?;
    stage.command_line.mitigate(&path, folder.path()).await?;
    stage.browser.choose(&[&path]).await?;
    stage.browser.reaches("report").await?;
    let bytes = stage.browser.download("export-zip", "falco-mitigations.zip").await?;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes))?;
    ensure!(archive.len() == 6, "{} files", archive.len());
    for at in 0..archive.len() {
        let mut file = archive.by_index(at)?;
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        let written = std::fs::read(folder.path().join(file.name()))?;
        ensure!(content == written, "{} differs", file.name());
    }
    Ok(())
}
