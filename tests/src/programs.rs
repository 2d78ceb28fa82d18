//! A centre and suitcases as people run them: the real programs in folders of their own, on loopback ports.

use crate::ports::free_port;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Everybody's in these tests.
pub const PASSPHRASE: &str = "яблуко човен місток вікно ранок сонце";

/// A program that `cargo build --workspace --bins` has built beside this test.
pub fn program(name: &str) -> PathBuf {
    let here = std::env::current_exe().expect("a test knows where it is");
    let path = here.parent().and_then(Path::parent).expect("target/<profile>/deps").join(name);
    assert!(path.exists(), "{} is missing: cargo build --workspace --bins", path.display());
    path
}

/// What a program said and how it ended.
#[derive(Debug)]
pub struct Said {
    /// Exit code; `None` if it was killed.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Said {
    /// Of a program that has ended.
    pub fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// It must have succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self
    }

    /// Its output as JSON.
    #[track_caller]
    pub fn json(self) -> Value {
        let said = self.ok();
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:#?}"))
    }
}

/// A centre: folder, ports, and its processes while they run.
pub struct Centre {
    /// Hub and desk are below it.
    pub dir: PathBuf,
    /// The hub's port.
    pub port: u16,
    /// Where the desk's pages are while it runs: `http://127.0.0.1:PORT/`.
    pub desk: String,
    running: Option<Child>,
    root: TempDir,
}

impl Centre {
    /// Founded, not running.
    pub fn found() -> Self {
        Self::found_on("127.0.0.1")
    }

    /// As [`Centre::found`], its hub on another loopback address, written as in an address: `[::1]`.
    pub fn found_on(host: &str) -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(root.path().join("passphrase"), PASSPHRASE).expect("a file");
        let centre =
            Self { dir: root.path().join("centre"), port: free_port(), desk: String::new(), running: None, root };
        let (hub, listen) = (format!("https://{host}:{}", centre.port), format!("{host}:{}", centre.port));
        let words = centre.words();
        let words = words.to_str().expect("a path in UTF-8");
        centre
            .call(&["init", "--name", "Глобинська громада", "--hub", &hub, "--listen", &listen, "--words-out", words])
            .ok();
        centre
    }

    /// Founded and running.
    pub fn start() -> Self {
        let mut centre = Self::found();
        centre.run();
        centre
    }

    /// Where the kit's words were written.
    pub fn words(&self) -> PathBuf {
        self.root.path().join("words")
    }

    /// The file with everybody's passphrase.
    pub fn passphrase(&self) -> PathBuf {
        self.root.path().join("passphrase")
    }

    /// The temporary folder of this centre and its suitcases.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(program("sync-server"));
        command.args(["--login", "admin", "--fast-kdf", "--dir"]).arg(&self.dir);
        command.arg("--passphrase-file").arg(self.passphrase()).stdin(Stdio::null());
        command
    }

    /// One command of `sync-server`.
    pub fn call(&self, arguments: &[&str]) -> Said {
        Said::from(self.command().args(arguments).output().expect("sync-server starts"))
    }

    /// As [`Centre::call`], with another file for the passphrase.
    pub fn call_with(&self, passphrase: &Path, arguments: &[&str]) -> Said {
        let mut command = self.bare();
        command.arg("--passphrase-file").arg(passphrase).args(arguments);
        Said::from(command.output().expect("sync-server starts"))
    }

    /// As [`Centre::call`], by somebody who knows no passphrase.
    pub fn call_without(&self, arguments: &[&str]) -> Said {
        Said::from(self.bare().args(arguments).output().expect("sync-server starts"))
    }

    /// As [`Centre::call_without`], in the name of somebody else.
    pub fn call_as(&self, login: &str, arguments: &[&str]) -> Said {
        Said::from(self.bare_as(login).args(arguments).output().expect("sync-server starts"))
    }

    fn bare(&self) -> Command {
        self.bare_as("admin")
    }

    fn bare_as(&self, login: &str) -> Command {
        let mut command = Command::new(program("sync-server"));
        command.args(["--login", login, "--fast-kdf", "--dir"]).arg(&self.dir).stdin(Stdio::null());
        command
    }

    /// The hub alone, over the folder of a desk that is gone.
    pub fn hub_alone(&self) -> crate::apart::Program {
        let mut command = self.bare();
        command.args(["hub", "--json"]);
        crate::apart::Program::start(command, &self.root.path().join("hub.log")).0
    }

    /// Starts hub and desk, and waits until the desk is open. Their log goes to `run.log`.
    pub fn run(&mut self) {
        let command = self.command();
        assert!(!self.run_by(command), "the desk stays sealed");
    }

    /// As [`Centre::run`], of a desk that does not open with this file for the passphrase.
    pub fn run_sealed(&mut self, passphrase: &Path) {
        let mut command = self.bare();
        command.arg("--passphrase-file").arg(passphrase);
        assert!(self.run_by(command), "the desk is open");
    }

    /// True if the desk stays sealed.
    fn run_by(&mut self, mut command: Command) -> bool {
        let log = std::fs::File::create(self.root.path().join("run.log")).expect("a log");
        command.args(["run", "--json", "--desk-listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().expect("sync-server starts");
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        output.read_line(&mut line).expect("a line");
        let told: Value = serde_json::from_str(&line).expect("JSON");
        self.desk = told["desk"].as_str().expect("the desk's address").to_owned();
        // Kept open for the program's life.
        std::mem::forget(output);
        self.running = Some(child);
        told["sealed"].as_bool().expect("open or sealed")
    }

    /// The process of the running centre.
    pub fn pid(&self) -> u32 {
        self.running.as_ref().expect("it runs").id()
    }

    /// Ends it as the power does.
    pub fn cut(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Ends it as a person does.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.running.take() {
            let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
            assert!(asked.is_ok_and(|status| status.success()));
            let status = child.wait().expect("it ends");
            assert!(status.success(), "the centre ended with {status}");
        }
    }

    /// A suitcase that this centre has certified. The centre runs.
    pub fn suitcase(&self, number: u16) -> Suitcase {
        suitcase_of(self.root.path(), number, |arguments| self.call(arguments))
    }

    /// The queue's rows, all of them.
    pub fn queue(&self) -> Vec<Value> {
        let told = self.call(&["queue", "--group", "all", "--size", "500", "--json"]).json();
        told["requests"].as_array().cloned().unwrap_or_default()
    }

    /// Waits until the queue has so many rows, and a moment longer to see that no more come.
    #[track_caller]
    pub fn queue_of(&self, count: usize) -> Vec<Value> {
        wait_for(|| (self.queue().len() >= count).then_some(()));
        let rows = self.queue();
        assert_eq!(rows.len(), count, "{rows:#?}");
        rows
    }
}

impl Drop for Centre {
    fn drop(&mut self) {
        self.cut();
    }
}

/// A suitcase in a folder below `root`, invited by the desk that `call` asks.
pub(crate) fn suitcase_of(root: &Path, number: u16, call: impl Fn(&[&str]) -> Said) -> Suitcase {
    let invitation = root.join(format!("invitation-{number}"));
    let number_text = number.to_string();
    let path = invitation.to_str().expect("a path in UTF-8");
    call(&["invite", "--number", &number_text, "--out", path]).ok();
    let suitcase = Suitcase {
        dir: root.join(format!("suitcase-{number}")),
        passphrase: root.join("passphrase"),
        login: "olena".into(),
    };
    let name = ["--name", "Ноутбук", "--officer-name", "Мельник Олена Іванівна", "--fast-kdf"];
    suitcase.call(&[&["enrol", "--invitation-file", path], &name[..]].concat()).ok();
    suitcase
}

/// A suitcase's folder.
#[derive(Clone)]
pub struct Suitcase {
    /// Vault and database.
    pub dir: PathBuf,
    /// File with its officer's passphrase.
    pub passphrase: PathBuf,
    /// Its officer.
    pub login: String,
}

impl Suitcase {
    /// A command of `field-agent`, to be run or spawned.
    pub fn command(&self) -> Command {
        let mut command = Command::new(program("field-agent"));
        command.args(["--login", &self.login, "--dir"]).arg(&self.dir);
        command.env("XDG_STATE_HOME", self.state());
        command.arg("--passphrase-file").arg(&self.passphrase).stdin(Stdio::null());
        command
    }

    /// Where its computer keeps what is no part of the suitcase's folder.
    pub fn state(&self) -> PathBuf {
        self.dir.with_extension("state")
    }

    /// One command of `field-agent`.
    pub fn call(&self, arguments: &[&str]) -> Said {
        Said::from(self.command().args(arguments).output().expect("field-agent starts"))
    }

    /// Records one request and gives back its number.
    pub fn record(&self, form: &Value) -> String {
        let path = self.dir.with_extension("json");
        std::fs::write(&path, form.to_string()).expect("a file");
        let path = path.to_str().expect("a path in UTF-8");
        let said = self.call(&["record", path]).ok();
        said.out.trim().to_owned()
    }

    /// The rows of its list.
    pub fn list(&self) -> Vec<Value> {
        let told = self.call(&["list", "--limit", "1000", "--json"]).json();
        told["requests"].as_array().cloned().unwrap_or_default()
    }

    /// One row of its list.
    pub fn row(&self, number: &str) -> Value {
        self.list().into_iter().find(|row| row["number"] == number).unwrap_or(Value::Null)
    }

    /// Exchanges with the centre.
    pub fn sync(&self) -> Said {
        self.call(&["sync"])
    }
}

/// A request of an invented resident, as `field-agent record` reads it.
pub fn form(last: &str) -> Value {
    json!({
        "service": "housing-subsidy",
        "applicant": {
            "last": last, "first": "Ганна", "patr": "Петрівна", "dob": "1938-07-22", "sex": "f",
            "rnokpp": rnokpp(last), "doc": "passport", "ser": "СН", "num": "123456", "issued": "1998-05-14",
            "org": "Глобинський РВ УМВС України в Полтавській області", "seen": "original"
        },
        "registered": {
            "kat": "UA53060190130055218", "stype": "вул.", "street": "Садова", "house": "4", "index": "39011"
        },
        "contact": { "phone": "+380671234567", "delivery": "home" },
        "summary": "Просить призначити житлову субсидію",
        "answers": {
            "dwelling_address.katottg": "UA53060190130055218", "dwelling_address.street": "Садова",
            "dwelling_address.house": "4", "basis": "registered", "household.1.surname": last,
            "household.1.given_name": "Ганна", "area": 54.3, "providers.1.service": "електроенергія",
            "providers.1.provider": "Полтаваенергозбут", "incomes.1.person": "Заявник",
            "incomes.1.kind": "пенсія", "incomes.1.amount": "4310,50", "debt": false, "payout": "post"
        },
        "papers": {
            "application": { "form": "original", "sheets": 2 },
            "income-expense-declaration": { "form": "original", "sheets": 4 },
            "identity-document": { "seen": true, "returned": true, "details": "СН 123456 від 14.05.1998" }
        },
        "consent": { "by": "applicant", "parts": ["data", "contact"] }
    })
}

/// A number for a woman born on 22 July 1938, with its check digit: each surname has its own, as two people with one
/// number are a mistake that the suitcase asks about.
fn rnokpp(last: &str) -> String {
    let serial = last.bytes().fold(7_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 4_999) * 2;
    let number = format!("14082{serial:04}");
    let weights = [-1, 5, 7, 9, 4, 6, 10, 5, 7];
    let sum: i32 = number.bytes().zip(weights).map(|(digit, weight)| i32::from(digit - b'0') * weight).sum();
    format!("{number}{}", sum.rem_euclid(11) % 10)
}

/// Waits up to half a minute for something to come about.
#[track_caller]
pub fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..150 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("it did not come about in half a minute")
}
