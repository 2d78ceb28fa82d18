//! A centre on two machines: two folders, two programs, and a browser that is only a socket.

use crate::ports::free_port;
use crate::programs::{PASSPHRASE, Said, Suitcase, program, suitcase_of, wait_for};
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A program that runs; dropped, it is killed.
pub struct Program(Child);

impl Program {
    /// Starts it and reads the first line that it prints. Its log is appended to a file.
    pub fn start(mut command: Command, log: &Path) -> (Self, Value) {
        let log = File::options().create(true).append(true).open(log).expect("a log");
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("the program starts");
        let (mut output, mut line) = (BufReader::new(child.stdout.take().expect("piped")), String::new());
        output.read_line(&mut line).expect("a line");
        // Kept open for the program's life.
        std::mem::forget(output);
        let told = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        (Self(child), told)
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Sends a signal by name, and gives back the exit code if the program ends in time.
    pub fn signal(mut self, name: &str, patience: Duration) -> Option<i32> {
        let asked = Command::new("kill").args([&format!("-{name}"), &self.0.id().to_string()]).status();
        assert!(asked.is_ok_and(|status| status.success()));
        let until = std::time::Instant::now() + patience;
        while std::time::Instant::now() < until {
            if let Some(status) = self.0.try_wait().expect("it is ours") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        None
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Hub and desk in folders that share nothing.
pub struct Apart {
    /// The hub's machine.
    pub hub_dir: PathBuf,
    /// The desk's machine.
    pub desk_dir: PathBuf,
    /// What went back to the hub.
    pub answer: PathBuf,
    /// The hub's port.
    pub port: u16,
    /// The hub while it runs.
    pub hub: Option<Program>,
    /// The desk while it runs.
    pub desk: Option<Program>,
    pages: String,
    /// What the programs are started through, such as another clock.
    through: Option<fn(&Command) -> Command>,
    root: TempDir,
}

impl Apart {
    /// The hub prepared, the desk founded with its request; the hub has not taken the answer.
    pub fn found() -> Self {
        Self::found_at(free_port())
    }

    /// A centre that is there already, in the folders of these names below `root`. Nothing runs.
    pub fn at(root: TempDir, port: u16) -> Self {
        let at = |name: &str| root.path().join(name);
        let (hub_dir, desk_dir, answer) = (at("hub-machine"), at("desk-machine"), at("hub-answer"));
        Self { hub_dir, desk_dir, answer, port, hub: None, desk: None, pages: String::new(), through: None, root }
    }

    /// Its programs are started through something else, such as another clock.
    pub fn through(self, start: fn(&Command) -> Command) -> Self {
        Self { through: Some(start), ..self }
    }

    /// As [`Apart::found`], the hub at a port.
    pub fn found_at(port: u16) -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| root.path().join(name);
        std::fs::write(at("passphrase"), PASSPHRASE).expect("a file");
        let apart = Self::at(root, port);
        let (hub, listen) = (format!("https://127.0.0.1:{port}"), format!("127.0.0.1:{port}"));
        let (request, words) = (apart.path("hub-request"), apart.path("words"));
        let prepared = apart.hub_call(&["hub-prepare", "--hub", &hub, "--listen", &listen, "--out", &request]).ok();
        let named = ["--hub-request", &request, "--hub-answer", &apart.path("hub-answer")];
        let name = ["init", "--name", "Глобинська громада", "--words-out", &words];
        let founded = apart.desk_call(&[&name[..], &named[..]].concat()).ok();
        let digits = |said: &Said| said.out.lines().find(|line| line.contains("Звірте")).map(str::to_owned);
        assert!(digits(&prepared).is_some() && digits(&prepared) == digits(&founded), "{prepared:?} {founded:?}");
        apart
    }

    fn path(&self, name: &str) -> String {
        self.root.path().join(name).display().to_string()
    }

    /// The hub takes the desk's answer.
    pub fn accept(&self) {
        self.hub_call(&["hub-accept", &self.path("hub-answer")]).ok();
    }

    /// Everything of this centre and its suitcases lies below it.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The log of both programs.
    pub fn log(&self) -> PathBuf {
        self.root.path().join("run.log")
    }

    fn command(&self, dir: &Path) -> Command {
        let mut command = Command::new(program("sync-server"));
        command.args(["--login", "admin", "--fast-kdf", "--dir"]).arg(dir);
        if let Some(through) = self.through {
            command = through(&command);
        }
        command.stdin(Stdio::null());
        command
    }

    /// A command on the hub's machine, where nobody knows a passphrase.
    pub fn hub_call(&self, arguments: &[&str]) -> Said {
        Said::from(self.command(&self.hub_dir).args(arguments).output().expect("sync-server starts"))
    }

    /// A command on the desk's machine.
    pub fn desk_call(&self, arguments: &[&str]) -> Said {
        let mut command = self.command(&self.desk_dir);
        command.args(["--passphrase-file", &self.path("passphrase")]).args(arguments);
        Said::from(command.output().expect("sync-server starts"))
    }

    /// The command that is the hub, to be started.
    pub fn hub_command(&self) -> Command {
        let mut command = self.command(&self.hub_dir);
        command.args(["hub", "--json"]);
        command
    }

    /// The command that is the desk, to be started.
    pub fn desk_command(&self) -> Command {
        let mut command = self.command(&self.desk_dir);
        command.args(["--passphrase-file", &self.path("passphrase"), "desk", "--json", "--desk-listen", "127.0.0.1:0"]);
        command
    }

    /// Starts the hub.
    pub fn start_hub(&mut self) {
        self.start_hub_with(self.hub_command());
    }

    /// Starts the hub by a command made of [`Apart::hub_command`].
    pub fn start_hub_with(&mut self, command: Command) {
        self.hub = Some(Program::start(command, &self.log()).0);
    }

    /// Starts the desk, unsealed.
    pub fn start_desk(&mut self) {
        self.start_desk_with(self.desk_command());
    }

    /// Starts the desk, unsealed, by a command made of [`Apart::desk_command`].
    pub fn start_desk_with(&mut self, command: Command) {
        let (desk, told) = Program::start(command, &self.log());
        assert_eq!(told["sealed"], false, "{told}");
        self.pages = told["desk"].as_str().expect("an address").trim_matches('/').replace("http://", "");
        self.desk = Some(desk);
    }

    /// Starts both.
    pub fn start(&mut self) {
        self.start_hub();
        self.start_desk();
    }

    /// Ends the hub as its machine does.
    pub fn stop_hub(&mut self) {
        let hub = self.hub.take().expect("it runs");
        assert_eq!(hub.signal("TERM", Duration::from_secs(15)), Some(0));
    }

    /// Ends the desk as its machine does.
    pub fn stop_desk(&mut self) {
        let desk = self.desk.take().expect("it runs");
        assert_eq!(desk.signal("TERM", Duration::from_secs(15)), Some(0));
    }

    /// A certified suitcase.
    pub fn suitcase(&self, number: u16) -> Suitcase {
        suitcase_of(self.root.path(), number, |arguments| self.desk_call(arguments))
    }

    /// Waits until the queue has so many rows.
    #[track_caller]
    pub fn queue_of(&self, count: usize) -> Vec<Value> {
        wait_for(|| {
            let told = self.desk_call(&["queue", "--group", "all", "--json"]).json();
            let rows = told["requests"].as_array().cloned().unwrap_or_default();
            (rows.len() == count).then_some(rows)
        })
    }

    /// A page of the desk as the administrator sees it, signed in anew.
    pub fn page(&self, path: &str) -> String {
        let form = format!("login=admin&passphrase={}", encoded(PASSPHRASE));
        let head = format!(
            "POST /sign-in HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.pages,
            form.len()
        );
        let entered = self.http(&head);
        let cookie = entered.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap_or_default();
        let cookie = cookie.split(';').next().unwrap_or_default();
        self.http(&format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n",
            self.pages
        ))
    }

    fn http(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.pages).expect("the desk's pages");
        stream.write_all(request.as_bytes()).expect("a request is sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer comes");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
