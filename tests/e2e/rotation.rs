//! The centre takes new keys, with the real programs: the news of it travels over the network and by stick, whoever was
//! away loses nothing, and the kit brings everything back afterwards.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use valiza_tests::apart::Apart;
use valiza_tests::console::Console;
use valiza_tests::programs::{Centre, PASSPHRASE, Suitcase, form, wait_for};

fn stick(root: &Path) -> PathBuf {
    let folder = root.join("МОЯ ФЛЕШКА");
    std::fs::create_dir(&folder).unwrap();
    folder
}

fn carried(suitcase: &Suitcase, step: &str, stick: &Path) -> Value {
    let option = if step == "out" { "--to" } else { "--from" };
    suitcase.call(&["carry", step, option, stick.to_str().unwrap(), "--json"]).json()
}

/// The stick there and back: the suitcase's letters to the desk, the answers home.
fn round(apart: &Apart, suitcase: &Suitcase, stick: &Path) {
    carried(suitcase, "out", stick);
    apart.desk_call(&["carry", "in", "--from", stick.to_str().unwrap()]).ok();
    carried(suitcase, "in", stick);
}

fn waiting_for(apart: &Apart) -> Value {
    apart.desk_call(&["rotate-keys", "status", "--json"]).json()["waits_for"].clone()
}

fn begin(apart: &Apart) {
    let words = apart.root().join("words");
    apart.desk_call(&["rotate-keys", "begin", "--words-file", words.to_str().unwrap()]).ok();
    wait_for(|| {
        let told = apart.desk_call(&["rotate-keys", "status", "--json"]).json();
        (told["facts_left"] == 0 && told["keys_left"] == 0 && told["unsent"] == 0).then_some(())
    });
}

/// Everything recorded is at the centre and the suitcase knows it.
fn all_at_centre(suitcase: &Suitcase) -> bool {
    let status = suitcase.call(&["status", "--json"]).json();
    status["here"] == 0 && status["on_the_way"] == 0 && status["set_aside"] == json!([])
}

#[test]
fn the_news_of_a_new_key_travels_by_stick() {
    let mut apart = Apart::found();
    apart.accept();
    apart.start();
    let (seven, eight) = (apart.suitcase(7), apart.suitcase(8));
    for suitcase in [&seven, &eight] {
        suitcase.sync().ok();
        suitcase.record(&form("Коваленко"));
        suitcase.sync().ok();
    }
    let stick = stick(apart.root());
    let drawer = tempfile::tempdir().unwrap();
    round(&apart, &eight, drawer.path());
    // One letter was written before anybody heard of new keys; it is sealed to the old one.
    seven.record(&form("Гук"));
    carried(&seven, "out", &stick);
    begin(&apart);
    assert_eq!(waiting_for(&apart), json!([7, 8]));
    let early = apart.desk_call(&["rotate-keys", "finish"]);
    assert!(early.code == Some(1) && early.err.contains("ще не знають нового ключа валізи: 7, 8"), "{early:?}");
    let other = apart.desk_call(&["rotate-keys", "finish", "--without", "7,8,9"]);
    assert!(other.code == Some(1) && other.err.contains("на валізу 9 ніхто не чекає"), "{other:?}");
    // The old letter still opens while both keys are there, and its answer brings the news home.
    apart.desk_call(&["carry", "in", "--from", stick.to_str().unwrap()]).ok();
    apart.queue_of(3);
    carried(&seven, "in", &stick);
    seven.record(&form("Їжак"));
    round(&apart, &seven, &stick);
    apart.queue_of(4);
    assert_eq!(waiting_for(&apart), json!([8]), "seven never saw the network since");
    // The other one's stick lies in a drawer until the old keys are gone.
    eight.record(&form("Ґалаґан"));
    carried(&eight, "out", drawer.path());
    apart.desk_call(&["rotate-keys", "finish", "--without", "8"]).ok();
    let read = apart.desk_call(&["carry", "in", "--from", drawer.path().to_str().unwrap()]);
    assert!(read.code == Some(1) && read.err.contains("запечатано для старого ключа центру"), "{read:?}");
    apart.queue_of(4);
    // Nothing is lost by it: the desk's answers bring the news on the same stick, and the letter is written anew.
    apart.desk_call(&["carry", "out", "--to", drawer.path().to_str().unwrap()]).ok();
    carried(&eight, "in", drawer.path());
    let written = carried(&eight, "out", drawer.path());
    assert_eq!((&written["letters"], &written["kept"]), (&json!(1), &json!(0)), "{written}");
    for _ in 0..2 {
        round(&apart, &eight, drawer.path());
        round(&apart, &seven, &stick);
    }
    apart.queue_of(5);
    for suitcase in [&seven, &eight] {
        assert!(all_at_centre(suitcase), "{:?}", suitcase.call(&["status"]));
        suitcase.call(&["verify"]).ok();
    }
    apart.desk_call(&["verify"]).ok();
}

#[test]
fn the_centre_works_on_and_the_kit_brings_everything_back_after_new_keys() {
    let mut apart = Apart::found();
    apart.accept();
    apart.start();
    let seven = apart.suitcase(7);
    seven.sync().ok();
    let number = seven.record(&form("Коваленко"));
    seven.sync().ok();
    apart.queue_of(1);
    begin(&apart);
    // A desk that is started again in the middle goes on; requests are answered as ever.
    apart.stop_desk();
    apart.start_desk();
    apart.desk_call(&["answer", &number, "accept"]).ok();
    seven.record(&form("Гук"));
    wait_for(|| {
        seven.sync().ok();
        (seven.row(&number)["state"] == "in_work").then_some(())
    });
    wait_for(|| {
        seven.sync().ok();
        (waiting_for(&apart) == json!([])).then_some(())
    });
    wait_for(|| (apart.desk_call(&["rotate-keys", "finish"]).code == Some(0)).then_some(()));
    let told = apart.desk_call(&["rotate-keys", "status", "--json"]).json();
    assert_eq!((&told["rotating"], &told["destroyed_by"]), (&json!(false), &json!("admin")));
    assert!(apart.page("/protection").contains("Старі ключі знищено"));
    wait_for(|| (apart.desk_call(&["status", "--json"]).json()["waiting_entries"] == 0).then_some(()));
    seven.record(&form("Їжак"));
    seven.sync().ok();
    apart.queue_of(3);
    apart.stop_desk();
    // The desk's machine is gone for good.
    let gone = apart.root().join("gone");
    std::fs::rename(&apart.desk_dir, &gone).unwrap();
    let (hub, words) = (format!("https://127.0.0.1:{}", apart.port), apart.root().join("words"));
    apart.desk_call(&["restore", "--hub", &hub, "--words-file", words.to_str().unwrap()]).ok();
    apart.start_desk();
    let rows = apart.queue_of(3);
    let row = rows.iter().find(|row| row["number"] == number.as_str()).unwrap();
    assert_eq!(row["state"], "in_work", "{row:#}");
    seven.record(&form("Ґалаґан"));
    wait_for(|| {
        seven.sync().ok();
        all_at_centre(&seven).then_some(())
    });
    apart.queue_of(4);
    for said in [apart.desk_call(&["verify"]), seven.call(&["verify"])] {
        said.ok();
    }
}

#[test]
fn an_administrator_changes_the_keys_on_the_page() {
    let centre = Centre::start();
    let seven = centre.suitcase(7);
    seven.record(&form("Коваленко"));
    seven.sync().ok();
    centre.queue_of(1);
    let mut desk = Console::at(&centre.desk);
    desk.post("/sign-in", &[("login", "admin"), ("passphrase", PASSPHRASE)]);
    let (_, page) = desk.get("/protection");
    assert!(page.contains("з якими його створено") && page.contains("Узяти нові ключі"), "{page}");
    let text = std::fs::read_to_string(centre.words()).unwrap();
    let words: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
    let (status, page) = desk.post("/protection/keys/begin", &[("kit", &words.join(" "))]);
    assert_eq!(status, 303, "{page}");
    let (status, page) = desk.post("/protection/keys/finish", &[("sure", "yes")]);
    assert!(status == 422 && !page.contains("Старі ключі знищено"), "{status} {page}");
    wait_for(|| {
        seven.sync().ok();
        desk.get("/protection").1.contains("Усі валізи, що працюють, знають новий ключ").then_some(())
    });
    let (status, page) = desk.post("/protection/keys/finish", &[]);
    assert!(status == 422 && page.contains("оставте позначку"), "{status} {page}");
    wait_for(|| (desk.post("/protection/keys/finish", &[("sure", "yes")]).0 == 303).then_some(()));
    let (_, page) = desk.get("/protection?done=destroyed");
    assert!(page.contains("Тепер зробіть резервну копію") && page.contains("Старі ключі знищено"), "{page}");
    seven.record(&form("Гук"));
    wait_for(|| {
        seven.sync().ok();
        all_at_centre(&seven).then_some(())
    });
    centre.queue_of(2);
    centre.call(&["verify"]).ok();
}
