//! The real program: what it answers to bad input, told by its exit code and in both languages.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use chain::Invitation;
use ids::TenantId;
use signing::{AgreementPublicKey, Role, Roles, Root, RootPublic, Secret};
use std::path::Path;
use std::process::{Command, Output};

const PASSPHRASE: &str = "їжак вулик ґанок човен ліхтар\n";

/// An invitation to a hub at a port where nobody listens.
fn invitation(expires: i64) -> String {
    let root = Root::from_seed(Secret::new([7; 32]));
    Invitation {
        tenant: TenantId::from_bytes([1; 16]),
        root: RootPublic { signing: root.signing_key().public(), agreement: AgreementPublicKey([2; 32]) },
        secret: Secret::new([3; 16]),
        number: 7,
        roles: Roles::of(Role::Officer),
        expires,
        hub: "https://127.0.0.1:1".into(),
    }
    .to_text()
}

fn agent(dir: &Path, passphrase: &str, arguments: &[&str]) -> Output {
    let file = dir.join("passphrase");
    std::fs::write(&file, passphrase).unwrap();
    Command::new(env!("CARGO_BIN_EXE_field-agent"))
        .env_clear()
        .env("VALIZA_DIR", dir.join("suitcase"))
        .args(arguments)
        .arg("--passphrase-file")
        .arg(&file)
        .output()
        .unwrap()
}

/// Exit code, and what was said on standard error.
fn told(output: &Output) -> (i32, String) {
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn each_kind_of_trouble_has_its_code_and_its_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| told(&agent(dir.path(), PASSPHRASE, arguments));
    assert_eq!(run(&["dance"]).0, 2);
    let (code, said) = run(&["status"]);
    assert!(code == 1 && said.contains("enrol") && said.contains(" / "), "{code} {said}");
    let enrol = |line: &str| run(&["enrol", "--login", "olena", "--fast-kdf", "--wait", "0", "--invitation", line]);
    assert_eq!(enrol("VALIZA-AAAA").0, 1);
    assert_eq!(enrol(&invitation(1_000)).0, 1, "expired");
    let (code, said) = enrol(&invitation(i64::MAX));
    assert!(code == 3 && said.contains("немає зв’язку"), "{code} {said}");
    assert_eq!(enrol(&invitation(i64::MAX)).0, 3, "again, with the same keys");

    let example = dir.path().join("request.json");
    std::fs::write(&example, agent(dir.path(), PASSPHRASE, &["record", "--example"]).stdout).unwrap();
    let (code, said) = run(&["record", example.to_str().unwrap()]);
    assert!(code == 1 && said.contains("не підтвердив"), "not certified yet: {code} {said}");
    assert_eq!(run(&["sync"]).0, 3);
    assert_eq!(run(&["verify"]).0, 0);

    let suitcase = dir.path().join("suitcase");
    let held = peer::Folder::hold(&suitcase).unwrap();
    assert_eq!(run(&["list"]).0, 5);
    drop(held);
    let (code, said) = told(&agent(dir.path(), "хибний\n", &["list"]));
    assert!(code == 6 && said.contains("пароль не підходить"), "{code} {said}");
    let (code, said) = run(&["list"]);
    assert!(code == 6 && said.contains("зачекайте"), "even the right one waits: {code} {said}");
    let cut = |name: &str| {
        let whole = std::fs::read(suitcase.join(name)).unwrap();
        std::fs::write(suitcase.join(name), &whole[..whole.len() / 2]).unwrap();
    };
    cut("vault");
    assert_eq!(run(&["list"]).0, 6, "its spare copy stands in, and waits as well");
    cut("vault.spare");
    assert_eq!(run(&["list"]).0, 4);
}

#[test]
fn programs_read_the_error_as_json() {
    let dir = tempfile::tempdir().unwrap();
    let output = agent(dir.path(), PASSPHRASE, &["status", "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["code"], 1);
    assert!(said["error"].as_str().unwrap().contains("enrol"));
    let output = agent(dir.path(), PASSPHRASE, &["services", "субсид", "--json"]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(found.as_array().unwrap().iter().any(|service| service["slug"] == "housing-subsidy"), "{found}");
}
