//! Files with pseudonyms, and the link as a QR code.

use anyhow::{Context, Result, ensure};

use super::{Stage, fixture, sharing::says};

/// Alerts with secrets of several kinds, in a file whose name holds one; one line cannot be read.
const ALERTS: &str = r#"{"rule":"Read sensitive file untrusted","priority":"Warning","time":"2026-01-01T00:00:00Z","hostname":"db-7.corp.internal","output":"curl by alice.smith@corp.example","output_fields":{"proc.name":"curl","proc.cmdline":"curl -u admin:Tr0ub4dor&3 https://10.20.30.40/","user.name":"alice","fd.rip":"10.20.30.40"}}
{"rule":"Terminal shell in container","priority":"Notice","time":"2026-01-01T00:00:01Z","hostname":"db-7.corp.internal","output":"AKIAIOSFODNN7EXAMPLE","output_fields":{"proc.name":"bash","user.name":"alice","proc.env":"password=hunter2hunter2"}}
{"rule": "torn for bob.jones@corp.example
"#;

/// What must not be in a file with pseudonyms.
const SECRETS: [&str; 7] = [
    "db-7.corp.internal",
    "alice",
    "Tr0ub4dor",
    "10.20.30.40",
    "AKIAIOSFODNN7EXAMPLE",
    "hunter2hunter2",
    "bob.jones",
];

pub(super) async fn ready(stage: &Stage<'_>) -> Result<()> {
    let found = "const done = arguments[arguments.length - 1];
        const look = () => { const save = document.getElementById('redacted-save'); save?.getAttribute('aria-disabled') === 'true' || !document.querySelector('#redacted-hits li') ? setTimeout(look, 20) : done(); };
        look();";
    stage.browser.script_later(found).await.map(drop)
}

pub async fn files_with_pseudonyms_equal_the_command_line(stage: &Stage<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("alerts of carol.jsonl");
    std::fs::write(&path, ALERTS)?;
    stage.browser.choose(&[&path]).await?;
    stage.browser.reaches("report").await?;
    stage.browser.click("export-redact").await?;
    for (button, file, format) in super::same_bytes::EXPORTS {
        let expected = stage.command_line.redacted_report(&path, format).await?;
        stage.browser.click(button).await?;
        ready(stage).await?;
        let saved = stage.browser.download("redacted-save", file).await?;
        ensure!(saved == expected, "{format} differs: {} and {} bytes", saved.len(), expected.len());
        let text = String::from_utf8(saved)?;
        for secret in SECRETS {
            ensure!(!text.contains(secret), "{format} holds {secret}");
        }
    }
    stage.browser.click("export-zip").await?;
    ready(stage).await?;
    let bytes = stage.browser.download("redacted-save", "falco-mitigations.zip").await?;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes))?;
    for at in 0..archive.len() {
        let text = std::io::read_to_string(archive.by_index(at)?)?;
        ensure!(SECRETS.iter().all(|secret| !text.contains(secret)), "the archive holds a secret");
    }
    // The choice is remembered.
    stage.open("").await?;
    stage.browser.choose(&[&path]).await?;
    stage.browser.reaches("report").await?;
    let chosen =
        stage.browser.script("return document.getElementById('export-redact').checked", vec![]).await?;
    ensure!(chosen == true, "the choice was forgotten");
    Ok(())
}

pub async fn a_hit_that_is_kept_stays(stage: &Stage<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("alerts.jsonl");
    std::fs::write(&path, ALERTS)?;
    stage.browser.choose(&[&path]).await?;
    stage.browser.reaches("report").await?;
    stage.browser.click("export-redact").await?;
    stage.browser.click("export-markdown").await?;
    ready(stage).await?;
    let keep = "document.querySelector(\"#redacted-hits input[aria-label='Replace alice']\").click()";
    stage.browser.script(keep, vec![]).await?;
    stage.browser.element("redacted-add").await?.send_keys("curl by").await?;
    stage
        .browser
        .script("document.querySelector('#redacted-dialog .share__row button').click()", vec![])
        .await?;
    says(stage, "redacted-hits", "chosen text").await?;
    ready(stage).await?;
    let markdown = String::from_utf8(stage.browser.download("redacted-save", "falco-report.md").await?)?;
    ensure!(markdown.contains("alice") && !markdown.contains("db-7.corp.internal"), "{markdown}");
    Ok(())
}

/// Read off a picture of the screen, as a phone would.
pub async fn the_qr_code_is_the_link(stage: &Stage<'_>) -> Result<()> {
    stage.browser.choose(&[&fixture("ptrace_event_generator_kubernetes.json").canonicalize()?]).await?;
    stage.browser.reaches("report").await?;
    stage.browser.click("share").await?;
    stage.browser.element("share-link").await?;
    let open = "document.getElementById('share-qr').open = true;
        document.querySelector('#share-qr svg').scrollIntoView({block: 'center'});
        return document.getElementById('share-link').value";
    let link = stage.browser.script(open, vec![]).await?;
    for scheme in ["light", "dark"] {
        stage.browser.prefer(scheme).await?;
        let picture = stage.browser.picture().await?;
        let read = read(&picture).with_context(|| format!("in a {scheme} window"))?;
        ensure!(link == read.as_str(), "{read} should be {link}");
    }
    Ok(())
}

fn read(png: &[u8]) -> Result<String> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().context("a picture that large")?];
    let frame = reader.next_frame(&mut pixels)?;
    let (width, height) = (usize::try_from(frame.width)?, usize::try_from(frame.height)?);
    let samples = frame.color_type.samples();
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        pixels.get((y * width + x) * samples + samples.min(2) - 1).copied().unwrap_or_default()
    });
    let grids = image.detect_grids();
    let code = grids.first().context("no QR code is to be seen")?;
    Ok(code.decode()?.1)
}
