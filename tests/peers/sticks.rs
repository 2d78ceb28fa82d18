//! The exchange by hand: suitcases without a network, a stick, and the centre.

use crate::exchange::{record, whereabouts};
use peer::Peer;
use peer::carry::{CarriedIn, Errand, Stick, StickError, piece};
use std::path::Path;
use valiza_tests::world::World;

/// A stick is a folder.
pub fn stick() -> (tempfile::TempDir, Stick) {
    let dir = tempfile::tempdir().unwrap();
    let stick = Stick::at(dir.path()).unwrap();
    (dir, stick)
}

pub fn bring(world: &World, carrier: &Peer, letters: Vec<Vec<u8>>) -> Vec<Result<Vec<u8>, chain::Undelivered>> {
    let mut errand = Errand::new(carrier, "hub", letters).unwrap();
    while let Some(carriage) = errand.next(carrier).unwrap() {
        errand.answered(&world.hub.carry(&carriage, clock::Clock::now(&*world.clock)).unwrap()).unwrap();
    }
    errand.finish()
}

/// What the centre does with a stick: letters to the hub, verdicts, letters again for what they brought about.
fn at_the_centre(world: &World, stick: &Stick) -> usize {
    world.centre();
    let desk = world.desk.peer();
    let mail = desk.letters_on(stick).unwrap();
    desk.tidy_answers(stick, &mail).unwrap();
    let letters: Vec<_> =
        mail.found.iter().map(|found| desk.letter_on(stick, found).unwrap().letter().unwrap()).collect();
    let bytes: Vec<Vec<u8>> = letters.iter().map(|letter| letter.bytes.clone()).collect();
    assert!(bring(world, desk, bytes.clone()).iter().all(Result::is_ok));
    world.centre();
    let answers = bring(world, desk, bytes);
    for (letter, answer) in letters.iter().zip(answers) {
        desk.put_answer(stick, letter.request.sender, letter.hash, answer.unwrap()).unwrap().unwrap();
    }
    letters.len()
}

fn home(peer: &Peer, stick: &Stick) -> CarriedIn {
    peer.carry_in(stick, "hub").unwrap()
}

/// Requests with long texts that do not compress: forty of them fill a letter.
fn much(peer: &Peer, count: u64) {
    let mut state = 7_u64;
    for number in 0..count {
        let record = record(peer, &format!("7-{number}"));
        for _ in 0..3 {
            let mut draw = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                char::from_u32(0x4e00 + (state >> 33) as u32 % 0x5000).unwrap()
            };
            let text: String = (0..660).map(|_| draw()).collect();
            let edits = vec![records::Edit::new("summary", text.as_str())];
            peer.act(move |act| act.edit(record, |_, _| Ok((edits, ())))).unwrap();
        }
    }
}

fn names(dir: &Path) -> Vec<String> {
    let listed =
        std::fs::read_dir(dir.join("valiza")).map(|all| all.flatten().collect()).unwrap_or_else(|_| Vec::new());
    let mut names: Vec<String> = listed.iter().map(|file| file.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn two_suitcases_share_a_stick_and_both_learn_that_the_centre_has_everything() {
    let mut world = World::new();
    let suitcases = [world.suitcase(7), world.suitcase(8)];
    let (dir, stick) = stick();
    for suitcase in &suitcases {
        world.exchange(suitcase.peer()).unwrap();
        record(suitcase.peer(), &format!("{}-1", suitcase.peer().number()));
    }
    for suitcase in &suitcases {
        let out = suitcase.peer().carry_out(&stick, "hub").unwrap();
        assert_eq!((out.letters, out.kept, out.removed), (1, 0, 0));
        assert_eq!(whereabouts(suitcase.peer()), (1, 0, 0), "writing it down sends nothing");
        assert_eq!(home(suitcase.peer(), &stick).answers, 0, "the centre has not seen it");
    }
    assert!(
        names(dir.path()).iter().all(|name| dir.path().join("valiza").join(name).metadata().unwrap().len() == 262_144)
    );
    assert_eq!(at_the_centre(&world, &stick), 2);
    for suitcase in &suitcases {
        let home = home(suitcase.peer(), &stick);
        assert_eq!((home.answers, home.removed, home.waiting), (1, 1, 0));
        assert_eq!(whereabouts(suitcase.peer()), (0, 0, 1));
        assert!(home.damaged.is_empty() && home.partial.is_empty());
        let again = self::home(suitcase.peer(), &stick);
        assert_eq!((again.answers, again.known, again.removed), (0, 1, 0), "read twice, taken once");
        assert_eq!(suitcase.peer().verify().unwrap().faults, Vec::<String>::new());
    }
    // The next way of the stick: the letters are new, and the centre takes its old answers away.
    for suitcase in &suitcases {
        suitcase.peer().carry_out(&stick, "hub").unwrap();
    }
    let before = names(dir.path()).len();
    assert_eq!(at_the_centre(&world, &stick), 2);
    assert_eq!((before, names(dir.path()).len()), (4, 4));
    assert_eq!(home(suitcases[0].peer(), &stick).answers, 1);
    assert_eq!(whereabouts(suitcases[0].peer()), (0, 0, 1));
}

#[test]
fn writing_goes_on_where_the_stick_was_pulled() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    world.exchange(suitcase.peer()).unwrap();
    much(suitcase.peer(), 160);
    let (dir, stick) = stick();
    let whole = suitcase.peer().carry_out(&stick, "hub").unwrap();
    assert!(whole.letters > 3 && whole.files >= whole.letters, "{whole:?}");
    let folder = dir.path().join("valiza");
    // Of what was written: one file never came, one is cut, one was being written.
    let all = names(dir.path());
    std::fs::remove_file(folder.join(&all[0])).unwrap();
    std::fs::write(folder.join(&all[1]), b"cut").unwrap();
    std::fs::rename(folder.join(&all[2]), folder.join(format!("{}.new", all[2]))).unwrap();
    let again = suitcase.peer().carry_out(&stick, "hub").unwrap();
    assert_eq!((again.kept, again.entries), (whole.letters - 3, whole.entries), "{again:?} {whole:?}");
    assert!(names(dir.path()).iter().all(|name| name.ends_with(".vlz")));
    let nothing = suitcase.peer().carry_out(&stick, "hub").unwrap();
    assert_eq!((nothing.letters, nothing.files, nothing.kept), (0, 0, again.letters + again.kept));
    at_the_centre(&world, &stick);
    home(suitcase.peer(), &stick);
    assert_eq!(whereabouts(suitcase.peer()), (0, 0, 160));
    assert!(names(dir.path()).len() == again.letters + again.kept, "only the centre's answers are left");
    let after = suitcase.peer().carry_out(&stick, "hub").unwrap();
    assert_eq!((after.letters, after.entries), (1, 0), "a question alone");
}

#[test]
fn reading_goes_on_where_the_stick_was_pulled_and_names_what_is_missing() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    world.exchange(suitcase.peer()).unwrap();
    much(suitcase.peer(), 120);
    let (dir, stick) = stick();
    suitcase.peer().carry_out(&stick, "hub").unwrap();
    // The centre reads half of it.
    let folder = dir.path().join("valiza");
    let all = names(dir.path());
    let aside = dir.path().join("aside");
    std::fs::create_dir(&aside).unwrap();
    for name in &all[..2] {
        std::fs::rename(folder.join(name), aside.join(name)).unwrap();
    }
    assert_eq!(at_the_centre(&world, &stick), all.len() - 2);
    for name in &all[..2] {
        std::fs::rename(aside.join(name), folder.join(name)).unwrap();
    }
    at_the_centre(&world, &stick);
    // The suitcase, too: an answer in pieces lacks one, another file is damaged.
    let mut answers: Vec<String> = names(dir.path()).into_iter().filter(|name| !all.contains(name)).collect();
    let hidden = answers.pop().unwrap();
    let kept = std::fs::read(folder.join(&hidden)).unwrap();
    std::fs::write(folder.join(&hidden), &kept[..1000]).unwrap();
    let first = home(suitcase.peer(), &stick);
    assert_eq!(first.damaged, std::slice::from_ref(&hidden));
    assert_eq!(first.answers + first.partial.len(), all.len() - usize::from(first.partial.is_empty()));
    std::fs::write(folder.join(&hidden), &kept).unwrap();
    let second = home(suitcase.peer(), &stick);
    assert_eq!((second.answers, second.answers + second.known), (1, all.len()));
    assert_eq!(whereabouts(suitcase.peer()), (0, 0, 120));
}

#[test]
fn the_network_may_overtake_the_stick_and_old_answers_move_nothing_back() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    world.exchange(suitcase.peer()).unwrap();
    record(suitcase.peer(), "7-1");
    let (_dir, stick) = stick();
    suitcase.peer().carry_out(&stick, "hub").unwrap();
    at_the_centre(&world, &stick);
    record(suitcase.peer(), "7-2");
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    world.exchange(suitcase.peer()).unwrap();
    assert_eq!(whereabouts(suitcase.peer()), (0, 0, 2));
    let home = home(suitcase.peer(), &stick);
    assert_eq!((home.answers, home.removed), (1, 1));
    assert_eq!(whereabouts(suitcase.peer()), (0, 0, 2), "anchors stay where they were");
    let contact = world.exchange(suitcase.peer()).unwrap();
    assert_eq!((contact.sent, contact.received), (0, 0), "nothing is said twice");
}

#[test]
fn a_suitcase_that_never_met_the_hub_gets_anchors_and_then_everything() {
    let mut world = World::new();
    world.centre();
    let suitcase = world.suitcase(7);
    record(suitcase.peer(), "7-1");
    let (_dir, stick) = stick();
    suitcase.peer().carry_out(&stick, "hub").unwrap();
    at_the_centre(&world, &stick);
    home(suitcase.peer(), &stick);
    assert_eq!(whereabouts(suitcase.peer()), (0, 1, 0), "no token, no news");
    suitcase.peer().carry_out(&stick, "hub").unwrap();
    at_the_centre(&world, &stick);
    home(suitcase.peer(), &stick);
    assert_eq!(whereabouts(suitcase.peer()), (0, 0, 1));
}

#[test]
fn a_hub_that_lost_its_memory_is_healed_by_a_stick() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    world.exchange(suitcase.peer()).unwrap();
    record(suitcase.peer(), "7-1");
    let (_dir, stick) = stick();
    suitcase.peer().carry_out(&stick, "hub").unwrap();
    at_the_centre(&world, &stick);
    home(suitcase.peer(), &stick);
    assert_eq!(whereabouts(suitcase.peer()), (0, 0, 1));
    world.lose_hub();
    record(suitcase.peer(), "7-2");
    // The hub does not know the chain's beginning: it says so, and the next way of the stick brings it.
    let mut ways = 0;
    while whereabouts(suitcase.peer()) != (0, 0, 2) {
        suitcase.peer().carry_out(&stick, "hub").unwrap();
        at_the_centre(&world, &stick);
        home(suitcase.peer(), &stick);
        ways += 1;
        assert!(ways < 5, "{:?}", whereabouts(suitcase.peer()));
    }
    assert_eq!(suitcase.peer().verify().unwrap().faults, Vec::<String>::new());
}

#[test]
fn files_of_others_swapped_replayed_and_damaged_ones_harm_nobody() {
    let mut world = World::new();
    let (seven, eight) = (world.suitcase(7), world.suitcase(8));
    for suitcase in [&seven, &eight] {
        world.exchange(suitcase.peer()).unwrap();
        record(suitcase.peer(), &format!("{}-1", suitcase.peer().number()));
    }
    let (dir, stick) = stick();
    seven.peer().carry_out(&stick, "hub").unwrap();
    let folder = dir.path().join("valiza");
    let mine = names(dir.path());
    let good = std::fs::read(folder.join(&mine[0])).unwrap();
    // A copy under another name, noise of the right length and head, a later version, a photograph.
    std::fs::write(folder.join("0000000000000001.vlz"), &good).unwrap();
    let mut noise = good.clone();
    noise[100] ^= 1;
    std::fs::write(folder.join("0000000000000002.vlz"), &noise).unwrap();
    let mut later = good.clone();
    later[7] = 2;
    std::fs::write(folder.join("0000000000000003.vlz"), &later).unwrap();
    std::fs::write(folder.join("0000000000000004.vlz"), vec![0xff; piece::FILE]).unwrap();
    std::fs::write(folder.join("photo.jpg"), b"photo").unwrap();
    let mail = world.desk.peer().letters_on(&stick).unwrap();
    assert_eq!((mail.found.len(), mail.later, mail.others), (1, 1, 1));
    assert_eq!(mail.damaged, ["0000000000000004.vlz"]);
    assert_eq!(at_the_centre(&world, &stick), 1);
    // The answer is for seven alone; to eight it is somebody else's.
    let theirs = home(eight.peer(), &stick);
    assert_eq!((theirs.answers, theirs.contact.received), (0, 0));
    assert_eq!(whereabouts(eight.peer()), (1, 0, 0));
    // Old answers on a stick that went through the letterbox again.
    let saved: Vec<(String, Vec<u8>)> =
        names(dir.path()).into_iter().map(|name| (name.clone(), std::fs::read(folder.join(name)).unwrap())).collect();
    home(seven.peer(), &stick);
    record(seven.peer(), "7-2");
    world.exchange(seven.peer()).unwrap();
    for (name, bytes) in &saved {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    assert_eq!(home(seven.peer(), &stick).answers, 0);
    assert_eq!(whereabouts(seven.peer()), (0, 1, 1));
    at_the_centre(&world, &stick);
    home(seven.peer(), &stick);
    assert!(world.desk.peer().read(|view| view.end(seven.peer().chain())).unwrap().seq > 0);
    assert!(names(dir.path()).contains(&"photo.jpg".to_owned()));
}

#[test]
fn a_stick_that_is_gone_or_none_is_said() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let (dir, stick) = stick();
    drop(dir);
    record(suitcase.peer(), "7-1");
    assert!(matches!(suitcase.peer().carry_out(&stick, "hub"), Err(StickError::Gone)));
    assert!(matches!(suitcase.peer().carry_in(&stick, "hub"), Err(StickError::Gone)));
    assert!(matches!(Stick::at(suitcase.path()), Err(StickError::OwnFolder(_))));
    assert_eq!(whereabouts(suitcase.peer()), (1, 0, 0));
}

/// A laptop that began anew and has no network: anchors come home to the chain that nobody has confirmed yet, and its
/// verdicts once somebody has.
#[test]
fn a_suitcase_that_began_anew_is_answered_by_stick_before_and_after_it_is_confirmed() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    world.exchange(suitcase.peer()).unwrap();
    record(suitcase.peer(), "7-1");
    suitcase.peer().begin_anew().unwrap();
    record(suitcase.peer(), "7-2");
    let (_dir, stick) = stick();
    suitcase.peer().carry_out(&stick, "hub").unwrap();
    assert!(at_the_centre(&world, &stick) > 0);
    assert!(home(suitcase.peer(), &stick).answers > 0);
    assert_eq!(whereabouts(suitcase.peer()), (0, 2, 0), "the hub has it, the centre waits for a person");
    assert_eq!(crate::rebirth::confirm_all(&world), 1);
    for _ in 0..2 {
        suitcase.peer().carry_out(&stick, "hub").unwrap();
        at_the_centre(&world, &stick);
        home(suitcase.peer(), &stick);
    }
    assert_eq!(whereabouts(suitcase.peer()), (0, 0, 2));
    crate::rebirth::nothing_is_left(suitcase.peer());
}

/// Two lives of one disk: one speaks by network, the other by stick, after it or before.
#[test]
fn a_fork_with_one_side_on_a_stick_loses_nobodys_work() {
    for stick_first in [false, true] {
        let mut world = World::new();
        let mut laptop = world.suitcase(7);
        world.exchange(laptop.peer()).unwrap();
        let image = laptop.image();
        let twin = laptop.twin(&image);
        record(laptop.peer(), "7-1");
        record(twin.peer(), "8-1");
        let (_dir, stick) = stick();
        let by_stick = || {
            laptop.peer().carry_out(&stick, "hub").unwrap();
            at_the_centre(&world, &stick);
            home(laptop.peer(), &stick);
        };
        if stick_first {
            by_stick();
        }
        for _ in 0..4 {
            world.exchange(twin.peer()).unwrap();
            by_stick();
            crate::rebirth::confirm_all(&world);
        }
        let rows = world.desk.peer().read(|view| view.count(&peer::Filter::default())).unwrap();
        let set_aside = world.desk.peer().read(|view| view.exceptions(None)).unwrap();
        assert_eq!(rows, 2, "stick first: {stick_first}, {set_aside:?}");
    }
}
