//! Without a network: two suitcases, one stick, the centre; and one suitcase through another.

use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use valiza_tests::apart::Apart;
use valiza_tests::console::Console;
use valiza_tests::ports::free_port;
use valiza_tests::programs::{Centre, PASSPHRASE, Suitcase, form, wait_for};

fn stick(root: &Path) -> PathBuf {
    let folder = root.join("МОЯ ФЛЕШКА");
    std::fs::create_dir(&folder).unwrap();
    folder
}

fn out(suitcase: &Suitcase, stick: &Path) -> Value {
    suitcase.call(&["carry", "out", "--to", stick.to_str().unwrap(), "--json"]).json()
}

fn home(suitcase: &Suitcase, stick: &Path) -> Value {
    suitcase.call(&["carry", "in", "--from", stick.to_str().unwrap(), "--json"]).json()
}

fn names(stick: &Path) -> BTreeSet<String> {
    let files = std::fs::read_dir(stick.join("valiza")).unwrap();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

fn places(suitcase: &Suitcase) -> [u64; 3] {
    let status = suitcase.call(&["status", "--json"]).json();
    ["here", "on_the_way", "at_centre"].map(|name| status[name].as_u64().unwrap())
}

#[test]
fn two_suitcases_one_stick_the_desk_and_back() {
    let centre = Centre::start();
    let suitcases = [centre.suitcase(7), centre.suitcase(8)];
    let stick = stick(centre.root());
    let mut numbers = Vec::new();
    for (suitcase, last) in suitcases.iter().zip(["Коваленко", "Гук"]) {
        suitcase.sync().ok();
        numbers.push(suitcase.record(&form(last)));
        let written = out(suitcase, &stick);
        assert_eq!(written["letters"], 1, "{written}");
        assert_eq!(places(suitcase), [1, 0, 0], "writing it down sends nothing");
        let said = suitcase.call(&["carry", "out", "--to", stick.to_str().unwrap()]).ok();
        assert!(said.out.contains("флешку можна виймати") && said.out.contains("уже було 1"), "{said:?}");
    }
    let read = suitcases[0].call(&["carry", "in", "--from", stick.to_str().unwrap()]).ok();
    assert!(read.out.contains("ще не читали в центрі"), "{read:?}");
    assert!(centre.queue().is_empty());

    let told = centre.call(&["carry", "in", "--from", stick.to_str().unwrap(), "--json"]).json();
    assert_eq!((&told["letters"], &told["answers"]), (&2.into(), &2.into()), "{told}");
    assert_eq!(told["for_suitcases"], serde_json::json!([7, 8]));
    assert_eq!(told["remarks"], serde_json::json!([]), "{told}");
    centre.queue_of(2);
    for suitcase in &suitcases {
        let read = home(suitcase, &stick);
        assert_eq!(read["answers"], 1, "{read}");
        assert_eq!(places(suitcase), [0, 0, 1], "the verdict came back on the same stick");
        assert_eq!(home(suitcase, &stick)["answers"], 0, "read twice, taken once");
        suitcase.call(&["verify"]).ok();
    }
    // A decision made since goes back without another letter.
    centre.call(&["answer", &numbers[0], "accept"]).ok();
    let told = centre.call(&["carry", "out", "--to", stick.to_str().unwrap()]).ok();
    assert!(told.out.contains("флешку можна виймати"), "{told:?}");
    home(&suitcases[0], &stick);
    assert_eq!(suitcases[0].row(&numbers[0])["state"], "in_work");
    // The next way of the stick: what is over goes, everything still fits together.
    numbers.push(suitcases[1].record(&form("Їжак")));
    for suitcase in &suitcases {
        out(suitcase, &stick);
    }
    centre.call(&["carry", "in", "--from", stick.to_str().unwrap()]).ok();
    assert_eq!(names(&stick).len(), 4, "two letters and two answers: {:?}", names(&stick));
    home(&suitcases[1], &stick);
    assert_eq!(places(&suitcases[1]), [0, 0, 2]);
    centre.queue_of(3);
    let audit = centre.call(&["audit", "--what", "done", "--size", "100", "--json"]).json().to_string();
    assert!(audit.contains("read_stick") && audit.contains("wrote_stick"), "{audit}");
}

#[test]
fn a_stick_pulled_in_the_middle_of_everything_goes_on_later() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    suitcase.sync().ok();
    let stick = stick(centre.root());
    let path = stick.to_str().unwrap();
    let number = suitcase.record(&form("Коваленко"));
    out(&suitcase, &stick);
    let folder = stick.join("valiza");
    let letter = names(&stick).pop_first().unwrap();
    // Pulled while the suitcase wrote: half a file under the name beside.
    let bytes = std::fs::read(folder.join(&letter)).unwrap();
    std::fs::remove_file(folder.join(&letter)).unwrap();
    std::fs::write(folder.join(format!("{letter}.new")), &bytes[..100_000]).unwrap();
    let listed = suitcase.call(&["carry", "list", "--at", path, "--json"]).json();
    assert_eq!((&listed["files"], &listed["broken"]), (&0.into(), &1.into()), "{listed}");
    let again = out(&suitcase, &stick);
    assert_eq!(again["letters"], 1, "{again}");
    assert!(names(&stick).iter().all(|name| name.ends_with(".vlz")) && names(&stick).len() == 1);
    // Pulled while the centre wrote its answer: the suitcase names the file, takes nothing, and nothing is lost.
    let letters = names(&stick);
    centre.call(&["carry", "in", "--from", path]).ok();
    let answer = names(&stick).difference(&letters).next().unwrap().clone();
    let whole = std::fs::read(folder.join(&answer)).unwrap();
    std::fs::write(folder.join(&answer), &whole[..1_000]).unwrap();
    let read = home(&suitcase, &stick);
    assert_eq!(read["answers"], 0);
    assert!(read["remarks"].to_string().contains(&answer), "{read}");
    assert_eq!((places(&suitcase), names(&stick).is_superset(&letters)), ([1, 0, 0], true));
    // The centre writes it again, and takes the half one away.
    centre.call(&["carry", "in", "--from", path]).ok();
    assert!(names(&stick).len() == 2 && !names(&stick).contains(&answer));
    home(&suitcase, &stick);
    assert_eq!(places(&suitcase), [0, 0, 1]);
    assert_eq!(suitcase.row(&number)["place"], "at_centre");
    // A stick that is not there any more.
    std::fs::remove_dir_all(&stick).unwrap();
    let gone = suitcase.call(&["carry", "out", "--to", path]);
    assert!(gone.code == Some(1) && gone.err.contains("чи вставлено флешку"), "{gone:?}");
    let gone = centre.call(&["carry", "in", "--from", path]);
    assert!(gone.code == Some(1) && gone.err.contains("чи вставлено флешку"), "{gone:?}");
}

#[test]
fn sticks_of_another_community_and_other_folders_are_told() {
    let (centre, other) = (Centre::start(), Centre::start());
    let (suitcase, stranger) = (centre.suitcase(7), other.suitcase(7));
    let stick = stick(centre.root());
    let path = stick.to_str().unwrap();
    let empty = centre.call(&["carry", "in", "--from", path]);
    assert!(empty.code == Some(1) && empty.err.contains("немає нічого від «Валізи»"), "{empty:?}");
    stranger.record(&form("Гук"));
    out(&stranger, &stick);
    let foreign = centre.call(&["carry", "in", "--from", path]);
    assert!(foreign.code == Some(1) && foreign.err.contains("флешка вашої громади"), "{foreign:?}");
    let read = suitcase.call(&["carry", "in", "--from", path]).ok();
    assert!(read.out.contains("іншої громади"), "{read:?}");
    // Ours beside theirs is read, and theirs is left alone.
    suitcase.record(&form("Коваленко"));
    std::fs::write(stick.join("valiza").join("фото.jpg"), "photo").unwrap();
    let before = names(&stick);
    out(&suitcase, &stick);
    let told = centre.call(&["carry", "in", "--from", path, "--json"]).json();
    assert_eq!(told["letters"], 1, "{told}");
    assert!(names(&stick).is_superset(&before));
    centre.queue_of(1);
    let own = suitcase.call(&["carry", "out", "--to", suitcase.dir.to_str().unwrap()]);
    assert!(own.code == Some(1) && own.err.contains("папка самої валізи"), "{own:?}");
    let own = centre.call(&["carry", "in", "--from", centre.dir.to_str().unwrap()]);
    assert!(own.code == Some(1) && own.err.contains("папка самої валізи"), "{own:?}");
}

#[test]
fn without_the_hub_letters_stay_on_the_stick_and_come_later() {
    let mut apart = Apart::found();
    apart.accept();
    apart.start();
    let suitcase = apart.suitcase(7);
    suitcase.sync().ok();
    suitcase.record(&form("Коваленко"));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_str().unwrap().to_owned();
    out(&suitcase, dir.path());
    let before = names(dir.path());
    apart.stop_hub();
    let said = apart.desk_call(&["carry", "in", "--from", &path]);
    assert!(said.code == Some(3) && said.err.contains("листи лишилися на флешці"), "{said:?}");
    assert_eq!(names(dir.path()), before);
    apart.start_hub();
    apart.desk_call(&["carry", "in", "--from", &path]).ok();
    apart.queue_of(1);
    home(&suitcase, dir.path());
    assert_eq!(places(&suitcase), [0, 0, 1]);
    // A revoked suitcase's letter is stored, and the stick brings it the word.
    suitcase.record(&form("Гук"));
    out(&suitcase, dir.path());
    apart.desk_call(&["revoke", "--number", "7", "--reason", "загублено"]).ok();
    wait_for(|| {
        let told = apart.desk_call(&["status", "--json"]).json();
        (told["waiting_entries"] == 0).then_some(())
    });
    apart.desk_call(&["carry", "in", "--from", &path]).ok();
    home(&suitcase, dir.path());
    assert!(places(&suitcase)[0] == 0, "anchored as ever");
    let status = suitcase.call(&["status"]).ok();
    assert!(status.out.to_lowercase().contains("відкликано"), "{status:?}");
}

#[test]
fn the_page_writes_and_reads_a_stick() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    suitcase.sync().ok();
    suitcase.record(&form("Коваленко"));
    let stick = stick(centre.root());
    let path = stick.to_str().unwrap();
    let mut console = Console::start(&suitcase);
    let (status, _) = console.post("/unlock", &[("officer", "olena"), ("passphrase", PASSPHRASE)]);
    assert_eq!(status, 303);
    let (status, page) = console.get("/stick");
    assert!(status == 200 && page.contains("Записати на флешку"), "{page}");
    let (status, page) = console.post("/stick/out", &[("folder", "/немає/такої")]);
    assert!(status == 422 && page.contains("чи вставлено флешку"), "{page}");
    let (status, page) = console.post("/stick/out", &[("folder", path)]);
    assert!(status == 200 && page.contains("флешку можна виймати"), "{page}");
    // The centre's page, too.
    let mut desk = Console::at(&centre.desk);
    desk.post("/sign-in", &[("login", "admin"), ("passphrase", PASSPHRASE)]);
    let (status, page) = desk.post("/sticks/in", &[("folder", "/немає/такої")]);
    assert!(status == 422 && page.contains("чи вставлено флешку"), "{status} {page}");
    let (status, page) = desk.post("/sticks/in", &[("folder", path)]);
    assert_eq!(status, 303, "{page}");
    wait_for(|| desk.get("/sticks").1.contains("Флешку можна виймати").then_some(()));
    let (status, page) = console.post("/stick/in", &[("folder", path)]);
    assert!(status == 200 && page.contains("Відповідей узято 1"), "{page}");
}

/// The officer's program that carries at a loopback port, unlocked.
fn carrier(suitcase: &Suitcase, port: u16) -> (Console, String) {
    let address = format!("127.0.0.1:{port}");
    let mut console = Console::start(suitcase);
    let (status, _) = console.post("/unlock", &[("officer", "olena"), ("passphrase", PASSPHRASE)]);
    assert_eq!(status, 303);
    let (status, page) = console.post("/carrier/start", &[("listen", &address)]);
    assert_eq!(status, 303, "{page}");
    let (_, page) = console.get("/carrier");
    assert!(page.contains(&address), "{page}");
    (console, address)
}

#[test]
fn a_suitcase_without_a_network_goes_through_one_that_has_it() {
    let mut apart = Apart::found();
    apart.accept();
    apart.start();
    let (seven, eight) = (apart.suitcase(7), apart.suitcase(8));
    for _ in 0..2 {
        seven.sync().ok();
        eight.sync().ok();
    }
    let (mut console, address) = carrier(&seven, free_port());
    let through = |suitcase: &Suitcase| suitcase.call(&["sync", "--through", &address, "--json"]);
    // With a connection right now: the answers come at once.
    eight.record(&form("Коваленко"));
    let done = through(&eight).json();
    assert_eq!((&done["letters"], &done["kept"]), (&1.into(), &0.into()), "{done}");
    assert!(done["answers"].as_u64().unwrap() >= 1);
    assert_eq!(places(&eight)[0], 0, "anchored");
    apart.queue_of(1);
    // Without one the letters wait.
    apart.stop_hub();
    eight.record(&form("Гук"));
    let done = through(&eight).json();
    assert_eq!((&done["letters"], &done["kept"]), (&1.into(), &1.into()), "{done}");
    assert_eq!(places(&eight)[0], 1);
    let (_, page) = console.get("/carrier");
    assert!(page.contains("Чужих листів чекає"), "{page}");
    apart.start_hub();
    wait_for(|| {
        console.post("/exchange/now", &[]);
        through(&eight).json();
        (places(&eight) == [0, 0, 2]).then_some(())
    });
    apart.queue_of(2);
    assert!(seven.dir.exists());
    // A stranger of another community is not spoken to, and says what to do.
    let other = Centre::start();
    let stranger = other.suitcase(9);
    stranger.record(&form("Їжак"));
    let refused = through(&stranger);
    assert!(refused.code == Some(3) && refused.err.contains("іншої громади"), "{refused:?}");
    console.post("/carrier/stop", &[]);
    let nobody = through(&eight);
    assert!(nobody.code == Some(3) && nobody.err.contains("немає зв’язку з тією валізою"), "{nobody:?}");
}

#[test]
fn serve_carrier_listens_once_the_suitcase_is_open_and_ends_with_the_lock() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let port = free_port();
    let mut command: Command = suitcase.command();
    command.args(["serve", "--json", "--carrier", &format!("127.0.0.1:{port}")]);
    let mut program = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut lines, mut told) = (BufReader::new(program.stdout.take().unwrap()), String::new());
    while !told.contains('}') {
        assert!(lines.read_line(&mut told).unwrap() > 0, "it ended: {told}");
    }
    let told: Value = serde_json::from_str(&told).unwrap();
    let address = told["address"].as_str().unwrap().trim_start_matches("http://");
    let (host, launch) = address.split_once('/').unwrap();
    let mut console = Console::at(host);
    console.get(&format!("/{launch}"));
    let listens = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
    assert!(!listens(), "locked, it carries for nobody");
    let (status, _) = console.post("/unlock", &[("officer", "olena"), ("passphrase", PASSPHRASE)]);
    assert_eq!(status, 303);
    wait_for(|| listens().then_some(()));
    console.post("/lock/vault", &[]);
    wait_for(|| (!listens()).then_some(()));
    program.kill().unwrap();
    program.wait().unwrap();
}
