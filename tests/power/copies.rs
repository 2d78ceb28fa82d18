//! Backups of a hub and a desk that take in, absorb and decide at full speed; and what a power cut leaves of one that is
//! brought back. Whatever was acknowledged before a backup began is in it.

use super::disk::Drive;
use super::film::{Film, journal_of};
use super::interposer::{Mischief, watch};
use super::{hub, look, nothing_lost};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use valiza_tests::apart::Apart;
use valiza_tests::programs::{Said, Suitcase, form, program, wait_for};

/// Requests that a suitcase records at once: programs take longer to start than to work.
const BATCH: usize = 8;

/// Suitcases that record and exchange without a pause until this is dropped.
struct Load {
    stop: Arc<AtomicBool>,
    workers: Vec<JoinHandle<usize>>,
}

impl Load {
    fn begin(suitcases: &[Suitcase]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let worker = |suitcase: &Suitcase| {
            let (suitcase, stop) = (suitcase.clone(), Arc::clone(&stop));
            std::thread::spawn(move || {
                let names = ["Коваленко", "Гук", "Їжак", "Ґалаґан"].into_iter().cycle();
                let batch: Vec<_> = names.take(BATCH).map(form).collect();
                let mut done = 0;
                while !stop.load(Ordering::Relaxed) {
                    suitcase.record(&serde_json::Value::from(batch.clone()));
                    suitcase.sync().ok();
                    done += BATCH;
                }
                done
            })
        };
        Self { workers: suitcases.iter().map(worker).collect(), stop }
    }

    /// How many requests were recorded and sent.
    fn end(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        self.workers.into_iter().map(|worker| worker.join().expect("it worked to the end")).sum()
    }
}

/// Numbers and states of everything in the queue.
fn queue(apart: &Apart) -> BTreeMap<String, String> {
    let told = apart.desk_call(&["queue", "--group", "all", "--size", "500", "--json"]).json();
    let rows = told["requests"].as_array().cloned().unwrap_or_default();
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    rows.iter().map(|row| (text(row, "number"), text(row, "state"))).collect()
}

fn on(dir: &Path, arguments: &[&str]) -> Said {
    let mut command = Command::new(program("sync-server"));
    Said::from(command.arg("--dir").arg(dir).args(arguments).output().unwrap())
}

#[test]
fn a_backup_under_load_is_whole_and_holds_everything_that_was_acknowledged() {
    let (mut apart, suitcases) = hub::scene();
    apart.start();
    let key = look::vault_key(&apart.desk_dir.join("desk"), "admin");
    let load = Load::begin(&suitcases);
    let mut before = 0;
    for round in 0..3 {
        // Something new has come since the last round, however busy the machine is.
        let decided = wait_for(|| {
            let shown = Some(queue(&apart)).filter(|shown| shown.len() > before)?;
            shown.into_iter().find(|(_, state)| state != "in_work").map(|(number, _)| number)
        });
        apart.desk_call(&["answer", &decided, "accept"]).ok();
        let (anchored, shown) = (look::running_hub(&apart.hub_dir.join("hub")), queue(&apart));
        assert_eq!(shown[&decided], "in_work");
        let at = |name: &str| apart.root().join(format!("{name}-{round}"));
        let (hubs, desks, new) = (at("hub-backup"), at("desk-backup"), at("new"));
        let text = |path: &PathBuf| path.to_str().unwrap().to_owned();
        apart.hub_call(&["backup", "--out", &text(&hubs)]).ok();
        apart.desk_call(&["backup", "--out", &text(&desks)]).ok();
        for backup in [&hubs, &desks] {
            on(&new, &["backup", "check", &text(backup)]).ok();
            on(&new, &["restore", "--from", &text(backup)]).ok();
        }
        let held = look::hub(&new.join("hub")).map_err(|error| format!("round {round}: {error}"));
        // A restored hub is marked as older than it was, so that it begins a new life.
        assert!(held.as_ref().is_err_and(|error| error.contains("the marker says")), "{held:?}");
        std::fs::remove_file(new.join("hub/hub.marker")).unwrap();
        let held = look::hub(&new.join("hub")).unwrap();
        assert_eq!(look::shorter(&held, &anchored), None, "round {round}");
        let desk = look::peer(&new.join("desk"), &key, "admin").unwrap();
        let lost = shown.iter().find(|(number, _)| !desk.requests.contains_key(*number));
        assert_eq!(lost, None, "round {round}");
        assert_eq!(desk.requests[&decided], "in_work", "round {round}");
        before = shown.len();
    }
    let sent = load.end();
    assert!(sent > before, "nobody worked meanwhile: {sent} sent, {before} shown");
    // What was copied while it worked works on.
    wait_for(|| (queue(&apart).len() == sent).then_some(()));
    apart.desk_call(&["verify"]).ok();
    apart.hub_call(&["hub-verify"]).ok();
    println!("{sent} requests while three backups were made");
}

#[test]
fn a_restore_that_is_cut_leaves_nothing_or_a_whole_folder() {
    let (mut apart, [suitcase, _]) = hub::scene();
    apart.start();
    let numbers = ["Коваленко", "Гук", "Їжак"].map(|last| suitcase.record(&form(last)));
    suitcase.sync().ok();
    apart.queue_of(3);
    apart.desk_call(&["answer", &numbers[0], "accept"]).ok();
    wait_for(|| (apart.desk_call(&["status", "--json"]).json()["waiting_entries"] == 0).then_some(()));
    let (hubs, desks) = (apart.root().join("hub-backup"), apart.root().join("desk-backup"));
    apart.hub_call(&["backup", "--out", hubs.to_str().unwrap()]).ok();
    apart.desk_call(&["backup", "--out", desks.to_str().unwrap()]).ok();
    let promised = look::running_hub(&apart.hub_dir.join("hub"));
    let key = look::vault_key(&apart.desk_dir.join("desk"), "admin");
    let machine = apart.root().join("other-machine");
    std::fs::create_dir(&machine).unwrap();
    let mut film = Film::of(&machine, Drive::Honest);
    let new = machine.join("far/new");
    for backup in [&hubs, &desks] {
        let mut command = Command::new(program("sync-server"));
        command.arg("--dir").arg(&new).args(["restore", "--from"]).arg(backup);
        watch(&mut command, &machine, &journal_of(&machine), &Mischief::default());
        Said::from(command.output().unwrap()).ok();
        film.add(&journal_of(&machine));
    }
    let (mut nothing, mut whole) = (0, 0);
    let found = film.look((0..3, 1), |picture, moment| {
        let (hub, desk) = (picture.join("far/new/hub"), picture.join("far/new/desk"));
        let said = [0, 1].map(|nth| !moment.said[nth].is_empty());
        if said[0] && !hub.exists() || said[1] && !desk.exists() {
            return Err("what was said to be restored is gone".to_owned());
        }
        if hub.exists() {
            let marker = std::fs::read_to_string(hub.join("hub.marker")).unwrap_or_default();
            if ::hub::Marker::from_text(&marker).is_err() {
                return Err("the hub does not know that it was restored".to_owned());
            }
            std::fs::remove_file(hub.join("hub.marker")).unwrap();
            let held = look::hub(&hub)?;
            if let Some(short) = look::shorter(&held, &promised) {
                return Err(short);
            }
            for name in ["hub.toml", "hub.key", "hub.crt"] {
                if std::fs::read(hub.join(name)).ok() != std::fs::read(hubs.join("hub").join(name)).ok() {
                    return Err(format!("{name} is another one"));
                }
            }
        }
        if desk.exists() {
            let held = look::peer(&desk, &key, "admin")?;
            if held.requests.len() != 3 || held.requests[&numbers[0]] != "in_work" || !desk.join("restored").exists() {
                return Err(format!("the desk holds {:?}", held.requests));
            }
        }
        match (hub.exists(), desk.exists()) {
            (false, false) => nothing += 1,
            _ => whole += 1,
        }
        Ok(())
    });
    println!("{nothing} had nothing yet, {whole} a whole half or both");
    assert!(nothing > 0 && whole > 0);
    nothing_lost(found, 150);
}
