//! A real browser behind its driver, and what the journeys do with it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::{chromium, firefox, memory};

/// Long enough for two busy cores; reaching it is a failure.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often starting a browser is tried.
const ATTEMPTS: usize = 4;
const PAUSE: Duration = Duration::from_millis(20);

/// The browsers that the page is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Chromium,
    Firefox,
}

/// Starts browsers of one kind.
pub struct Driver {
    kind: Kind,
    program: PathBuf,
    browser: PathBuf,
    screenshots: PathBuf,
    /// One chromedriver has all browsers. A geckodriver has one, and is started with it.
    shared: Option<Process>,
}

/// A running chromedriver or geckodriver; it ends with this value.
struct Process {
    process: Child,
    address: String,
}

impl Process {
    async fn start(kind: Kind, program: &Path) -> Result<Self> {
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut command = Command::new(program);
        command.arg(format!("--port={port}"));
        if kind == Kind::Firefox {
            command.args(firefox::DRIVER_FLAGS);
        }
        let process = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let listening = async {
            while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                sleep(PAUSE).await;
            }
        };
        timeout(PATIENCE, listening).await.context("the driver does not listen")?;
        Ok(Self { process, address: format!("http://127.0.0.1:{port}") })
    }
}

impl Driver {
    /// Finds out whether the driver starts.
    pub async fn start(kind: Kind, program: &Path, browser: &Path, screenshots: &Path) -> Result<Self> {
        let process = Process::start(kind, program).await?;
        Ok(Self {
            kind,
            program: program.to_owned(),
            browser: browser.to_owned(),
            screenshots: screenshots.to_owned(),
            shared: (kind == Kind::Chromium).then_some(process),
        })
    }

    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What the largest page of its browsers holds in memory, in bytes.
    pub fn page_memory(&self) -> u64 {
        self.process_id().map_or(0, memory::of_renderer)
    }

    /// A browser with an empty profile. Starting one on a busy machine sometimes never answers, which says
    /// nothing about the page, so it is tried again.
    pub async fn browser(&self) -> Result<Browser> {
        self.browser_with(&chromium::Settings::default()).await
    }

    /// The same, where Chromium is set otherwise.
    pub async fn browser_with(&self, settings: &chromium::Settings) -> Result<Browser> {
        for _ in 0..ATTEMPTS {
            if let Ok(started) = timeout(PATIENCE / 2, self.start_browser(settings)).await {
                return started;
            }
        }
        bail!("the browser did not start in {ATTEMPTS} attempts")
    }

    /// The most memory that a tab of these browsers has had, in kilobytes.
    pub fn peak_memory(&self) -> Result<u64> {
        Ok(memory::peak_of_renderer(self.process_id().context("the driver has ended")?))
    }

    fn process_id(&self) -> Option<u32> {
        self.shared.as_ref()?.process.id()
    }

    async fn start_browser(&self, settings: &chromium::Settings) -> Result<Browser> {
        let own = match &self.shared {
            Some(_) => None,
            None => Some(Process::start(self.kind, &self.program).await?),
        };
        let driver = own.as_ref().or(self.shared.as_ref()).context("one of them is there")?;
        let (profile, downloads) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let capabilities = match self.kind {
            Kind::Chromium => chromium::capabilities(&self.browser, profile.path(), settings),
            Kind::Firefox => firefox::capabilities(&self.browser, downloads.path()),
        };
        let Value::Object(capabilities) = capabilities else { bail!("capabilities are an object") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.address)
            .await?;
        match self.kind {
            Kind::Chromium => chromium::prepare(&client, downloads.path(), WITNESS).await?,
            Kind::Firefox => firefox::prepare(&client).await?,
        }
        let screenshots = self.screenshots.clone();
        Ok(Browser { kind: self.kind, _driver: own, client, _profile: profile, downloads, screenshots })
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
    kind: Kind,
    _driver: Option<Process>,
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
        self.client.goto(address).await?;
        if self.kind == Kind::Firefox {
            // Nothing can be put before a page's own scripts; what is violated earlier, the console tells.
            self.script(WITNESS, vec![]).await?;
        }
        Ok(())
    }

    /// Puts a script before the own ones of every later page; in Chromium.
    pub async fn before_pages(&self, source: &str) -> Result<()> {
        ensure!(self.kind == Kind::Chromium, "nothing can be put before a page in Firefox");
        chromium::before_pages(&self.client, source).await
    }

    pub async fn cut_network(&self) -> Result<()> {
        match self.kind {
            Kind::Chromium => chromium::cut_network(&self.client).await,
            Kind::Firefox => firefox::cut_network(&self.client).await,
        }
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
        match self.kind {
            Kind::Chromium => chromium::drop_file(&self.client, file).await,
            Kind::Firefox => firefox::drop_file(&self.client, file).await,
        }
    }

    /// Copies text out of a field that is gone afterwards, then pastes it outside of any text field, both
    /// through the browser's clipboard.
    pub async fn paste(&self, text: &str) -> Result<()> {
        let field = "const field = document.createElement('textarea'); field.id = 'copied'; field.value = arguments[0];
            document.body.append(field); field.select();";
        self.script(field, vec![json!(text)]).await?;
        self.edit('c', "copy").await?;
        self.script("document.getElementById('copied').remove()", vec![]).await?;
        self.edit('v', "paste").await
    }

    /// Presses Ctrl and a letter.
    async fn edit(&self, letter: char, command: &str) -> Result<()> {
        match self.kind {
            Kind::Chromium => chromium::edit(&self.client, letter, command).await,
            Kind::Firefox => firefox::press(&self.client, &[Key::Control.into(), letter]).await,
        }
    }

    /// Presses a key that has a name, wherever the focus is.
    pub async fn press(&self, key: &str, code: u32) -> Result<()> {
        match self.kind {
            Kind::Chromium => chromium::press(&self.client, key, code).await,
            Kind::Firefox => firefox::press(&self.client, &[firefox::code_of(key)?]).await,
        }
    }

    /// Presses Tab, or Shift and Tab to go back.
    pub async fn press_tab(&self, is_back: bool) -> Result<()> {
        match (self.kind, is_back) {
            (_, false) => self.press("Tab", 9).await,
            (Kind::Chromium, true) => chromium::press_shift_tab(&self.client).await,
            (Kind::Firefox, true) => {
                firefox::press(&self.client, &[Key::Shift.into(), Key::Tab.into()]).await
            }
        }
    }

    /// Clicks, and gives the file that is downloaded.
    pub async fn download(&self, id: &str, name: &str) -> Result<Vec<u8>> {
        self.download_after(self.click(id), name).await
    }

    /// Gives the file that is downloaded when something is done. Both browsers reserve the name with an empty
    /// file and move the whole one over it.
    pub async fn download_after(
        &self,
        done: impl Future<Output = Result<()>>,
        name: &str,
    ) -> Result<Vec<u8>> {
        let path = self.downloads.path().join(name);
        done.await?;
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
        let mut complaints = match self.kind {
            Kind::Chromium => chromium::console(&self.client).await?,
            Kind::Firefox => firefox::console(&self.client).await?,
        };
        let witnessed = self.script("return window.witnessed", vec![]).await?;
        complaints.extend(witnessed.as_array().into_iter().flatten().map(ToString::to_string));
        Ok(complaints)
    }

    /// Addresses that the page has asked for since this was last called; in Firefox those of the network.
    pub async fn asked_for(&self) -> Result<Vec<String>> {
        match self.kind {
            Kind::Chromium => chromium::asked_for(&self.client).await,
            Kind::Firefox => firefox::asked_for(&self.client).await,
        }
    }

    /// Sets the size of the window, in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        match self.kind {
            Kind::Chromium => chromium::resize(&self.client, width, height).await,
            Kind::Firefox => firefox::resize(&self.client, width, height).await,
        }
    }

    /// The colours that a person prefers: light or dark.
    pub async fn prefer(&self, scheme: &str) -> Result<()> {
        match self.kind {
            Kind::Chromium => chromium::prefer(&self.client, scheme).await,
            Kind::Firefox => firefox::prefer(&self.client, scheme).await,
        }
    }

    /// What the window shows, as PNG.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        Ok(self.client.screenshot().await?)
    }

    /// Saves what the window shows as `NAME.png`.
    pub async fn screenshot(&self, name: &str) -> Result<()> {
        let png = self.client.screenshot().await?;
        Ok(std::fs::write(self.screenshots.join(format!("{name}.png")), png)?)
    }
}
