//! What a person makes of findings: marked, noted, taken back, kept, saved, and read again.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::desk::{load, says, until};
use super::{Stage, fixture};

const MANY: &str = "many.jsonl";
const NOTE: &str = "asked the <b>platform</b> team";

/// The pressed mark of the first finding.
const PRESSED: &str = "document.querySelector('.review__mark[aria-pressed=\"true\"]')?.dataset.mark";

pub async fn findings_are_marked_noted_and_kept(stage: &Stage<'_>) -> Result<()> {
    load(stage, MANY, "tab-report").await?;
    until(stage, "document.querySelector('.review__mark')").await?;
    let mark = "document.querySelector('.review__mark[data-mark=\"investigate\"]').click()";
    stage.browser.script(mark, vec![]).await?;
    says(stage, "review", "1 to be investigated").await?;
    let note = "const note = document.querySelector('.review__note');
        note.value = arguments[0];
        note.dispatchEvent(new Event('change', { bubbles: true }))";
    stage.browser.script(note, vec![json!(NOTE)]).await?;
    let saved = stage.browser.download("save-review", "falco-review.toml").await?;
    ensure!(String::from_utf8_lossy(&saved).contains(NOTE), "{}", String::from_utf8_lossy(&saved));

    // The note is taken back, then the mark, and both are given again.
    let undo = "const shift = arguments[0];
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'z', ctrlKey: true, shiftKey: shift, bubbles: true }))";
    for (shift, condition) in [
        (false, "document.querySelector('.review__note')?.value === ''".to_owned()),
        (false, format!("!{PRESSED}")),
        (true, format!("{PRESSED} === 'investigate'")),
        (true, format!("document.querySelector('.review__note')?.value === {}", json!(NOTE))),
    ] {
        stage.browser.script(undo, vec![json!(shift)]).await?;
        until(stage, &condition).await?;
    }

    let exported = stage.browser.download("export-markdown", "falco-report.md").await?;
    let review = tempfile::Builder::new().suffix(".toml").tempfile()?;
    std::fs::write(review.path(), &saved)?;
    let reported = stage.command_line.report_of(&[&fixture(MANY), review.path()]).await?;
    let line = |report: &[u8]| {
        let report = String::from_utf8_lossy(report);
        report.lines().find(|line| line.contains("platform")).map(ToOwned::to_owned)
    };
    let told = line(&exported).context("the report does not have the note")?;
    ensure!(Some(&told) == line(&reported).as_ref() && told.contains(&format!("`{NOTE}`")), "{told}");

    stage.open("").await?;
    load(stage, MANY, "tab-report").await?;
    says(stage, "review", "1 to be investigated").await
}
