//! The page and the command line give the same bytes.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::{Stage, fixture, fixtures, redacted};

pub(super) const EXPORTS: [(&str, &str, &str); 3] = [
    ("export-markdown", "falco-report.md", "md"),
    ("export-json", "falco-report.json", "json"),
    ("export-html", "falco-report.html", "html"),
];

/// Chromium lets a page download ten files unasked.
const FILES_A_BROWSER: usize = 10 / EXPORTS.len();

pub async fn exports_equal_the_command_line(stage: &Stage<'_>) -> Result<()> {
    let (mut compared, mut refused) = (0, 0);
    for few in fixtures()?.chunks(FILES_A_BROWSER) {
        let stage = stage.afresh().await?;
        for path in few {
            if same_exports(&stage, path).await? {
                compared += 1;
            } else {
                refused += 1;
            }
            stage.begin_again().await?;
        }
        stage.end().await?;
    }
    println!("   {compared} files give the same three exports, {refused} give none");
    ensure!(compared >= 20, "only {compared} files compared");
    Ok(())
}

/// Loads a file and compares its exports; false where there is nothing to export: the command line
/// refuses the file, or the page asks for one that is not empty.
async fn same_exports(stage: &Stage<'_>, path: &Path) -> Result<bool> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_empty = std::fs::metadata(path)?.len() == 0;
    stage.browser.choose(&[path]).await?;
    for (button, file, format) in EXPORTS {
        let expected = stage.command_line.report(path, format).await?.filter(|_| !is_empty);
        let screen = if expected.is_some() { "report" } else { "problem" };
        stage.browser.reaches(screen).await.with_context(|| name.to_string())?;
        let Some(expected) = expected else { return Ok(false) };
        let exported = stage.browser.download(button, file).await?;
        let (here, there) = (exported.len(), expected.len());
        ensure!(exported == expected, "{name} as {format} differs: {here} and {there} bytes");
    }
    Ok(true)
}

pub async fn a_saved_page_gives_its_report_again(stage: &Stage<'_>) -> Result<()> {
    let path = fixture("many.jsonl").canonicalize()?;
    stage.browser.choose(&[&path]).await?;
    stage.browser.reaches("report").await?;
    let shown = until_appendix(stage).await?;
    stage.browser.click("export-embed").await?;
    let page = stage.browser.download("export-html", "falco-report.html").await?;
    ensure!(page == stage.command_line.page_with_alerts(&path, &[]).await?, "the pages differ");
    stage.browser.click("export-redact").await?;
    stage.browser.click("export-html").await?;
    redacted::ready(stage).await?;
    let redacted = stage.browser.download("redacted-save", "falco-report.html").await?;
    let expected = stage.command_line.page_with_alerts(&path, &["--redact"]).await?;
    ensure!(redacted == expected, "the pages with pseudonyms differ");
    stage.browser.click("export-redact").await?;

    let folder = tempfile::tempdir()?;
    let saved = folder.path().join("saved.html");
    std::fs::write(&saved, page)?;
    stage.begin_again().await?;
    stage.browser.choose(&[&saved]).await?;
    stage.browser.reaches("report").await?;
    ensure!(until_appendix(stage).await? == shown, "the report is another one");
    Ok(())
}

/// The report as Markdown, without what it says of its files.
async fn until_appendix(stage: &Stage<'_>) -> Result<String> {
    let markdown = String::from_utf8(stage.browser.download("export-markdown", "falco-report.md").await?)?;
    let (text, _) = markdown.split_once("\n## Appendix").context("an appendix")?;
    Ok(text.to_owned())
}

pub async fn the_archive_holds_what_mitigate_writes(stage: &Stage<'_>) -> Result<()> {
    let path = fixture("ptrace_event_generator_kubernetes.json").canonicalize()?;
    let folder = tempfile::tempdir()?;
    stage.command_line.mitigate(&path, folder.path()).await?;
    stage.browser.choose(&[&path]).await?;
    stage.browser.reaches("report").await?;
    let bytes = stage.browser.download("export-zip", "falco-mitigations.zip").await?;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes))?;
    ensure!(archive.len() == count_files(folder.path())? && archive.len() > 5, "{} files", archive.len());
    for at in 0..archive.len() {
        let mut file = archive.by_index(at)?;
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        let written = std::fs::read(folder.path().join(file.name()))?;
        ensure!(content == written, "{} differs", file.name());
    }
    Ok(())
}

/// Files below a folder.
fn count_files(folder: &Path) -> Result<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        count += if path.is_dir() { count_files(&path)? } else { 1 };
    }
    Ok(count)
}
