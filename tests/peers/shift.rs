//! The word that nothing is left on a suitcase, with real stores, a real hub and a real desk: after any history it is
//! given only when the centre holds and has judged everything, and always given once it has.

use crate::rebirth::confirm_all;
use crate::sticks::{bring, stick};
use chain::{ClosedChain, Fact, Left, nothing_left};
use peer::Peer;
use peer::carry::Stick;
use proptest::prelude::*;
use records::{Edit, Kind};
use valiza_tests::world::{Member, World, request_fields};

#[derive(Debug, Clone, Copy)]
enum Step {
    /// The officer records a request.
    Record,
    /// The suitcase exchanges once.
    Exchange,
    /// The centre reads and answers.
    Centre,
    /// The centre reads; its verdicts are held back.
    CentreReads,
    /// The hub's database is lost; the hub's key is not.
    LoseHub,
    /// The desk is lost and another one begins.
    LoseDesk,
    /// The suitcase is locked and opened again.
    Reopen,
    /// Its folder is copied.
    Copy,
    /// Its disk is put back to the copy, or to what it was at first; the mark beside it may have stayed.
    PutBack { marked: bool },
    /// A person confirms every chain that waits.
    Confirm,
    /// The centre takes new keys, once.
    NewKeys,
    /// The centre revokes the chain that the suitcase writes now.
    Revoke,
    /// Letters are written onto the stick.
    CarryOut,
    /// The stick is brought to the centre, letters go to the hub and answers onto it.
    StickAtCentre,
    /// The suitcase reads the stick.
    CarryIn,
    /// One way of the stick: written, brought, read.
    StickTrip,
    /// The other stick is taken from now on, with whatever is on it.
    OtherStick,
}

fn a_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Record),
        5 => Just(Step::Exchange),
        3 => Just(Step::Centre),
        2 => Just(Step::CentreReads),
        1 => Just(Step::LoseHub),
        1 => Just(Step::LoseDesk),
        1 => Just(Step::Reopen),
        1 => Just(Step::Copy),
        2 => any::<bool>().prop_map(|marked| Step::PutBack { marked }),
        1 => Just(Step::Confirm),
        1 => Just(Step::NewKeys),
        1 => Just(Step::Revoke),
        2 => Just(Step::CarryOut),
        2 => Just(Step::StickAtCentre),
        2 => Just(Step::CarryIn),
        3 => Just(Step::StickTrip),
        1 => Just(Step::OtherStick),
    ]
}

fn word(peer: &Peer) -> Result<Vec<ClosedChain>, Vec<Left>> {
    let (present, own) = peer.own_state("hub").unwrap();
    nothing_left(&present, &own)
}

fn record(peer: &Peer, number: &str) {
    let fields = request_fields(number, "Коваленко");
    peer.act(move |act| act.create(Kind::Request, &fields)).unwrap();
}

fn new_keys(world: &World) {
    let always = signing::Validity { not_before: 0, not_after: i64::MAX };
    world.exchange(world.desk.peer()).unwrap();
    world.desk.peer().rotate(world.root.signing_key(), always, "admin").unwrap();
    while world.desk.peer().tell_again().unwrap() {}
    world.centre();
}

/// From now on nothing that it writes counts. A chain that nobody certified yet is declined so.
fn revoke(world: &World, chain: ids::ChainId) {
    let fact = Fact::Revocation { chain, from: valiza_tests::world::NOON.0, reason: "загублено".into() };
    world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
    world.exchange(world.desk.peer()).unwrap();
}

/// What the centre does with a stick. What the desk at work cannot open waits for the suitcase to write it again.
fn stick_at_centre(world: &World, stick: &Stick) {
    world.centre();
    let desk = world.desk.peer();
    let mail = desk.letters_on(stick).unwrap();
    desk.tidy_answers(stick, &mail).unwrap();
    let letters: Vec<_> =
        mail.found.iter().filter_map(|found| desk.letter_on(stick, found).unwrap().letter()).collect();
    let bytes: Vec<Vec<u8>> = letters.iter().map(|letter| letter.bytes.clone()).collect();
    bring(world, desk, bytes.clone());
    world.centre();
    for (letter, answer) in letters.iter().zip(bring(world, desk, bytes)) {
        let Ok(answer) = answer else { continue };
        desk.put_answer(stick, letter.request.sender, letter.hash, answer).unwrap();
    }
}

/// What the disk held at some time, the sticks, and what else happens once or a few times only.
struct Past {
    copy: tempfile::TempDir,
    lives: usize,
    has_new_keys: bool,
    sticks: [(tempfile::TempDir, Stick); 2],
}

impl Past {
    fn stick(&self) -> &Stick {
        &self.sticks[0].1
    }
}

fn take(world: &mut World, suitcase: &mut Member, past: &mut Past, step: Step, at: usize) {
    match step {
        Step::Copy => past.copy = suitcase.image(),
        // More lives than may wait for a person would keep it from talking at all.
        Step::PutBack { .. } if past.lives == 4 => {}
        Step::PutBack { marked } => {
            past.lives += 1;
            suitcase.put_back(&past.copy);
            if marked {
                suitcase.peer().begin_anew().unwrap();
            }
        }
        Step::Confirm => {
            world.centre();
            confirm_all(world);
        }
        Step::NewKeys if past.has_new_keys => {}
        Step::NewKeys => {
            past.has_new_keys = true;
            new_keys(world);
        }
        Step::Revoke => revoke(world, suitcase.peer().chain()),
        Step::CarryOut => _ = suitcase.peer().carry_out(past.stick(), "hub").unwrap(),
        Step::StickAtCentre => stick_at_centre(world, past.stick()),
        Step::CarryIn => _ = suitcase.peer().carry_in(past.stick(), "hub").unwrap(),
        Step::StickTrip => {
            for part in [Step::CarryOut, Step::StickAtCentre, Step::CarryIn] {
                take(world, suitcase, past, part, at);
            }
        }
        Step::OtherStick => past.sticks.swap(0, 1),
        Step::Record => record(suitcase.peer(), &format!("7-{at}")),
        Step::Exchange => drop(world.exchange(suitcase.peer()).unwrap()),
        Step::Centre => world.centre(),
        Step::CentreReads => drop(world.exchange(world.desk.peer()).unwrap()),
        Step::LoseHub => world.lose_hub(),
        Step::LoseDesk => {
            // What the register says of a replaced desk reaches the hub with the new one's first contact.
            world.exchange(world.desk.peer()).unwrap();
            world.lose_desk();
        }
        Step::Reopen => {
            suitcase.close();
            suitcase.open();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happened_it_is_true_when_it_is_said(steps in prop::collection::vec(a_step(), 1..16)) {
        let mut world = World::new();
        let mut suitcase = world.suitcase(7);
        let mut past = Past { copy: suitcase.image(), lives: 0, has_new_keys: false, sticks: [stick(), stick()] };
        for (at, step) in steps.iter().enumerate() {
            take(&mut world, &mut suitcase, &mut past, *step, at);
            let chain = suitcase.peer().chain();
            let end = suitcase.peer().read(|view| view.end(chain)).unwrap();
            let Ok(closed) = word(suitcase.peer()) else { continue };
            // Of a disk that was put back and does not know it yet, it is true of what is on it.
            prop_assert_eq!((closed[0].chain, closed[0].end), (chain, end));
            let former = suitcase.peer().read(|view| view.former()).unwrap();
            let ends: Vec<_> = former.iter().filter(|one| one.end > 0).map(|one| (one.chain, one.end)).collect();
            let mut said: Vec<_> = closed[1..].iter().map(|one| (one.chain, one.end.seq)).collect();
            said.sort_by_key(|(chain, _)| former.iter().position(|one| one.chain == *chain));
            prop_assert_eq!(said, ends, "every chain of before is named");
            // A desk and a hub that were lost a moment ago have not said so yet; what they said was true.
            if steps[..=at].iter().rposition(|s| matches!(s, Step::LoseDesk)).is_none() {
                for one in &closed {
                    let desk = world.desk.peer();
                    let held = desk.read(|view| view.end(one.chain)).unwrap();
                    prop_assert!(held == one.end || held.seq > one.end.seq, "the centre holds it");
                    let judged = desk.read(|view| view.verdict_end(one.chain)).unwrap();
                    prop_assert!(judged >= one.end.seq, "and has judged it");
                }
            }
            prop_assert_eq!(suitcase.peer().read(|view| view.end(chain)).unwrap(), end, "saying it writes nothing");
        }
        // When hub, centre and suitcase have had time to talk, it is said.
        record(suitcase.peer(), "7-99");
        prop_assert!(word(suitcase.peer()).is_err());
        for _ in 0..3 {
            for _ in 0..4 {
                world.exchange(suitcase.peer()).unwrap();
                world.centre();
            }
            confirm_all(&world);
        }
        for _ in 0..2 {
            world.exchange(suitcase.peer()).unwrap();
            world.centre();
        }
        world.exchange(suitcase.peer()).unwrap();
        // A hub or desk that was lost together with what the disk forgot may hold another life's entries; that is said.
        let lost = steps.iter().any(|step| matches!(step, Step::LoseHub | Step::LoseDesk)) && past.lives > 0;
        let done = word(suitcase.peer());
        let another = |left: &Vec<Left>| left.iter().any(|one| matches!(one, Left::OtherBranch { .. }));
        let revoked = world.desk.peer().register().unwrap().revocation(suitcase.peer().chain()).is_some();
        if revoked {
            prop_assert!(done.is_err(), "the centre answers nothing that was written after the revocation: {:?}", done);
        } else {
            prop_assert!(done.is_ok() || lost && done.as_ref().is_err_and(another), "{:?}", done);
        }
    }
}

#[test]
fn a_hub_that_lost_its_memory_takes_the_word_back_until_it_has_everything_again() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    record(suitcase.peer(), "7-1");
    assert!(matches!(word(suitcase.peer()), Err(left) if left.len() == 2));
    world.exchange(suitcase.peer()).unwrap();
    assert!(matches!(word(suitcase.peer()).unwrap_err()[..], [Left::NotJudged { entries: 2, .. }]));
    world.centre();
    assert!(word(suitcase.peer()).is_err(), "the verdict is on its way");
    world.exchange(suitcase.peer()).unwrap();
    let before = word(suitcase.peer()).unwrap().remove(0);
    world.lose_hub();
    world.exchange(suitcase.peer()).unwrap();
    world.exchange(suitcase.peer()).unwrap();
    let after = word(suitcase.peer()).unwrap().remove(0);
    assert_eq!((before.end, before.verdict), (after.end, after.verdict));
    assert_ne!(before.anchor.lineage, after.anchor.lineage, "the anchor is of the hub's present life");
}

#[test]
fn what_the_centre_set_aside_is_named() {
    let mut world = World::new();
    let (first, second) = (world.suitcase(7), world.suitcase(8));
    let fields = request_fields("7-1", "Коваленко");
    let request = first.peer().act(move |act| act.create(Kind::Request, &fields)).unwrap();
    for member in [&first, &second] {
        record(member.peer(), "7-2");
        world.exchange(member.peer()).unwrap();
    }
    world.centre();
    let other = second.peer().chain();
    world.desk.peer().act(move |act| act.grant(request, other)).unwrap();
    world.centre();
    world.exchange(second.peer()).unwrap();
    world.desk.peer().act(move |act| act.withdraw_grant(request, other)).unwrap();
    world.centre();
    second.peer().act(move |act| act.edit(request, |_, _| Ok((vec![Edit::new("a.last", "Інша")], ())))).unwrap();
    world.exchange(second.peer()).unwrap();
    world.centre();
    world.exchange(second.peer()).unwrap();
    let closed = word(second.peer()).unwrap().remove(0);
    assert_eq!(closed.exceptions, [(closed.end.seq, chain::ExceptionCode::Proposal)]);
}
