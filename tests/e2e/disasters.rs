//! The hub's database is gone; the centre's machine is gone; a laptop is switched off and on.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use valiza_tests::programs::{Centre, Said, Suitcase, form, program, wait_for};

fn numbers(rows: &[serde_json::Value]) -> BTreeSet<String> {
    rows.iter().map(|row| row["number"].as_str().unwrap_or_default().to_owned()).collect()
}

fn at_centre(suitcase: &Suitcase) -> u64 {
    suitcase.call(&["status", "--json"]).json()["at_centre"].as_u64().unwrap_or(0)
}

#[test]
fn a_dropped_hub_database_is_healed() {
    let mut centre = Centre::start();
    let suitcase = centre.suitcase(7);
    suitcase.record(&form("Коваленко"));
    suitcase.sync().ok();
    centre.queue_of(1);
    centre.stop();
    for name in ["hub.db", "hub.db-wal", "hub.db-shm"] {
        let _ = std::fs::remove_file(centre.dir.join("hub").join(name));
    }
    suitcase.record(&form("Гук"));
    centre.run();
    wait_for(|| {
        suitcase.sync().ok();
        (at_centre(&suitcase) == 2).then_some(())
    });
    centre.queue_of(2);
    // The healed hub has all of it: a centre that is lost now comes back whole.
    restore(&mut centre, 2);
}

#[test]
fn a_lost_centre_comes_back_from_words_and_hub() {
    let mut centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let first = suitcase.record(&form("Коваленко"));
    suitcase.record(&form("Гук"));
    suitcase.sync().ok();
    centre.queue_of(2);
    centre.call(&["answer", &first, "accept"]).ok();
    let before = centre.queue();
    wait_for(|| {
        let waiting = centre.call(&["status", "--json"]).json();
        (waiting["waiting_entries"] == 0).then_some(())
    });
    restore(&mut centre, 2);
    let state = |rows: &[serde_json::Value]| {
        rows.iter().map(|row| (row["number"].to_string(), row["state"].to_string())).collect::<BTreeSet<_>>()
    };
    assert_eq!(state(&centre.queue()), state(&before));
    suitcase.record(&form("Їжак"));
    wait_for(|| {
        suitcase.sync().ok();
        (at_centre(&suitcase) == 3).then_some(())
    });
    centre.queue_of(3);
}

/// The desk's folder is lost; the hub goes on; the kit's words bring the desk back.
fn restore(centre: &mut Centre, requests: usize) {
    centre.stop();
    std::fs::remove_dir_all(centre.dir.join("desk")).unwrap();
    let words = centre.words();
    let hub = format!("https://127.0.0.1:{}", centre.port);
    let mut hub_alone = std::process::Command::new(valiza_tests::programs::program("sync-server"))
        .args(["hub", "--dir"])
        .arg(&centre.dir)
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let restored = wait_for(|| {
        let said = centre.call(&["restore", "--words-file", words.to_str().unwrap(), "--hub", &hub, "--json"]);
        // Until the hub listens there is nobody to restore from.
        if said.code == Some(3) { None } else { Some(said) }
    });
    let told = restored.json();
    let _ = hub_alone.kill();
    let _ = hub_alone.wait();
    assert!(told["records"].as_u64().unwrap_or(0) >= requests as u64, "{told}");
    centre.run();
    assert_eq!(centre.queue_of(requests).len(), requests);
}

#[test]
fn a_suitcase_switched_off_and_on_reads_its_records_with_the_passphrase_only() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let number = suitcase.record(&form("Коваленко"));
    assert_eq!(numbers(&suitcase.list()), BTreeSet::from([number]));
    let wrong = centre.root().join("wrong");
    std::fs::write(&wrong, "сонце ранок вікно місток човен яблуко").unwrap();
    let other = Suitcase { passphrase: wrong, ..suitcase.clone() };
    let refused = other.call(&["list"]);
    assert_eq!(refused.code, Some(6), "{refused:?}");
    assert!(refused.err.contains("ароль"), "{refused:?}");
    assert!(!refused.out.contains("Коваленко"));
}

/// Whatever keeps the desk from opening, suitcases hand over their work meanwhile.
#[test]
fn a_hub_works_while_its_desk_is_damaged_or_nobody_can_open_it() {
    let mut centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let mut numbers = vec![suitcase.record(&form("Коваленко"))];
    suitcase.sync().ok();
    centre.queue_of(1);
    centre.stop();
    let hand_over = |surname: &str, why: &str| {
        let number = suitcase.record(&form(surname));
        let said = wait_for(|| Some(suitcase.sync()).filter(|said| said.code != Some(3)));
        assert_eq!(said.code, Some(0), "{why}: {said:?}");
        number
    };

    // The file with the passphrase is gone.
    let passphrase = centre.passphrase();
    centre.run_sealed(&centre.root().join("nobody-wrote-it"));
    numbers.push(hand_over("Гук", "no passphrase"));
    centre.stop();

    // The database does not open: it is mended beside the hub, which goes on.
    let database = centre.dir.join("desk").join("valiza.db");
    valiza_tests::store_pages::damage(&database, 1);
    centre.run_sealed(&passphrase);
    numbers.push(hand_over("Мороз", "a damaged database"));
    let log = std::fs::read_to_string(centre.root().join("run.log")).unwrap();
    assert!(log.contains("вузол приймає роботу далі: полагодьте (sync-server repair)"), "{log}");
    centre.call(&["repair"]).ok();
    centre.call(&["unseal"]).ok();
    // Who works here stood on the page that is gone, and comes back with everything else.
    wait_for(|| {
        let said = centre.call(&["queue"]);
        assert!(said.code == Some(0) || said.err.contains("ще не прийшов від вузла"), "{said:?}");
        (said.code == Some(0)).then_some(())
    });
    let queue = centre.queue_of(3);
    assert_eq!(self::numbers(&queue), numbers.iter().cloned().collect());
    centre.stop();
    centre.run();
    centre.stop();

    // Not even the vault reads.
    let vaults = ["vault", "vault.spare"].map(|name| centre.dir.join("desk").join(name));
    let whole = vaults.each_ref().map(|path| std::fs::read(path).unwrap());
    vaults.iter().for_each(|path| std::fs::write(path, b"rot").unwrap());
    let mut run = Command::new(program("sync-server"));
    run.args(["--login", "admin", "run", "--desk-listen", "127.0.0.1:0", "--dir"]).arg(&centre.dir);
    let child = run.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    hand_over("Бондар", "a damaged vault");
    // What the log does not send anybody to.
    let repair = centre.call(&["repair"]);
    assert_eq!(repair.code, Some(4), "{repair:?}");
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let ended = Said::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(4), "{ended:?}");
    assert!(
        ended.err.contains("вузол приймає роботу далі. Поверніть робоче місце з резервної копії чи з комплекту"),
        "{ended:?}"
    );
    assert!(!ended.err.contains("sync-server repair"), "{ended:?}");
    vaults.iter().zip(whole).for_each(|(path, bytes)| std::fs::write(path, bytes).unwrap());
    centre.run();
    centre.queue_of(4);
}
