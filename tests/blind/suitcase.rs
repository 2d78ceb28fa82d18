//! A suitcase that somebody found: its folder, and its process after the lock.

use crate::canaries;
use crate::memory;
use crate::search::Search;
use std::collections::BTreeSet;
use valiza_tests::console::Console;
use valiza_tests::programs::{Centre, PASSPHRASE, wait_for};

/// What is planted, what pages make of it, and the passphrase.
fn secrets() -> Vec<String> {
    let words = canaries::of_residents().into_iter().chain(canaries::phones_on_pages());
    words.chain([PASSPHRASE.to_owned()]).collect()
}

#[test]
fn a_locked_suitcase_s_folder_holds_no_word_and_no_passphrase() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    for (form, note) in canaries::requests() {
        let number = suitcase.record(&form);
        suitcase.call(&["note", &number, "--text", &note]).ok();
    }
    let search = Search::new(&secrets());
    search.folder(&suitcase.dir).none_in("the folder before the exchange");
    suitcase.sync().ok();
    search.folder(&suitcase.dir).none_in("the folder after it");
    let listed = suitcase.call(&["list", "--json"]).ok();
    assert!(search.bytes(listed.out.as_bytes()).words().len() >= 4, "the control: the list shows the surnames");
}

#[test]
fn a_suitcase_s_process_forgets_everything_when_it_is_locked() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let mut numbers = Vec::new();
    for (form, note) in canaries::requests() {
        let number = suitcase.record(&form);
        suitcase.call(&["note", &number, "--text", &note]).ok();
        numbers.push(number);
    }
    let words = canaries::of_residents();
    let search = Search::new(&secrets());
    let mut console = Console::start(&suitcase);
    search.bytes(&memory::dump(console.pid(), centre.root())).none_in("the process before anybody unlocked it");

    let (status, page) = console.post("/unlock", &[("officer", "olena"), ("passphrase", PASSPHRASE)]);
    assert_eq!(status, 303, "{page}");
    let mut shown = BTreeSet::new();
    for number in &numbers {
        let (status, page) = console.get(&format!("/requests/{}", encoded(number)));
        assert_eq!(status, 200, "{page}");
        shown.extend(search.bytes(page.as_bytes()).words().into_iter().map(str::to_owned));
    }
    assert!(shown.len() >= words.len() - 4, "the pages show them: {shown:?}");
    // The control: the same search of the same process finds them while it is open.
    let open = search.bytes(&memory::dump(console.pid(), centre.root()));
    let found = open.words();
    let missing: Vec<&String> = words.iter().filter(|word| !found.contains(word.as_str())).collect();
    // Memory that was given back is used again, so a few may be gone since they were shown.
    assert!(missing.len() <= 4, "the open process holds all but {missing:?}");
    println!("control: {} of {} in the open process", words.len() - missing.len(), words.len());

    let (status, page) = console.post("/lock/vault", &[]);
    assert_eq!(status, 303, "{page}");
    // The program starts itself again in the same process: its memory begins anew.
    wait_for(|| has_started_again(&console));
    search.bytes(&memory::dump(console.pid(), centre.root())).none_in("the process after the lock");
    let (status, page) = console.get("/day");
    assert_eq!(status, 303, "the pages ask for the passphrase again: {page}");
    search.folder(&suitcase.dir).none_in("the locked suitcase's folder");
}

/// A login manager that says that the laptop is about to sleep once a file is there, and the inhibitor beside it.
fn login_manager(folder: &std::path::Path) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let tools = folder.join("tools");
    std::fs::create_dir(&tools).expect("a folder");
    let monitor = format!(
        "#!/bin/sh\nwhile [ ! -e '{}' ]; do sleep 0.05; done\n\
         echo '/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (true,)'\nexec sleep 600\n",
        folder.join("lid").display()
    );
    let inhibit = "#!/bin/sh\nwhile [ \"${1#--}\" != \"$1\" ]; do shift; done\nexec \"$@\"\n".to_owned();
    for (name, text) in [("gdbus", monitor), ("systemd-inhibit", inhibit)] {
        let path = tools.join(name);
        std::fs::write(&path, text).expect("a file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("its mode");
    }
    tools
}

fn has_started_again(console: &Console) -> Option<()> {
    let line = std::fs::read(format!("/proc/{}/cmdline", console.pid())).ok()?;
    line.windows(11).any(|window| window == b"--inherited").then_some(())
}

#[test]
fn no_key_is_in_memory_before_the_laptop_sleeps_nor_after_the_command_to_lock() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let (form, note) = canaries::requests().into_iter().next().expect("one");
    let number = suitcase.record(&form);
    suitcase.call(&["note", &number, "--text", &note]).ok();
    let search = Search::new(&secrets());
    let tools = login_manager(centre.root());
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default());
    for by_command in [false, true] {
        let mut console = Console::start_with(&suitcase, &[("PATH", &path)]);
        let (status, page) = console.post("/unlock", &[("officer", "olena"), ("passphrase", PASSPHRASE)]);
        assert_eq!(status, 303, "{page}");
        let (_, page) = console.get(&format!("/requests/{}", encoded(&number)));
        assert!(!search.bytes(page.as_bytes()).words().is_empty(), "{page}");
        let open = search.bytes(&memory::dump(console.pid(), centre.root()));
        assert!(!open.words().is_empty(), "the control: the open process holds them");
        if by_command {
            suitcase.call(&["lock"]).ok();
        } else {
            std::fs::write(centre.root().join("lid"), "").expect("a file");
        }
        wait_for(|| has_started_again(&console));
        search.bytes(&memory::dump(console.pid(), centre.root())).none_in("the process after the lock");
        let (status, _) = console.get("/day");
        assert_eq!(status, 303, "the pages ask for the passphrase again");
        // The lid is open again.
        let _ = std::fs::remove_file(centre.root().join("lid"));
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
