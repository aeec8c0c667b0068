//! Firefox's own ways: `WebDriver`, and scripts in the browser itself where that does not reach.

use std::path::Path;

use anyhow::{Context, Result, bail};
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::wire::Post;

/// Opens the browser itself, beside its pages, to [`in_browser`]; takes a free port for the other protocol.
pub const DRIVER_FLAGS: [&str; 2] = ["--allow-system-access", "--websocket-port=0"];

/// What a session starts with: an empty profile, downloads into a folder, no errands of the browser's own.
pub fn capabilities(program: &Path, downloads: &Path) -> Value {
    json!({
        "browserName": "firefox",
        // A dialog makes the next command fail.
        "unhandledPromptBehavior": "dismiss and notify",
        "moz:firefoxOptions": {
            "binary": program,
            "args": ["-headless", "--width=1280", "--height=985"],
            "prefs": {
                "browser.download.folderList": 2,
                "browser.download.dir": downloads,
                "browser.download.useDownloadDir": true,
                "browser.download.always_ask_before_handling_new_types": false,
                "browser.download.alwaysOpenPanel": false,
                // What a page would open in a tab is saved all the same.
                "browser.helperApps.neverAsk.saveToDisk": "text/markdown,application/json,text/html,application/zip",
                "datareporting.policy.dataSubmissionEnabled": false,
                "network.captive-portal-service.enabled": false,
                "network.connectivity-service.enabled": false,
            },
        },
    })
}

/// Notes every request that is not the browser's own, from here on.
const NOTE_REQUESTS: &str = "
    const browser = Services.wm.getMostRecentWindow('navigator:browser');
    browser.noted = [];
    browser.noter = subject => {
        const channel = subject.QueryInterface(Ci.nsIHttpChannel);
        const triggered = channel.loadInfo.triggeringPrincipal;
        const isPage = channel.loadInfo.externalContentPolicyType === Ci.nsIContentPolicy.TYPE_DOCUMENT;
        if (isPage || !triggered.isSystemPrincipal) browser.noted.push(channel.URI.spec);
    };
    Services.obs.addObserver(browser.noter, 'http-on-opening-request');
    Services.console.reset();";

pub async fn prepare(client: &Client) -> Result<()> {
    in_browser(client, NOTE_REQUESTS).await.map(drop)
}

/// The value of a script in the browser itself.
async fn in_browser(client: &Client, script: &str) -> Result<Value> {
    client.issue_cmd(Post("moz/context", json!({"context": "chrome"}))).await?;
    let value = client.execute(script, Vec::new()).await;
    client.issue_cmd(Post("moz/context", json!({"context": "content"}))).await?;
    value.context("a script in the browser itself")
}

pub async fn cut_network(client: &Client) -> Result<()> {
    in_browser(client, "Services.io.offline = true;").await.map(drop)
}

/// No file comes from outside a page here, so the page's own events bring one that a field has chosen.
pub async fn drop_file(client: &Client, file: &Path) -> Result<()> {
    let field = "const field = document.createElement('input'); field.type = 'file'; field.id = 'dragged';
        document.body.append(field);";
    client.execute(field, Vec::new()).await?;
    client.find(Locator::Id("dragged")).await?.send_keys(&file.display().to_string()).await?;
    let events = "const field = document.getElementById('dragged'), dataTransfer = new DataTransfer();
        dataTransfer.items.add(field.files[0]); field.remove();
        for (const kind of ['dragenter', 'dragover', 'drop'])
            document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));";
    client.execute(events, Vec::new()).await?;
    Ok(())
}

/// Presses keys at once, in this order, and lets them go in the other.
pub async fn press(client: &Client, keys: &[char]) -> Result<()> {
    let step = |kind, key: &char| json!({"type": kind, "value": key});
    let down = keys.iter().map(|key| step("keyDown", key));
    let up = keys.iter().rev().map(|key| step("keyUp", key));
    let source = json!({"type": "key", "id": "keyboard", "actions": down.chain(up).collect::<Vec<_>>()});
    client.issue_cmd(Post("actions", json!({"actions": [source]}))).await?;
    Ok(())
}

/// What `WebDriver` calls a key that has a name.
pub fn code_of(key: &str) -> Result<char> {
    Ok(match key {
        "Tab" => Key::Tab.into(),
        "Enter" => Key::Enter.into(),
        "Escape" => Key::Escape.into(),
        "ArrowLeft" => Key::Left.into(),
        "ArrowUp" => Key::Up.into(),
        "ArrowRight" => Key::Right.into(),
        "ArrowDown" => Key::Down.into(),
        "Home" => Key::Home.into(),
        "End" => Key::End.into(),
        single if single.chars().count() == 1 => single.chars().next().unwrap_or_default(),
        _ => bail!("no code is known for the key {key:?}"),
    })
}

/// Errors and warnings about pages. What the console says of style sheets is about rules for other browsers.
pub async fn console(client: &Client) -> Result<Vec<String>> {
    let script = "return Services.console.getMessageArray()
        .filter(entry => entry instanceof Ci.nsIScriptError && entry.innerWindowID && entry.category !== 'CSS Parser')
        .map(entry => entry.category + ': ' + entry.errorMessage + ' ' + entry.sourceName);";
    texts(&in_browser(client, script).await?)
}

/// Addresses that were asked for over the network since this was last called.
pub async fn asked_for(client: &Client) -> Result<Vec<String>> {
    let script = "const browser = Services.wm.getMostRecentWindow('navigator:browser');
        return browser.noted.splice(0);";
    texts(&in_browser(client, script).await?)
}

fn texts(values: &Value) -> Result<Vec<String>> {
    let values = values.as_array().context("a list")?;
    Ok(values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect())
}

/// Sets the size of the window, in CSS pixels; its frame is a little larger than the page.
pub async fn resize(client: &Client, width: u32, height: u32) -> Result<()> {
    Ok(client.set_window_size(width, height + 85).await?)
}

pub async fn prefer(client: &Client, scheme: &str) -> Result<()> {
    let scheme = u8::from(scheme == "light");
    let script =
        format!("Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', {scheme});");
    in_browser(client, &script).await.map(drop)
}
