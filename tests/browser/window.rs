//! One browser with one window, and its driver.

use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::common::print::PrintParameters;
use thirtyfour::prelude::*;
use valiza_tests::ports::free_port;

const FLAGS: [&str; 13] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--lang=uk",
    "--window-size=1366,768",
    "--hide-scrollbars",
    // Pages do not glide while they are clicked.
    "--force-prefers-reduced-motion",
];

/// A browser window of 1366 × 768. The driver ends with it.
pub struct Window {
    /// What drives it.
    pub driver: WebDriver,
    chromedriver: Child,
    _profile: TempDir,
}

impl Window {
    /// A new browser that knows nothing of others.
    pub async fn open() -> Self {
        Self::with(&[]).await
    }

    /// One whose system asks for dark colours.
    pub async fn open_at_night() -> Self {
        let window = Self::with(&["--blink-settings=preferredColorScheme=0"]).await;
        assert_eq!(window.ask("matchMedia('(prefers-color-scheme: dark)').matches").await, Value::Bool(true));
        window
    }

    async fn with(flags: &[&str]) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let port = free_port();
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        let chromedriver = command.spawn().expect("chromedriver must be installed (Debian: chromium-driver)");
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut capabilities = DesiredCapabilities::chrome();
        for flag in FLAGS.iter().chain(flags) {
            capabilities.add_arg(flag).expect("a flag");
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display())).expect("a flag");
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::All).expect("a level");
        let address = format!("http://127.0.0.1:{port}");
        let mut tries = 0;
        let driver = loop {
            match WebDriver::new(&address, capabilities.clone()).await {
                Ok(driver) => break driver,
                Err(error) => {
                    tries += 1;
                    assert!(tries < 60, "the browser does not start: {error}");
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
            }
        };
        Self { driver, chromedriver, _profile: profile }
    }

    /// Goes to an address as if it was typed.
    pub async fn go(&self, address: &str) {
        self.driver.goto(address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    /// As wide as a telephone, 320 px, or as before.
    pub async fn narrow(&self, narrow: bool) {
        let (command, size) = match narrow {
            true => {
                let size = json!({ "width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": false });
                ("Emulation.setDeviceMetricsOverride", size)
            }
            false => ("Emulation.clearDeviceMetricsOverride", json!({})),
        };
        self.driver.cdp().send_raw(command, size).await.expect("the window changes its size");
    }

    /// As on paper, between the margins of A4 that the stylesheet sets: 170 mm. There is no way back.
    pub async fn as_on_paper(&self) {
        let size = json!({ "width": 643, "height": 971, "deviceScaleFactor": 1, "mobile": false });
        let media = json!({ "media": "print" });
        for (command, what) in [("Emulation.setDeviceMetricsOverride", size), ("Emulation.setEmulatedMedia", media)] {
            self.driver.cdp().send_raw(command, what).await.expect("the page is laid out for paper");
        }
    }

    /// In the few colours that a system with high contrast allows, or as before.
    pub async fn forced_colours(&self, forced: bool) {
        let value = if forced { "active" } else { "none" };
        let features = json!({ "features": [{ "name": "forced-colors", "value": value }] });
        self.driver.cdp().send_raw("Emulation.setEmulatedMedia", features).await.expect("colours change");
    }

    /// Asks the page something: a JavaScript expression.
    pub async fn ask(&self, expression: &str) -> Value {
        let answer = self.driver.execute(format!("return {expression};"), Vec::<Value>::new()).await;
        answer.unwrap_or_else(|error| panic!("{expression}: {error}")).json().clone()
    }

    /// All text of the page.
    pub async fn text(&self) -> String {
        self.ask("document.body.innerText").await.as_str().unwrap_or_default().replace('\u{a0}', " ")
    }

    /// Its path and query.
    pub async fn path(&self) -> String {
        self.ask("location.pathname + location.search").await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an expression is true. A page that is just being changed answers nothing.
    pub async fn until(&self, expression: &str) {
        for _ in 0..300 {
            let answer = self.driver.execute(format!("return !!({expression});"), Vec::<Value>::new()).await;
            if answer.is_ok_and(|answer| answer.json() == &Value::Bool(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.picture("failed").await;
        panic!("not in half a minute: {expression}\n{}\n{}", self.path().await, self.text().await);
    }

    /// Waits until the page shows this text.
    pub async fn shows(&self, words: &str) {
        self.until(&format!("document.body.innerText.replaceAll('\\u00a0', ' ').includes({})", quoted(words))).await;
    }

    /// Marks this page, so that the next one can be told from it.
    pub async fn mark(&self) {
        self.driver.execute("window.seenBefore = true;", Vec::<Value>::new()).await.expect("a script");
    }

    /// Waits until another page than the marked one is complete.
    pub async fn turned(&self) {
        self.until("!window.seenBefore && document.readyState === 'complete'").await;
    }

    /// Clicks what a selector finds first, and waits for the page that follows.
    pub async fn follow(&self, selector: &str) {
        self.mark().await;
        self.element(selector).await.click().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
        self.turned().await;
    }

    /// Follows the link of the row that names a request.
    pub async fn open_request(&self, number: &str) {
        self.mark().await;
        let link =
            self.driver.find(By::XPath(format!("//a[contains(@class,'row-link')][contains(.,'{number}')]"))).await;
        link.expect("a row's link").click().await.expect("it opens");
        self.turned().await;
    }

    /// Types into the field that a selector finds, instead of what was there.
    pub async fn fill(&self, selector: &str, words: &str) {
        let element = self.element(selector).await;
        element.clear().await.expect("it can be emptied");
        element.send_keys(words).await.expect("it can be typed into");
    }

    /// What a CSS selector finds first.
    pub async fn element(&self, selector: &str) -> WebElement {
        match self.driver.find(By::Css(selector)).await {
            Ok(element) => element,
            Err(_) => panic!("no {selector} on {}:\n{}", self.path().await, self.text().await),
        }
    }

    /// A picture of what is seen.
    pub async fn picture(&self, name: &str) {
        let test = std::env::current_exe().expect("a test knows where it is");
        let folder: PathBuf = test.ancestors().nth(2).expect("target/<profile>/deps").join("browser");
        std::fs::create_dir_all(&folder).expect("a folder");
        self.driver.screenshot(&folder.join(format!("{name}.png"))).await.expect("a picture");
    }

    /// The page as it is printed: PDF.
    pub async fn print(&self) -> Vec<u8> {
        // Without shrinking, the size of the paper and its margins are the stylesheet's.
        let asked = PrintParameters { shrink_to_fit: false, ..PrintParameters::default() };
        self.driver.handle().print_page(asked).await.expect("it prints")
    }

    /// The browser must have had nothing to complain about. Pages that say "not found" or
    /// "mend this" are no fault, nor is a status that is asked for while the program is down.
    pub async fn no_complaints(&self) {
        let log = self.driver.browser_log().await.expect("a log");
        let expected = |message: &str| {
            ["status of 403", "status of 404", "status of 422", "status of 409"]
                .iter()
                .any(|words| message.contains(words))
                && !message.contains("/assets/")
                || message.contains("/status") && message.contains("ERR_CONNECTION_REFUSED")
        };
        let serious: Vec<String> = log
            .into_iter()
            .filter(|entry| entry.level == "SEVERE" && !expected(&entry.message))
            .map(|entry| entry.message)
            .collect();
        assert!(serious.is_empty(), "{serious:#?}");
    }

    /// Closes the browser after a last look at its log.
    pub async fn close(self) {
        self.no_complaints().await;
        let _ = self.driver.clone().quit().await;
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // Asked to end, the driver takes its browser with it; killed, it would leave it behind.
        let _ = Command::new("kill").args(["-TERM", &self.chromedriver.id().to_string()]).status();
        let _ = self.chromedriver.wait();
    }
}

/// A text as JavaScript.
pub fn quoted(words: &str) -> String {
    Value::from(words).to_string()
}
