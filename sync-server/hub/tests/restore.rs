//! A lost desk asks for the register: who is told, how much at once, and which answers the asker believes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod town;

use chain::{
    Fact, Link, RegisterError, RegisterTold, RestoreAnswer, RestoreFault, RestoreRequest, Restoring, Segment, limits,
};
use clock::Time;
use hub::store::{MemoryStore, Store};
use hub::{Hub, HubKeys, Rejected};
use signing::{RootPublic, Secret, SigningKey};
use std::sync::Arc;
use town::*;

fn root(town: &Town) -> (RootPublic, SigningKey) {
    (Town::root_public(&town.root), town.root.signing_key())
}

/// A whole restore, whose every answer passes through `turn` with the question that it answers.
fn restore(
    town: &Town,
    now: Time,
    mut turn: impl FnMut(&[u8], Vec<u8>) -> Vec<u8>,
) -> Result<(RegisterTold, usize), RestoreFault> {
    let (public, key) = root(town);
    let mut restoring = Restoring::new(public, draw());
    for parts in 1..200 {
        let question = restoring.question(&key);
        let answer = town.hub.restore(&question, now).unwrap();
        if let Some(told) = restoring.answered(&turn(&question, answer))? {
            return Ok((told, parts));
        }
    }
    panic!("it goes on for ever")
}

fn honest(_: &[u8], answer: Vec<u8>) -> Vec<u8> {
    answer
}

/// What the hub says, with a field changed, signed by its own key again.
fn lied(question: &[u8], answer: &[u8], lie: impl FnOnce(&mut RestoreAnswer)) -> Vec<u8> {
    let asked = RestoreRequest::hash(question);
    let mut answer = RestoreAnswer::decode(answer, &asked).unwrap().unwrap();
    lie(&mut answer);
    answer.encode(&asked, &SigningKey::from_seed(&Secret::new([42; 32]).derive("hub-signing", &[])))
}

/// A register of many parts: each fact is some 600 bytes.
fn grow(town: &mut Town, facts: usize) {
    for n in 0..facts {
        town.register.fact(Fact::Revocation { chain: id(200), from: n as i64, reason: "ї".repeat(290) });
    }
    let end = town.register.end().seq;
    for from in (1..=end).step_by(1_000) {
        let part = vec![town.register.part(from, end.min(from + 999))];
        assert_eq!(town.ask(&town.register, None, None, part).refusals, []);
    }
}

#[test]
fn the_kit_gets_the_register_on_the_second_question() {
    let mut town = Town::in_memory();
    let seven = town.suitcase(7);
    town.case.to(seven.chain, b"sealed");
    town.push_case(1);
    let (told, questions) = restore(&town, NOON, honest).unwrap();
    assert_eq!((told.tenant, told.hub, told.time), (town.tenant, town.hub.public(), NOON.0));
    assert_eq!(told.segments, town.register.since(1));
    assert_eq!(told.register.head(town.register.chain), town.register.end());
    assert_eq!(told.case_end, town.case.end());
    assert_eq!(questions, 2);
}

#[test]
fn a_large_register_comes_in_parts_of_the_budget() {
    let mut town = Town::in_memory();
    grow(&mut town, 4_000);
    let mut largest = 0;
    let (told, questions) = restore(&town, NOON, |_, answer| {
        largest = largest.max(answer.len());
        answer
    })
    .unwrap();
    assert!(questions > 3, "{questions}");
    assert!(largest < limits::BUDGET as usize + 16 * 1024, "{largest}");
    let entries: Vec<_> = told.segments.iter().flat_map(|segment| segment.entries.clone()).collect();
    assert_eq!(entries, town.register.entries);
}

/// A laptop that asks for the whole register at once hears a sentence; one that asks for parts, and a restore, get it.
#[test]
fn a_register_that_outgrew_one_message_is_given_in_parts() {
    let mut town = Town::in_memory();
    let seven = town.suitcase(7);
    let asked = chain::Invitation {
        tenant: town.tenant,
        root: Town::root_public(&town.root),
        secret: Secret::new([5; 16]),
        number: 7,
        roles: signing::Roles::of(signing::Role::Officer),
        expires: i64::MAX,
        hub: "https://127.0.0.1:8443".into(),
    };
    let agreement = signing::AgreementPublicKey([7; 32]);
    let asked = chain::EnrolmentRequest::new(&asked, seven.chain, &seven.key, agreement, "Ноутбук").encode(&seven.key);
    let chains: Vec<_> = (0..400).map(|n| (id(n as u8), n)).collect();
    let mut told = 0;
    // Each fact is some 7 kB: what a copy of the desk of a large community says.
    while town.register.entries.iter().map(chain::Entry::size).sum::<usize>() < limits::MESSAGE {
        let answer = town.hub.enrol(&asked, NOON).expect("there is room");
        assert!(answer.len() <= limits::MESSAGE);
        told = answer.len();
        let from = town.register.end().seq + 1;
        for _ in 0..90 {
            town.register.fact(Fact::Covered { at: NOON.0, ends: chains.clone() });
        }
        assert_eq!(town.ask(&town.register, None, None, town.register.since(from)).refusals, []);
    }
    assert!(told > limits::MESSAGE / 2, "{told}");
    let refused = town.hub.enrol(&asked, NOON).unwrap_err();
    assert!(matches!(refused, Rejected::Outgrown) && refused.to_string().contains(" / "), "{refused}");
    let (told, questions) = restore(&town, NOON, honest).unwrap();
    assert_eq!(told.register.head(town.register.chain), town.register.end());
    assert!(questions > 8, "{questions}");
    let (register, questions) = in_parts(&town, &asked, u32::MAX);
    assert_eq!(register.head(town.register.chain), town.register.end());
    assert!(questions > 8, "{questions}");
}

/// Asks for the register as a suitcase does, at most `room` bytes at once, and counts the questions.
fn in_parts(town: &Town, asked: &[u8], room: u32) -> (chain::Register, usize) {
    let mut register = chain::Register::new(town.tenant, Town::root_public(&town.root));
    for question in 1.. {
        let held = register.desks().map(|(desk, end, _)| (desk.register, end.seq)).collect();
        let part = chain::RegisterPart { room, held };
        let (answer, more) = town.hub.enrol_part(asked, NOON, Some(&part)).expect("it is certified");
        let largest = (room.min(limits::BUDGET) as usize)
            .max(town.register.entries.iter().map(chain::Entry::size).max().unwrap());
        assert!(answer.len() < largest + 100, "{} of {room}", answer.len());
        let Ok(chain::EnrolmentAnswer::Register(segments)) = chain::EnrolmentAnswer::decode(&answer) else {
            panic!("{answer:?}")
        };
        let new: usize = segments.into_iter().map(|part| register.take(part).expect("it continues").len()).sum();
        assert!(new > 0 || !more, "a question that brings nothing");
        if !more {
            return (register, question);
        }
    }
    unreachable!("it ends");
}

/// Down to single entries; whoever holds all of it is given nothing.
#[test]
fn a_register_is_given_in_parts_as_small_as_a_link_carries() {
    let mut town = Town::in_memory();
    let seven = town.suitcase(7);
    for days in 0..30 {
        town.publish(Fact::KeptDays(days));
    }
    let agreement = signing::AgreementPublicKey([7; 32]);
    let again = chain::EnrolmentRequest::again(town.tenant, seven.chain, &seven.key, agreement).encode(&seven.key);
    let mut before = usize::MAX;
    for room in [0, 1, 700, 3_000, u32::MAX] {
        let (register, questions) = in_parts(&town, &again, room);
        assert_eq!(register.head(town.register.chain), town.register.end(), "{room}");
        assert!(questions <= before, "{questions} of {room}, {before} of less");
        before = questions;
        if room <= 1 {
            assert_eq!(questions as u64, town.register.end().seq, "one entry each");
        }
    }
    assert_eq!(before, 1);
    let all = chain::RegisterPart { room: u32::MAX, held: vec![(town.register.chain, town.register.end().seq)] };
    let (answer, more) = town.hub.enrol_part(&again, NOON, Some(&all)).unwrap();
    assert_eq!((chain::EnrolmentAnswer::decode(&answer), more), (Ok(chain::EnrolmentAnswer::Register(vec![])), false));
    let whole = town.hub.enrol(&again, NOON).unwrap();
    assert_eq!(chain::EnrolmentAnswer::decode(&whole), Ok(chain::EnrolmentAnswer::Register(town.register.since(1))));
}

#[test]
fn a_question_that_somebody_recorded_tells_nothing_later_nor_elsewhere() {
    let town = Town::in_memory();
    let (public, key) = root(&town);
    let mut restoring = Restoring::new(public, draw());
    let first = restoring.question(&key);
    assert_eq!(restoring.answered(&town.hub.restore(&first, NOON).unwrap()).map(|told| told.is_some()), Ok(false));
    let second = restoring.question(&key);
    let told = |hub: &Hub, question: &[u8], now| {
        let answer = RestoreAnswer::decode(&hub.restore(question, now).unwrap(), &RestoreRequest::hash(question));
        let answer = answer.unwrap().unwrap();
        assert_eq!(answer.stale, answer.register.is_empty());
        assert!(!answer.stale || answer.case_end == Link::EMPTY);
        !answer.stale
    };
    assert!(told(&town.hub, &second, NOON));
    assert!(!told(&town.hub, &first, NOON), "the first one shows no token, however often it comes");
    let later = Time(NOON.0 + limits::TOKEN_LIFE + 1);
    assert!(!told(&town.hub, &second, later), "a token's life is over");
    assert!(!told(&town.hub, &second, Time(NOON.0 - limits::TOKEN_LIFE - 1)), "of a time that is to come");
    // Another hub of the community has another key and another secret.
    let keys = HubKeys::from_seed(&Secret::new([43; 32]));
    let other = Hub::open(Arc::clone(&town.store), keys, None, draw).unwrap();
    assert!(!told(&other, &second, NOON), "it is for the hub that it names");
    // Somebody else's nonce under this token needs the root's signature.
    let mut changed = RestoreRequest::decode(&second).unwrap();
    changed.nonce[0] ^= 1;
    assert!(!told(&town.hub, &changed.encode(&key), NOON), "a token is one restore's");
    assert!(matches!(town.hub.restore(&changed.encode(&self::key(9)), NOON), Err(Rejected::Malformed(_))));
    // The asker goes on with the new token: a slow link costs a round trip and no more.
    assert_eq!(restoring.answered(&town.hub.restore(&second, later).unwrap()).map(|told| told.is_some()), Ok(false));
    let third = restoring.question(&key);
    assert!(restoring.answered(&town.hub.restore(&third, later).unwrap()).unwrap().is_some());
}

#[test]
fn an_answer_that_was_recorded_forged_or_changed_is_none() {
    let town = Town::in_memory();
    let mut recorded = Vec::new();
    restore(&town, NOON, |_, answer| {
        recorded.push(answer.clone());
        answer
    })
    .unwrap();
    let mut replay = recorded.into_iter();
    let refused = restore(&town, NOON, |_, _| replay.next().unwrap()).map(|_| ());
    assert_eq!(refused, Err(RestoreFault::NotSigned), "yesterday's answer");
    let changed = restore(&town, NOON, |_, mut answer| {
        let last = answer.len() - 65;
        answer[last] ^= 1;
        answer
    });
    assert_eq!(changed.map(|_| ()), Err(RestoreFault::NotSigned));
    let silent = restore(&town, NOON, |_, _| b"<html>a hotel</html>".to_vec());
    assert_eq!(silent.map(|_| ()), Err(RestoreFault::NotSigned));
    // Whoever signs with a key of his own and says so is not the community's hub.
    let stranger = key(77);
    let by_another = restore(&town, NOON, |question, answer| {
        let asked = RestoreRequest::hash(question);
        let mut answer = RestoreAnswer::decode(&answer, &asked).unwrap().unwrap();
        // It relays the hub's token, or there would be no register to be had.
        answer.hub = stranger.public();
        answer.encode(&asked, &stranger)
    });
    assert_eq!(by_another.map(|_| ()), Err(RestoreFault::Stuck), "the hub does not tell who is asked for another");
}

#[test]
fn a_hub_that_the_register_does_not_know_or_that_was_ended_is_not_believed() {
    let mut town = Town::in_memory();
    let keys = HubKeys::from_seed(&Secret::new([43; 32]));
    let other = Hub::open(Arc::clone(&town.store), keys, None, draw).unwrap();
    let hub = std::mem::replace(&mut town.hub, other);
    assert_eq!(restore(&town, NOON, honest).map(|_| ()), Err(RestoreFault::UnknownHub));
    town.hub = hub;
    assert!(restore(&town, NOON, honest).is_ok());
    let ended = Fact::HubEnded { key: town.hub.public(), from: NOON.0 };
    let seq = town.register.fact(ended);
    town.hub
        .answer(&Town::request(&town.register, None, None, town.register.since(seq)).encode(&town.register.key), NOON)
        .unwrap();
    assert_eq!(restore(&town, NOON, honest).map(|_| ()), Err(RestoreFault::EndedHub));
}

/// It has the hub's own key, and so much of the register as it likes.
#[test]
fn a_hub_that_lies_with_its_own_key_is_caught_or_gets_nowhere() {
    let mut town = Town::in_memory();
    grow(&mut town, 2_500);
    let other = Town::new(2, Arc::new(MemoryStore::new()));
    let foreign: Vec<Segment> = other.register.since(1);
    let lie = |lie: &dyn Fn(&mut RestoreAnswer)| {
        restore(&town, NOON, |question, answer| lied(question, &answer, lie)).map(|_| ()).unwrap_err()
    };
    assert_eq!(lie(&|answer| answer.stale = true), RestoreFault::Stuck);
    assert_eq!(lie(&|answer| (answer.more, answer.register) = (true, Vec::new())), RestoreFault::Stuck);
    assert_eq!(
        lie(&|answer| answer.register.iter_mut().for_each(|segment| drop(segment.entries.remove(0)))),
        RestoreFault::Register(RegisterError::Form(1))
    );
    assert!(matches!(lie(&|answer| answer.register = foreign.clone()), RestoreFault::Register(_)));
    let turned = std::cell::Cell::new(0);
    let second = lie(&|answer| {
        turned.set(turned.get() + 1);
        if turned.get() == 3 {
            answer.tenant = other.tenant;
        }
    });
    assert_eq!(second, RestoreFault::OtherHub);
    for fault in [RestoreFault::Stuck, RestoreFault::NotSigned, RestoreFault::UnknownHub, RestoreFault::EndedHub] {
        assert!(fault.to_string().split_once(" / ").is_some_and(|(uk, en)| uk.len() > 60 && en.len() > 60));
    }
}

#[test]
fn a_hub_without_a_register_says_so() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let town = Town::without_register(1, store);
    let (told, _) = restore(&town, NOON, honest).unwrap();
    assert_eq!((told.segments.len(), told.case_end), (0, Link::EMPTY));
    assert!(told.register.current_desk().is_none());
}
