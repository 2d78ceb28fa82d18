//! Hub and desk on two machines: two folders that share nothing but two files carried from one to the other.

use serde_json::Value;
use std::time::Duration;
use valiza_tests::apart::Apart;
use valiza_tests::programs::{form, wait_for};

fn status(apart: &Apart) -> Value {
    apart.desk_call(&["status", "--json"]).json()
}

#[test]
fn a_request_goes_through_two_machines_and_its_answer_comes_back() {
    let mut apart = Apart::found();
    for (folder, foreign) in [(&apart.hub_dir, "desk"), (&apart.desk_dir, "hub")] {
        assert!(!folder.join(foreign).exists(), "{} holds the other machine's half", folder.display());
    }
    let early = apart.hub_call(&["hub"]);
    assert_eq!(early.code, Some(1), "{early:?}");
    assert!(early.err.contains("hub-accept"), "{early:?}");
    apart.accept();
    apart.start();
    let suitcase = apart.suitcase(7);
    let number = suitcase.record(&form("Коваленко"));
    suitcase.sync().ok();
    apart.queue_of(1);
    apart.desk_call(&["answer", &number, "accept"]).ok();
    wait_for(|| {
        suitcase.sync().ok();
        (suitcase.row(&number)["state"] == "in_work").then_some(())
    });
    assert!(apart.hub_call(&["doctor"]).out.contains("вузол https://127.0.0.1"));
    let desk = apart.desk_call(&["doctor", "--json"]);
    assert_eq!(desk.code, Some(0), "{desk:?}");
    assert!(desk.out.contains("\"about\":\"link\",\"grade\":\"well\""), "{desk:?}");
}

#[test]
fn a_desk_cut_off_for_a_day_goes_on_and_everything_flows_when_the_link_is_back() {
    let mut apart = Apart::found();
    apart.accept();
    apart.start();
    let suitcase = apart.suitcase(7);
    let numbers: Vec<String> = ["Коваленко", "Гук", "Їжак"].map(|last| suitcase.record(&form(last))).into();
    suitcase.sync().ok();
    apart.queue_of(3);
    wait_for(|| (status(&apart)["waiting_entries"] == 0).then_some(()));

    apart.stop_hub();
    wait_for(|| status(&apart)["trouble"].is_string().then_some(()));
    for number in &numbers {
        apart.desk_call(&["answer", number, "accept"]).ok();
        apart.desk_call(&["answer", number, "note", "--text", "працюємо без зв’язку"]).ok();
    }
    apart.desk_call(&["answer", &numbers[0], "ask", "--text", "Потрібна довідка про доходи"]).ok();
    let told = status(&apart);
    assert!(told["waiting_entries"].as_u64().unwrap() >= 7, "{told}");
    let page = apart.page("/queue");
    assert!(page.contains("Немає зв’язку з вузлом з ") && page.contains("Можна працювати."), "{page}");
    wait_for(|| apart.page("/queue").contains("Чека").then_some(()));
    let doctor = apart.desk_call(&["doctor"]);
    assert_eq!(doctor.code, Some(3), "{doctor:?}");
    // The desk is restarted in the middle of it, and still knows since when it is alone.
    apart.stop_desk();
    apart.start_desk();
    wait_for(|| apart.page("/queue").contains("Немає зв’язку з вузлом з ").then_some(()));
    assert_eq!(apart.queue_of(3).len(), 3);
    assert_eq!(suitcase.sync().code, Some(3), "the suitcase has no hub either");

    apart.start_hub();
    wait_for(|| {
        let told = status(&apart);
        (told["waiting_entries"] == 0 && told["trouble"].is_null()).then_some(())
    });
    wait_for(|| {
        suitcase.sync().ok();
        (suitcase.row(&numbers[0])["state"] == "asked" && suitcase.row(&numbers[2])["state"] == "in_work").then_some(())
    });
    assert!(apart.page("/queue").contains("Зв’язок із вузлом обміну є"));
    apart.desk_call(&["verify"]).ok();
}

#[test]
fn what_cannot_start_says_why_and_ends_with_its_code() {
    let mut apart = Apart::found();
    apart.accept();
    let again = apart.hub_call(&["hub-accept", apart.answer.to_str().unwrap()]);
    assert_eq!(again.code, Some(1), "{again:?}");
    // The port is somebody else's.
    let taken = std::net::TcpListener::bind(("127.0.0.1", apart.port)).unwrap();
    let busy = apart.hub_call(&["hub"]);
    assert!(busy.code == Some(5) && busy.err.contains("зайнята"), "{busy:?}");
    drop(taken);
    let page_port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = page_port.local_addr().unwrap().to_string();
    let busy = apart.desk_call(&["desk", "--desk-listen", &listen]);
    assert!(busy.code == Some(5) && busy.err.contains("--desk-listen"), "{busy:?}");
    // No hub yet: the desk works and says so.
    apart.start_desk();
    let second = apart.desk_call(&["desk", "--desk-listen", "127.0.0.1:0"]);
    assert!(second.code == Some(5) && second.err.contains("вже відкрито"), "{second:?}");
    wait_for(|| apart.page("/queue").contains("Вузол обміну не відповідає. Можна працювати.").then_some(()));
    apart.stop_desk();
    // Another community's root in the hub's settings, and no spare copy of them: no peer would believe this hub.
    std::fs::remove_file(apart.hub_dir.join("hub/hub.spare")).unwrap();
    let settings = apart.hub_dir.join("hub/hub.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let line = text.lines().find(|line| line.starts_with("root_signing")).unwrap();
    std::fs::write(&settings, text.replace(line, &format!("root_signing = \"{}\"", "ab".repeat(32)))).unwrap();
    let wrong = apart.hub_call(&["hub"]);
    assert!(wrong.code == Some(4) && wrong.err.contains("не від кореня цієї громади"), "{wrong:?}");
    let doctor = apart.hub_call(&["doctor"]);
    assert!(doctor.code == Some(1) && doctor.out.contains("hub.crt"), "{doctor:?}");
    std::fs::write(&settings, &text).unwrap();
    // A later program's database.
    apart.start_hub();
    apart.stop_hub();
    let database = rusqlite::Connection::open(apart.hub_dir.join("hub/hub.db")).unwrap();
    database.execute("UPDATE meta SET version = 99", []).unwrap();
    drop(database);
    let later = apart.hub_call(&["hub"]);
    assert!(later.code == Some(1) && later.err.contains("новішою версією"), "{later:?}");
}

#[test]
fn signals_end_both_programs_and_leave_everything_whole() {
    let mut apart = Apart::found();
    apart.accept();
    apart.start();
    let suitcase = apart.suitcase(7);
    suitcase.record(&form("Коваленко"));
    suitcase.sync().ok();
    for signal in ["TERM", "INT"] {
        let (hub, desk) = (apart.hub.take().unwrap(), apart.desk.take().unwrap());
        for (name, program) in [("hub", hub), ("desk", desk)] {
            let ended = program.signal(signal, Duration::from_secs(15));
            assert_eq!(ended, Some(0), "{name} after {signal}");
        }
        assert!(!apart.desk_dir.join("desk/control").exists(), "the control is taken away");
        apart.start();
        apart.queue_of(1);
    }
}
