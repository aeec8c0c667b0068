//! Chromium's own ways: `WebDriver` where it reaches, the browser's protocol through chromedriver beyond it.

use std::path::Path;

use anyhow::{Context, Result};
use fantoccini::Client;
use serde_json::{Value, json};

use crate::wire::Post;

/// What is otherwise than in a browser as it comes.
#[derive(Debug, Default)]
pub struct Settings {
    /// Further flags of the program.
    pub flags: Vec<&'static str>,
    /// Preferences of the profile.
    pub preferences: Value,
}

/// What a session starts with: an empty profile, its logs kept.
pub fn capabilities(program: &Path, profile: &Path, settings: &Settings) -> Value {
    let data = format!("--user-data-dir={}", profile.display());
    let mut flags = vec![
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--window-size=1280,900",
        &data,
    ];
    flags.extend(&settings.flags);
    let preferences = if settings.preferences.is_null() { json!({}) } else { settings.preferences.clone() };
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": {"binary": program, "args": flags, "prefs": preferences},
        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
    })
}

/// Lets downloads land in a folder, and puts this script before every page's own.
pub async fn prepare(client: &Client, downloads: &Path, before_each_page: &str) -> Result<()> {
    command(client, "Browser.setDownloadBehavior", json!({"behavior": "allow", "downloadPath": downloads}))
        .await?;
    before_pages(client, before_each_page).await
}

pub async fn before_pages(client: &Client, source: &str) -> Result<()> {
    command(client, "Page.addScriptToEvaluateOnNewDocument", json!({"source": source})).await.map(drop)
}

/// A command of the browser's own protocol.
async fn command(client: &Client, method: &'static str, parameters: Value) -> Result<Value> {
    let body = json!({"cmd": method, "params": parameters});
    client.issue_cmd(Post("goog/cdp/execute", body)).await.with_context(|| method.to_owned())
}

pub async fn cut_network(client: &Client) -> Result<()> {
    let cut = json!({"offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
    command(client, "Network.enable", json!({})).await?;
    command(client, "Network.emulateNetworkConditions", cut).await.map(drop)
}

/// Drags a file from outside over the page and lets it go.
pub async fn drop_file(client: &Client, file: &Path) -> Result<()> {
    for kind in ["dragEnter", "dragOver", "drop"] {
        let data = json!({"items": [], "files": [file], "dragOperationsMask": 1});
        let event = json!({"type": kind, "x": 400, "y": 300, "data": data});
        command(client, "Input.dispatchDragEvent", event).await?;
    }
    Ok(())
}

/// Presses Ctrl and a letter, with the editing command that a desktop binds to them.
pub async fn edit(client: &Client, letter: char, name: &str) -> Result<()> {
    const CONTROL: u8 = 2;
    for (kind, commands) in [("rawKeyDown", json!([name])), ("keyUp", json!([]))] {
        let event = json!({"type": kind, "key": letter, "modifiers": CONTROL, "commands": commands});
        command(client, "Input.dispatchKeyEvent", event).await?;
    }
    Ok(())
}

/// Presses a key that has a name.
pub async fn press(client: &Client, key: &str, code: u32) -> Result<()> {
    let text = if key == "Enter" { "\r" } else { "" };
    for kind in ["keyDown", "keyUp"] {
        let event =
            json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text});
        command(client, "Input.dispatchKeyEvent", event).await?;
    }
    Ok(())
}

pub async fn press_shift_tab(client: &Client) -> Result<()> {
    const SHIFT: u8 = 8;
    for kind in ["keyDown", "keyUp"] {
        let event = json!({"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9, "modifiers": SHIFT});
        command(client, "Input.dispatchKeyEvent", event).await?;
    }
    Ok(())
}

/// Errors and warnings of the console.
pub async fn console(client: &Client) -> Result<Vec<String>> {
    let entries = log(client, "browser").await?;
    let grave = entries.iter().filter(|entry| matches!(string(entry, "/level"), "SEVERE" | "WARNING"));
    Ok(grave.map(|entry| string(entry, "/message").to_owned()).collect())
}

/// Addresses that were asked for since this was last called.
pub async fn asked_for(client: &Client) -> Result<Vec<String>> {
    let mut addresses = Vec::new();
    for entry in log(client, "performance").await? {
        let message: Value = serde_json::from_str(string(&entry, "/message"))?;
        if string(&message, "/message/method") == "Network.requestWillBeSent" {
            addresses.push(string(&message, "/message/params/request/url").to_owned());
        }
    }
    Ok(addresses)
}

/// The entries of a log since it was last asked for.
async fn log(client: &Client, kind: &'static str) -> Result<Vec<Value>> {
    let entries = client.issue_cmd(Post("se/log", json!({"type": kind}))).await?;
    Ok(entries.as_array().cloned().unwrap_or_default())
}

/// Sets the size of the window, in CSS pixels.
pub async fn resize(client: &Client, width: u32, height: u32) -> Result<()> {
    let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
    command(client, "Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
}

pub async fn prefer(client: &Client, scheme: &str) -> Result<()> {
    let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
    command(client, "Emulation.setEmulatedMedia", features).await.map(drop)
}

/// The text at a place of a JSON value; empty where there is none.
fn string<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
