//! The real program: what it answers and with which exit code.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const PASSPHRASE: &str = "вечір на хуторі біля диканьки\n";

fn command(dir: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sync-server"));
    command.current_dir(dir).env("VALIZA_DIR", dir.join("centre")).env("VALIZA_LOG", "warn");
    command.args(words).args(["--fast-kdf", "--passphrase-file", "pass"]).stdin(Stdio::null());
    command
}

fn run(dir: &Path, words: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = command(dir, words).output().expect("it works on this machine");
    let text = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    (status.code(), text)
}

/// A folder with a passphrase file and a centre whose hub is on a free port.
fn centre() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("it works on this machine");
    fs::write(dir.path().join("pass"), PASSPHRASE).expect("it works on this machine");
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("it works on this machine")
        .local_addr()
        .expect("it works on this machine")
        .port();
    let (hub, listen) = (format!("https://127.0.0.1:{port}"), format!("127.0.0.1:{port}"));
    let named = ["init", "--community", "Глобинська громада", "--your-name", "Шевчук Ірина"];
    let init = ["--hub", &hub, "--listen", &listen, "--words-out", "words"];
    let (code, text) = run(dir.path(), &[&named[..], &init[..]].concat());
    assert_eq!(code, Some(0), "{text}");
    dir
}

/// Killed when a test ends early.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_centre_is_made_once_and_tells_what_is_wrong_by_its_code() {
    let dir = centre();
    let dir = dir.path();
    let words = fs::read_to_string(dir.join("words")).unwrap();
    assert_eq!(words.lines().filter(|line| !line.starts_with('#')).count(), 24);
    let (code, text) = run(dir, &["init", "--name", "Друга"]);
    assert!(code == Some(1) && text.contains("вже є центр"), "{text}");
    assert_eq!(run(dir, &["verify"]).0, Some(0));
    let (code, text) = run(dir, &["queue", "--json"]);
    assert!(code == Some(0) && text.contains("\"total\": 0"), "{text}");
    assert_eq!(run(dir, &["answer", "7-000000-000-XXX", "accept"]).0, Some(1));
    assert_eq!(run(dir, &["answer", "7-000000-000-XXX", "devour"]).0, Some(2));
    assert_eq!(run(dir, &["--login", "nobody", "status"]).0, Some(6));
    fs::write(dir.join("pass"), "хибний пароль\n").unwrap();
    assert_eq!(run(dir, &["status"]).0, Some(6));
    fs::write(dir.join("pass"), PASSPHRASE).unwrap();
    let (code, text) =
        run(dir, &["restore", "--dir", "other", "--hub", "https://127.0.0.1:1", "--words-file", "words"]);
    assert_eq!(code, Some(3), "{text}");
    assert!(!dir.join("other").exists(), "nothing is made before the hub has answered");
    fs::write(dir.join("centre/hub/hub.key"), [1, 2, 3]).unwrap();
    assert_eq!(run(dir, &["hub"]).0, Some(4));
}

#[test]
fn commands_ask_the_running_desk_and_both_halves_end_together() {
    let dir = centre();
    let dir = dir.path();
    let child = command(dir, &["run", "--desk-listen", "127.0.0.1:0"]).stdout(Stdio::null()).spawn().unwrap();
    let mut running = Running(child);
    let control = dir.join("centre/desk/control");
    for _ in 0..600 {
        if control.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let (code, text) = run(dir, &["invite", "--number", "7", "--out", "line"]);
    assert_eq!(code, Some(0), "{text}");
    let line = fs::read_to_string(dir.join("line")).unwrap();
    assert!(line.starts_with("VALIZA-"));
    assert!(!text.contains("VALIZA-") && text.contains("line"), "the terminal keeps what the file was to keep: {text}");
    let (_, text) = run(dir, &["invite", "--number", "8", "--json", "--out", "other"]);
    assert!(!text.contains("VALIZA-") && text.contains("written"), "{text}");
    // Read aloud it stands in groups, which the laptop does not mind.
    let (_, text) = run(dir, &["invite", "--number", "9", "--aloud"]);
    let row = text.lines().nth(1).unwrap_or_default();
    assert!(row.trim().split(' ').all(|group| group.len() == 5) && row.trim().len() == 47, "{text}");
    assert!(run(dir, &["invitations"]).1.contains("чекає на ноутбук"));
    assert!(run(dir, &["account", "list"]).1.contains("Шевчук Ірина"));
    let (_, text) = run(dir, &["doctor"]);
    assert!(text.contains("копій ще не було") && text.contains("без строку"), "{text}");
    // A second program over the same folder is refused.
    assert_eq!(run(dir, &["desk", "--desk-listen", "127.0.0.1:0"]).0, Some(5));
    // However the desk dies, its hub does not stay behind: its address is free again.
    running.0.kill().unwrap();
    running.0.wait().unwrap();
    let settings = fs::read_to_string(dir.join("centre/hub/hub.toml")).unwrap();
    let listen = settings.lines().find_map(|line| line.strip_prefix("listen = ")).unwrap().trim_matches('"').to_owned();
    let free = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        std::net::TcpStream::connect(&listen).is_err()
    });
    assert!(free, "the hub still listens");
}

/// Starts it and waits until the desk answers commands.
fn started(dir: &Path) -> Running {
    let child = command(dir, &["run", "--desk-listen", "127.0.0.1:0"])
        .stdout(Stdio::null())
        .spawn()
        .expect("it works on this machine");
    let running = Running(child);
    let control = dir.join("centre/desk/control");
    let runs = (0..600).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        control.exists()
    });
    assert!(runs, "the centre does not run");
    running
}

/// Ends it and waits until the desk's folder is free.
fn ended(dir: &Path, mut running: Running) {
    running.0.kill().expect("it works on this machine");
    running.0.wait().expect("it works on this machine");
    let _ = fs::remove_file(dir.join("centre/desk/control"));
    // The hub ends as its input closes; the next one needs its address.
    let (listen, free) = (listens_at(dir), |listen: &str| std::net::TcpListener::bind(listen).is_ok());
    assert!((0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        free(&listen)
    }));
}

fn listens_at(dir: &Path) -> String {
    let settings = fs::read_to_string(dir.join("centre/hub/hub.toml")).expect("it works on this machine");
    settings
        .lines()
        .find_map(|line| line.strip_prefix("listen = "))
        .expect("it works on this machine")
        .trim_matches('"')
        .to_owned()
}

#[test]
fn with_several_administrators_the_centre_starts_by_itself_and_its_hub_whatever_the_passphrase() {
    let dir = centre();
    let dir = dir.path();
    fs::write(dir.join("other"), "сонце ранок вікно місток\n").unwrap();
    let second = ["account", "add", "druha", "--name", "Друга", "--role", "administrator"];
    let (code, text) = run(dir, &[&second[..], &["--new-passphrase-file", "other"]].concat());
    assert_eq!(code, Some(0), "{text}");
    for (passphrase, who) in [(PASSPHRASE, "admin"), ("сонце ранок вікно місток\n", "druha")] {
        fs::write(dir.join("pass"), passphrase).unwrap();
        let running = started(dir);
        let (code, text) = run(dir, &["status", "--json"]);
        assert!(code == Some(0) && text.contains(&format!("\"unsealed_by\": \"{who}\"")), "{text}");
        ended(dir, running);
    }
    // Nobody's passphrase: suitcases still hand over their work.
    fs::write(dir.join("pass"), "хибний пароль\n").unwrap();
    let (code, text) = run(dir, &["desk", "--desk-listen", "127.0.0.1:0"]);
    assert!(code == Some(6) && text.contains("--login"), "a desk alone serves nobody then: {text}");
    let _running = started(dir);
    assert_eq!(run(dir, &["status"]).0, Some(6), "sealed");
    let listen = listens_at(dir);
    assert!((0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        std::net::TcpStream::connect(&listen).is_ok()
    }));
    fs::write(dir.join("pass"), "сонце ранок вікно місток\n").unwrap();
    let opened = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(200));
        let (code, text) = run(dir, &["unseal"]);
        code == Some(0) && text.contains("druha")
    });
    assert!(opened, "`unseal` needs no login either");
}

#[test]
fn a_running_centre_takes_new_keys_and_the_kit_brings_it_back_without_the_old_ones() {
    let dir = centre();
    let dir = dir.path();
    let child = command(dir, &["run", "--desk-listen", "127.0.0.1:0"]).stdout(Stdio::null()).spawn().unwrap();
    let _running = Running(child);
    let until = |what: &[&str], done: &dyn Fn(Option<i32>, &str) -> bool| {
        let mut last = String::new();
        for _ in 0..300 {
            let (code, text) = run(dir, what);
            if done(code, &text) {
                return text;
            }
            last = text;
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{what:?}: {last}");
    };
    let control = dir.join("centre/desk/control");
    let waited = (0..600).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        control.exists()
    });
    assert!(waited, "the desk does not run");
    until(&["status", "--json"], &|code, text| code == Some(0) && text.contains("\"hub_answered_at\": \""));
    let (code, text) = run(dir, &["rotate-keys", "finish"]);
    assert!(code == Some(1) && text.contains("не розпочато"), "{text}");
    let (code, text) = run(dir, &["rotate-keys", "begin", "--words-file", "words", "--json"]);
    assert!(code == Some(0) && text.contains("\"rotating\": true"), "{text}");
    let (code, text) = run(dir, &["rotate-keys", "begin", "--words-file", "words"]);
    assert!(code == Some(1) && text.contains("вже розпочато"), "{text}");
    until(&["rotate-keys", "status", "--json"], &|_, text| text.contains("\"facts_left\": 0"));
    assert!(run(dir, &["rotate-keys", "status"]).1.contains("Розпочав"));
    until(&["rotate-keys", "finish", "--json"], &|code, text| code == Some(0) && text.contains("\"rotating\": false"));
    let (code, text) = run(dir, &["verify"]);
    assert_eq!(code, Some(0), "{text}");
    let settings = fs::read_to_string(dir.join("centre/hub/hub.toml")).unwrap();
    let listen = settings.lines().find_map(|line| line.strip_prefix("listen = ")).unwrap().trim_matches('"').to_owned();
    // The register with the last word has to reach the hub first.
    until(&["status", "--json"], &|_, text| text.contains("\"waiting_entries\": 0"));
    let hub = format!("https://{listen}");
    let (code, text) = run(dir, &["restore", "--dir", "other", "--hub", &hub, "--words-file", "words"]);
    assert_eq!(code, Some(0), "{text}");
    // The name stands in a fact that was sealed to the old key.
    let (_, text) = run(dir, &["status", "--dir", "other"]);
    assert!(text.contains("Глобинська громада"), "{text}");
    assert_eq!(run(dir, &["verify", "--dir", "other"]).0, Some(0));
    let (_, text) = run(dir, &["account", "list", "--dir", "other"]);
    assert!(text.contains("Шевчук Ірина"), "whose name the desk before knew: {text}");
}
