//! Wrong passphrases, foreign invitations and centres, certificates out of date.

use crate::{code, helps};
use peer::Filter;
use signing::Validity;
use std::path::Path;
use std::time::Duration;
use valiza_tests::programs::{Centre, Suitcase, form};
use valiza_tests::world::{NOON, World, request_fields};

fn write(path: &Path, text: &str) -> String {
    std::fs::write(path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_is_said() {
    let mut centre = Centre::start();
    let suitcase = centre.suitcase(7);
    suitcase.record(&form("Коваленко"));
    let wrong = centre.root().join("wrong");
    write(&wrong, "сонце ранок вікно місток човен яблуко");
    let other = Suitcase { passphrase: wrong.clone(), ..suitcase.clone() };
    for command in [&["list"][..], &["status"], &["sync"], &["verify"], &["export", "--all", "--out", "/nowhere"]] {
        let said = other.call(command);
        helps(&said, code::LOCKED, &["арол"]);
        assert!(!said.out.contains("Коваленко"));
    }
    let nobody = std::process::Command::new(valiza_tests::programs::program("field-agent"))
        .args(["--login", "nobody", "list", "--passphrase-file"])
        .arg(&suitcase.passphrase)
        .arg("--dir")
        .arg(&suitcase.dir)
        .output()
        .unwrap();
    assert_eq!(nobody.status.code(), code::LOCKED, "{nobody:?}");
    // The right one still opens: wrong tries delay and do not lock out.
    valiza_tests::programs::wait_for(|| (suitcase.call(&["list"]).code == Some(0)).then_some(()));
    centre.stop();
    let wrong = wrong.to_str().unwrap();
    let program = valiza_tests::programs::program("sync-server");
    let said = std::process::Command::new(program)
        .args(["--login", "admin", "--passphrase-file", wrong, "--dir"])
        .arg(&centre.dir)
        .arg("queue")
        .output()
        .unwrap();
    assert_eq!(said.status.code(), code::LOCKED, "{said:?}");
    assert!(String::from_utf8_lossy(&said.stderr).contains("ароль"), "{said:?}");
}

#[test]
fn foreign_and_damaged_invitations_are_told_apart() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let path = centre.root().join("invitation");
    let text = path.to_str().unwrap().to_owned();
    centre.call(&["invite", "--number", "9", "--out", &text]).ok();
    let line = std::fs::read_to_string(&path).unwrap().trim().to_owned();
    let fresh = |name: &str| Suitcase { dir: centre.root().join(name), ..suitcase.clone() };
    let enrol = |suitcase: &Suitcase, line: &str| {
        let file = write(&centre.root().join("line"), line);
        suitcase.call(&["enrol", "--invitation-file", &file, "--fast-kdf", "--wait", "1"])
    };
    let middle = line.len() / 2;
    let letter = if &line[middle..=middle] == "A" { "B" } else { "A" };
    let one_letter_wrong = format!("{}{letter}{}", &line[..middle], &line[middle + 1..]);
    for wrong in ["", "VALIZA-", "не запрошення", &line[..line.len() - 5], &one_letter_wrong] {
        let said = enrol(&fresh("nobody"), wrong);
        helps(&said, code::REFUSED, &["апрошення"]);
        assert!(!centre.root().join("nobody/vault").exists(), "nothing was made");
    }
    // A folder that is a suitcase already.
    helps(&enrol(&suitcase, &line), code::REFUSED, &["папк"]);
    // One invitation makes one suitcase.
    enrol(&fresh("first"), &line).ok();
    let second = enrol(&fresh("second"), &line);
    assert_ne!(second.code, Some(0), "the invitation worked twice: {second:#?}");
}

#[test]
fn an_expired_invitation_is_said() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let path = centre.root().join("invitation");
    let path = path.to_str().unwrap();
    centre.call(&["invite", "--number", "9", "--hours", "1", "--out", path]).ok();
    let late = Suitcase { dir: centre.root().join("late"), ..suitcase };
    let real = late.command();
    let said = std::process::Command::new("faketime")
        .args(["-f", "+3h"])
        .arg(real.get_program())
        .args(real.get_args())
        .args(["enrol", "--invitation-file", path, "--fast-kdf", "--wait", "1"])
        .output()
        .expect("faketime is missing: `cargo xtask test` installs it (Debian: faketime)");
    assert_eq!(said.status.code(), code::REFUSED, "{said:?}");
    assert!(String::from_utf8_lossy(&said.stderr).contains("строк запрошення минув"), "{said:?}");
}

/// Moves a founded centre's hub to another port.
fn listen_at(centre: &Centre, port: u16) {
    let settings = centre.dir.join("hub").join("hub.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let (before, after) = (format!("127.0.0.1:{}\"", centre.port), format!("127.0.0.1:{port}\""));
    assert!(text.contains(&before), "{text}");
    std::fs::write(&settings, text.replacen(&before, &after, 1)).unwrap();
}

#[test]
fn another_centre_s_certificate_is_not_believed() {
    let mut ours = Centre::start();
    let suitcase = ours.suitcase(7);
    suitcase.record(&form("Коваленко"));
    ours.stop();
    let mut theirs = Centre::found();
    listen_at(&theirs, ours.port);
    theirs.run();
    let said = suitcase.sync();
    helps(&said, code::NO_CONNECTION, &["хтось інший"]);
    let status = suitcase.call(&["status", "--json"]).json();
    assert_eq!(status["here"], 1, "nothing was handed over");
    theirs.stop();
    ours.run();
    suitcase.sync().ok();
    ours.queue_of(1);
}

#[test]
fn an_expired_certificate_never_stops_recording_and_late_work_arrives() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let chain = suitcase.peer().chain();
    let mut certificate = *world.desk.peer().register().unwrap().suitcase(chain).unwrap();
    certificate.validity = Validity { not_before: 0, not_after: NOON.0 + 60_000 };
    world.desk.peer().act(move |act| act.certify_suitcase(&certificate)).unwrap();
    world.centre();
    world.exchange(suitcase.peer()).unwrap();
    world.clock.advance(Duration::from_secs(3_600));
    let register = suitcase.peer().register().unwrap();
    assert_eq!(register.standing(chain, NOON.0 + 3_600_000), chain::Standing::Expired);
    let record = |number: &'static str| {
        let fields = request_fields(number, "Коваленко");
        suitcase.peer().act(move |act| act.create(records::Kind::Request, &fields)).unwrap();
    };
    record("7-1");
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    let taken = || world.desk.peer().read(|view| view.count(&Filter::default())).unwrap();
    assert_eq!(taken(), 1, "late work arrives");
    // Nothing but the register goes down until the certificate is renewed; then what was missed comes.
    let mut renewed = *world.desk.peer().register().unwrap().suitcase(chain).unwrap();
    renewed.validity.not_after = i64::MAX;
    world.desk.peer().act(move |act| act.certify_suitcase(&renewed)).unwrap();
    world.centre();
    record("7-2");
    for _ in 0..2 {
        world.exchange(suitcase.peer()).unwrap();
        world.centre();
    }
    world.exchange(suitcase.peer()).unwrap();
    assert_eq!(taken(), 2);
    let verdict = suitcase.peer().read(|view| view.verdict_end(chain)).unwrap();
    assert!(verdict > 0, "the verdict came down after the renewal");
}
