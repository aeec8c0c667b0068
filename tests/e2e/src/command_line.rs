//! The native command, whose reports the page must match byte for byte.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use tokio::process::Command;

pub struct CommandLine {
    program: PathBuf,
}

impl CommandLine {
    pub fn new(program: PathBuf) -> Self {
        Self { program }
    }

    /// The report of a file, or nothing where the command refuses it with exit code 2.
    pub async fn report(&self, file: &Path, format: &str) -> Result<Option<Vec<u8>>> {
        let output =
            Command::new(&self.program).arg("report").arg(file).args(["--format", format]).output().await?;
        match output.status.code() {
            Some(0) => Ok(Some(output.stdout)),
            Some(2) => Ok(None),
            other => anyhow::bail!(
                "falco-report ended with {other:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            ),
        }
    }

    /// The report of several files as Markdown.
    pub async fn report_of(&self, files: &[&Path]) -> Result<Vec<u8>> {
        let output = Command::new(&self.program).arg("report").args(files).output().await?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(output.stdout)
    }

    /// The fragment of a link to the alerts of a file.
    pub async fn link(&self, file: &Path) -> Result<String> {
        self.text(&["link", "--no-redact"], file).await.map(|link| link.trim().to_owned())
    }

    /// The same with pseudonyms.
    pub async fn redacted_link(&self, file: &Path) -> Result<String> {
        self.text(&["link"], file).await.map(|link| link.trim().to_owned())
    }

    /// The report of a file as a page that holds its alerts, with these options beside.
    pub async fn page_with_alerts(&self, file: &Path, options: &[&str]) -> Result<Vec<u8>> {
        let arguments = [&["report", "--format", "html", "--embed-alerts"], options].concat();
        self.text(&arguments, file).await.map(String::into_bytes)
    }

    /// The report of a file with pseudonyms.
    pub async fn redacted_report(&self, file: &Path, format: &str) -> Result<Vec<u8>> {
        self.text(&["report", "--redact", "--format", format], file).await.map(String::into_bytes)
    }

    /// Writes the mitigation files of an alert file into a folder.
    pub async fn mitigate(&self, file: &Path, folder: &Path) -> Result<()> {
        let folder = folder.to_string_lossy();
        self.text(&["mitigate", "-o", &folder], file).await.map(drop)
    }

    async fn text(&self, arguments: &[&str], file: &Path) -> Result<String> {
        let output = Command::new(&self.program).args(arguments).arg(file).output().await?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?)
    }
}
