//! The hub's key is replaced, with the real programs: the old one may have been stolen, and whoever has it is believed by
//! nobody any more; suitcases that were away learn of the new one from the new hub itself.

use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;
use valiza_tests::apart::Apart;
use valiza_tests::programs::{Said, Suitcase, form, program, wait_for};

const NOT_OURS: &str = "відповідь не підписана нашим центром";

fn places(suitcase: &Suitcase) -> Value {
    let status = suitcase.call(&["status", "--json"]).json();
    json!([status["here"], status["on_the_way"], status["at_centre"]])
}

/// Until the centre has opened and judged everything.
fn settled(suitcase: &Suitcase, requests: u64) {
    wait_for(|| {
        suitcase.sync();
        (places(suitcase) == json!([0, 0, requests])).then_some(())
    });
}

/// A hub's machine that is prepared under the address of the present one.
fn new_machine(apart: &Apart) -> (PathBuf, String) {
    let dir = apart.root().join("new-hub-machine");
    let request = apart.root().join("new-hub-request").display().to_string();
    let (hub, listen) = (format!("https://127.0.0.1:{}", apart.port), format!("127.0.0.1:{}", apart.port));
    on(&dir, &["hub-prepare", "--hub", &hub, "--listen", &listen, "--out", &request]).ok();
    (dir, request)
}

fn on(dir: &std::path::Path, arguments: &[&str]) -> Said {
    let mut command = Command::new(program("sync-server"));
    Said::from(command.arg("--dir").arg(dir).args(arguments).output().unwrap())
}

fn keys(apart: &Apart) -> Vec<Value> {
    let told = apart.desk_call(&["rotate-hub", "status", "--json"]).json();
    told["hub_keys"].as_array().unwrap().clone()
}

#[test]
fn a_hub_whose_key_was_stolen_is_replaced_and_its_key_is_believed_by_nobody() {
    let mut apart = Apart::found();
    apart.accept();
    apart.start();
    let (seven, eight) = (apart.suitcase(7), apart.suitcase(8));
    let number = seven.record(&form("Коваленко"));
    settled(&seven, 1);
    eight.record(&form("Гук"));
    settled(&eight, 1);
    // Away from here on, with work that nobody has.
    eight.record(&form("Їжак"));

    let (new, request) = new_machine(&apart);
    let root = apart.root().to_owned();
    let path = |name: &str| root.join(name).display().to_string();
    let (answer, words) = (path("new-hub-answer"), path("words"));
    let early = apart.desk_call(&["rotate-hub", "finish"]);
    assert!(early.code == Some(1) && early.err.contains("rotate-hub begin"), "{early:?}");
    let begin = ["rotate-hub", "begin", "--hub-request", &request, "--hub-answer", &answer, "--words-file"];
    std::fs::write(path("other-words"), "абрикос банан").unwrap();
    let refused = apart.desk_call(&[&begin[..], &[&path("other-words")]].concat());
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert_eq!(keys(&apart).len(), 1);
    let begun = apart.desk_call(&[&begin[..], &[&words]].concat()).ok();
    assert!(begun.out.contains("Звірте на обох машинах"), "{begun:?}");
    let again = apart.desk_call(&[&begin[..], &[&words]].concat());
    assert!(again.code == Some(1) && again.err.contains("уже є"), "nothing is overwritten: {again:?}");
    assert_eq!(keys(&apart).len(), 2);

    // The old one still answers, and suitcases hear of the new one.
    seven.record(&form("Заєць"));
    settled(&seven, 2);
    apart.desk_call(&["rotate-hub", "finish"]).ok();
    let ended = keys(&apart);
    assert!(ended[0]["ended_from"].is_string() && ended[1]["ended_from"].is_null(), "{ended:?}");

    // Whoever has the old key still answers under the centre's address: nobody who has heard believes it.
    wait_for(|| seven.sync().err.contains(NOT_OURS).then_some(()));
    seven.record(&form("Лисиця"));
    let refused = seven.sync();
    assert!(refused.code != Some(0) && refused.err.contains(NOT_OURS), "{refused:?}");
    assert_eq!(places(&seven), json!([1, 0, 2]), "what was recorded waits, what was there stays there");

    // The new machine takes its place, with an empty database.
    apart.stop_hub();
    on(&new, &["hub-accept", &answer]).ok();
    let old = std::mem::replace(&mut apart.hub_dir, new);
    apart.start_hub();
    settled(&seven, 3);
    // Eight has never heard of any of it.
    settled(&eight, 2);
    apart.queue_of(5);
    apart.hub_call(&["hub-verify"]).ok();
    for suitcase in [&seven, &eight] {
        suitcase.call(&["end-shift", "--wait", "60"]).ok();
        suitcase.call(&["verify"]).ok();
    }
    apart.desk_call(&["verify"]).ok();

    // What the old key anchored before its end is evidence as before.
    let file = path("case.evidence");
    let taken = apart.desk_call(&["evidence", &number, "--out", &file, "--json"]).json();
    let mut check = Command::new(program("check-evidence"));
    Said::from(check.arg(&file).args(["--root", taken["root"].as_str().unwrap()]).output().unwrap()).ok();

    // The thief comes back: nobody sends anything, and nobody takes the kit's new desk there.
    apart.stop_hub();
    let new = std::mem::replace(&mut apart.hub_dir, old);
    apart.start_hub();
    eight.record(&form("Ґалаґан"));
    let refused = eight.sync();
    assert!(refused.code != Some(0) && refused.err.contains(NOT_OURS), "{refused:?}");
    assert_eq!(places(&eight), json!([1, 0, 2]));
    let (third, hub) = (root.join("third"), format!("https://127.0.0.1:{}", apart.port));
    let words_file = ["restore", "--words-file", &words, "--hub", &hub, "--fast-kdf", "--passphrase-file"];
    let refused = on(&third, &[&words_file[..], &[&path("passphrase")]].concat());
    assert!(refused.code == Some(1) && refused.err.contains("це старий вузол"), "{refused:?}");
    assert!(!third.join("desk/vault").exists());
    apart.stop_hub();
    apart.hub_dir = new;
    apart.start_hub();
    settled(&eight, 3);
    apart.queue_of(6);
}

#[test]
fn what_only_the_old_hub_had_is_brought_to_the_new_one_with_its_database() {
    let mut apart = Apart::found();
    apart.accept();
    apart.start();
    let seven = apart.suitcase(7);
    seven.record(&form("Коваленко"));
    settled(&seven, 1);
    // The hub took it in, the desk is away; then the suitcase is lost.
    apart.stop_desk();
    seven.record(&form("Гук"));
    seven.sync().ok();
    assert_eq!(places(&seven), json!([0, 1, 1]));
    apart.stop_hub();
    std::fs::remove_dir_all(&seven.dir).unwrap();

    let (new, request) = new_machine(&apart);
    let root = apart.root().to_owned();
    let path = |name: &str| root.join(name).display().to_string();
    let (answer, words) = (path("new-hub-answer"), path("words"));
    // The desk does not run: the command opens it.
    let begin = ["rotate-hub", "begin", "--hub-request", &request, "--hub-answer", &answer, "--words-file", &words];
    apart.desk_call(&begin).ok();
    apart.desk_call(&["rotate-hub", "finish"]).ok();
    on(&new, &["hub-accept", &answer]).ok();
    for name in ["hub.db", "hub.db-wal"] {
        let from = apart.hub_dir.join("hub").join(name);
        if from.exists() {
            std::fs::copy(from, new.join("hub").join(name)).unwrap();
        }
    }
    let lineage = |dir: &std::path::Path| {
        let text = std::fs::read_to_string(dir.join("hub/hub.marker")).unwrap();
        ::hub::Marker::from_text(&text).unwrap().lineage
    };
    let before = lineage(&apart.hub_dir);
    apart.hub_dir = new;
    apart.start();
    apart.queue_of(2);
    apart.stop_hub();
    assert_ne!(lineage(&apart.hub_dir), before, "it begins a new life: everybody looks anew what it lacks");
    apart.hub_call(&["hub-verify"]).ok();
}
