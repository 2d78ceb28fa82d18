//! The word that nothing is left on a suitcase, with real stores, a real hub and a real desk: after any history it is
//! given only when the centre holds and has judged everything, and always given once it has.

use chain::{ClosedChain, Left, nothing_left};
use peer::Peer;
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

fn take(world: &mut World, suitcase: &mut Member, step: Step, at: usize) {
    match step {
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
        let chain = suitcase.peer().chain();
        for (at, step) in steps.iter().enumerate() {
            take(&mut world, &mut suitcase, *step, at);
            let end = suitcase.peer().read(|view| view.end(chain)).unwrap();
            let Ok(closed) = word(suitcase.peer()) else { continue };
            prop_assert_eq!(closed.len(), 1);
            prop_assert_eq!(closed[0].end, end);
            // A desk and a hub that were lost a moment ago have not said so yet; what they said was true.
            if steps[..=at].iter().rposition(|s| matches!(s, Step::LoseDesk)).is_none() {
                let held = world.desk.peer().read(|view| Ok((view.end(chain)?, view.verdict_end(chain)?))).unwrap();
                prop_assert_eq!(held, (end, end.seq), "the centre holds it and has judged it");
            }
            prop_assert_eq!(suitcase.peer().read(|view| view.end(chain)).unwrap(), end, "saying it writes nothing");
        }
        // When hub, centre and suitcase have had time to talk, it is said.
        record(suitcase.peer(), "7-99");
        prop_assert!(word(suitcase.peer()).is_err());
        for _ in 0..4 {
            world.exchange(suitcase.peer()).unwrap();
            world.centre();
        }
        world.exchange(suitcase.peer()).unwrap();
        prop_assert!(word(suitcase.peer()).is_ok(), "{:?}", word(suitcase.peer()));
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
