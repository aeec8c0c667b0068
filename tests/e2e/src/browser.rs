//! A real Chromium behind chromedriver, and what the journeys do with it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::cdp::{Cdp, Log};
use crate::memory;

/// Long enough for two busy cores; reaching it is a failure.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often starting a browser is tried.
const ATTEMPTS: usize = 4;
const PAUSE: Duration = Duration::from_millis(20);

/// A running chromedriver; it ends with this value.
pub struct Driver {
    process: Child,
    address: String,
    chrome: PathBuf,
    screenshots: PathBuf,
}

impl Driver {
    pub async fn start(chromedriver: &Path, chrome: &Path, screenshots: &Path) -> Result<Self> {
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let process = Command::new(chromedriver)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", chromedriver.display()))?;
        let listening = async {
            while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                sleep(PAUSE).await;
            }
        };
        timeout(PATIENCE, listening).await.context("chromedriver does not listen")?;
        Ok(Self {
            process,
            address: format!("http://127.0.0.1:{port}"),
            chrome: chrome.to_owned(),
            screenshots: screenshots.to_owned(),
        })
    }

    /// What the largest page of its browsers holds in memory, in bytes.
    pub fn page_memory(&self) -> u64 {
        self.process.id().map_or(0, memory::of_renderer)
    }

    /// A browser with an empty profile. Starting one on a busy machine sometimes never answers, which says
    /// nothing about the page, so it is tried again.
    pub async fn browser(&self) -> Result<Browser> {
        for _ in 0..ATTEMPTS {
            if let Ok(started) = timeout(PATIENCE / 2, self.start_browser()).await {
                return started;
            }
        }
        bail!("the browser did not start in {ATTEMPTS} attempts")
    }

    /// The most memory that a tab of these browsers has had, in kilobytes.
    pub fn peak_memory(&self) -> Result<u64> {
        Ok(memory::peak_of_renderer(self.process.id().context("chromedriver has ended")?))
    }

    async fn start_browser(&self) -> Result<Browser> {
        let (profile, downloads) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let data = format!("--user-data-dir={}", profile.path().display());
        let flags = [
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
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": self.chrome, "args": flags},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        });
        let Value::Object(capabilities) = capabilities else { bail!("capabilities are an object") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&self.address)
            .await?;
        let screenshots = self.screenshots.clone();
        let browser = Browser { client, _profile: profile, downloads, screenshots };
        let folder = browser.downloads.path();
        browser
            .cdp("Browser.setDownloadBehavior", json!({"behavior": "allow", "downloadPath": folder}))
            .await?;
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({"source": WITNESS})).await?;
        Ok(browser)
    }
}

/// Notes what must not happen: violations of the content security policy, and dialogs.
const WITNESS: &str = "
    window.witnessed = [];
    addEventListener('securitypolicyviolation', event => window.witnessed.push('policy: ' + event.violatedDirective + ' ' + event.blockedURI));
    for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => window.witnessed.push(name);
";

/// One browser window.
pub struct Browser {
    client: Client,
    _profile: tempfile::TempDir,
    downloads: tempfile::TempDir,
    screenshots: PathBuf,
}

impl Browser {
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }

    pub async fn goto(&self, address: &str) -> Result<()> {
        Ok(self.client.goto(address).await?)
    }

    pub async fn cdp(&self, method: &'static str, parameters: Value) -> Result<Value> {
        self.client.issue_cmd(Cdp(method, parameters)).await.with_context(|| method.to_owned())
    }

    /// The value of a script's `return`.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(script, arguments).await?)
    }

    /// Lets scripts take minutes.
    pub async fn patient(&self) -> Result<()> {
        let minutes = Some(Duration::from_secs(600));
        let timeouts = fantoccini::wd::TimeoutConfiguration::new(minutes, None, None);
        Ok(self.client.update_timeouts(timeouts).await?)
    }

    /// The value that a script hands to its last argument.
    pub async fn script_later(&self, script: &str) -> Result<Value> {
        Ok(self.client.execute_async(script, Vec::new()).await?)
    }

    /// Waits until the page is in one of its states: welcome, loading, report, problem, cancelled.
    pub async fn reaches(&self, state: &str) -> Result<()> {
        let waited = timeout(PATIENCE, async {
            while self.state().await? != state {
                sleep(PAUSE).await;
            }
            Ok(())
        });
        match waited.await {
            Ok(done) => done,
            Err(_) => bail!("the page is in state {:?} and never reached {state:?}", self.state().await?),
        }
    }

    pub async fn state(&self) -> Result<String> {
        let state = self.script("return document.body.dataset.state || ''", vec![]).await?;
        Ok(state.as_str().unwrap_or_default().to_owned())
    }

    /// Waits for an element that can be seen, by its id.
    pub async fn element(&self, id: &str) -> Result<fantoccini::elements::Element> {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Id(id)).await;
        found.with_context(|| format!("no element #{id}"))
    }

    pub async fn click(&self, id: &str) -> Result<()> {
        self.element(id).await?.click().await.with_context(|| format!("#{id} cannot be clicked"))
    }

    pub async fn text(&self, id: &str) -> Result<String> {
        Ok(self.element(id).await?.text().await?)
    }

    /// Chooses files as the file dialog would.
    pub async fn choose(&self, files: &[&Path]) -> Result<()> {
        let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        Ok(self.element("file-input").await?.send_keys(&names.join("\n")).await?)
    }

    /// Drags a file from outside over the page and lets it go.
    pub async fn drop_file(&self, file: &Path) -> Result<()> {
        for kind in ["dragEnter", "dragOver", "drop"] {
            let data = json!({"items": [], "files": [file], "dragOperationsMask": 1});
            self.cdp("Input.dispatchDragEvent", json!({"type": kind, "x": 400, "y": 300, "data": data}))
                .await?;
        }
        Ok(())
    }

    /// Copies text out of a field that is gone afterwards, then pastes it outside of any text field, both
    /// through the browser's clipboard.
    pub async fn paste(&self, text: &str) -> Result<()> {
        let field = "const field = document.createElement('textarea'); field.id = 'copied'; field.value = arguments[0];
            document.body.append(field); field.select();";
        self.script(field, vec![json!(text)]).await?;
        self.edit("c", "copy").await?;
        self.script("document.getElementById('copied').remove()", vec![]).await?;
        self.edit("v", "paste").await
    }

    /// Presses Ctrl and a letter, with the editing command that a desktop binds to them.
    async fn edit(&self, letter: &str, command: &str) -> Result<()> {
        const CONTROL: u8 = 2;
        for (kind, commands) in [("rawKeyDown", json!([command])), ("keyUp", json!([]))] {
            let event = json!({"type": kind, "key": letter, "modifiers": CONTROL, "commands": commands});
            self.cdp("Input.dispatchKeyEvent", event).await?;
        }
        Ok(())
    }

    /// Presses a key that has a name, wherever the focus is.
    pub async fn press(&self, key: &str, code: u32) -> Result<()> {
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let event =
                json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text});
            self.cdp("Input.dispatchKeyEvent", event).await?;
        }
        Ok(())
    }

    /// Clicks, and gives the file that is downloaded. Chromium reserves the name with an empty file and
    /// moves the whole one over it.
    pub async fn download(&self, id: &str, name: &str) -> Result<Vec<u8>> {
        let path = self.downloads.path().join(name);
        self.click(id).await?;
        let arrives = async {
            while !std::fs::metadata(&path).is_ok_and(|file| file.len() > 0) {
                sleep(PAUSE).await;
            }
        };
        timeout(PATIENCE, arrives).await.with_context(|| format!("{name} was not downloaded"))?;
        let bytes = std::fs::read(&path)?;
        std::fs::remove_file(&path)?;
        Ok(bytes)
    }

    /// What must not have happened: console errors, policy violations, dialogs.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        let mut complaints = Vec::new();
        for entry in self.log("browser").await? {
            if matches!(string(&entry, "/level"), "SEVERE" | "WARNING") {
                complaints.push(string(&entry, "/message").to_owned());
            }
        }
        let witnessed = self.script("return window.witnessed", vec![]).await?;
        complaints.extend(witnessed.as_array().into_iter().flatten().map(ToString::to_string));
        Ok(complaints)
    }

    /// Addresses that the page has asked for since this was last called.
    pub async fn asked_for(&self) -> Result<Vec<String>> {
        let mut addresses = Vec::new();
        for entry in self.log("performance").await? {
            let message: Value = serde_json::from_str(string(&entry, "/message"))?;
            if string(&message, "/message/method") == "Network.requestWillBeSent" {
                addresses.push(string(&message, "/message/params/request/url").to_owned());
            }
        }
        Ok(addresses)
    }

    async fn log(&self, kind: &'static str) -> Result<Vec<Value>> {
        let entries = self.client.issue_cmd(Log(kind)).await?;
        Ok(entries.as_array().cloned().unwrap_or_default())
    }

    /// Sets the size of the window, in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
    }

    pub async fn prefer(&self, scheme: &str) -> Result<()> {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.cdp("Emulation.setEmulatedMedia", features).await.map(drop)
    }

    /// Saves what the window shows as `NAME.png`.
    pub async fn screenshot(&self, name: &str) -> Result<()> {
        let png = self.client.screenshot().await?;
        Ok(std::fs::write(self.screenshots.join(format!("{name}.png")), png)?)
    }
}

/// The text at a place of a JSON value; empty where there is none.
fn string<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
