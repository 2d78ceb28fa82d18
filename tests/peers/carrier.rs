//! One suitcase carries for others on a local network.

use crate::exchange::{record, whereabouts};
use crate::sticks::bring;
use peer::Peer;
use peer::carry::{Shelved, carry_for_others, sync_through};
use peer::sync::{LinkError, SyncError};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use valiza_tests::world::{Member, World};

struct Lan {
    runtime: Runtime,
    address: String,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Lan {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lan(carrier: &Member) -> Lan {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let peer = Arc::clone(carrier.peer());
    let serving = runtime.spawn(async move { carry_for_others(listener, peer, "hub").await.unwrap() });
    Lan { runtime, address, serving }
}

/// Two suitcases that the hub knows, and the network on which the first carries.
fn side_by_side() -> (World, Member, Member, Lan) {
    let mut world = World::new();
    let (carrier, away) = (world.suitcase(7), world.suitcase(8));
    world.centre();
    for member in [&carrier, &away] {
        world.exchange(member.peer()).unwrap();
    }
    let lan = lan(&carrier);
    (world, carrier, away, lan)
}

impl Lan {
    fn through(&self, peer: &Arc<Peer>) -> Result<peer::carry::HandedOver, SyncError> {
        let (done, ended) = self.both(peer);
        ended.map(|()| done)
    }

    /// What came of it, and why it was not everything.
    fn both(&self, peer: &Arc<Peer>) -> (peer::carry::HandedOver, Result<(), SyncError>) {
        self.runtime.block_on(sync_through(peer, "hub", &self.address))
    }
}

/// The carrier reaches the hub.
fn deliver(world: &World, carrier: &Peer) {
    let kept = carrier.shelf(true, 1000).unwrap();
    let letters = kept.iter().map(|(_, _, bytes)| bytes.clone()).collect();
    for ((letter, ..), answer) in kept.into_iter().zip(bring(world, carrier, letters)) {
        carrier.answer_shelved(letter, answer.ok()).unwrap();
    }
}

#[test]
fn letters_wait_at_the_carrier_and_the_answers_come_back_when_asked_for() {
    let mut world = World::new();
    let (carrier, away) = (world.suitcase(7), world.suitcase(8));
    for member in [&carrier, &away] {
        world.exchange(member.peer()).unwrap();
    }
    // The register with both of them is at the hub; each has it from there.
    world.centre();
    for member in [&carrier, &away] {
        world.exchange(member.peer()).unwrap();
    }
    record(away.peer(), "8-1");
    let lan = lan(&carrier);
    let first = lan.through(away.peer()).unwrap();
    assert_eq!((first.letters, first.kept), (1, 1));
    assert_eq!(whereabouts(away.peer()), (1, 0, 0), "a carrier's word is no anchor");
    let again = lan.through(away.peer()).unwrap();
    assert_eq!((again.letters, again.kept), (0, 1), "nothing is handed over twice");
    record(away.peer(), "8-2");
    assert_eq!(lan.through(away.peer()).unwrap().letters, 1, "only what is new");
    assert_eq!(whereabouts(carrier.peer()), (0, 0, 0), "the carrier has read nothing");
    deliver(&world, carrier.peer());
    let anchored = lan.through(away.peer()).unwrap();
    assert_eq!((anchored.contact.rounds, whereabouts(away.peer())), (2, (0, 2, 0)));
    assert!(carrier.peer().shelf(false, 10).unwrap().len() <= 1, "collected letters are not kept");
    world.centre();
    deliver(&world, carrier.peer());
    lan.through(away.peer()).unwrap();
    assert_eq!(whereabouts(away.peer()), (0, 0, 2));
    assert_eq!(away.peer().verify().unwrap().faults, Vec::<String>::new());
}

#[test]
fn an_answer_that_cannot_be_read_holds_up_no_other_letter() {
    let (world, carrier, away, lan) = side_by_side();
    for number in ["8-1", "8-2", "8-3"] {
        world.clock.advance(std::time::Duration::from_secs(1));
        record(away.peer(), number);
        assert_eq!(lan.through(away.peer()).unwrap().letters, 1);
    }
    // Of the three that wait, in the order in which the carrier is asked for them, the first is answered by bytes of
    // which nothing can be made here, and the second as it should be.
    let shelf = carrier.peer().shelf(true, 10).unwrap();
    assert_eq!(shelf.len(), 3);
    carrier.peer().answer_shelved(shelf[0].0, Some(vec![2; 300])).unwrap();
    let answer = bring(&world, carrier.peer(), vec![shelf[0].2.clone(), shelf[1].2.clone()]).pop().unwrap();
    carrier.peer().answer_shelved(shelf[1].0, Some(answer.unwrap())).unwrap();
    record(away.peer(), "8-4");
    for new in [1, 0] {
        let (done, ended) = lan.both(away.peer());
        assert!(matches!(ended, Err(SyncError::NotSigned)), "it is said: {ended:?}");
        assert_eq!((done.letters, done.kept), (new, 1 + 1), "the third is still kept, the fourth is taken now");
        assert_eq!((done.contact.rounds, whereabouts(away.peer())), (new, (2, 2, 0)), "the second is taken once");
    }
    // In the end the rest comes by itself, for the hub has anchored all of them.
    deliver(&world, carrier.peer());
    let (_, ended) = lan.both(away.peer());
    assert_eq!(whereabouts(away.peer()), (0, 4, 0), "{ended:?}");
    lan.through(away.peer()).expect("what is anchored, and was asked anew, is asked for no more");
    assert_eq!(away.peer().verify().unwrap().faults, Vec::<String>::new());
}

#[test]
fn strangers_and_the_revoked_are_not_spoken_to() {
    let (world, carrier, away, lan) = side_by_side();
    lan.through(away.peer()).unwrap();
    let mut others = World::new();
    let _ = others.suitcase(1);
    let _ = others.suitcase(2);
    let stranger = others.suitcase(9);
    let refused = lan.through(stranger.peer());
    assert!(
        matches!(refused, Err(SyncError::Link(LinkError::NotOurs | LinkError::Cut | LinkError::Unreachable))),
        "{refused:?}"
    );
    let chain = away.peer().chain();
    let fact =
        chain::Fact::Revocation { chain, from: valiza_tests::world::NOON.0, reason: "загублено".into() };
    world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
    world.centre();
    world.exchange(carrier.peer()).unwrap();
    record(away.peer(), "8-1");
    assert!(lan.through(away.peer()).is_err());
    assert!(carrier.peer().shelf(false, 10).unwrap().iter().all(|(_, sender, _)| *sender != stranger.peer().chain()));
}

#[test]
fn nobody_fills_the_carriers_disk_and_nobody_hands_over_anothers_letters() {
    let mut world = World::new();
    let (carrier, away, third) = (world.suitcase(7), world.suitcase(8), world.suitcase(9));
    world.centre();
    for member in [&carrier, &away, &third] {
        world.exchange(member.peer()).unwrap();
    }
    let (chain, other) = (away.peer().chain(), third.peer().chain());
    // One letter after another: each is another one, because the token is newer.
    let mut letters = Vec::new();
    while letters.len() <= chain::limits::KEPT_LETTERS {
        world.clock.advance(std::time::Duration::from_secs(1));
        world.exchange(away.peer()).unwrap();
        letters.push(peer::sync::Session::new("hub").next(away.peer(), 1).unwrap());
        if letters.len() > 1 {
            assert_ne!(letters[letters.len() - 2], letters[letters.len() - 1]);
        }
        let newest = letters.last().unwrap().clone();
        let expected = if letters.len() > chain::limits::KEPT_LETTERS { Shelved::Full } else { Shelved::Kept };
        assert_eq!(carrier.peer().shelve(chain, newest).unwrap(), expected);
    }
    // Answers count as letters do: whoever asks for much in little letters fills the disk no more than with large ones.
    let answered = |letter: &Vec<u8>| {
        let hash = chain::Request::hash(letter);
        carrier.peer().answer_shelved(hash, Some(vec![7; 1024 * 1024])).unwrap();
        matches!(carrier.peer().shelved(chain, hash).unwrap(), Some(Shelved::Answered(_)))
    };
    let kept = letters[5..45].iter().filter(|letter| answered(letter)).count();
    assert!((30..32).contains(&kept), "{kept} answers of 1 MiB");
    for letter in letters.iter().take(5) {
        assert_eq!(carrier.peer().shelve(other, letter.clone()).unwrap(), Shelved::Refused, "signed by another");
    }
    let mut damaged = letters[0].clone();
    damaged[40] ^= 1;
    assert_eq!(carrier.peer().shelve(chain, damaged).unwrap(), Shelved::Refused);
    let later = vec![2; 300];
    assert_eq!(carrier.peer().shelve(chain, later).unwrap(), Shelved::Later, "of a version that is not read here");
    assert_eq!(carrier.peer().shelve(chain, letters[0].clone()).unwrap(), Shelved::Kept);
    assert_eq!(carrier.peer().shelved(other, chain::Request::hash(&letters[0])).unwrap(), None, "another's business");
}
