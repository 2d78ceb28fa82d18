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

/// A hub's machine that is prepared under the address of the present one, its request, and what was said.
fn new_machine(apart: &Apart) -> (PathBuf, String, String) {
    let dir = apart.root().join("new-hub-machine");
    let request = apart.root().join("new-hub-request").display().to_string();
    let (hub, listen) = (format!("https://127.0.0.1:{}", apart.port), format!("127.0.0.1:{}", apart.port));
    let said = on(&dir, &["hub-prepare", "--hub", &hub, "--listen", &listen, "--out", &request]);
    (dir, request, said.ok().out)
}

/// The same, whose key is certified with the kit, and the answer that it has to accept.
fn certified(apart: &Apart) -> (PathBuf, String) {
    let (new, request, _) = new_machine(apart);
    let [answer, words] = ["new-hub-answer", "words"].map(|name| apart.root().join(name).display().to_string());
    let begin = ["rotate-hub", "begin", "--hub-request", &request, "--hub-answer", &answer, "--words-file", &words];
    apart.desk_call(&begin).ok();
    (new, answer)
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

    let (new, request, prepared) = new_machine(&apart);
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
    // A request that was changed on its way is noticed before anything is certified.
    let digits = |digits| apart.desk_call(&[&begin[..], &[&words, "--digits", digits]].concat());
    let changed = digits("0123 4567 89ab cdef");
    assert!(changed.code == Some(1) && changed.err.contains("нічого не посвідчено"), "{changed:?}");
    assert_eq!(keys(&apart).len(), 1);
    let shown = prepared.lines().find_map(|line| line.split_once("both machines: ")).unwrap().1;
    let begun = digits(shown).ok();
    let (compare, next) = begun.out.split_once('\n').unwrap();
    assert!(compare.ends_with(shown) && next.contains("rotate-hub finish"), "{begun:?}");
    let again = apart.desk_call(&[&begin[..], &[&words]].concat());
    assert!(again.code == Some(1) && again.err.contains("уже є"), "nothing is overwritten: {again:?}");
    assert_eq!(keys(&apart).len(), 2);

    // The old one still answers, and suitcases hear of the new one.
    seven.record(&form("Заєць"));
    settled(&seven, 2);
    // The old one may be the only one that there will be: it stays until the new one has answered, or somebody insists.
    let unheard = apart.desk_call(&["rotate-hub", "finish"]);
    assert!(unheard.code == Some(1) && unheard.err.contains("--at-once"), "{unheard:?}");
    assert!(keys(&apart)[0]["ended_from"].is_null());
    apart.desk_call(&["rotate-hub", "finish", "--at-once"]).ok();
    let ended = keys(&apart);
    assert!(ended[0]["ended_from"].is_string() && ended[1]["ended_from"].is_null(), "{ended:?}");

    // Whoever has the old key still answers under the centre's address: nobody who has heard believes it.
    wait_for(|| seven.sync().err.contains(NOT_OURS).then_some(()));
    seven.record(&form("Лисиця"));
    let refused = seven.sync();
    assert!(refused.code != Some(0) && refused.err.contains(NOT_OURS), "{refused:?}");
    assert_eq!(places(&seven), json!([1, 0, 2]), "what was recorded waits, what was there stays there");

    // The new machine takes its place, with an empty database. Before the desk has been there nobody can say who it is.
    apart.stop_desk();
    apart.stop_hub();
    on(&new, &["hub-accept", &answer]).ok();
    let old = std::mem::replace(&mut apart.hub_dir, new);
    apart.start_hub();
    let refused = eight.sync();
    assert!(refused.code == Some(3) && refused.err.contains("відкрити робоче місце"), "{refused:?}");
    assert_eq!(places(&eight), json!([1, 0, 1]), "what was recorded waits");
    apart.start_desk();
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

    // The desk does not run: the command opens it.
    let (new, answer) = certified(&apart);
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
    // As soon as the new one has answered the desk.
    wait_for(|| (apart.desk_call(&["rotate-hub", "finish"]).code == Some(0)).then_some(()));
    apart.queue_of(2);
    apart.stop_hub();
    assert_ne!(lineage(&apart.hub_dir), before, "it begins a new life: everybody looks anew what it lacks");
    apart.hub_call(&["hub-verify"]).ok();
}

/// The clock of `faketime` in the program itself (Debian: faketime). The loader puts the machine's folder of libraries for
/// `$LIB`.
const CLOCK: &str = "/usr/$LIB/faketime/libfaketimeMT.so.1";

/// The same command under a clock that is off by so much.
fn under(real: &Command, off: &str) -> Command {
    let mut command = Command::new(real.get_program());
    command.args(real.get_args()).stdin(std::process::Stdio::null());
    command.env("LD_PRELOAD", CLOCK).env("FAKETIME", off).env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    for (name, value) in real.get_envs().filter_map(|(name, value)| Some((name, value?))) {
        command.env(name, value);
    }
    command
}

/// The centre ten days later, so that whoever stays here is ten days behind.
fn later(real: &Command) -> Command {
    under(real, "+10d")
}

fn sync_at(suitcase: &Suitcase, off: &str) -> Said {
    Said::from(under(&suitcase.command(), off).arg("sync").output().unwrap())
}

/// A slow clock, a dead battery, a finger that slipped on the year.
#[test]
fn whatever_a_suitcase_s_clock_says_it_goes_on_with_the_new_hub() {
    let mut apart = Apart::found();
    apart.accept();
    apart.start();
    let suitcases = [7, 8, 9].map(|number| apart.suitcase(number));
    let [heard, slow, fast] = &suitcases;
    for (suitcase, name) in suitcases.iter().zip(["Коваленко", "Гук", "Їжак"]) {
        suitcase.record(&form(name));
        settled(suitcase, 1);
    }
    apart.stop_desk();
    let mut apart = apart.through(later);
    let (new, answer) = certified(&apart);
    apart.start_desk();
    // One has heard of the new key, the others have not.
    heard.record(&form("Заєць"));
    settled(heard, 2);
    apart.stop_hub();
    on(&new, &["hub-accept", &answer]).ok();
    apart.hub_dir = new;
    apart.start_hub();
    // The old key is ended once the desk has given the new hub the register.
    wait_for(|| hub_knows(&apart).then_some(()));

    for off in ["-1s", "-40y", "+15y"] {
        let said = sync_at(heard, off);
        assert_eq!(said.code, Some(0), "{off}, before the old key is ended: {said:?}");
    }
    for (suitcase, off) in [(slow, "-1s"), (fast, "+15y")] {
        suitcase.record(&form("Лисиця"));
        let said = sync_at(suitcase, off);
        assert_eq!(said.code, Some(0), "{off}, and away meanwhile: {said:?}");
    }
    apart.desk_call(&["rotate-hub", "finish"]).ok();
    for off in ["-1s", "-40y", "+15y"] {
        let said = sync_at(heard, off);
        assert_eq!(said.code, Some(0), "{off}, after the old key is ended: {said:?}");
    }
    settled(slow, 2);
    settled(fast, 2);
    for suitcase in &suitcases {
        suitcase.call(&["verify"]).ok();
    }
}

/// The desk has been there: the hub's folder says how many entries its database holds.
fn hub_knows(apart: &Apart) -> bool {
    let text = std::fs::read_to_string(apart.hub_dir.join("hub/hub.marker")).unwrap_or_default();
    ::hub::Marker::from_text(&text).is_ok_and(|marker| marker.positions > 0)
}

/// It has a chain that no certificate names yet, and hears of the hub by nobody's certificate but that of its old one.
#[test]
fn a_suitcase_that_was_put_back_from_a_copy_while_it_was_away_reaches_the_new_hub() {
    let mut apart = Apart::found();
    apart.accept();
    apart.start();
    let seven = apart.suitcase(7);
    seven.record(&form("Коваленко"));
    settled(&seven, 1);
    let image = apart.root().join("image");
    std::fs::create_dir(&image).unwrap();
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        for file in std::fs::read_dir(from).unwrap().flatten().filter(|file| file.file_type().unwrap().is_file()) {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    };
    copy(&seven.dir, &image);
    seven.record(&form("Гук"));
    settled(&seven, 2);
    std::fs::remove_dir_all(&seven.dir).unwrap();
    std::fs::create_dir(&seven.dir).unwrap();
    copy(&image, &seven.dir);
    // The mark beside the folder tells: it goes on under a new chain.
    seven.record(&form("Їжак"));
    let status = seven.call(&["status", "--json"]).json();
    assert_eq!(status["certificate"]["standing"], "unconfirmed", "{status}");

    let (new, answer) = certified(&apart);
    apart.stop_hub();
    on(&new, &["hub-accept", &answer]).ok();
    apart.hub_dir = new;
    apart.start_hub();
    wait_for(|| (apart.desk_call(&["rotate-hub", "finish"]).code == Some(0)).then_some(()));
    seven.sync().ok();
    let told = wait_for(|| {
        let told = apart.desk_call(&["rebirths", "--json"]).json();
        told["continuing"][0]["chain"].as_str().map(str::to_owned)
    });
    apart.desk_call(&["rebirths", "confirm", &told]).ok();
    apart.queue_of(3);
    settled(&seven, 3);
    seven.call(&["verify"]).ok();
}
