//! Who gets what of the hub's interface: kinds of askers against what they ask for.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod town;

use chain::{EnrolmentAnswer, EnrolmentRequest, Fact, Invitation, RefusalCode, Request, RestoreRequest};
use hub::Rejected;
use hub::store::{MemoryStore, Store};
use ids::{ChainId, TenantId};
use signing::{AgreementPublicKey, Role, Roles, Root, RootPublic, Secret};
use std::sync::Arc;
use town::*;

/// What an asker may have of one exchange.
#[derive(Debug, PartialEq, Eq)]
struct Had {
    /// Its own work is stored and anchored.
    stored: bool,
    /// Entries of the register came down.
    register: bool,
    /// Anything sealed came down.
    sealed: bool,
}

fn had(town: &Town, pen: &Pen) -> Had {
    let answer = town.ask(pen, None, None, pen.since(1));
    let stored = anchor_of(&answer, pen.chain) == Some(pen.end());
    let got = if answer.refusals.iter().any(|refusal| refusal.code == RefusalCode::UnknownChain) {
        Vec::new()
    } else {
        town.read_all(pen)
    };
    let register = got.iter().any(|(chain, _)| *chain == town.register.chain);
    Had { stored, register, sealed: got.iter().any(|(chain, _)| *chain != town.register.chain) }
}

#[test]
fn each_kind_of_suitcase_gets_what_it_may_and_no_more() {
    let mut town = Town::in_memory();
    let mut pens = [
        ("live", town.suitcase(7)),
        ("revoked", town.suitcase(8)),
        ("expired", town.suitcase_until(9, NOON.0 - HOUR)),
        ("unenrolled", Pen::new(town.tenant, id(10), key(10))),
    ];
    for (_, pen) in &mut pens {
        pen.own(b"work");
        town.case.to(pen.chain, b"for this one alone");
    }
    town.push_case(1);
    town.publish(Fact::Revocation { chain: pens[1].1.chain, from: NOON.0, reason: "вкрадено".into() });
    let expected = [
        ("live", Had { stored: true, register: true, sealed: true }),
        ("revoked", Had { stored: true, register: true, sealed: false }),
        ("expired", Had { stored: true, register: true, sealed: false }),
        ("unenrolled", Had { stored: false, register: false, sealed: false }),
    ];
    for ((who, pen), (named, may)) in pens.iter().zip(expected) {
        assert_eq!((*who, had(&town, pen)), (named, may));
    }
}

/// Two processes over one store, as behind a balancer: what one of them heard of the register counts at the other.
#[test]
fn what_another_process_heard_of_the_register_counts_here() {
    let mut town = Town::in_memory();
    let (mut eight, mut nine) = (town.suitcase(8), town.suitcase(9));
    let beside = hub_over(Arc::clone(&town.store), None);
    eight.own(b"work");
    town.case.to(eight.chain, b"for this one alone");
    town.push_case(1);
    assert!(had(&town, &eight).sealed);
    town.publish(Fact::Revocation { chain: eight.chain, from: NOON.0, reason: "вкрадено".into() });
    let ten = town.suitcase(10);
    nine.own(b"work");
    town.hub = beside;
    assert_eq!(had(&town, &eight), Had { stored: true, register: true, sealed: false });
    assert!(had(&town, &nine).stored);
    let answer = town.ask(&ten, None, None, Vec::new());
    assert!(answer.refusals.is_empty(), "certified by way of the other process: {:?}", answer.refusals);
}

#[test]
fn a_suitcase_of_another_community_gets_nothing_by_any_door() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let mut town = Town::new(1, Arc::clone(&store));
    let mut seven = town.suitcase(7);
    seven.own(b"work");
    town.ask(&seven, None, None, seven.since(1));
    let mut other = Town::new(2, store);
    let mut stranger = other.suitcase(40);
    stranger.own(b"theirs");
    // Its own tenant's name, another's chain; another's name, its own chain; another's key for a known chain.
    let asks = [Pen::new(town.tenant, stranger.chain, key(40)), Pen::new(other.tenant, seven.chain, key(40))];
    for pen in &asks {
        let answer = town.hub.answer(&Town::request(pen, None, None, Vec::new()).encode(&pen.key), NOON).unwrap();
        let request = Request::hash(&Town::request(pen, None, None, Vec::new()).encode(&pen.key));
        let (answer, _) = chain::Answer::decode(&answer, &request, pen.tenant, &[town.hub.public()]).unwrap().unwrap();
        assert!(answer.segments.is_empty() && answer.anchors.is_empty(), "{answer:?}");
        assert_eq!(answer.refusals[0].code, RefusalCode::UnknownChain);
    }
    let forged = Town::request(&seven, None, None, Vec::new()).encode(&key(40));
    assert!(matches!(town.hub.answer(&forged, NOON), Err(Rejected::Signature)));
    let nowhere = Request { tenant: TenantId::from_random([77; 16]), ..Town::request(&seven, None, None, Vec::new()) };
    assert!(matches!(town.hub.answer(&nowhere.encode(&seven.key), NOON), Err(Rejected::Tenant)));
}

#[test]
fn the_doors_of_enrolment_and_restore_open_to_their_holders_alone() {
    let mut town = Town::in_memory();
    let seven = town.suitcase(7);
    let root = RootPublic { signing: town.root.signing_key().public(), agreement: AgreementPublicKey([9; 32]) };
    let invitation = Invitation {
        tenant: town.tenant,
        root,
        secret: Secret::new([3; 16]),
        number: 7,
        roles: Roles::of(Role::Officer),
        expires: i64::MAX,
        hub: "https://127.0.0.1:1".into(),
    };
    let ask = |chain: ChainId, n: u8| {
        let request = EnrolmentRequest::new(&invitation, chain, &key(n), AgreementPublicKey([n; 32]), "x");
        EnrolmentAnswer::decode(&town.hub.enrol(&request.encode(&key(n)), NOON).unwrap()).unwrap()
    };
    assert!(matches!(ask(seven.chain, 7), EnrolmentAnswer::Register(_)), "the certified one");
    assert_eq!(ask(seven.chain, 8), EnrolmentAnswer::Full, "another key for its chain");
    assert_eq!(ask(id(20), 20), EnrolmentAnswer::Waiting, "a new one learns nothing before the desk answered");
    assert_eq!(ask(id(20), 21), EnrolmentAnswer::Full, "nobody takes the place of a laptop that waits");
    assert_eq!(ask(id(20), 20), EnrolmentAnswer::Waiting, "which goes on waiting");

    let stranger = Root::from_seed(Secret::new([99; 32]));
    let right = RestoreRequest { root, nonce: [7; 16], shown: None, after: None };
    let asked = RestoreRequest { root: RootPublic { signing: stranger.signing_key().public(), ..root }, ..right };
    assert!(town.hub.restore(&asked.encode(&stranger.signing_key()), NOON).is_err(), "another root");
    let forged = right.encode(&stranger.signing_key());
    assert!(town.hub.restore(&forged, NOON).is_err(), "the root's name without its key");
    let right = right.encode(&town.root.signing_key());
    assert!(town.hub.restore(&right, NOON).is_ok());
}
