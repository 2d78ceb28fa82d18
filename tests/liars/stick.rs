//! Sticks that lie: anybody may seal to a key that everybody knows, and put any file anywhere.

use chain::{Answer, Request};
use clock::Clock;
use ids::ChainId;
use peer::Peer;
use peer::carry::piece::{self, Way, cut};
use peer::carry::{Stick, StickError};
use sealing::{Entropy, SeededEntropy};
use signing::{AgreementPublicKey, Hash};
use std::path::Path;
use valiza_tests::world::{Member, World, request_fields};

fn stick() -> (tempfile::TempDir, Stick) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(dir.path().join("valiza")).expect("a folder");
    let stick = Stick::at(dir.path()).expect("a stick");
    (dir, stick)
}

fn name(number: usize) -> String {
    format!("{number:016x}.vlz")
}

/// Puts a message on the stick as anybody can, sealed to its reader.
pub fn put(dir: &Path, first: usize, way: Way, party: ChainId, letter: Hash, message: &[u8], to: &AgreementPublicKey) {
    let mut entropy = SeededEntropy::new(first as u64 + 1);
    for (number, piece) in cut(way, party, letter, message).expect("short enough").iter().enumerate() {
        let file = piece.seal(to, &mut entropy as &mut dyn Entropy).expect("it seals");
        std::fs::write(dir.join("valiza").join(name(first + number)), file).expect("a file");
    }
}

fn record(peer: &Peer, number: &str) {
    let fields = request_fields(number, "Коваль");
    peer.act(move |act| act.create(records::Kind::Request, &fields)).expect("a record");
}

/// The key to which answers for this suitcase are sealed: its certificate is public.
fn key_of(world: &World, member: &Member) -> AgreementPublicKey {
    let register = world.desk.peer().register().expect("a register");
    register.suitcase(member.peer().chain()).expect("certified").agreement
}

/// Everything that is no file of ours, and may stand under the name of one.
fn things(dir: &Path) {
    let folder = dir.join("valiza");
    std::fs::create_dir(folder.join(name(1))).expect("a folder with a file's name");
    std::fs::write(folder.join(name(2)), b"").expect("an empty file");
    std::fs::write(folder.join(name(3)), vec![0; piece::FILE]).expect("noughts");
    std::fs::write(folder.join(name(4)), vec![0xff; piece::FILE + 1]).expect("one byte more");
    std::fs::write(folder.join(format!("{}.new", name(5))), b"half").expect("a half");
    let huge = std::fs::File::create(folder.join(name(6))).expect("a file");
    huge.set_len(1 << 40).expect("a sparse file");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/dev/zero", folder.join(name(7))).expect("a link");
        std::os::unix::fs::symlink(folder.join(name(8)), folder.join(name(8))).expect("a link to itself");
        let made = std::process::Command::new("mkfifo").arg(folder.join(name(9))).status();
        assert!(made.is_ok_and(|status| status.success()), "a pipe that nobody writes");
    }
}

#[test]
fn what_only_bears_a_file_s_name_is_passed_over_and_nobody_waits_for_it() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    world.exchange(suitcase.peer()).expect("the hub answers");
    record(suitcase.peer(), "7-1");
    let (dir, stick) = stick();
    things(dir.path());
    let brought = suitcase.peer().carry_in(&stick, "hub").expect("it looks at the stick");
    assert_eq!((brought.answers, brought.contact.received), (0, 0));
    suitcase.peer().carry_out(&stick, "hub").expect("it writes beside them");
    let mail = world.desk.peer().letters_on(&stick).expect("the centre looks at the stick");
    assert_eq!(mail.found.len(), 1, "its letter is found among them");
}

#[test]
fn letters_that_anybody_sealed_are_no_answers() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    world.exchange(suitcase.peer()).expect("the hub answers");
    record(suitcase.peer(), "7-1");
    let (dir, stick) = stick();
    suitcase.peer().carry_out(&stick, "hub").expect("a letter");
    let letter = {
        let desk = world.desk.peer();
        let mail = desk.letters_on(&stick).expect("mail");
        desk.letter_on(&stick, &mail.found[0]).expect("it reads").letter().expect("whole")
    };
    let (to, me) = (key_of(&world, &suitcase), suitcase.peer().chain());
    let honest = world.hub.answer(&letter.bytes, world.clock.now()).expect("the hub answers");
    let flipped = |at: usize| {
        let mut bytes = honest.clone();
        bytes[at] ^= 1;
        bytes
    };
    let to_another = {
        let other = Request::decode(&letter.bytes).expect("a request");
        let asked = Hash([7; 32]);
        let (answer, _) = Answer::decode(&honest, &letter.hash, world.tenant, &[world.hub.public()])
            .expect("signed")
            .expect("well-formed");
        assert_eq!(other.sender, me);
        answer.encode(&asked, &crate::hub::hub_key())
    };
    let lies = [
        (letter.hash, Vec::new()),
        (letter.hash, b"no answer at all".to_vec()),
        (letter.hash, flipped(30)),
        (letter.hash, flipped(honest.len() - 1)),
        (letter.hash, to_another),
        (Hash([9; 32]), honest.clone()),
        (letter.hash, vec![0x55; 8 * 1024 * 1024]),
    ];
    for (nth, (answered, message)) in lies.iter().enumerate() {
        put(dir.path(), 1_000 + nth * 100, Way::Down, me, *answered, message, &to);
    }
    let before = suitcase.peer().rows_as_text().expect("rows");
    let brought = suitcase.peer().carry_in(&stick, "hub").expect("it looks at the stick");
    assert_eq!((brought.answers, brought.contact.received), (0, 0), "nothing of it is an answer");
    assert_eq!(suitcase.peer().rows_as_text().expect("rows"), before);
    // The honest answer beside them counts.
    put(dir.path(), 5_000, Way::Down, me, letter.hash, &honest, &to);
    assert_eq!(suitcase.peer().carry_in(&stick, "hub").expect("it looks at the stick").answers, 1);
    assert_eq!(suitcase.peer().verify().expect("it verifies").faults, Vec::<String>::new());
}

#[test]
fn letters_that_nobody_signed_reach_the_hub_and_move_nothing() {
    let mut world = World::new();
    let (suitcase, other) = (world.suitcase(7), world.suitcase(8));
    for member in [&suitcase, &other] {
        world.exchange(member.peer()).expect("the hub answers");
    }
    world.centre();
    let centre = world.desk.peer().register().expect("a register").centre_agreement().expect("a centre");
    let (dir, stick) = stick();
    record(suitcase.peer(), "7-1");
    suitcase.peer().carry_out(&stick, "hub").expect("a letter");
    let desk = world.desk.peer();
    let letter = {
        let mail = desk.letters_on(&stick).expect("mail");
        desk.letter_on(&stick, &mail.found[0]).expect("it reads").letter().expect("whole").bytes
    };
    let mut forged = Request::decode(&letter).expect("a request");
    forged.sender = other.peer().chain();
    let mut torn = letter.clone();
    torn.truncate(letter.len() / 2);
    let lies = [forged.encode(&crate::hub::hub_key()), torn, b"no letter".to_vec(), Vec::new()];
    for (nth, message) in lies.iter().enumerate() {
        let hash = Request::hash(message);
        put(dir.path(), 2_000 + nth * 10, Way::Up, other.peer().chain(), hash, message, &centre);
    }
    let mail = desk.letters_on(&stick).expect("mail");
    let letters: Vec<_> =
        mail.found.iter().filter_map(|found| desk.letter_on(&stick, found).expect("it reads").letter()).collect();
    let ends = |member: &Member| desk.read(|view| view.end(member.peer().chain())).expect("it reads").seq;
    let before = ends(&other);
    let bytes: Vec<Vec<u8>> = letters.iter().map(|letter| letter.bytes.clone()).collect();
    let mut errand = peer::carry::Errand::new(desk, "hub", bytes).expect("letters");
    while let Some(carriage) = errand.next(desk).expect("a carriage") {
        errand.answered(&world.hub.carry(&carriage, world.clock.now()).expect("the hub answers")).expect("signed");
    }
    let good = errand.finish().into_iter().filter(Result::is_ok).count();
    assert_eq!(good, 1, "the honest letter alone is answered");
    world.centre();
    assert_eq!(ends(&other), before);
    assert!(ends(&suitcase) > 1, "and what it brought is there");
}

/// Pieces of messages that never become whole, and far too many files.
#[test]
fn a_stick_full_of_halves_is_said_and_costs_a_bounded_look() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    world.exchange(suitcase.peer()).expect("the hub answers");
    let (to, me) = (key_of(&world, &suitcase), suitcase.peer().chain());
    let (dir, stick) = stick();
    let mut entropy = SeededEntropy::new(4);
    for nth in 0..20usize {
        let message = vec![nth as u8; piece::ROOM * 3];
        let first = &cut(Way::Down, me, Hash([nth as u8; 32]), &message).expect("three pieces")[nth % 3];
        let file = first.seal(&to, &mut entropy as &mut dyn Entropy).expect("it seals");
        std::fs::write(dir.path().join("valiza").join(name(nth)), file).expect("a file");
    }
    let brought = suitcase.peer().carry_in(&stick, "hub").expect("it looks at the stick");
    assert_eq!(brought.answers, 0);
    for nth in 0..4_200usize {
        std::fs::write(dir.path().join("valiza").join(name(100_000 + nth)), b"").expect("a file");
    }
    let refused = suitcase.peer().carry_in(&stick, "hub").expect_err("too many");
    assert!(matches!(refused, StickError::TooMany) && refused.to_string().contains(" / "), "{refused}");
    assert!(matches!(world.desk.peer().letters_on(&stick), Err(StickError::TooMany)));
}
