//! A desk was stolen with everything that opens it, and another one was made from the kit: what the old keys say from
//! then on counts for nobody.

use super::disasters::restore;
use chain::{ExceptionCode, Fact, Standing};
use clock::Clock;
use ids::RecordId;
use peer::{Filter, Peer, Role};
use records::{Edit, Kind};
use sealing::AgreementSecret;
use valiza_tests::world::{Member, World, request_fields};

fn record(peer: &Peer, number: &'static str) -> RecordId {
    peer.act(move |act| act.create(Kind::Request, &request_fields(number, "Коваленко"))).unwrap()
}

fn count(peer: &Peer) -> u64 {
    peer.read(|view| view.count(&Filter::default())).unwrap()
}

/// A second desk with everything that opens the first.
pub fn copied(world: &mut World) -> Member {
    let image = world.desk.image();
    world.desk.twin(&image)
}

/// The desk of the kit, which says where the stolen one ended.
pub fn replace(world: &mut World, thief: &Member) {
    let Role::Desk { register } = thief.peer().role() else { panic!("a desk") };
    let end = thief.peer().register().unwrap().head(register);
    let case_end = thief.peer().read(|view| view.end(thief.peer().chain())).unwrap();
    world.lose_desk();
    let fact = Fact::Succession { register, end, case_end };
    world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
    let kit = AgreementSecret::from_bytes(world.root.agreement_secret());
    restore(world, &kit);
}

/// Both. Gives back the stolen one.
fn steal(world: &mut World) -> Member {
    let thief = copied(world);
    replace(world, &thief);
    thief
}

#[test]
fn what_a_thief_writes_into_the_case_chain_counts_for_nobody() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let request = record(suitcase.peer(), "7-1");
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    world.exchange(suitcase.peer()).unwrap();
    let thief = steal(&mut world);
    let edit = vec![Edit::new("phone", "+380000000000")];
    thief.peer().act(move |act| act.edit(request, |_, _| Ok((edit, ())))).unwrap();
    let chain = suitcase.peer().chain();
    thief.peer().act(move |act| act.withdraw_grant(request, chain)).unwrap();
    world.exchange(thief.peer()).unwrap();
    record(suitcase.peer(), "7-2");
    world.exchange(suitcase.peer()).unwrap();
    let heard = world.exchange(thief.peer()).unwrap();
    assert_eq!((count(thief.peer()), heard.enrolments.len()), (1, 0), "the register alone goes down to it");
    world.centre();
    world.exchange(suitcase.peer()).unwrap();
    let values = |peer: &Peer| format!("{:?}", peer.read(|view| view.document(request)).unwrap().values());
    let phone = |peer: &Peer| values(peer).contains("+380000000000");
    for peer in [world.desk.peer(), suitcase.peer()] {
        assert!(!phone(peer), "the change is not among what the record says");
        assert_eq!(count(peer), 2, "nothing was taken back, nothing is lost");
    }
    let stolen = thief.peer().chain();
    let aside = world.desk.peer().read(|view| view.exceptions(Some(stolen))).unwrap();
    assert_eq!(aside.iter().map(|(_, one)| one.code).collect::<Vec<_>>(), [ExceptionCode::Quarantined]);
    assert!(world.desk.peer().read(|view| view.writers(request)).unwrap().contains(&chain));
    // It was the centre's own after all, written before anybody knew: a person lets it in.
    world.desk.peer().accept_exception(stolen, aside[0].1.seq).unwrap();
    assert!(phone(world.desk.peer()));
}

#[test]
fn a_suitcase_that_a_thief_certified_gets_nothing_before_a_person_says_who_it_is() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let request = record(suitcase.peer(), "7-1");
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    let mut thief = steal(&mut world);
    std::mem::swap(&mut world.desk, &mut thief);
    let late = world.suitcase(9);
    std::mem::swap(&mut world.desk, &mut thief);
    let chain = late.peer().chain();
    thief.peer().act(move |act| act.grant(request, chain)).unwrap();
    world.exchange(thief.peer()).unwrap();
    record(late.peer(), "9-1");
    world.exchange(late.peer()).unwrap();
    world.centre();
    world.exchange(late.peer()).unwrap();
    let standing = |peer: &Peer| peer.register().unwrap().standing(chain, world.clock.now().0);
    assert_eq!(standing(world.desk.peer()), Standing::Unconfirmed);
    assert_eq!(standing(late.peer()), Standing::Unconfirmed, "it learns of it");
    assert_eq!((count(world.desk.peer()), count(late.peer())), (1, 1), "its work waits, nothing came to it");
    // It was enrolled before the theft, and the hub had lost that: the desk certifies it, and its work is there.
    let certificate = *world.desk.peer().register().unwrap().certified_late(chain).unwrap();
    world.desk.peer().act(move |act| act.certify_suitcase(&certificate)).unwrap();
    world.desk.peer().absorb().unwrap();
    assert_eq!((standing(world.desk.peer()), count(world.desk.peer())), (Standing::Live, 2));
}

/// By granting a new key to itself a desk says that whoever was granted nothing since does not know it: a thief's word does
/// not say so.
#[test]
fn a_key_that_a_thief_draws_leaves_no_record_under_the_one_that_a_revoked_suitcase_knows() {
    let mut world = World::new();
    let (suitcase, revoked) = (world.suitcase(7), world.suitcase(8));
    let request = record(suitcase.peer(), "7-1");
    for member in [&suitcase, &revoked] {
        world.exchange(member.peer()).unwrap();
    }
    world.centre();
    let chain = revoked.peer().chain();
    world.desk.peer().act(move |act| act.grant(request, chain)).unwrap();
    let fact = Fact::Revocation { chain, from: world.clock.now().0, reason: "викрадено".into() };
    world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
    world.centre();
    let thief = steal(&mut world);
    assert_eq!(thief.peer().act(move |act| act.renew_keys_of(chain, 10)).unwrap(), 1);
    world.exchange(thief.peer()).unwrap();
    world.centre();
    let left = |world: &World| {
        let register = world.desk.peer().register().unwrap();
        world.desk.peer().read(|view| view.still_readable(&register, chain, 10)).unwrap().len()
    };
    assert_eq!(left(&world), 1);
    world.desk.peer().act(move |act| act.renew_keys_of(chain, 10)).unwrap();
    assert_eq!(left(&world), 0);
}
