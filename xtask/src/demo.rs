//! `cargo xtask demo`: a centre and a suitcase with real keys, 40 invented residents, a morning without a network, and
//! both programs left running to be looked at.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::Value;

use crate::step::{Outcome, Step, root, say, tell};

/// What `cargo xtask demo` can be told.
#[derive(Debug, Args)]
pub struct Options {
    /// How many invented residents are visited.
    #[arg(long, default_value_t = 40)]
    residents: u32,
    /// Where the centre and the suitcase are made; whatever lies there from the last time goes.
    #[arg(long, default_value = ".demo")]
    dir: PathBuf,
    /// First of the three loopback ports: hub, desk, suitcase. If they are in use, the next free ones are taken.
    #[arg(long, default_value_t = 8443)]
    port: u16,
}

/// Invented for the demonstration, as everything in it.
const PASSPHRASE: &str = "яблуко човен місток вікно ранок сонце";
const HROMADA: &str = "Глобинська";

/// What the опис and the consent name. Code and people are invented, as everything here but the places.
const SETTINGS: [&str; 12] = [
    "--centre",
    "ЦНАП Глобинської міської ради (показ)",
    "--contact",
    "м. Глобине, вул. Центральна, 1; 0 800 000 000; пн–пт 8:00–17:00",
    "--owner",
    "Виконавчий комітет Глобинської міської ради (показ)",
    "--owner-code",
    "12345678",
    "--owner-address",
    "39000, м. Глобине, вул. Центральна, 1",
    "--owner-contact",
    "Гончар Тарас Петрович, 0 800 000 000",
];

/// Makes all of it, tells where it is, and stays until Enter is pressed or the input ends.
pub fn run(options: &Options) -> ExitCode {
    let shown = Demo::new(options).and_then(|demo| demo.show(options));
    match shown {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("the demonstration did not succeed: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Folders, files and programs of the demonstration.
struct Demo {
    dir: PathBuf,
    passphrase: PathBuf,
}

impl Demo {
    fn new(options: &Options) -> Result<Self> {
        let dir = root().canonicalize()?.join(&options.dir);
        if dir.exists() {
            let is_ours = dir.join("passphrase").exists() || fs::read_dir(&dir)?.next().is_none();
            if !is_ours {
                bail!("{} is not a folder of the demonstration: name another with --dir", dir.display());
            }
            fs::remove_dir_all(&dir)?;
        }
        fs::create_dir_all(&dir)?;
        let passphrase = dir.join("passphrase");
        fs::write(&passphrase, PASSPHRASE)?;
        Ok(Self { dir, passphrase })
    }

    fn show(&self, options: &Options) -> Result<()> {
        let arguments = ["build", "--locked", "--workspace", "--bins", "--example", "invent"];
        if Step::new("build", "cargo").arguments(arguments).run() == Outcome::Failed {
            bail!("the programs do not build");
        }
        let hub = free_ports(options.port)?;
        let (desk, suitcase) = (hub + 1, hub + 2);
        self.make_centre(hub)?;
        let mut centre = self.start_centre(desk)?;
        self.make_suitcase()?;
        centre.stop();
        let recorded = self.morning(options.residents)?;
        let centre = self.start_centre(desk)?;
        self.agent().args(["sync"]).run()?;
        let waiting = self.queue(recorded)?;
        let pages = self.start_suitcase(suitcase)?;
        tell(&format!("\nУ черзі центру {waiting} звернень. / {waiting} requests are in the centre's queue."));
        tell(&format!("Центр / the centre:      {}  (вхід / login: admin, oksana)", centre.address));
        tell(&format!("Валіза 7 / suitcase 7:   {}  (вхід / login: olena)", pages.address));
        tell(&format!("Пароль для всіх / passphrase of all: {PASSPHRASE}"));
        tell("Enter завершує показ. / Enter ends the demonstration.");
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        Ok(())
    }

    fn make_centre(&self, port: u16) -> Result<()> {
        let (hub, listen) = (format!("https://127.0.0.1:{port}"), format!("127.0.0.1:{port}"));
        let words = self.dir.join("kit-words.txt");
        let name = format!("{HROMADA} громада (показ)");
        let init = ["init", "--name", &name, "--hub", &hub, "--listen", &listen, "--words-out"];
        self.server().args(init).arg(&words).run()
    }

    fn make_suitcase(&self) -> Result<()> {
        let invitation = self.dir.join("invitation.txt");
        let clerk = ["account", "add", "oksana", "--name", "Оксана Бондар", "--role", "clerk", "--new-passphrase-file"];
        self.server().args(clerk).arg(&self.passphrase).run()?;
        self.server().args(["invite", "--number", "7", "--out"]).arg(&invitation).run()?;
        let name = ["--name", "Ноутбук Олени", "--officer-name", "Мельник Олена Іванівна", "--fast-kdf"];
        self.agent().args(["enrol", "--invitation-file"]).arg(&invitation).args(name).run()?;
        self.agent().args(["settings"]).args(SETTINGS).run()
    }

    /// The centre is not running: whatever is recorded now waits on the suitcase. Gives back how many requests.
    fn morning(&self, residents: u32) -> Result<u64> {
        let file = self.dir.join("morning.json");
        let invent = Command::new(program("examples/invent"))
            .args(["--residents", &residents.to_string(), "--seed", "7", "--hromada", HROMADA])
            .output()
            .context("invent")?;
        if !invent.status.success() {
            bail!("invent: {}", String::from_utf8_lossy(&invent.stderr));
        }
        let recorded = serde_json::from_slice::<Vec<Value>>(&invent.stdout)?.len();
        fs::write(&file, invent.stdout)?;
        self.agent().args(["record"]).arg(&file).run()?;
        self.agent().args(["status"]).run()?;
        Ok(recorded as u64)
    }

    /// Waits until the queue has what was recorded.
    fn queue(&self, expected: u64) -> Result<u64> {
        for _ in 0..100 {
            let told = self.server().args(["queue", "--group", "all", "--json"]).output()?;
            let total = serde_json::from_slice::<Value>(&told)?["total"].as_u64().unwrap_or(0);
            if total >= expected {
                return Ok(total);
            }
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        bail!("the requests did not reach the queue")
    }

    fn server(&self) -> Call {
        let centre = self.dir.join("centre");
        Call::new("sync-server").args(["--login", "admin", "--fast-kdf", "--dir"]).arg(&centre).passphrase(self)
    }

    fn agent(&self) -> Call {
        let suitcase = self.dir.join("suitcase");
        Call::new("field-agent").args(["--login", "olena", "--dir"]).arg(&suitcase).passphrase(self)
    }

    fn start_centre(&self, port: u16) -> Result<Running> {
        let listen = format!("127.0.0.1:{port}");
        self.server().args(["run", "--json", "--desk-listen", &listen]).start("desk")
    }

    fn start_suitcase(&self, port: u16) -> Result<Running> {
        let listen = format!("127.0.0.1:{port}");
        self.agent().args(["run", "--json", "--listen", &listen]).start("address")
    }
}

/// The first of three free loopback ports, from `first` on.
fn free_ports(first: u16) -> Result<u16> {
    let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let mut places = (0..100).map(|n| first.saturating_add(n * 3)).filter(|port| *port < u16::MAX - 3);
    let found = places.find(|port| (*port..port + 3).all(is_free));
    found.with_context(|| format!("no three free ports from {first} on: name others with --port"))
}

/// A program that was just built: beside this one, wherever cargo was told to put what it builds.
fn program(name: &str) -> PathBuf {
    let own = std::env::current_exe().ok();
    let beside = own.as_deref().and_then(Path::parent).map(|folder| folder.join(name));
    beside.filter(|path| path.exists()).unwrap_or_else(|| root().join("target/debug").join(name))
}

/// One call of a program.
struct Call(Command);

impl Call {
    fn new(name: &str) -> Self {
        let mut command = Command::new(program(name));
        command.stdin(Stdio::null());
        Self(command)
    }

    fn args<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        self.0.args(arguments);
        self
    }

    fn arg(mut self, argument: &Path) -> Self {
        self.0.arg(argument);
        self
    }

    fn passphrase(self, demo: &Demo) -> Self {
        self.args(["--passphrase-file"]).arg(&demo.passphrase)
    }

    fn words(&self) -> String {
        let name = Path::new(self.0.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let words = self.0.get_args().map(|argument| argument.to_string_lossy().into_owned());
        std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
    }

    /// Runs it to its end and shows what it says.
    fn run(mut self) -> Result<()> {
        say(&format!("\n$ {}", self.words()));
        if self.0.status().with_context(|| self.words())?.success() { Ok(()) } else { bail!("{}", self.words()) }
    }

    /// Runs it to its end and gives back what it says.
    fn output(mut self) -> Result<Vec<u8>> {
        let output = self.0.stderr(Stdio::inherit()).output().with_context(|| self.words())?;
        if output.status.success() { Ok(output.stdout) } else { bail!("{}", self.words()) }
    }

    /// Starts it and waits until it says, as JSON, at which address it is.
    fn start(mut self, key: &str) -> Result<Running> {
        say(&format!("\n$ {} &", self.words()));
        let mut child = self.0.stdout(Stdio::piped()).spawn().with_context(|| self.words())?;
        let Some(output) = child.stdout.take() else { bail!("no output") };
        // From here on it is ended whatever comes.
        let mut running = Running { child, address: String::new(), output: BufReader::new(output) };
        let mut told = String::new();
        let said: Value = loop {
            if running.output.read_line(&mut told)? == 0 {
                bail!("{} said «{told}»", self.words());
            }
            if let Ok(said) = serde_json::from_str(&told) {
                break said;
            }
        };
        let Some(address) = said[key].as_str() else { bail!("{} said no address: {told}", self.words()) };
        address.clone_into(&mut running.address);
        Ok(running)
    }
}

/// A program that runs until this is dropped.
struct Running {
    child: Child,
    address: String,
    // Kept open: a program whose output is closed could fall over it.
    output: BufReader<ChildStdout>,
}

impl Running {
    /// Asks it to end, and waits.
    fn stop(&mut self) {
        let pid = self.child.id().to_string();
        // If `kill` is not there, the program is ended the hard way, which it must survive, too.
        let asked = Command::new("kill").args(["-TERM", &pid]).status().is_ok_and(|status| status.success());
        if !asked {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.stop();
        }
    }
}
