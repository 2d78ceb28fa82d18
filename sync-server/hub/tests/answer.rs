//! What peers get from the hub, message by message.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod town;

use chain::{EnrolmentAnswer, EnrolmentRequest, Fact, Invitation, Kind, Needed, RefusalCode, Request};
use hub::store::{MemoryStore, Store};
use hub::{Hub, Rejected};
use ids::{ChainId, TenantId};
use signing::{AgreementPublicKey, Role, Roles, Secret, SuitcaseCertificate};
use std::sync::Arc;
use std::time::Duration;
use town::*;

#[test]
fn what_is_pushed_is_anchored_and_a_repeat_changes_nothing() {
    let mut town = Town::in_memory();
    let mut seven = town.suitcase(7);
    (0..5).for_each(|_| {
        seven.own(b"fact");
    });
    let first = town.ask(&seven, None, None, seven.since(1));
    assert_eq!(anchor_of(&first, seven.chain), Some(seven.end()));
    assert_eq!(first.refusals, []);
    let position = town.store.position(town.tenant).unwrap();
    let again = town.ask(&seven, None, None, seven.since(1));
    assert_eq!(anchor_of(&again, seven.chain), Some(seven.end()));
    assert_eq!(town.store.position(town.tenant).unwrap(), position);
}

#[test]
fn a_hole_holds_the_anchor_back_but_not_the_entries() {
    let mut town = Town::in_memory();
    let mut seven = town.suitcase(7);
    (0..9).for_each(|_| {
        seven.own(b"fact");
    });
    let answer = town.ask(&seven, None, None, vec![seven.part(1, 3), seven.part(6, 9)]);
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.links[3]));
    assert_eq!(answer.needed, [Needed { chain: seven.chain, from: 4 }]);
    let answer = town.ask(&seven, None, None, vec![seven.part(4, 5)]);
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.end()));
    assert_eq!(answer.needed, []);
}

#[test]
fn a_fork_is_refused_and_the_first_branch_stays() {
    let mut town = Town::in_memory();
    let mut seven = town.suitcase(7);
    seven.own(b"one");
    let mut clone = seven.twin(7);
    seven.own(b"two");
    clone.own(b"another two");
    clone.own(b"three");
    town.ask(&seven, None, None, seven.since(1));
    let answer = town.ask(&clone, None, None, clone.since(2));
    let fork = RefusalCode::Fork { seq: 2, held: hash_at(&seven, 2) };
    assert_eq!(answer.refusals.iter().map(|r| r.code).collect::<Vec<_>>(), [fork]);
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.end()), "the clone sees that the chain is not its own");
    let heads = Request { heads: vec![clone.head()], ..Town::request(&clone, None, None, Vec::new()) };
    assert_eq!(town.ask_at(&clone, NOON, &heads).needed, [Needed { chain: seven.chain, from: 3 }]);
}

#[test]
fn an_empty_hub_learns_the_register_from_whoever_brings_it() {
    let mut town = Town::in_memory();
    let mut seven = town.suitcase(7);
    seven.own(b"fact");
    let empty = Town { hub: hub_over(empty_store(&town), None), ..town };
    let answer = empty.ask(&seven, None, None, seven.since(1));
    assert_eq!(
        answer.refusals.iter().map(|r| (r.chain, r.code)).collect::<Vec<_>>(),
        [(seven.chain, RefusalCode::UnknownChain)]
    );
    assert!(answer.anchors.is_empty() && answer.stale);
    let segments = [empty.register.since(1), seven.since(1)].concat();
    let answer = empty.ask(&seven, None, None, segments);
    assert_eq!(answer.refusals, []);
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.end()));
    assert_eq!(anchor_of(&answer, empty.register.chain), Some(empty.register.end()));
}

fn empty_store(town: &Town) -> Arc<dyn Store> {
    let store = MemoryStore::new();
    for tenant in town.store.tenants().unwrap() {
        store.create_tenant(&tenant).unwrap();
    }
    Arc::new(store)
}

#[test]
fn a_register_of_another_root_is_refused() {
    let town = Town::in_memory();
    let stranger = Town::without_register(1, Arc::new(MemoryStore::new()));
    let mut other = Town::without_register(9, Arc::new(MemoryStore::new()));
    other.register.tenant = town.tenant;
    let forged = other.register.since(1);
    let answer = town.ask(&stranger.register, None, None, forged);
    assert_eq!(answer.refusals.iter().map(|r| r.code).collect::<Vec<_>>(), [RefusalCode::Register]);
    let late = vec![town.register.part(2, 2)];
    let empty = Town::without_register(1, Arc::new(MemoryStore::new()));
    let answer = empty.ask(&town.register, None, None, late);
    assert_eq!(answer.needed, [Needed { chain: town.register.chain, from: 1 }]);
}

#[test]
fn a_grant_brings_what_was_there_and_what_comes_and_a_withdrawal_ends_it() {
    let mut town = Town::in_memory();
    let (mut seven, eight) = (town.suitcase(7), town.suitcase(8));
    seven.change(record(1), b"a");
    seven.own(b"not for others");
    seven.change(record(2), b"b");
    seven.change(record(1), b"c");
    town.ask(&seven, None, None, seven.since(1));
    let register =
        |town: &Town| (1..=town.register.end().seq).map(|seq| (town.register.chain, seq)).collect::<Vec<_>>();
    assert_eq!(town.read_all(&eight), register(&town));

    town.case.grant(record(1), eight.chain, b"key");
    town.push_case(1);
    let (case, chain) = (town.case.chain, seven.chain);
    let expected = [register(&town), vec![(case, 1), (chain, 1), (chain, 4)]].concat();
    assert_eq!(town.read_all(&eight), expected);
    for budget in [1, 150, 300] {
        assert_eq!(town.read_from(&eight, None, budget).0, expected, "in pieces of {budget}");
    }
    let (_, cursor) = town.read_from(&eight, None, 1 << 20);

    seven.change(record(1), b"d");
    town.ask(&seven, None, None, seven.since(5));
    let (got, cursor) = town.read_from(&eight, cursor, 1 << 20);
    assert_eq!(got, [(chain, 5)]);

    town.case.grant(record(1), eight.chain, b"");
    town.push_case(2);
    seven.change(record(1), b"e");
    town.ask(&seven, None, None, seven.since(6));
    assert_eq!(town.read_from(&eight, cursor, 1 << 20).0, [(case, 2)]);
}

#[test]
fn the_creator_hears_of_every_change_and_a_suitcase_cannot_grant() {
    let mut town = Town::in_memory();
    let (mut seven, mut eight) = (town.suitcase(7), town.suitcase(8));
    seven.change(record(1), b"a");
    town.ask(&seven, None, None, seven.since(1));
    let (_, cursor) = town.read_from(&seven, None, 1 << 20);
    town.case.change(record(1), b"decided");
    town.case.to(seven.chain, b"verdict");
    town.push_case(1);
    eight.grant(record(1), eight.chain, b"to myself");
    town.ask(&eight, None, None, eight.since(1));
    let case = town.case.chain;
    assert_eq!(town.read_from(&seven, cursor, 1 << 20).0, [(case, 1), (case, 2)]);
    assert!(town.read_all(&eight).iter().all(|(chain, _)| *chain == town.register.chain));
}

#[test]
fn the_desk_reads_the_log_and_a_restored_desk_its_own_chains_too() {
    let mut town = Town::in_memory();
    let mut seven = town.suitcase(7);
    let (got, cursor) = town.read_from(&town.case, None, 1 << 20);
    assert_eq!(got.len() as u64, town.register.end().seq, "its own register, because the cursor is new");
    seven.own(b"epoch");
    seven.change(record(1), b"a");
    town.ask(&seven, None, None, seven.since(1));
    town.case.own(b"account");
    town.push_case(1);
    let (got, cursor) = town.read_from(&town.case, cursor, 1 << 20);
    assert_eq!(got, [(seven.chain, 1), (seven.chain, 2)]);
    assert_eq!(town.read_from(&town.case, cursor, 1 << 20).0, []);
    for budget in [1, 300, 1 << 20] {
        let all = town.read_from(&town.case, None, budget).0;
        assert!(all.contains(&(town.case.chain, 1)));
        assert_eq!(all.len() as u64, town.register.end().seq + 3, "budget {budget}");
    }
}

#[test]
fn only_the_register_goes_down_to_a_revoked_suitcase_and_its_work_is_stored() {
    let mut town = Town::in_memory();
    let mut seven = town.suitcase(7);
    town.case.to(seven.chain, b"verdict");
    town.push_case(1);
    assert!(town.read_all(&seven).contains(&(town.case.chain, 1)));
    town.publish(Fact::Revocation { chain: seven.chain, from: NOON.0, reason: "вкрадено".into() });
    seven.own(b"late work");
    let answer = town.ask(&seven, None, None, seven.since(1));
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.end()));
    let register = (1..=town.register.end().seq).map(|seq| (town.register.chain, seq));
    assert_eq!(town.read_all(&seven), register.collect::<Vec<_>>(), "so that it learns of its revocation");
}

#[test]
fn an_expired_suitcase_gets_the_register_and_later_everything_that_waited() {
    let mut town = Town::in_memory();
    let seven = town.suitcase_until(7, NOON.0 - HOUR);
    town.case.to(seven.chain, b"verdict");
    town.push_case(1);
    let known = town.register.end().seq;
    let (got, cursor) = town.read_from(&seven, None, 1);
    assert_eq!(got.len() as u64, known, "the whole register in spite of a small budget");
    town.suitcase(8);
    let renewed = town.suitcase(7);
    let (got, cursor) = {
        let mut got = town.read_from(&renewed, cursor, 1 << 20);
        got.0.sort();
        got
    };
    let mut expected = vec![(town.case.chain, 1), (town.register.chain, known + 1), (town.register.chain, known + 2)];
    expected.sort();
    assert_eq!(got, expected);
    assert_eq!(town.read_from(&renewed, cursor, 1 << 20).0, []);
}

#[test]
fn a_stale_or_foreign_token_gets_anchors_but_no_news() {
    let mut town = Town::in_memory();
    let (mut seven, eight) = (town.suitcase(7), town.suitcase(8));
    seven.own(b"fact");
    let token = town.ask(&seven, None, None, Vec::new()).token;
    let later = NOON.plus(Duration::from_millis(chain::limits::SUITCASE_TOKEN_LIFE as u64 + 1));
    let answer = town.ask_at(&seven, later, &Town::request(&seven, Some(token), None, seven.since(1)));
    assert!(answer.stale && answer.segments.is_empty());
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.end()));
    let foreign = town.ask(&eight, Some(token), None, Vec::new());
    assert!(foreign.stale && foreign.segments.is_empty());
    let fresh = town.ask_at(&seven, later, &Town::request(&seven, Some(answer.token), None, Vec::new()));
    assert!(!fresh.stale && !fresh.segments.is_empty());
    // The centre reads everything, and is here all day: its own are good for a quarter of an hour.
    let token = town.ask(&town.case, None, None, Vec::new()).token;
    let at = |ms: i64| NOON.plus(Duration::from_millis((chain::limits::TOKEN_LIFE + ms) as u64));
    let of_the_centre = Town::request(&town.case, Some(token), None, Vec::new());
    let told = |ms: i64| town.ask_at(&town.case, at(ms), &of_the_centre).stale;
    assert_eq!((told(0), told(1)), (false, true));
}

#[test]
fn a_request_that_its_sender_did_not_sign_is_rejected() {
    let mut town = Town::in_memory();
    let mut seven = town.suitcase(7);
    seven.own(b"fact");
    let request = Town::request(&seven, None, None, seven.since(1));
    let bytes = request.encode(&key(8));
    assert!(matches!(town.hub.answer(&bytes, NOON), Err(Rejected::Signature)));
    let elsewhere = Request { tenant: TenantId::from_random([99; 16]), ..request };
    assert!(matches!(town.hub.answer(&elsewhere.encode(&seven.key), NOON), Err(Rejected::Tenant)));
    assert_eq!(anchor_of(&town.ask(&seven, None, None, Vec::new()), seven.chain), None, "nothing was stored");
}

#[test]
fn a_carrier_is_shown_no_anchor_beyond_what_it_brought() {
    let mut town = Town::in_memory();
    let (mut seven, eight) = (town.suitcase(7), town.suitcase(8));
    (0..6).for_each(|_| {
        seven.own(b"fact");
    });
    town.ask(&seven, None, None, seven.since(1));
    let answer = town.ask(&eight, None, None, vec![seven.part(2, 4)]);
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.links[4]));
    assert_eq!(answer.needed, []);
}

#[test]
fn a_carrier_cannot_leave_an_empty_shell_in_the_place_of_an_entry() {
    let mut town = Town::in_memory();
    let (mut seven, eight) = (town.suitcase(7), town.suitcase(8));
    seven.own(b"fact");
    let mut shell = seven.part(1, 1);
    shell.entries[0] = shell.entries[0].without_body();
    let answer = town.ask(&eight, None, None, vec![shell]);
    assert_eq!(answer.refusals.iter().map(|r| r.code).collect::<Vec<_>>(), [RefusalCode::Form]);
    town.ask(&seven, None, None, seven.since(1));
    let got = town.read_all(&seven);
    assert_eq!(town.store.holdings(town.tenant, &[(seven.chain, 1)]).unwrap()[0].end, seven.end(), "{got:?}");
}

#[test]
fn an_entry_that_a_reader_gets_alone_is_signed_itself() {
    let mut town = Town::in_memory();
    let (mut seven, eight) = (town.suitcase(7), town.suitcase(8));
    let position = |town: &Town| town.store.position(town.tenant).unwrap();
    let spoilt = |pen: &Pen| {
        let mut segment = pen.part(1, 2);
        segment.entries[0].signature = signing::Signature([7; 64]);
        vec![segment]
    };
    let refused = |answer: &chain::Answer| answer.refusals.iter().map(|r| r.code).collect::<Vec<_>>();

    town.case.grant(record(1), eight.chain, b"key");
    town.case.own(b"account");
    let before = position(&town);
    assert_eq!(refused(&town.ask(&town.case, None, None, spoilt(&town.case))), [RefusalCode::Signature]);
    for write in [
        |pen: &mut Pen, peer| pen.to(peer, b"x"),
        |pen: &mut Pen, peer| pen.write(Kind::from_code(7).unwrap(), None, Some(peer), b"x"),
    ] {
        let mut hostile = seven.twin(7);
        write(&mut hostile, eight.chain);
        hostile.own(b"good");
        let answer = town.ask(&seven, None, None, spoilt(&hostile));
        assert_eq!(refused(&answer), [RefusalCode::Signature]);
    }

    seven.own(b"one");
    seven.change(record(1), b"two");
    assert_eq!(refused(&town.ask(&eight, None, None, spoilt(&seven))), [RefusalCode::Signature], "by a carrier");
    assert_eq!(position(&town), before, "nothing of them is stored");
    let answer = town.ask(&seven, None, None, spoilt(&seven));
    assert_eq!(
        (refused(&answer), anchor_of(&answer, seven.chain)),
        (vec![], Some(seven.end())),
        "one check for its own"
    );
    assert_eq!(refused(&town.push_case(1)), []);
}

#[test]
fn a_hub_that_is_shown_its_own_lost_memory_takes_a_new_lineage() {
    let memory = Arc::new(MemoryStore::new());
    let mut town = Town::new(1, memory.clone());
    let mut seven = town.suitcase(7);
    seven.own(b"one");
    town.ask(&seven, None, None, seven.since(1));
    let yesterday = memory.copy();
    seven.own(b"two");
    let last = town.ask(&seven, None, None, seven.since(2));
    let restored = Town { hub: hub_over(Arc::new(yesterday), None), ..town };
    let answer = restored.ask(&seven, Some(last.token), Some(cursor_of(&last)), Vec::new());
    assert_ne!(answer.lineage, last.lineage);
    assert!(answer.stale);
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.links[1]), "so the suitcase offers the second again");
    let again = restored.ask(&seven, Some(answer.token), Some(cursor_of(&last)), seven.since(2));
    assert_eq!(again.lineage, answer.lineage, "once");
    assert_eq!(anchor_of(&again, seven.chain), Some(seven.end()));
    assert_eq!(again.segments.len(), 1, "a cursor of the old lineage reads from the beginning");
}

#[test]
fn a_desk_that_has_read_further_than_the_log_reaches_gives_a_lost_memory_away() {
    let memory = Arc::new(MemoryStore::new());
    let mut town = Town::new(1, memory.clone());
    let mut seven = town.suitcase(7);
    let yesterday = memory.copy();
    seven.own(b"one");
    town.ask(&seven, None, None, seven.since(1));
    let token = town.ask(&town.case, None, None, Vec::new()).token;
    let read = town.ask(&town.case, Some(token), None, Vec::new());
    let restored = Town { hub: hub_over(Arc::new(yesterday), None), ..town };
    let answer = restored.ask(&restored.case, Some(read.token), Some(cursor_of(&read)), Vec::new());
    assert_ne!(answer.lineage, read.lineage);
}

#[test]
fn a_marker_ahead_of_the_database_begins_a_new_lineage() {
    let memory = Arc::new(MemoryStore::new());
    let mut town = Town::new(1, memory.clone());
    let yesterday = memory.copy();
    town.suitcase(7);
    let marker = town.hub.marker().unwrap();
    assert_eq!(hub_over(memory.clone(), Some(marker)).marker().unwrap(), marker);
    let older = hub_over(Arc::new(yesterday), Some(marker)).marker().unwrap();
    assert_ne!(older.lineage, marker.lineage);
    let lost = hub_over(Arc::new(MemoryStore::new()), Some(marker)).marker().unwrap();
    assert_ne!(lost.lineage, marker.lineage);
}

#[test]
fn two_communities_never_cross() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let mut one = Town::new(1, store.clone());
    let mut two = Town::new(2, store);
    let (mut seven, mut same_id) = (one.suitcase(7), two.suitcase(7));
    seven.change(record(1), b"one");
    same_id.change(record(1), b"two");
    one.ask(&seven, None, None, seven.since(1));
    let answer = two.ask(&same_id, None, None, same_id.since(1));
    assert_eq!(answer.refusals, []);
    let all = two.read_all(&two.case);
    assert_eq!(all.len() as u64, two.register.end().seq + 1);
    assert!(all.iter().all(|(chain, _)| *chain != one.register.chain));
    let foreign = two.ask(&same_id, None, None, one.register.since(1));
    assert_eq!(foreign.refusals.len(), 1);
    let token = one.ask(&seven, None, None, Vec::new()).token;
    assert!(two.ask(&same_id, Some(token), None, Vec::new()).stale);
}

#[test]
fn heads_say_what_the_hub_lacks() {
    let mut town = Town::in_memory();
    let (mut seven, mut eight) = (town.suitcase(7), town.suitcase(8));
    (0..3).for_each(|_| {
        seven.own(b"fact");
    });
    eight.own(b"fact");
    town.ask(&seven, None, None, vec![seven.part(1, 2)]);
    town.ask(&eight, None, None, eight.since(1));
    let heads = vec![seven.head(), eight.head(), town.register.head()];
    let request = Request { heads, ..Town::request(&eight, None, None, Vec::new()) };
    let answer = town.ask_at(&eight, NOON, &request);
    assert_eq!(answer.needed, [Needed { chain: seven.chain, from: 3 }]);
    assert_eq!(answer.refusals, []);
}

#[test]
fn a_laptop_waits_for_the_desk_and_then_gets_the_register() {
    let mut town = Town::in_memory();
    let invitation = Invitation {
        tenant: town.tenant,
        root: Town::root_public(&town.root),
        secret: Secret::new([5; 16]),
        number: 7,
        roles: Roles::of(Role::Officer),
        expires: NOON.0 + HOUR,
        hub: "https://127.0.0.1:8443".into(),
    };
    let request = EnrolmentRequest::new(&invitation, id(7), &key(7), AgreementPublicKey([7; 32]), "Ноутбук Олени");
    let bytes = request.encode(&key(7));
    let ask = |hub: &Hub| EnrolmentAnswer::decode(&hub.enrol(&bytes, NOON).unwrap()).unwrap();
    assert_eq!(ask(&town.hub), EnrolmentAnswer::Waiting);
    assert_eq!(ask(&town.hub), EnrolmentAnswer::Waiting);
    let enrolments = |town: &Town, pen: &Pen| {
        let token = town.ask(pen, None, None, Vec::new()).token;
        town.ask(pen, Some(token), None, Vec::new()).enrolments
    };
    assert_eq!(enrolments(&town, &town.case), std::slice::from_ref(&bytes));
    let eight = town.suitcase(8);
    assert!(enrolments(&town, &eight).is_empty(), "for the desk alone");
    town.suitcase(7);
    assert!(enrolments(&town, &town.case).is_empty());
    assert_eq!(ask(&town.hub), EnrolmentAnswer::Register(town.register.since(1)));
    // It may ask again without an invitation, as when the answers of the hub are signed with a key that it does not know.
    let again = |signer: u8| {
        let request = EnrolmentRequest::again(town.tenant, id(7), &key(signer), AgreementPublicKey([7; 32]));
        EnrolmentAnswer::decode(&town.hub.enrol(&request.encode(&key(signer)), NOON).unwrap()).unwrap()
    };
    assert_eq!(again(7), EnrolmentAnswer::Register(town.register.since(1)));
    assert_eq!(again(70), EnrolmentAnswer::Full, "with another key than the certified one");
    let other_key = SuitcaseCertificate {
        tenant: town.tenant,
        chain: id(7),
        signing: key(70).public(),
        agreement: AgreementPublicKey([7; 32]),
        number: 7,
        roles: Roles::of(Role::Officer),
        predecessor: None,
        validity: ALWAYS,
    };
    town.publish(Fact::Suitcase(other_key.sign(&town.register.key)));
    assert_eq!(ask(&town.hub), EnrolmentAnswer::Full, "certified with somebody else's key");
    let _: ChainId = request.chain;
}

/// The register is what everybody goes by: a hub that knows half of it takes nothing in and hands nothing out.
#[test]
fn a_hub_that_does_not_understand_the_register_says_that_it_has_to_be_updated() {
    let mut town = Town::in_memory();
    let mut seven = town.suitcase(7);
    seven.change(record(1), b"before");
    assert!(town.ask(&seven, None, None, seven.since(1)).refusals.is_empty());
    town.publish(Fact::Later(100));
    seven.change(record(1), b"passed over");
    assert!(town.ask(&seven, None, None, seven.since(2)).refusals.is_empty());
    town.register.fact(Fact::Later(200));
    let told = town.ask(&town.register, None, None, town.register.since(1));
    assert_eq!(
        told.refusals.iter().map(|r| r.code).collect::<Vec<_>>(),
        [RefusalCode::Answerer],
        "the desk is told, too"
    );
    seven.change(record(1), b"kept on the suitcase");
    let answer = town.ask(&seven, None, None, seven.since(3));
    assert_eq!(answer.refusals.iter().map(|r| (r.from, r.code)).collect::<Vec<_>>(), [(0, RefusalCode::Answerer)]);
    assert!(answer.anchors.is_empty() && answer.segments.is_empty(), "{answer:?}");
    assert!(answer.refusals[0].code.to_string().contains("програма вузла обміну застаріла"));
}
