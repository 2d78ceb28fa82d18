//! A browser without a window: enough HTTP for the officer's pages.

use crate::programs::Suitcase;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// `field-agent run` and a browser that was given its address.
pub struct Console {
    process: Option<Child>,
    host: String,
    cookie: String,
}

impl Console {
    /// Started and launched; the suitcase is still locked.
    pub fn start(suitcase: &Suitcase) -> Self {
        Self::start_with(suitcase, &[])
    }

    /// The same with more in its environment.
    pub fn start_with(suitcase: &Suitcase, environment: &[(&str, &str)]) -> Self {
        let mut command = suitcase.command();
        command.envs(environment.iter().copied()).arg("run");
        Self::started(command)
    }

    /// The same, which looks through everything that it keeps again and again.
    pub fn start_scrubbing(suitcase: &Suitcase) -> Self {
        let mut command = suitcase.command();
        command.args(["run", "--scrub-hours", "0"]);
        Self::started(command)
    }

    fn started(mut command: Command) -> Self {
        command.arg("--json").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("field-agent starts");
        let mut lines = BufReader::new(process.stdout.take().expect("piped"));
        let mut told = String::new();
        while !told.contains('}') {
            assert!(lines.read_line(&mut told).expect("a line") > 0, "it ended: {told}");
        }
        // Kept open for the program's life.
        std::mem::forget(lines);
        let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        let address = told["address"].as_str().expect("an address").trim_start_matches("http://").to_owned();
        let (host, path) = address.split_once('/').expect("a path");
        let mut console = Self { process: Some(process), host: host.to_owned(), cookie: String::new() };
        let (status, _) = console.get(&format!("/{path}"));
        assert_eq!(status, 303);
        console
    }

    /// A browser at pages that somebody else serves, by their address.
    pub fn at(address: &str) -> Self {
        let host = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { process: None, host, cookie: String::new() }
    }

    /// The process that was started.
    pub fn pid(&self) -> u32 {
        self.process.as_ref().expect("a process of its own").id()
    }

    /// A page: status and text.
    pub fn get(&mut self, path: &str) -> (u16, String) {
        self.ask("GET", path, "")
    }

    /// A form: status and text.
    pub fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> (u16, String) {
        let pairs = pairs.iter().map(|(name, value)| format!("{name}={}", percent(value)));
        self.ask("POST", path, &pairs.collect::<Vec<_>>().join("&"))
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.host).expect("the pages are served");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            self.cookie,
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        let text = String::from_utf8_lossy(&answer).into_owned();
        let status = text.get(9..12).and_then(|code| code.parse().ok()).expect("a status");
        for line in text.lines().take_while(|line| !line.is_empty()) {
            let cookie = line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
            if let Some((_, cookie)) =
                cookie.filter(|(_, cookie)| cookie.starts_with("valiza") || cookie.starts_with("desk="))
            {
                self.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
            }
        }
        (status, text)
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
