//! Backups of a desk with records: open and sealed, and what a restored one does.

use super::super::testing::{self, PASSPHRASE, Town};
use super::super::{Answer, DeskError, ErrorKind, Office};
use super::*;
use std::fs;

fn office(town: &Town) -> Arc<Office> {
    Office::around(Arc::clone(&town.desk))
}

fn fake_hub(folder: &Path) -> Result<HalfMade, DeskError> {
    fs::write(folder.join("hub.db"), "entries")?;
    Ok(HalfMade { tenant: None, contents: Contents { opened: true, ..Contents::default() } })
}

#[test]
fn an_open_desk_is_copied_with_all_its_chains_while_it_works() {
    let mut town = testing::town();
    let suitcase = town.suitcase(7);
    let number = suitcase.record("Коваль", "Ганна");
    town.carry_up(&suitcase);
    let (office, dir) = (office(&town), tempfile::tempdir().unwrap());
    let out = dir.path().join("one");
    let (place, manifest) = office.back_up(Some("admin"), Some(&out)).unwrap();
    assert_eq!(place, out);
    let part = manifest.part(Half::Desk).unwrap();
    assert!(part.contents.opened && part.contents.heads.iter().any(|head| head.chain == suitcase.peer.chain()));
    assert_eq!(manifest.tenant.unwrap().0, town.desk.peer.tenant());
    let secret = fs::read(out.join("desk/valiza.db")).unwrap();
    let needle = "Коваль".as_bytes();
    assert!(!secret.windows(needle.len()).any(|window| window == needle), "encrypted as it is");
    town.desk.answer("admin", &number, Answer::Accept).unwrap();
    assert_eq!(office.backups().check(&out, Time(1)).unwrap().faults, Vec::<String>::new());
    let kinds: Vec<Done> = office.backups().history().iter().map(|event| event.done).collect();
    assert_eq!(kinds, [Done::Made, Done::Checked]);
    let query = super::super::TraceQuery { size: 50, what: "done".into(), ..Default::default() };
    let traces = town.desk.traces("admin", &query).unwrap().rows;
    let noted = traces.iter().find(|row| row.trace.what == "took_backup").expect("who took it along is noted");
    assert!(noted.trace.by == "admin" && noted.trace.about.ends_with("/one"), "{noted:?}");
    let again = office.back_up(Some("admin"), Some(&out)).unwrap_err();
    assert_eq!(again.kind, ErrorKind::Refused);
    assert_eq!(office.backups().history().len(), kinds.len(), "refused before anything began, it is no failed backup");
}

#[test]
fn a_restored_desk_reads_everything_and_writes_nothing_before_the_hub_answered() {
    let mut town = testing::town();
    let suitcase = town.suitcase(7);
    let number = suitcase.record("Коваль", "Ганна");
    town.carry_up(&suitcase);
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("one");
    let (_, manifest) = office(&town).back_up(Some("admin"), Some(&out)).unwrap();
    let to = dir.path().join("new/desk");
    let part = manifest.part(Half::Desk).unwrap();
    bring_back(&out, part, &to, |folder| Ok(fs::write(folder.join(RESTORED), "1")?)).unwrap();
    let restored = Office::hold(&to, town.desk.tools.clone()).unwrap();
    let desk = restored.unseal("admin", PASSPHRASE).unwrap();
    assert!(!to.join(RESTORED).exists());
    assert!(desk.hub_contact().catching_up);
    assert_eq!(desk.request("admin", &number).unwrap().view.number, number.as_str());
    assert_eq!(desk.verify("admin").unwrap().faults, Vec::<String>::new());
    let refused = desk.answer("admin", &number, Answer::Accept).unwrap_err();
    assert!(refused.sentence.uk.contains("відновлено з копії"), "{refused}");
    drop((desk, restored));
    let again = Office::hold(&to, town.desk.tools.clone()).unwrap();
    assert!(again.unseal("admin", PASSPHRASE).unwrap().hub_contact().catching_up, "a restart forgets nothing");
}

#[test]
fn a_sealed_desk_is_copied_byte_by_byte_and_opens_with_its_passphrase() {
    let town = testing::town();
    let (tools, path) = (town.desk.tools.clone(), town.desk.peer.folder().path().to_owned());
    let (dir, _) = town.close();
    let sealed = Office::hold(&path, tools.clone()).unwrap();
    let mut backups = Backups::beside(&path);
    backups.hub_copy = Some(Box::new(fake_hub));
    sealed.keep_backups(backups);
    let (out, manifest) = sealed.back_up(None, None).unwrap();
    assert!(out.starts_with(dir.path().join("backups")), "{out:?}");
    assert!(manifest.part(Half::Hub).is_some() && manifest.tenant.is_none());
    assert!(!manifest.part(Half::Desk).unwrap().contents.opened);
    assert_eq!(sealed.desk().map(|_| ()).unwrap_err().kind, ErrorKind::Sealed, "it stays sealed");
    let to = dir.path().join("new/desk");
    bring_back(&out, manifest.part(Half::Desk).unwrap(), &to, |_| Ok(())).unwrap();
    let desk = Office::hold(&to, tools).unwrap().unseal("admin", PASSPHRASE).unwrap();
    assert_eq!(desk.verify("admin").unwrap().faults, Vec::<String>::new());
}

#[test]
fn a_place_that_is_taken_is_refused_and_is_no_failed_backup() {
    let town = testing::town();
    let (office, dir) = (office(&town), tempfile::tempdir().unwrap());
    let refused = office.back_up(Some("admin"), Some(dir.path())).unwrap_err();
    assert!(refused.sentence.uk.contains("уже є"), "{refused}");
    assert!(office.backups().history().is_empty(), "nothing was begun");
    let nowhere = dir.path().join("file/below");
    fs::write(dir.path().join("file"), "").unwrap();
    office.back_up(Some("admin"), Some(&nowhere)).unwrap_err();
    assert_eq!(office.backups().history().last().unwrap().done, Done::Failed, "a disk that takes none is");
}

#[test]
fn clerks_make_no_backups_and_two_are_not_made_at_once() {
    let town = testing::town();
    town.desk.add_account("admin", "o.koval", "Коваль Олена", super::super::Rank::Clerk, PASSPHRASE).unwrap();
    let office = office(&town);
    assert_eq!(office.back_up(Some("o.koval"), None).unwrap_err().kind, ErrorKind::NotAllowed);
    let turn = office.backups().begin(Time(5)).unwrap();
    assert_eq!(office.back_up(Some("admin"), None).unwrap_err().kind, ErrorKind::Busy);
    assert_eq!(office.start_backup("admin").unwrap_err().kind, ErrorKind::Busy);
    drop(turn);
    office.back_up(Some("admin"), None).unwrap();
}

#[test]
fn suitcases_are_told_of_a_backup_once_a_week_and_of_what_it_holds() {
    let mut town = testing::town();
    let suitcase = town.suitcase(7);
    suitcase.record("Коваль", "Ганна");
    town.carry_up(&suitcase);
    let (office, dir) = (office(&town), tempfile::tempdir().unwrap());
    let (chain, desk) = (suitcase.peer.chain(), &town.desk.peer);
    let covered = || desk.register().unwrap().covered(chain, i64::MAX);
    let held = || desk.read(|view| view.end(chain)).unwrap().seq;
    assert_eq!((covered(), town.desk.covered_at().unwrap()), (0, None));
    office.back_up(Some("admin"), Some(&dir.path().join("1"))).unwrap();
    let (first, at) = (held(), town.desk.clock().now().0);
    assert_eq!((covered(), town.desk.covered_at().unwrap()), (first, Some(at)));
    assert_eq!(desk.register().unwrap().covered(chain, at - 1), 0, "not before it was made");
    suitcase.record("Коваль", "Марія");
    town.carry_up(&suitcase);
    office.back_up(Some("admin"), Some(&dir.path().join("2"))).unwrap();
    assert_eq!(covered(), first, "within a week nobody is told again");
    town.clock.advance(std::time::Duration::from_secs(8 * 24 * 3600));
    office.back_up(Some("admin"), Some(&dir.path().join("3"))).unwrap();
    assert!(covered() == held() && held() > first);
}
