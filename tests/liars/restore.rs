//! An administrator restores a lost desk with the kit, and somebody answers in the hub's place.

use crate::between::{Said, between, kit, post};
use crate::wire::Wire;
use chain::{RestoreAnswer, RestoreRequest, Restoring};
use desk::app::root_public;
use signing::{Secret, SigningKey};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use valiza_tests::programs::{Centre, form, program};

/// The clock of `faketime` in the program itself (Debian: faketime).
const CLOCK: &str = "/usr/$LIB/faketime/libfaketimeMT.so.1";

/// A question and its answer.
type Told = (Vec<u8>, Vec<u8>);

/// A centre whose desk is gone, with one request at its hub.
fn bereft() -> Centre {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    suitcase.record(&form("Коваленко"));
    suitcase.sync().ok();
    centre.queue_of(1);
    centre
}

/// The command as it is written in the instructions, into a folder of its own, with the hub at `port`.
fn restore(centre: &Centre, into: &str, port: u16) -> (valiza_tests::programs::Said, PathBuf) {
    let folder = centre.root().join(into);
    let (hub, words) = (format!("https://127.0.0.1:{port}"), centre.words());
    let said = centre.call(&[
        "restore",
        "--words-file",
        words.to_str().expect("a path"),
        "--hub",
        &hub,
        "--dir",
        folder.to_str().expect("a path"),
    ]);
    (said, folder)
}

/// Refused in words of both languages that have `uk` and `en`, and nothing was made.
#[track_caller]
fn refused(centre: &Centre, into: &str, port: u16, uk: &str, en: &str) {
    let (said, folder) = restore(centre, into, port);
    assert_ne!(said.code, Some(0), "{said:?}");
    assert!(said.err.contains(uk) && said.err.contains(en), "{said:?}");
    assert!(!folder.join("desk").join("vault").exists(), "a desk was made of a lie");
}

#[test]
fn who_answers_in_the_hub_s_place_gets_a_sentence_and_no_desk() {
    let mut centre = bereft();
    let recorded: Arc<Mutex<Vec<Told>>> = Arc::default();
    let tape = Arc::clone(&recorded);
    let honest = between(&centre, move |path, body, wire| {
        let said = post(wire, path, body);
        if path == "/v1/restore" {
            tape.lock().expect("one thread").push((body.to_vec(), said.body.clone()));
        }
        said
    });
    let (said, folder) = restore(&centre, "honest", honest);
    said.ok();
    assert!(folder.join("desk").join("vault").exists());
    let tape = recorded.lock().expect("one thread").clone();
    assert_eq!(tape.len(), 2, "a question without a token, and one with it");

    // The same answers once more, to whoever asks next.
    let mut answers = tape.clone().into_iter().cycle();
    let replay = between(&centre, move |_, _, _| Said::ok(answers.next().expect("for ever").1));
    refused(&centre, "replayed", replay, "не підписана вузлом обміну на саме це запитання", "for this very question");

    // A byte of the hub's answer is another one.
    let changed = between(&centre, |path, body, wire| {
        let mut said = post(wire, path, body);
        let middle = said.body.len() / 2;
        said.body[middle] ^= 1;
        said
    });
    refused(&centre, "changed", changed, "не підписана", "not signed by the hub");

    // A key of its own over the true register, which is public within the community.
    let answer = |(question, answer): &Told| {
        RestoreAnswer::decode(answer, &RestoreRequest::hash(question)).expect("signed").expect("an answer")
    };
    let (key, known) = (SigningKey::from_seed(&Secret::new([0x66; 32])), answer(&tape[1]));
    let liar = between(&centre, move |_, body, _| {
        let told = RestoreAnswer { hub: key.public(), ..known.clone() };
        Said::ok(told.encode(&RestoreRequest::hash(body), &key))
    });
    refused(&centre, "stranger", liar, "якого реєстр громади не знає", "register does not know");
    centre.stop();
}

#[test]
fn a_recorded_question_is_told_nothing_and_a_clock_years_off_makes_no_desk() {
    let mut centre = bereft();
    let mut restoring = Restoring::new(root_public(&kit(&centre)), [9; 16]);
    let question = restoring.question(&kit(&centre).signing_key());
    let wire = Wire::to(&centre);
    for _ in 0..3 {
        let (status, told) = wire.post_bytes("/v1/restore", &question);
        let told = RestoreAnswer::decode(&told, &RestoreRequest::hash(&question)).expect("signed").expect("an answer");
        assert_eq!((status, told.stale, told.register.len()), (200, true, 0));
    }
    let (folder, hub) = (centre.root().join("early"), format!("https://127.0.0.1:{}", centre.port));
    let mut command = Command::new(program("sync-server"));
    command.args(["--login", "admin", "--fast-kdf", "--dir"]).arg(&folder);
    command.arg("--passphrase-file").arg(centre.passphrase()).stdin(Stdio::null());
    command.args(["restore", "--hub", &hub, "--words-file"]).arg(centre.words());
    // A machine whose battery is dead begins in 2024.
    let output = command.env("LD_PRELOAD", CLOCK).env("FAKETIME", "@2024-01-01 12:00:00").output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("01.01.2024") && said.contains("годиннику"), "{said}");
    assert!(!folder.join("desk").join("vault").exists());
    centre.stop();
}
